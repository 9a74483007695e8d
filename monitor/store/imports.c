#include "monitor/store/imports.h"

#include "monitor/base/count.h"
#include "monitor/base/json.h"
#include "monitor/store/driver.h"
#include "monitor/store/record_table.h"
#include "monitor/store/removed.h"

#include <stdio.h>

#define SQL_MAX 512
#define COLUMNS                                                                              \
	"id, kind, system, file, hash, mapping, actor, undone_by, records, added, changed, " \
	"unchanged, rejected, reviews, opted_out, at_ms, undone_ms"

int64_t store_import_begin(struct store *s, const struct import_entry *row)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO imports (kind, system, file, hash, mapping, actor, at_ms, records, added, changed,"
		" unchanged, rejected, reviews, opted_out)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0, 0)");
	const struct str texts[] = {
		row->kind, row->system, row->file, row->hash, row->mapping, row->actor};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		db_text(q, texts[i]);
	}
	db_i64(q, row->at_ms);
	return db_run_id(q);
}

void store_import_forget(struct store *s, int64_t id)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM imports WHERE id = $1");
	db_i64(q, id);
	db_run(q);
}

void store_import_end(struct store *s, int64_t id, const struct import_counts *c)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE imports SET records = $2, added = $3, changed = $4, unchanged = $5, rejected = $6,"
		" reviews = $7, opted_out = $8 WHERE id = $1");
	const int64_t values[] = {id, c->rows, c->added, c->changed, c->unchanged, c->rejected,
		c->reviews, c->opted_out};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		db_i64(q, values[i]);
	}
	db_run(q);
}

/* ---- reading ---- */

static struct import_entry read_row(struct db_query *q, struct arena *arena)
{
	struct import_entry r = {.id = db_col_i64(q, 0)};
	struct str *const texts[] = {
		&r.kind, &r.system, &r.file, &r.hash, &r.mapping, &r.actor, &r.undone_by};
	int64_t *const numbers[] = {&r.counts.rows, &r.counts.added, &r.counts.changed,
		&r.counts.unchanged, &r.counts.rejected, &r.counts.reviews, &r.counts.opted_out,
		&r.at_ms, &r.undone_ms};
	for (int i = 0; i < 7; i++) {
		*texts[i] = db_col_copy(q, i + 1, arena);
	}
	for (int i = 0; i < 9; i++) {
		*numbers[i] = db_col_i64(q, i + 8);
	}
	return r;
}

int store_import_list(struct store *s, int64_t before, size_t max, struct arena *arena,
	struct import_entry **out, size_t *n, struct hark_err *err)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT " COLUMNS " FROM imports WHERE $2 = 0 OR id < $2"
				      " ORDER BY id DESC LIMIT $1");
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	db_i64(q, (int64_t)max);
	db_i64(q, before);
	while (db_step(q)) {
		struct import_entry *grown = arena_grow(arena, *out, *n, &cap, sizeof(**out));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the list of imports");
			break;
		}
		*out = grown;
		grown[(*n)++] = read_row(q, arena);
	}
	db_done(q);
	return db_check(store_db(s), err);
}

static int read_one(struct store *s, struct db_query *q, struct arena *arena,
	struct import_entry *out, struct hark_err *err)
{
	*out = (struct import_entry){0};
	if (db_step(q)) {
		*out = read_row(q, arena);
	}
	db_done(q);
	return db_check(store_db(s), err);
}

int store_import_of_file(struct store *s, enum record_kind kind, struct str hash,
	struct arena *arena, struct import_entry *out, struct hark_err *err)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT " COLUMNS
		" FROM imports WHERE hash = $1 AND kind = $2 AND undone_ms IS NULL"
		" ORDER BY id DESC LIMIT 1");
	db_text(q, hash);
	db_text_c(q, record_kind_name(kind));
	return read_one(s, q, arena, out, err);
}

