#include "monitor/api/health.h"

static void answer(struct http_exchange *x, int status, const char *text)
{
	http_header(x, "Content-Type", "text/plain; charset=utf-8");
	http_header(x, "Cache-Control", "no-store");
	http_answer(x, status, str_c(text));
}

void health_handle(void *ctx, struct http_exchange *x)
{
	const struct health *h = ctx;
	struct str path = http_path(x), method = http_method(x);
	char why[HEALTH_WHY_MAX] = "";
	bool healthy = str_eq(path, STR("/-/healthy")), ready = str_eq(path, STR("/-/ready"));
	if (!healthy && !ready) {
		answer(x, 404, "nothing is here: /-/healthy and /-/ready are served\n");
	} else if (!str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD"))) {
		http_header(x, "Allow", "GET, HEAD");
		answer(x, 405, "only GET and HEAD\n");
	} else if (ready && !h->ready(h->ctx, why)) {
		answer(x, 503, why);
	} else {
		answer(x, 200, "ok\n");
	}
}
