#include "monitor/store/rule_stats.h"

#include "monitor/store/driver.h"

int store_rule_stats(struct store *s, struct arena *arena, struct rule_stats **out, size_t *n,
	struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT rule, sum(signals), sum(shadow), sum(sensitive), sum(leads), sum(undecided),"
		" sum(lang_passed), max(last_ms) FROM rule_days GROUP BY rule ORDER BY rule");
	while (db_step(q)) {
		struct rule_stats *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the rules' counters");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct rule_stats){
			.rule = db_col_copy(q, 0, arena),
			.matches = db_col_i64(q, 1) + db_col_i64(q, 2) + db_col_i64(q, 3),
			.shadow = db_col_i64(q, 2),
			.sensitive = db_col_i64(q, 3),
			.leads = db_col_i64(q, 4),
			.undecided = db_col_i64(q, 5),
			.lang_passed = db_col_i64(q, 6),
			.last_ms = db_col_i64(q, 7),
		};
	}
	db_done(q);
	return db_check(store_db(s), err);
}

const struct rule_stats *rule_stats_find(const struct rule_stats *v, size_t n, struct str rule)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(v[mid].rule, rule);
		if (order == 0) {
			return &v[mid];
		}
		if (order < 0) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return NULL;
}

void store_loaded_clear(struct store *s)
{
	db_exec(store_db(s), "DELETE FROM loaded_rules; DELETE FROM loaded_lists");
}

void store_loaded_rule(struct store *s, const struct loaded_rule *r, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO loaded_rules (file, rule, hash, status, kind, title, query, loaded_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
	db_text(q, r->file);
	db_text(q, r->rule);
	db_text(q, r->hash);
	db_text(q, r->status);
	db_text(q, r->kind);
	db_text(q, r->title);
	db_text(q, r->query);
	db_i64(q, now_ms);
	db_run(q);
}

void store_loaded_list(struct store *s, const struct loaded_list *l, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO loaded_lists (name, entries, names, loaded_ms) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (name) DO NOTHING");
	db_text(q, l->name);
	db_i64(q, l->entries);
	db_text(q, l->names);
	db_i64(q, now_ms);
	db_run(q);
}

int store_loaded_rules(struct store *s, struct arena *arena, struct loaded_rule **out, size_t *n,
	int64_t *loaded_ms, struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	*loaded_ms = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT file, rule, hash, status, kind, title, query, loaded_ms FROM loaded_rules"
		" ORDER BY file, rule");
	while (db_step(q)) {
		struct loaded_rule *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the loaded rules");
			break;
		}
		*out = grown;
		struct str *const columns[] = {&grown[*n].file, &grown[*n].rule, &grown[*n].hash,
			&grown[*n].status, &grown[*n].kind, &grown[*n].title, &grown[*n].query};
		for (int i = 0; i < 7; i++) {
			*columns[i] = db_col_copy(q, i, arena);
		}
		*loaded_ms = db_col_i64(q, 7);
		(*n)++;
	}
	db_done(q);
	return db_check(store_db(s), err);
}

int store_loaded_lists(struct store *s, struct arena *arena, struct loaded_list **out, size_t *n,
	struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	struct db_query *q = db_query(
		store_db(s), "SELECT name, entries, names FROM loaded_lists ORDER BY name");
	while (db_step(q)) {
		struct loaded_list *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the loaded lists");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct loaded_list){.name = db_col_copy(q, 0, arena),
			.entries = db_col_i64(q, 1),
			.names = db_col_copy(q, 2, arena)};
	}
	db_done(q);
	return db_check(store_db(s), err);
}
