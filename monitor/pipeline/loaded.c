#include "monitor/pipeline/loaded.h"

#include "monitor/store/rule_stats.h"
#include "rules/rules.h"

#define QUERY_TEXT_MAX (4u << 20)

static void write_rules(struct store *s, const struct ruleset *r, int64_t now_ms)
{
	struct rule_info info;
	struct buf query;
	buf_init(&query, QUERY_TEXT_MAX);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		buf_clear(&query);
		ruleset_query_at(r, i, &query);
		const struct loaded_rule row = {.file = info.file,
			.rule = info.id,
			.hash = str_c(info.hash),
			.status = str_c(info.status),
			.kind = str_c(signal_kind_name(info.kind)),
			.title = info.title,
			.query = buf_str(&query)};
		store_loaded_rule(s, &row, now_ms);
	}
	buf_release(&query);
}

static void write_lists(struct store *s, const struct ruleset *r, int64_t now_ms)
{
	struct list_info info;
	struct buf names;
	buf_init(&names, LOADED_NAMES_MAX);
	for (size_t i = 0; ruleset_list_at(r, i, &info, &names); i++) {
		const struct loaded_list row = {.name = info.name,
			.entries = (int64_t)info.entries,
			.names = names.rc == HARK_OK ? buf_str(&names) : STR_NONE};
		store_loaded_list(s, &row, now_ms);
		buf_clear(&names);
	}
	buf_release(&names);
}

int loaded_write(struct store *s, const struct ruleset *r, int64_t now_ms, struct hark_err *err)
{
	int rc = store_begin(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	store_loaded_clear(s);
	write_rules(s, r, now_ms);
	write_lists(s, r, now_ms);
	return store_commit(s, err);
}

int loaded_save(const char *url, const struct ruleset *r, int64_t now_ms, struct hark_err *err)
{
	struct store *s = NULL;
	int rc = store_open(&s, url, 0, err);
	if (rc == HARK_OK) {
		rc = loaded_write(s, r, now_ms, err);
	}
	store_close(s);
	return rc;
}
