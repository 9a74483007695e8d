/* The rules in force, and what each has done. */
#include "monitor/api/api_in.h"
#include "monitor/api/view.h"

static bool load(struct call *c, struct rule_stats **v, size_t *n)
{
	struct hark_err err = {0};
	if (store_rule_stats(c->store, c->arena, v, n, &err) == HARK_OK) {
		return true;
	}
	call_fail(c, &err);
	return false;
}

static void write_rule(
	struct call *c, const struct rule_info *info, const struct rule_stats *v, size_t n)
{
	static const struct rule_stats nothing;
	const struct rule_stats *found = rule_stats_find(v, n, info->id);
	view_rule(&c->j, info, found != NULL ? found : &nothing);
}

void rules_list_all(struct call *c)
{
	struct rule_stats *v;
	struct rule_info info;
	size_t n;
	if (!load(c, &v, &n)) {
		return;
	}
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
	for (size_t i = 0; ruleset_rule_at(c->setup->rules, i, &info); i++) {
		write_rule(c, &info, v, n);
	}
	jsonout_end_array(&c->j);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}

void rules_show_one(struct call *c)
{
	struct rule_stats *v;
	struct rule_info info;
	size_t n;
	if (!load(c, &v, &n)) {
		return;
	}
	for (size_t i = 0; ruleset_rule_at(c->setup->rules, i, &info); i++) {
		if (str_eq(info.id, c->arg)) {
			write_rule(c, &info, v, n);
			call_answer(c, 200);
			return;
		}
	}
	call_refuse(c, 404, "no rule of that name is loaded");
}