int64_t store_import_mark(struct store *s)
{
	return db_run_i64(db_query(store_db(s),
				  "SELECT COALESCE(max(id), 0) * 2 + COALESCE(max(undone_ms), 0)"
				  " + (SELECT COALESCE(max(id), 0) FROM people_events)"
				  " FROM imports"),
		0);
}

/* ---- undoing ---- */

/* The number that a statement with the import as $1 and its time as $2 gives. */
static int64_t count(struct db *db, const struct import_entry *import, const char *sql)
{
	struct db_query *q = db_query(db, sql);
	db_i64(q, import->id);
	db_i64(q, import->at_ms);
	return db_run_i64(q, 0);
}

/* The same over the rows that the import wrote. */
static int64_t count_written(struct db *db, const struct import_entry *import, const char *table,
	const char *what, const char *where)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof(sql),
		"SELECT %s FROM %s WHERE (import = $1 OR id IN"
		" (SELECT record FROM import_changes WHERE import = $1)) AND %s",
		what, table, where);
	return count(db, import, sql);
}

static const char *hang(int64_t n)
{
	return n == 1 ? "hangs" : "hang";
}

static const char *were(int64_t n)
{
	return n == 1 ? "was" : "were";
}

/* What hangs on the people an import added, and must not go with them. */
static const struct {
	const char *sql, *one, *more;
} hanging[] = {
	{"SELECT count(*) FROM reference_candidates r JOIN people p ON p.id = r.person"
	 " WHERE p.import = $1 AND $2 > 0",
		"reference", ""},
	{"SELECT count(*) FROM identities i JOIN people p ON p.id = i.person"
	 " WHERE p.import = $1 AND (i.import IS NULL OR i.import <> $1) AND i.created_ms >= $2",
		"identity", " learned later"},
	{"SELECT count(*) FROM employments e JOIN people p ON p.id = e.person"
	 " WHERE p.import = $1 AND (e.import IS NULL OR e.import <> $1) AND e.observed_ms >= $2",
		"job", " learned later"},
	{"SELECT count(*) FROM ties t JOIN people p ON p.id = t.colleague WHERE p.import = $1 AND $2 > 0",
		"tie", " of an import"},
};

/* What somebody decided of people it added goes first. */
static int refuse_decided(struct db *db, const struct import_entry *import, struct hark_err *err)
{
	struct db_query *q = db_query(db,
		"SELECT r.id, p.name, COALESCE(o.name, a.display_name, a.handle) FROM reviews r"
		" JOIN people p ON p.id = r.person LEFT JOIN people o ON o.id = r.other"
		" LEFT JOIN authors a ON a.id = r.author WHERE (p.import = $1 OR o.import = $1)"
		" AND r.state <> 'open' ORDER BY r.id DESC LIMIT 1");
	int rc = HARK_OK;
	db_i64(q, import->id);
	if (db_step(q)) {
		long long id = (long long)db_col_i64(q, 0);
		rc = hark_err_set(err, HARK_ESTATE,
			"review %lld (%.*s, %.*s) is decided: `hark review undo %lld` first", id,
			STR_FMT(db_col_text(q, 1)), STR_FMT(db_col_text(q, 2)), id);
	}
	db_done(q);
	return rc;
}

/* What later imports say of accounts it added would belong to nobody. */
static int refuse_owned(struct db *db, const struct import_entry *import, struct hark_err *err)
{
	struct db_query *q = db_query(db,
		"SELECT count(*), max(import) FROM (SELECT account, import FROM employments UNION ALL"
		" SELECT account, import FROM opportunities UNION ALL SELECT account, import FROM cases"
		" UNION ALL SELECT account, import FROM surveys) r WHERE import > $1 AND account IN"
		" (SELECT id FROM accounts WHERE import = $1)");
	int64_t n = 0, last = 0;
	db_i64(q, import->id);
	if (db_step(q)) {
		n = db_col_i64(q, 0);
		last = db_col_i64(q, 1);
	}
	db_done(q);
	return n == 0 ? HARK_OK
		      : hark_err_set(err, HARK_ESTATE,
				"%s (jobs, deals, cases, answers) %s on the accounts it added, the last of "
				"import %lld: undo that one first",
				COUNT(n, "record"), hang(n), (long long)last);
}

