#include "monitor/api/route_view.h"

#include "monitor/base/diag.h"
#include "monitor/leads/decided.h"

#define DIAGS_MAX ((size_t)16 << 20)

static void add_names(struct buf *out, const char *key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_printf(
			out, "%s%s", i == 0 ? (out->n > 0 ? ", " : "") : " or ", i == 0 ? key : "");
		buf_printf(out, "%s%s", i == 0 ? " " : "", names[i]);
	}
}

void route_when(const struct conf_route *r, struct buf *out)
{
	add_names(out, "kind", r->kinds, r->kinds_n);
	add_names(out, "rule", r->rules, r->rules_n);
	add_names(out, "route", r->routes, r->routes_n);
	add_names(out, "account-type", r->types, r->types_n);
	add_names(out, "territory", r->territories, r->territories_n);
	add_names(out, "product", r->products, r->products_n);
	add_names(out, "segment", r->segments, r->segments_n);
	if (r->score_min > 0) {
		buf_printf(
			out, "%sscore from %lld", out->n > 0 ? ", " : "", (long long)r->score_min);
	}
	if (out->n == 0) {
		buf_add_c(out, "every lead");
	}
}

void route_json(const struct conf *c, size_t i, struct jsonout *j)
{
	const struct conf_route *r = &c->routes[i];
	struct buf when;
	buf_init(&when, 4096);
	route_when(r, &when);
	jsonout_object(j);
	jsonout_key_c(j, "file", r->at.file);
	jsonout_key_i64(j, "line", r->at.line);
	jsonout_key_i64(j, "depth", r->depth);
	jsonout_key_c(j, "when", buf_c(&when));
	jsonout_key(j, "to");
	jsonout_array(j);
	for (size_t k = 0; k < r->receivers_n; k++) {
		jsonout_str(j, str_c(c->receivers[r->receivers[k]].name));
	}
	if (r->to_owner) {
		jsonout_str(j, STR(CONF_TO_OWNER));
	}
	jsonout_end_array(j);
	jsonout_key_bool(j, "continue", r->goes_on);
	jsonout_end_object(j);
	buf_release(&when);
}

struct decision *route_decisions(const struct route_answer *a, struct arena *arena)
{
	struct decision *v = arena_alloc(arena, (a->notes_n + 1) * sizeof(*v));
	for (size_t i = 0; v != NULL && i < a->notes_n; i++) {
		const struct route_note *n = &a->notes[i];
		v[i] = (struct decision){.stage = str_c(route_stage_name(n->stage)),
			.cause = str_c(n->cause),
			.receiver = str_c(n->receiver),
			.value = n->value,
			.threshold = n->threshold};
	}
	return v;
}

void route_answer_json(const struct conf *c, const struct route_answer *a, bool ok,
	const struct decision *notes, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", ok);
	jsonout_key(j, "to");
	jsonout_array(j);
	for (size_t i = 0; i < c->receivers_n; i++) {
		if (a->receivers[i].fate != FATE_NONE) {
			jsonout_str(j, str_c(c->receivers[i].name));
		}
	}
	jsonout_end_array(j);
	jsonout_key_str(j, "owner", a->owner.owner);
	jsonout_key(j, "routes");
	jsonout_array(j);
	for (size_t i = 0; i < a->taken_n; i++) {
		route_json(c, a->taken[i], j);
	}
	jsonout_end_array(j);
	decided_json(notes, a->notes_n, j);
	jsonout_end_object(j);
}

void route_tests_json(
	const struct conf *c, struct diags *diags, size_t failed, struct jsonout *j)
{
	struct buf list;
	buf_init(&list, DIAGS_MAX);
	diags_json(diags, &list);
	jsonout_object(j);
	jsonout_key_i64(j, "tests", (int64_t)c->route_tests_n);
	jsonout_key_i64(j, "failed", (int64_t)failed);
	jsonout_key(j, "diagnostics");
	jsonout_raw(j, buf_str(&list));
	jsonout_end_object(j);
	buf_release(&list);
}
