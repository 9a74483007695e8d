/* Tests of routes: what they name must be there, or they would say nothing. */
#include "monitor/base/clock.h"
#include "monitor/config/load.h"
#include "monitor/model/signal.h"

#include <stdio.h>

#define NAMES_MAX 256

static void say(struct loader *l, const struct conf_route_test *t, const char *code,
	const char *what, const char *value, const char *near)
{
	char help[200];
	snprintf(help, sizeof(help), "did you mean %s?", near != NULL ? near : "");
	diags_add(l->diags, DIAG_ERROR, code, t->place, STR_NONE, near != NULL ? help : NULL,
		"there is no %s '%.*s'", what, STR_FMT(str_cut_utf8(str_c(value), 80)));
}

static void check_kind(struct loader *l, const struct conf_route_test *t)
{
	enum signal_kind kind;
	const char *names[SIGNAL_PAIN + 1];
	for (size_t i = 0; i <= SIGNAL_PAIN; i++) {
		names[i] = signal_kind_name((enum signal_kind)i);
	}
	if (t->kind != NULL && !signal_kind_parse(str_c(t->kind), &kind)) {
		say(l, t, C_NO_SUCH, "kind", t->kind,
			did_you_mean(str_c(t->kind), names, SIGNAL_PAIN + 1));
	}
}

static void check_receivers(struct loader *l, const struct conf_route_test *t,
	const char *const *wanted, size_t n, const char *const *names, size_t names_n)
{
	for (size_t i = 0; i < n; i++) {
		bool found = false;
		for (size_t k = 0; k < names_n && !found; k++) {
			found = strcmp(names[k], wanted[i]) == 0;
		}
		if (!found) {
			say(l, t, C_NO_SUCH, "receiver", wanted[i],
				did_you_mean(str_c(wanted[i]), names, names_n));
		}
	}
}

void cross_route_tests(struct loader *l)
{
	const char *names[NAMES_MAX];
	size_t n = 0;
	for (size_t i = 0; i < l->receivers_n && n < NAMES_MAX; i++) {
		if (l->receivers[i].name != NULL) {
			names[n++] = l->receivers[i].name;
		}
	}
	for (size_t i = 0; i < l->route_tests_n; i++) {
		struct conf_route_test *t = &l->route_tests[i];
		check_kind(l, t);
		check_receivers(l, t, t->to, t->to_n, names, n);
		check_receivers(l, t, t->held, t->held_n, names, n);
		if (t->at != NULL && !clock_parse_rfc3339(str_c(t->at), &t->at_ms)) {
			diags_add(l->diags, DIAG_ERROR, C_VALUE, t->place, STR_NONE, NULL,
				"at: '%.*s' is no time: write 2027-01-15T22:30:00Z",
				STR_FMT(str_cut_utf8(str_c(t->at), 80)));
		} else if (t->at == NULL && t->held_n > 0) {
			diags_add(l->diags, DIAG_ERROR, C_MISFIT, t->place, STR_NONE,
				"add at:", "held: without at: no quiet hours are looked at");
		}
	}
}
