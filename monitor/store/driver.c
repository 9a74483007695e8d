#include "monitor/store/driver.h"

#include "monitor/base/buf.h"
#include "monitor/store/driver_ops.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define SQL_MAX (256 << 10)
#define RECENT 1024 /* a power of two, well above the number of statements in the code */

struct db_query {
	struct db *db;
	void *stmt;
	int bound;      /* placeholders bound so far */
	bool busy;      /* between db_query() and db_done() */
	bool temporary; /* not in the cache: the same text was in use already */
	UT_hash_handle hh;
	char sql[]; /* the key */
};

struct db {
	const struct db_ops *ops;
	void *conn;
	char *name;
	struct db_query *queries; /* by their text, */
	struct {
		const char *sql;
		struct db_query *query;
	} recent[RECENT]; /* and by where the text is: most are literals */
	bool transaction; /* the caller's view: between begin and commit or rollback */
	int rc;           /* first failure */
	struct hark_err first;
};

static const struct db_ops *const drivers[] = {&db_sqlite};

static const struct db_ops *driver_for(const char *url, const char **place)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		size_t n = strlen(drivers[i]->scheme);
		if (strncmp(url, drivers[i]->scheme, n) == 0 && url[n] == ':') {
			*place = url + n + 1;
			return drivers[i];
		}
	}
	return NULL;
}

int db_open(struct db **out, const char *url, unsigned flags, struct hark_err *err)
{
	const char *place = NULL;
	const struct db_ops *ops = driver_for(url, &place);
	if (ops == NULL || place[0] == '\0') {
		return hark_err_set(err, HARK_EINVAL,
			"store '%s': this build knows only sqlite:PATH, for example "
			"sqlite:/var/lib/hark/hark.db",
			url);
	}
	struct db *db = calloc(1, sizeof(*db));
	char *name = strdup(place);
	if (db == NULL || name == NULL) {
		free(db);
		free(name);
		return hark_err_set(err, HARK_ENOMEM, "no memory to open %s", place);
	}
	int rc = ops->open(&db->conn, place, flags, err);
	if (rc != HARK_OK) {
		free(db);
		free(name);
		return rc;
	}
	db->ops = ops;
	db->name = name;
	*out = db;
	return HARK_OK;
}

void db_make_room(struct db *db, unsigned mib)
{
	db->ops->make_room(db->conn, mib);
}

void db_forget_pages(struct db *db)
{
	db->ops->forget_pages(db->conn);
}

size_t db_pages_read(struct db *db)
{
	return db->ops->pages_read(db->conn);
}

static void query_free(struct db_query *q)
{
	q->db->ops->finalize(q->stmt);
	free(q);
}

void db_close(struct db *db)
{
	if (db == NULL) {
		return;
	}
	db_rollback(db);
	struct db_query *q, *next;
	HASH_ITER (hh, db->queries, q, next) {
		HASH_DEL(db->queries, q);
		query_free(q);
	}
	db->ops->close(db->conn);
	free(db->name);
	free(db);
}

const char *db_name(const struct db *db)
{
	return db->name;
}

bool db_is_moved(struct db *db)
{
	return db->ops->is_moved(db->conn);
}

int db_sync(struct db *db, struct hark_err *err)
{
	return db->ops->sync(db->conn, err);
}

size_t db_log_pages(const struct db *db)
{
	return db->ops->log_pages(db->conn);
}

int db_shorten_log(struct db *db, struct hark_err *err)
{
	return db->ops->shorten_log(db->conn, err);
}

int64_t db_total_changes(const struct db *db)
{
	return db->ops->total_changes(db->conn);
}

int db_backup(struct db *db, const char *path, db_progress_fn step, void *ctx, struct hark_err *err)
{
	return db->ops->backup(db->conn, path, step, ctx, err);
}

int db_empty_log(struct db *db, struct hark_err *err)
{
	return db->ops->empty_log(db->conn, err);
}

/* Keeps `err` if it is the first failure. */
static void keep_failure(struct db *db, int rc, const struct hark_err *err)
{
	if (db->rc == HARK_OK) {
		db->rc = rc;
		db->first = *err;
		db->first.code = rc;
	}
}

int db_fail(struct db *db, int code, const char *fmt, ...)
{
	struct hark_err err;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(err.text, sizeof(err.text), fmt, ap);
	va_end(ap);
	keep_failure(db, code, &err);
	return code;
}

static void run_sql(struct db *db, const char *sql)
{
	struct hark_err err;
	int rc = db->rc == HARK_OK ? db->ops->exec(db->conn, sql, &err) : db->rc;
	if (db->rc == HARK_OK && rc != HARK_OK) {
		keep_failure(db, rc, &err);
	}
}

