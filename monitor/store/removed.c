#include "monitor/store/removed.h"

#include "monitor/base/hash.h"
#include "monitor/store/driver.h"
#include "monitor/store/records.h"

#include <stdio.h>

#define SQL_MAX 512
#define KEYS_MAX 2

/* What points to an account, and to nothing once that is deleted. */
static const struct {
	const char *table, *column;
} links[] = {
	{"moves", "to_account"},
	{"moves", "from_account"},
	{"move_effects", "account"},
	{"reference_requests", "account"},
	{"statements", "account"},
};
#define LINKS (sizeof(links) / sizeof(links[0]))

/* ---- keys ---- */

static int64_t key_of(const char *what, struct str value)
{
	const struct str parts[] = {str_c(what), value};
	return (int64_t)hash128(parts, 2).lo;
}

static size_t keys_of(enum record_kind kind, struct str external_id, struct str name, int64_t print,
	int64_t keys[KEYS_MAX])
{
	char number[32];
	size_t n = 0;
	if (external_id.n > 0) {
		keys[n++] = key_of("id", external_id);
		return n;
	}
	if (print != 0) {
		snprintf(number, sizeof(number), "%lld", (long long)print);
		keys[n++] = key_of("print", str_c(number));
	}
	if (kind == RECORD_ACCOUNT && name.n > 0) {
		keys[n++] = key_of("name", name);
	}
	return n;
}

/* ---- going ---- */

static void keep_row(struct db *db, const char *place, int64_t key, int64_t id)
{
	struct db_query *q =
		db_query(db, "INSERT INTO removed_records (place, key, id) VALUES ($1, $2, $3)"
			     " ON CONFLICT (place, key) DO UPDATE SET id = excluded.id");
	db_text_c(q, place);
	db_i64(q, key);
	db_i64(q, id);
	db_run(q);
}

static void keep_links(struct db *db, int64_t import)
{
	char sql[SQL_MAX];
	for (size_t i = 0; i < LINKS; i++) {
		snprintf(sql, sizeof(sql),
			"INSERT INTO removed_links (account, place, record) SELECT %s, %zu, id FROM %s"
			" WHERE %s IN (SELECT id FROM accounts WHERE import = $1)",
			links[i].column, i, links[i].table, links[i].column);
		struct db_query *q = db_query(db, sql);
		db_i64(q, import);
		db_run(q);
		snprintf(sql, sizeof(sql),
			"UPDATE %s SET %s = NULL WHERE %s IN (SELECT id FROM accounts WHERE import = $1)",
			links[i].table, links[i].column, links[i].column);
		q = db_query(db, sql);
		db_i64(q, import);
		db_run(q);
	}
}

void store_removed_keep(struct store *s, enum record_kind kind, int64_t import)
{
	struct db *db = store_db(s);
	const char *place = record_table(kind)->name;
	char sql[SQL_MAX];
	snprintf(sql, sizeof(sql),
		"SELECT id, external_id, name, COALESCE(print, 0) FROM %s WHERE import = $1",
		place);
	struct db_query *q = db_query(db, sql);
	db_i64(q, import);
	while (db_step(q)) {
		int64_t keys[KEYS_MAX];
		size_t n =
			keys_of(kind, db_col_text(q, 1), db_col_text(q, 2), db_col_i64(q, 3), keys);
		for (size_t i = 0; i < n; i++) {
			keep_row(db, place, keys[i], db_col_i64(q, 0));
		}
	}
	db_done(q);
	if (kind == RECORD_ACCOUNT) {
		keep_links(db, import);
	}
}

/* ---- coming back ---- */

bool store_removed_any(struct store *s, enum record_kind kind)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT 1 FROM removed_records WHERE place = $1 LIMIT 1");
	db_text_c(q, record_table(kind)->name);
	return db_run_i64(q, 0) != 0;
}

/* 0: it had none, or another record has it. */
static int64_t number_before(struct db *db, const char *place, int64_t key)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof(sql),
		"SELECT id FROM removed_records r WHERE place = $1 AND key = $2"
		" AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.id = r.id)",
		place);
	struct db_query *q = db_query(db, sql);
	db_text_c(q, place);
	db_i64(q, key);
	return db_run_i64(q, 0);
}

static void restore_links(struct db *db, int64_t account)
{
	char sql[SQL_MAX];
	for (size_t i = 0; i < LINKS; i++) {
		snprintf(sql, sizeof(sql),
			"UPDATE %s SET %s = $1 WHERE %s IS NULL AND id IN (SELECT record FROM"
			" removed_links WHERE account = $1 AND place = %zu)",
			links[i].table, links[i].column, links[i].column, i);
		struct db_query *q = db_query(db, sql);
		db_i64(q, account);
		db_run(q);
	}
	struct db_query *q = db_query(db, "DELETE FROM removed_links WHERE account = $1");
	db_i64(q, account);
	db_run(q);
}

int64_t store_removed_take(struct store *s, const struct record *r, int64_t id)
{
	struct db *db = store_db(s);
	const char *place = record_table(r->kind)->name;
	int64_t keys[KEYS_MAX], before = 0;
	size_t n = keys_of(r->kind, r->field[REC_ID], r->field[REC_NAME], (int64_t)r->print, keys);
	for (size_t i = 0; i < n && before == 0; i++) {
		before = number_before(db, place, keys[i]);
	}
	if (before == 0) {
		return id;
	}
	char sql[SQL_MAX];
	snprintf(sql, sizeof(sql), "UPDATE %s SET id = $2 WHERE id = $1", place);
	struct db_query *q = db_query(db, sql);
	db_i64(q, id);
	db_i64(q, before);
	db_run(q);
	q = db_query(db, "DELETE FROM removed_records WHERE place = $1 AND id = $2");
	db_text_c(q, place);
	db_i64(q, before);
	db_run(q);
	if (r->kind == RECORD_ACCOUNT) {
		restore_links(db, before);
	}
	return before;
}
