/* What a database driver implements; driver.c does the rest. Calls return HARK_OK or a code with a
 * sentence in *err. */
#ifndef HARK_STORE_DRIVER_OPS_H
#define HARK_STORE_DRIVER_OPS_H

#include "monitor/store/driver.h"

struct db_ops {
	const char *scheme;      /* of the url: "sqlite" */
	const char *begin_write; /* SQL */
	const char *begin_read;
	const char *id, *serial; /* column types of {id} and {serial} */
	const char *by_key;      /* {by_key} */

	/* `place`: the url behind "scheme:". */
	int (*open)(void **conn, const char *place, unsigned flags, struct hark_err *err);
	void (*close)(void *conn);
	/* The file it opened is not the one at its place any more. */
	bool (*is_moved)(void *conn);
	void (*make_room)(
		void *conn, unsigned mib); /* see db_make_room(); that it fails does no harm */
	void (*forget_pages)(void *conn);
	size_t (*pages_read)(void *conn);
	/* See db_sync(), db_log_pages() and db_shorten_log(). */
	int (*sync)(void *conn, struct hark_err *err);
	size_t (*log_pages)(void *conn);
	int (*shorten_log)(void *conn, struct hark_err *err);
	int (*empty_log)(void *conn, struct hark_err *err); /* see db_empty_log() */
	int (*exec)(void *conn, const char *sql, struct hark_err *err);
	/* Whether a transaction is open: some failures end it inside the database. */
	bool (*in_transaction)(void *conn);
	int (*prepare)(void *conn, const char *sql, void **stmt, struct hark_err *err);
	void (*finalize)(void *stmt);
	void (*reset)(void *stmt); /* parameters, too: what is not bound is NULL */
	int (*bind_i64)(void *stmt, int i, int64_t value); /* i from 1 */
	int (*bind_text)(void *stmt, int i, struct str text);
	int (*bind_blob)(void *stmt, int i, struct str bytes);
	int (*step)(void *conn, void *stmt, bool *row, struct hark_err *err);
	int64_t (*changes)(void *conn);
	int64_t (*total_changes)(void *conn); /* since it was opened */
	int (*backup)(void *conn, const char *path, db_progress_fn step, void *ctx,
		struct hark_err *err);           /* see db_backup() */
	int64_t (*last_id)(void *conn);          /* of the row the last INSERT made */
	bool (*is_null)(void *stmt, int column); /* columns from 0 */
	int64_t (*col_i64)(void *stmt, int column);
	struct str (*col_text)(void *stmt, int column);
	struct str (*col_blob)(void *stmt, int column);
};

extern const struct db_ops db_sqlite;

#endif
