#include "monitor/leads/route_check.h"

#include "monitor/leads/route_try.h"

#define CODE_DEAD_END "C021"
#define CODE_ROUTE_TEST "C022"
#define RULES_SHOWN 3

static void say_failed(struct diags *diags, const struct conf_route_test *t, const char *why)
{
	diags_add(diags, DIAG_ERROR, CODE_ROUTE_TEST, t->place, STR_NONE,
		"hark routes test says which route takes what",
		"the test of routes%s%s%s fails: %s", t->about != NULL ? " '" : "",
		t->about != NULL ? t->about : "", t->about != NULL ? "'" : "", why);
}

int route_check_tests(const struct conf *conf, struct diags *diags, size_t *failed)
{
	struct arena arena;
	struct buf why;
	int rc = HARK_OK;
	arena_init(&arena, 0);
	buf_init(&why, 4096);
	for (size_t i = 0; i < conf->route_tests_n && rc == HARK_OK; i++) {
		const struct conf_route_test *t = &conf->route_tests[i];
		struct route_answer got;
		buf_clear(&why);
		rc = route_try(conf, t, &arena, &got);
		if (rc == HARK_OK && !route_test_holds(conf, t, &got, &why)) {
			say_failed(diags, t, buf_c(&why));
			if (failed != NULL) {
				(*failed)++;
			}
		}
		arena_reset(&arena);
	}
	buf_release(&why);
	arena_release(&arena);
	return rc;
}

/* ---- kinds that no route takes ---- */

static bool allows(const char *const *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(name, names[i])) {
			return true;
		}
	}
	return n == 0;
}

/* Whether there can be a lead of the rule that one of [from, end) takes. */
static bool may_take(const struct conf *conf, size_t from, size_t end, const struct rule_info *rule)
{
	struct str kind = str_c(signal_kind_name(rule->kind));
	for (size_t i = from; i < end; i = conf->routes[i].end) {
		const struct conf_route *r = &conf->routes[i];
		if (!allows(r->kinds, r->kinds_n, kind) ||
			!allows(r->rules, r->rules_n, rule->id)) {
			continue;
		}
		if (r->receivers_n > 0 || r->to_owner || may_take(conf, i + 1, r->end, rule)) {
			return true;
		}
	}
	return false;
}

void route_check_kinds(const struct conf *conf, const struct ruleset *rules, struct diags *diags)
{
	struct rule_info rule;
	struct buf names;
	size_t n = 0;
	if (conf->receivers_n == 0 || conf->routes_n == 0) {
		return;
	}
	buf_init(&names, 4096);
	for (size_t i = 0; ruleset_rule_at(rules, i, &rule); i++) {
		if (strcmp(rule.status, "live") != 0 || may_take(conf, 0, conf->routes_n, &rule)) {
			continue;
		}
		if (n++ < RULES_SHOWN) {
			buf_printf(&names, "%s%.*s (%s)", n > 1 ? ", " : "", STR_FMT(rule.id),
				signal_kind_name(rule.kind));
		}
	}
	if (n > RULES_SHOWN) {
		buf_printf(&names, " and %zu more", n - RULES_SHOWN);
	}
	if (n > 0) {
		diags_add(diags, DIAG_WARNING, CODE_DEAD_END, (struct diag_at){.file = conf->path},
			STR_NONE, "add a route for them, or - { to: … } for the rest",
			"no route takes the leads of %s", buf_c(&names));
	}
	buf_release(&names);
}