static int refuse_newer(
	struct db *db, const struct import_entry *import, const char *table, struct hark_err *err)
{
	int64_t newer =
		count_written(db, import, table, "count(*)", "(touched <> $1 OR updated_ms <> $2)");
	if (newer > 0) {
		int64_t by =
			count_written(db, import, table, "max(touched)", "touched > $1 AND $2 > 0");
		return by > 0 ? hark_err_set(err, HARK_ESTATE,
					"%s of its own %s changed by import %lld: undo that one first",
					COUNT(newer, "record"), were(newer), (long long)by)
			      : hark_err_set(err, HARK_ESTATE, "%s of its own %s changed since",
					COUNT(newer, "record"), were(newer));
	}
	for (size_t i = 0; i < sizeof(hanging) / sizeof(hanging[0]); i++) {
		int64_t n = count(db, import, hanging[i].sql);
		if (n > 0) {
			return hark_err_set(err, HARK_ESTATE, "%s%s %s on the people it added",
				COUNT(n, hanging[i].one), hanging[i].more, hang(n));
		}
	}
	if (refuse_decided(db, import, err) != HARK_OK ||
		refuse_owned(db, import, err) != HARK_OK) {
		return HARK_ESTATE;
	}
	int64_t refs = count(db, import,
		"SELECT count(*) FROM reference_candidates r JOIN accounts a ON a.id = r.account"
		" WHERE a.import = $1 AND $2 > 0");
	int64_t marks = count(db, import,
		"SELECT count(*) FROM service_marks m JOIN accounts a ON a.id = m.account"
		" WHERE a.import = $1 AND $2 > 0 AND m.cleared_ms IS NULL");
	if (refs > 0 || marks > 0) {
		int64_t n = refs > 0 ? refs : marks;
		return hark_err_set(err, HARK_ESTATE, "%s%s %s on the accounts it added",
			COUNT(n, refs > 0 ? "reference" : "complaint"),
			refs > 0 ? "" : " that service has not cleared", hang(n));
	}
	return HARK_OK;
}

static void put_back(
	struct db *db, const char *table, int64_t id, const char *column, const json_t *value)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = $2 WHERE id = $1", table, column);
	struct db_query *q = db_query(db, sql);
	db_i64(q, id);
	if (json_is_integer(value)) {
		db_i64(q, json_integer_value(value));
	} else if (json_is_string(value)) {
		db_text(q, str_n(json_string_value(value), json_string_length(value)));
	} else {
		db_null(q);
	}
	db_run(q);
}

static void restore_row(
	struct db *db, const struct record_table *t, int64_t id, const json_t *before)
{
	static const char *const always[] = {"touched", "print", "updated_ms", "attributes"};
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		const json_t *value = json_object_get(before, always[i]);
		if (value != NULL) {
			put_back(db, t->name, id, always[i], value);
		}
	}
	for (size_t i = 0; i < t->n; i++) {
		const json_t *value = json_object_get(before, t->columns[i].name);
		if (value != NULL) {
			put_back(db, t->name, id, t->columns[i].name, value);
		}
	}
}

static int64_t restore(struct db *db, const struct record_table *t, int64_t import)
{
	int64_t n = 0;
	struct db_query *q = db_query(
		db, "SELECT record, before FROM import_changes WHERE import = $1 ORDER BY id DESC");
	db_i64(q, import);
	while (db_step(q)) {
		json_t *before = json_read(db_col_text(q, 1), NULL);
		if (before == NULL) {
			db_fail(db, HARK_EPARSE, "what record %lld was before cannot be read",
				(long long)db_col_i64(q, 0));
			break;
		}
		restore_row(db, t, db_col_i64(q, 0), before);
		json_decref(before);
		n++;
	}
	db_done(q);
	return n;
}

