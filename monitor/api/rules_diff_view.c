#include "monitor/api/rules_diff_view.h"

static int read_loaded(
	struct rules_compared *c, struct store *s, struct arena *arena, struct hark_err *err)
{
	int rc = store_loaded_rules(s, arena, &c->rules, &c->rules_n, &c->loaded_ms, err);
	rc = rc == HARK_OK ? store_loaded_lists(s, arena, &c->lists, &c->lists_n, err) : rc;
	if (rc == HARK_OK && c->loaded_ms == 0) {
		rc = hark_err_set(err, HARK_ENOENT,
			"the store does not know of any rules yet: start harkd once");
	}
	return rc;
}

int rules_compare(struct rules_compared *c, struct store *s, const struct conf *conf,
	struct ruleset *set, const char *const *paths, size_t paths_n,
	const struct backtest_options *options, struct arena *arena, struct hark_err *err)
{
	*c = (struct rules_compared){0};
	int rc = read_loaded(c, s, arena, err);
	if (rc == HARK_OK) {
		rc = rule_diff(set, c->rules, c->rules_n, c->lists, c->lists_n, paths, paths_n,
			arena, &c->diff);
		rc = rc == HARK_OK ? rc : hark_err_set(err, rc, "no memory to compare the rules");
	}
	if (rc == HARK_OK && c->diff.rules_n + c->diff.lists_n > 0) {
		rc = backtest_run(s, conf, set, options, arena, &c->hits, err);
	}
	return rc;
}

const struct backtest_rule *rules_diff_hits(
	const struct rules_compared *c, const struct rule_change *change)
{
	for (size_t i = 0; i < c->hits.rules_n; i++) {
		const struct backtest_rule *b = &c->hits.rules[i];
		if (str_eq(b->info.id, change->rule) && str_eq(b->info.file, change->file)) {
			return b;
		}
	}
	return NULL;
}

static void change_json(
	const struct rules_compared *c, const struct rule_change *change, struct jsonout *j)
{
	static const char *const names[] = {"added", "removed", "changed"};
	const struct backtest_rule *hits = rules_diff_hits(c, change);
	jsonout_object(j);
	jsonout_key_c(j, "change", names[change->what]);
	jsonout_key_str(j, "rule", change->rule);
	jsonout_key_str(j, "file", change->file);
	if (change->line > 0) {
		jsonout_key_i64(j, "line", change->line);
	}
	if (change->before != NULL) {
		jsonout_key_str(j, "old_hash", change->before->hash);
		jsonout_key_str(j, "old_status", change->before->status);
		jsonout_key_str(j, "old_query", change->before->query);
	}
	if (change->what != CHANGE_REMOVED) {
		jsonout_key_c(j, "new_hash", change->now.hash);
		jsonout_key_c(j, "new_status", change->now.status);
		jsonout_key_str(j, "new_query", change->query);
	}
	if (hits != NULL) {
		jsonout_key_i64(j, "hits", hits->hits);
		jsonout_key_i64(j, "gained", hits->gained);
		jsonout_key_i64(j, "lost", hits->lost);
	}
	jsonout_end_object(j);
}

static void names_json(struct jsonout *j, const char *key, const struct str *names, size_t n)
{
	jsonout_key(j, key);
	jsonout_array(j);
	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
		jsonout_str(j, names[i]);
	}
	jsonout_end_array(j);
}

static void list_json(const struct list_change *l, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "list", l->name);
	if (l->before >= 0) {
		jsonout_key_i64(j, "before", l->before);
	}
	if (l->now >= 0) {
		jsonout_key_i64(j, "now", l->now);
	}
	if (l->counted) {
		jsonout_key_i64(j, "added", (int64_t)l->added);
		jsonout_key_i64(j, "removed", (int64_t)l->removed);
		names_json(j, "added_names", l->added_names, l->added);
		names_json(j, "removed_names", l->removed_names, l->removed);
	}
	jsonout_end_object(j);
}

void rules_diff_json(const struct rules_compared *c, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_time(j, "loaded", c->loaded_ms);
	jsonout_key_i64(j, "same", (int64_t)c->diff.same);
	jsonout_key(j, "rules");
	jsonout_array(j);
	for (size_t i = 0; i < c->diff.rules_n; i++) {
		change_json(c, &c->diff.rules[i], j);
	}
	jsonout_end_array(j);
	jsonout_key(j, "lists");
	jsonout_array(j);
	for (size_t i = 0; i < c->diff.lists_n; i++) {
		list_json(&c->diff.lists[i], j);
	}
	jsonout_end_array(j);
	jsonout_key_i64(j, "posts", c->hits.posts);
	jsonout_key_i64(j, "leads_gained", c->hits.leads_gained);
	jsonout_key_i64(j, "leads_lost", c->hits.leads_lost);
	jsonout_end_object(j);
}
