/* One database connection, whichever database it is.
 *
 *	db_begin(db);
 *	struct db_query *q = db_query(db, "UPDATE leads SET owner = $2 WHERE id = $1");
 *	db_i64(q, id);
 *	db_text(q, owner);
 *	db_run(q);
 *	return db_commit(db, err); // rolls back and reports the first failure, if any
 *
 * SQL is the common subset of SQLite and PostgreSQL: $1, $2 … as placeholders, ON CONFLICT,
 * RETURNING, bigint milliseconds for times, 0 and 1 for truth. A driver only opens, prepares, binds,
 * steps and says what went wrong; statements are cached here, by their text.
 *
 * A connection keeps its first failure and turns later calls into no-ops (queries become NULL, which
 * every function takes), so a piece of work is checked once: by db_commit() at the end of a
 * transaction, by db_check() outside of one. One thread at a time. */
#ifndef HARK_STORE_DRIVER_H
#define HARK_STORE_DRIVER_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

struct db;
struct db_query;

enum db_flag {
	DB_READ_ONLY = 1,
	DB_SYNC_LATER = 2, /* a commit is not waited for: see db_sync() */
	DB_MAKE =
		4, /* an empty file that is to become a database: nothing is synced, and unless it is
			closed it is no database */
};

/* `url`: "sqlite:PATH" or "sqlite::memory:". HARK_EINVAL: no driver for it, or a place a database
 * must not live (a network file system); HARK_ENOENT: read-only and not there. */
int db_open(struct db **out, const char *url, unsigned flags, struct hark_err *err);
void db_close(struct db *db); /* NULL is fine */
/* What the driver calls the place, for messages: the path. Borrowed from the connection. */
const char *db_name(const struct db *db);
/* Somebody deleted, moved or replaced the file: what is written now is lost. */
bool db_is_moved(struct db *db);

/* The connection may take up to so many MiB for what it works with, from now on. */
void db_make_room(struct db *db, unsigned mib);
/* What it keeps of the file in memory is given back: after reading much of which little is read again. */
void db_forget_pages(struct db *db);
/* How many pages it has read from the file since the last call. */
size_t db_pages_read(struct db *db);

/* A commit survives the end of the program at once, and on most connections a loss of power too. On one
 * opened with DB_SYNC_LATER it survives that from the next db_sync() on, of any connection to the same
 * database and on any thread, so that the disk and the next transaction need not wait for one another. */
int db_sync(struct db *db, struct hark_err *err);
/* How long the log was after this connection's last commit; what is in it is written a second time. */
size_t db_log_pages(const struct db *db);
/* Moves what is in the log to its place, beside a connection that writes, so that the log begins anew. */
int db_shorten_log(struct db *db, struct hark_err *err);
/* The same to its end, and cuts the log off, so that nothing overwritten is left in it. HARK_EBUSY: somebody reads or
 * writes all the time. */
int db_empty_log(struct db *db, struct hark_err *err);

/* How far a copy is, in pages of `total`; false: it is to end. */
typedef bool (*db_progress_fn)(void *ctx, int64_t done, int64_t total);
/* A copy of one moment, beside whoever writes, into a file that must not be there yet; it is checked when it is whole.
 * HARK_ESTATE: something is there, or the copy is damaged; HARK_EPIPE: `step` ended it. A copy that failed is removed. */
int db_backup(
	struct db *db, const char *path, db_progress_fn step, void *ctx, struct hark_err *err);

/* A transaction that will write. It takes the write lock at once, because one that starts as a
 * reader and upgrades later fails without waiting. */
void db_begin(struct db *db);
/* A transaction that sees one moment and never writes. Keep it short. */
void db_begin_read(struct db *db);
/* Ends the transaction and forgets the failure it reports. */
int db_commit(struct db *db, struct hark_err *err);
/* Takes everything back and forgets the failure; nothing to do outside a transaction. */
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
/* The first failure. Outside a transaction it is forgotten once it has been reported. */
int db_check(struct db *db, struct hark_err *err);
/* Makes `code` the first failure, for what a caller finds out itself. Returns `code`. */
int db_fail(struct db *db, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Statements without parameters or rows, separated by semicolons. {id} and {serial} stand for the
 * database's own words for a 64-bit key: {id} is never given out twice, {serial} may be. {by_key} behind
 * a table asks to keep its rows, which are small, in the order of its primary key. */
void db_exec(struct db *db, const char *sql);
/* One statement, ready to bind. It must be given back with db_done() or db_run(). */
struct db_query *db_query(struct db *db, const char *sql);

/* Bind the next placeholder. Bytes must live until db_done(). */
void db_i64(struct db_query *q, int64_t value);
void db_text(struct db_query *q, struct str text); /* NULL if absent */
void db_text_or_empty(
	struct db_query *q, struct str text); /* '' if absent, as filters take for any */
void db_text_c(struct db_query *q, const char *text);
void db_blob(struct db_query *q, struct str bytes); /* NULL if absent */
void db_null(struct db_query *q);
/* NULL where the value is `none`. */
void db_i64_unless(struct db_query *q, int64_t value, int64_t none);

/* True: there is a row. False: no more, or a failure (db_check() tells). */
bool db_step(struct db_query *q);
void db_done(struct db_query *q);
/* Steps to the end and gives the query back; returns how many rows changed. */
int64_t db_run(struct db_query *q);
/* As db_run() for the INSERT of one row; returns the {id} it got, 0 if there is no new row. RETURNING
 * would say it, too, but makes SQLite set up a table for the answer, which costs more than the row. */
int64_t db_run_id(struct db_query *q);
/* As db_run() for a statement with at most one row of one integer; `otherwise` when there is none. */
int64_t db_run_i64(struct db_query *q, int64_t otherwise);

/* Rows that this connection has changed since it was opened. */
int64_t db_total_changes(const struct db *db);

/* Columns of the row, from 0. */
bool db_is_null(struct db_query *q, int column);
int64_t db_col_i64(struct db_query *q, int column); /* 0 for NULL */
int64_t db_col_i64_or(struct db_query *q, int column, int64_t otherwise);
/* Borrowed until the next step; absent for NULL. */
struct str db_col_text(struct db_query *q, int column);
struct str db_col_blob(struct db_query *q, int column);
/* Copies, NUL-terminated, in `arena`. No memory becomes the connection's failure. */
struct str db_col_copy(struct db_query *q, int column, struct arena *arena);
struct str db_col_blob_copy(struct db_query *q, int column, struct arena *arena);

#endif