static void run_for(struct db *db, const char *sql, int64_t import)
{
	struct db_query *q = db_query(db, sql);
	db_i64(q, import);
	db_run(q);
}

static int64_t remove_added(struct store *s, enum record_kind kind, int64_t import)
{
	char sql[SQL_MAX];
	struct db *db = store_db(s);
	store_removed_keep(s, kind, import);
	run_for(db, "DELETE FROM identities WHERE import = $1", import);
	run_for(db, "DELETE FROM employments WHERE import = $1", import);
	run_for(db,
		"UPDATE employments SET ended_ms = NULL, valid_to = NULL, ended_by = NULL"
		" WHERE ended_by = $1",
		import);
	run_for(db, "DELETE FROM account_names WHERE import = $1", import);
	run_for(db, "DELETE FROM reviews WHERE import = $1 AND state = 'open'", import);
	snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE import = $1", record_table(kind)->name);
	struct db_query *q = db_query(db, sql);
	db_i64(q, import);
	return db_run(q);
}

static int find(struct store *s, int64_t id, struct arena *arena, struct import_entry *out,
	enum record_kind *kind, struct hark_err *err)
{
	struct db_query *q = db_query(store_db(s), "SELECT " COLUMNS " FROM imports WHERE id = $1");
	db_i64(q, id);
	int rc = read_one(s, q, arena, out, err);
	if (rc == HARK_OK && (out->id == 0 || !record_kind_parse(out->kind, kind))) {
		rc = hark_err_set(err, HARK_ENOENT, "there is no import %lld: `hark import list`",
			(long long)id);
	}
	if (rc == HARK_OK && out->undone_ms != 0) {
		rc = hark_err_set(err, HARK_ESTATE, "import %lld is undone already", (long long)id);
	}
	return rc;
}

/* Of the records of a table that `which` chooses. */
static void read_examples(struct store *s, const char *table, const char *which, int64_t import,
	struct arena *arena, struct import_examples *out)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof(sql),
		"SELECT COALESCE(NULLIF(name, ''), external_id, '?') FROM %s WHERE %s ORDER BY id "
		"LIMIT %d",
		table, which, IMPORT_EXAMPLES);
	struct db_query *q = db_query(store_db(s), sql);
	db_i64(q, import);
	while (out->n < IMPORT_EXAMPLES && db_step(q)) {
		out->v[out->n++] = db_col_copy(q, 0, arena);
	}
	db_done(q);
}

int store_import_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct import_undone *out, struct hark_err *err)
{
	enum record_kind kind = RECORD_CONTACT;
	*out = (struct import_undone){0};
	int rc = find(s, id, arena, &out->import, &kind, err);
	const struct record_table *t = record_table(kind);
	rc = rc == HARK_OK ? refuse_newer(store_db(s), &out->import, t->name, err) : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	read_examples(s, t->name, "import = $1", id, arena, &out->goes); /* before they do */
	read_examples(s, t->name, "id IN (SELECT record FROM import_changes WHERE import = $1)", id,
		arena, &out->changes);
	out->restored = restore(store_db(s), t, id);
	out->removed = remove_added(s, kind, id);
	run_for(store_db(s), "DELETE FROM import_changes WHERE import = $1", id);
	struct db_query *q = db_query(
		store_db(s), "UPDATE imports SET undone_ms = $2, undone_by = $3 WHERE id = $1");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_text(q, actor);
	db_run(q);
	return db_check(store_db(s), err);
}

int store_import_undo(struct store *s, int64_t id, struct str actor, bool look, int64_t now_ms,
	struct arena *arena, struct import_undone *out, struct hark_err *err)
{
	*out = (struct import_undone){0};
	int rc = store_begin(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = store_import_undo_within(s, id, actor, now_ms, arena, out, err);
	if (rc == HARK_OK && !look) {
		return store_commit(s, err);
	}
	store_rollback(s);
	return rc;
}
