#include "monitor/cli/sources.h"

/* For the last part of the address, which is a secret. */
#define OF_A_HUB "ID"
#define OF_A_SENDER "TOKEN"

void sources_address(const struct conf *c, const struct conf_source *s, struct buf *out)
{
	struct str listen = str_c(c->http_listen), base = str_c(c->http_public_url);
	const char *last = s->pushed ? OF_A_SENDER : OF_A_HUB;
	if ((!s->pushed && !s->websub) || listen.n == 0 || s->name == NULL) {
		return;
	}
	while (base.n > 0 && base.p[base.n - 1] == '/') {
		base.n--;
	}
	if (base.n > 0) {
		buf_printf(out, "%.*s/in/%s/%s", STR_FMT(base), s->name, last);
	} else if (str_starts(listen, STR("unix:"))) {
		buf_printf(out, "/in/%s/%s at %.*s", s->name, last, STR_FMT(listen));
	} else {
		buf_printf(out, "http://%.*s/in/%s/%s", STR_FMT(listen), s->name, last);
	}
}