static void begin(struct db *db, const char *sql)
{
	if (db->rc == HARK_OK && db->transaction) {
		db_fail(db, HARK_ESTATE, "%s: a transaction is open already", db->name);
		return;
	}
	run_sql(db, sql);
	db->transaction = true;
}

void db_begin(struct db *db)
{
	begin(db, db->ops->begin_write);
}

void db_begin_read(struct db *db)
{
	begin(db, db->ops->begin_read);
}

static int take_failure(struct db *db, struct hark_err *err)
{
	int rc = db->rc;
	if (rc != HARK_OK && err != NULL) {
		*err = db->first;
	}
	db->rc = HARK_OK;
	return rc;
}

int db_commit(struct db *db, struct hark_err *err)
{
	if (db->rc == HARK_OK && db->transaction) {
		run_sql(db, "COMMIT");
	}
	int rc = take_failure(db, err);
	db_rollback(db); /* only after a failure is there still one to end */
	return rc;
}

void db_rollback(struct db *db)
{
	db->transaction = false;
	db->rc = HARK_OK;
	struct db_query *q, *next;
	HASH_ITER (hh, db->queries, q, next) {
		if (q->busy) { /* a loop that was left early */
			db->ops->reset(q->stmt);
		}
	}
	if (db->ops->in_transaction(db->conn)) {
		db->ops->exec(db->conn, "ROLLBACK", NULL);
	}
}

bool db_in_transaction(const struct db *db)
{
	return db->transaction;
}

int db_check(struct db *db, struct hark_err *err)
{
	if (!db->transaction) {
		return take_failure(db, err);
	}
	if (db->rc != HARK_OK && err != NULL) {
		*err = db->first;
	}
	return db->rc;
}

/* Puts the database's own words in the place of {id}, {serial} and {by_key}. */
static void expand(const struct db_ops *ops, const char *sql, struct buf *out)
{
	const struct {
		struct str name;
		const char *own;
	} words[] = {{STR("{id}"), ops->id}, {STR("{serial}"), ops->serial},
		{STR("{by_key}"), ops->by_key}};
	const size_t words_n = sizeof(words) / sizeof(words[0]);
	const char *p;
	while ((p = strchr(sql, '{')) != NULL) {
		size_t i = 0;
		while (i < words_n && strncmp(p, words[i].name.p, words[i].name.n) != 0) {
			i++;
		}
		buf_add(out, sql, (size_t)(p - sql));
		buf_add_c(out, i < words_n ? words[i].own : "{");
		sql = p + (i < words_n ? words[i].name.n : 1);
	}
	buf_add_c(out, sql);
}

void db_exec(struct db *db, const char *sql)
{
	struct buf text;
	buf_init(&text, SQL_MAX);
	expand(db->ops, sql, &text);
	if (text.rc != HARK_OK) {
		db_fail(db, text.rc, "%s: a statement is too long", db->name);
	} else {
		run_sql(db, buf_c(&text));
	}
	buf_release(&text);
}

static struct db_query *prepare(struct db *db, const char *sql, bool temporary)
{
	struct hark_err err;
	size_t n = strlen(sql);
	struct db_query *q = calloc(1, sizeof(*q) + n + 1);
	if (q == NULL) {
		db_fail(db, HARK_ENOMEM, "%s: no memory for a statement", db->name);
		return NULL;
	}
	memcpy(q->sql, sql, n + 1);
	q->db = db;
	q->temporary = temporary;
	int rc = db->ops->prepare(db->conn, sql, &q->stmt, &err);
	if (rc != HARK_OK) {
		keep_failure(db, rc, &err);
		free(q);
		return NULL;
	}
	if (!temporary) {
		HASH_ADD_KEYPTR(hh, db->queries, q->sql, (unsigned)n, q);
		q->temporary = q->hh.tbl == NULL; /* no memory to keep it */
	}
	return q;
}

/* The statement of this text, prepared before; NULL: it was not. A place in memory may hold another
 * text by now, so the place alone proves nothing. */
static struct db_query *find_query(struct db *db, const char *sql)
{
	struct db_query *q;
	size_t slot = (size_t)((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15) >> 40) % RECENT;
	if (db->recent[slot].sql == sql && strcmp(db->recent[slot].query->sql, sql) == 0) {
		return db->recent[slot].query;
	}
	HASH_FIND_STR(db->queries, sql, q);
	if (q != NULL) {
		db->recent[slot].sql = sql;
		db->recent[slot].query = q;
	}
	return q;
}

