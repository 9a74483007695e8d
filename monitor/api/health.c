#include "monitor/api/health.h"

static void answer(struct http_exchange *x, int status, const char *text)
{
	http_header(x, "Content-Type", "text/plain; charset=utf-8");
	http_header(x, "Cache-Control", "no-store");
	http_answer(x, status, str_c(text));
}

static bool is_known(struct str path)
{
	return str_eq(path, STR("/-/healthy")) || str_eq(path, STR("/-/ready"));
}

/* False: it can be answered. */
static bool refuse(struct http_exchange *x)
{
	struct str method = http_method(x);
	if (!is_known(http_path(x))) {
		answer(x, 404, "nothing is here: people begin at /, programs at /api/v1 (hark-api(7)), supervisors at /-/healthy\n");
		return true;
	}
	if (!str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD"))) {
		http_header(x, "Allow", "GET, HEAD");
		answer(x, 405, "only GET and HEAD\n");
		return true;
	}
	return false;
}

void health_admit(struct http_exchange *x)
{
	http_body_max(x, 0);
	refuse(x);
}

void health_handle(void *ctx, struct http_exchange *x)
{
	const struct health *h = ctx;
	char why[HEALTH_WHY_MAX] = "";
	if (refuse(x)) {
		return;
	}
	if (str_eq(http_path(x), STR("/-/ready")) && !h->ready(h->ctx, why)) {
		answer(x, 503, why);
	} else {
		answer(x, 200, "ok\n");
	}
}