struct db_query *db_query(struct db *db, const char *sql)
{
	if (db->rc != HARK_OK) {
		return NULL;
	}
	struct db_query *q = find_query(db, sql);
	if (q == NULL || q->busy) {
		q = prepare(db, sql, q != NULL);
	}
	if (q != NULL) {
		q->busy = true;
		q->bound = 0;
	}
	return q;
}

static void bound(struct db_query *q, int rc)
{
	if (rc != HARK_OK) {
		db_fail(q->db, rc, "%s: cannot bind parameter %d of: %.200s", q->db->name, q->bound,
			q->sql);
	}
}

void db_i64(struct db_query *q, int64_t value)
{
	if (q != NULL) {
		bound(q, q->db->ops->bind_i64(q->stmt, ++q->bound, value));
	}
}

void db_text(struct db_query *q, struct str text)
{
	if (q != NULL && text.p == NULL) {
		db_null(q);
	} else if (q != NULL) {
		bound(q, q->db->ops->bind_text(q->stmt, ++q->bound, text));
	}
}

void db_text_or_empty(struct db_query *q, struct str text)
{
	db_text(q, text.p != NULL ? text : STR(""));
}

void db_text_c(struct db_query *q, const char *text)
{
	db_text(q, str_c(text));
}

void db_blob(struct db_query *q, struct str bytes)
{
	if (q != NULL && bytes.p == NULL) {
		db_null(q);
	} else if (q != NULL) {
		bound(q, q->db->ops->bind_blob(q->stmt, ++q->bound, bytes));
	}
}

void db_null(struct db_query *q)
{
	if (q != NULL) {
		q->bound++; /* unbound is NULL */
	}
}

void db_i64_unless(struct db_query *q, int64_t value, int64_t none)
{
	if (value == none) {
		db_null(q);
	} else {
		db_i64(q, value);
	}
}

bool db_step(struct db_query *q)
{
	struct hark_err err;
	bool row = false;
	if (q == NULL || q->db->rc != HARK_OK) {
		return false;
	}
	int rc = q->db->ops->step(q->db->conn, q->stmt, &row, &err);
	if (rc != HARK_OK) {
		keep_failure(q->db, rc, &err);
		return false;
	}
	return row;
}

void db_done(struct db_query *q)
{
	if (q == NULL) {
		return;
	}
	if (q->temporary) {
		query_free(q);
		return;
	}
	q->db->ops->reset(q->stmt);
	q->busy = false;
}

int64_t db_run(struct db_query *q)
{
	if (q == NULL) {
		return 0;
	}
	struct db *db = q->db;
	while (db_step(q)) {
	}
	int64_t changes = db->rc == HARK_OK ? db->ops->changes(db->conn) : 0;
	db_done(q);
	return changes;
}

int64_t db_run_id(struct db_query *q)
{
	struct db *db = q != NULL ? q->db : NULL;
	return db_run(q) > 0 ? db->ops->last_id(db->conn) : 0;
}

int64_t db_run_i64(struct db_query *q, int64_t otherwise)
{
	int64_t value = otherwise;
	bool first = true;
	while (db_step(q)) {
		if (first) {
			value = db_col_i64_or(q, 0, otherwise);
			first = false;
		}
	}
	db_done(q);
	return value;
}

bool db_is_null(struct db_query *q, int column)
{
	return q == NULL || q->db->ops->is_null(q->stmt, column);
}

int64_t db_col_i64(struct db_query *q, int column)
{
	return q != NULL ? q->db->ops->col_i64(q->stmt, column) : 0;
}

int64_t db_col_i64_or(struct db_query *q, int column, int64_t otherwise)
{
	return db_is_null(q, column) ? otherwise : db_col_i64(q, column);
}

struct str db_col_text(struct db_query *q, int column)
{
	return q != NULL ? q->db->ops->col_text(q->stmt, column) : STR_NONE;
}

struct str db_col_blob(struct db_query *q, int column)
{
	return q != NULL ? q->db->ops->col_blob(q->stmt, column) : STR_NONE;
}

static struct str copied(struct db_query *q, struct str s, struct arena *arena)
{
	struct str copy = arena_str(arena, s);
	if (copy.p == NULL && s.p != NULL) {
		db_fail(q->db, HARK_ENOMEM, "%s: no memory for a row", q->db->name);
	}
	return copy;
}

struct str db_col_copy(struct db_query *q, int column, struct arena *arena)
{
	return copied(q, db_col_text(q, column), arena);
}

struct str db_col_blob_copy(struct db_query *q, int column, struct arena *arena)
{
	return copied(q, db_col_blob(q, column), arena);
}
