/* SQLite behind the driver interface; the only file that knows sqlite3.h.
 *
 * WAL with synchronous=FULL: a commit that was reported survives power loss. With DB_SYNC_LATER it is NORMAL,
 * of which a loss of power may take the last commits back, one after the other from the end, and what FULL
 * does besides, a sync of the log after the commit, is conn_sync(): on another connection, so that no handle
 * is used by two threads. */
#include "monitor/store/driver_ops.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/base/owner.h"
#include "monitor/store/network_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long a writer waits for another process's short transaction, and how often it looks: one after the other of a
 * daemon in a rush leaves little room between them. */
#define BUSY_MS 10000
#define BUSY_LOOK_US 1000
/* Pages are large because posts arrive one after the other and are a kilobyte or two each: eight times
 * fewer writes than with pages of 4 KiB. The log goes into the file when it has 20 MiB, which the system
 * still has in memory then; with the largest transaction of the writer on top it stays below 64, it is cut
 * back to that after a checkpoint, and may grow beyond only while somebody reads. Of the pages 4 MiB are
 * kept: the ends of the tables and the ways to them. */
#define PAGE_SIZE "PRAGMA page_size = 32768"
#define BACKUP_PAGES 256 /* 8 MiB between two looks at the clock */
#define SYNC_LATER "PRAGMA synchronous = NORMAL"
/* Where somebody shortens the log beside the writer, the writer does so itself only when that is too slow. */
#define LOG_PAGES_MAX 6144
#define MAKING PAGE_SIZE "; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF"
#define SETTINGS                                \
	"PRAGMA journal_size_limit = 67108864;" \
	"PRAGMA wal_autocheckpoint = 640;"      \
	"PRAGMA synchronous = FULL;"            \
	"PRAGMA foreign_keys = ON;"             \
	"PRAGMA secure_delete = ON;"            \
	"PRAGMA trusted_schema = OFF;"          \
	"PRAGMA cell_size_check = ON;"          \
	"PRAGMA temp_store = MEMORY;"           \
	"PRAGMA cache_size = -4096;"

struct conn {
	sqlite3 *db;
	char *path;
	size_t log_pages; /* DB_SYNC_LATER */
	bool making;      /* DB_MAKE */
	int64_t busy_ms;  /* steady; since when it waits for another */
};

static int code_of(sqlite3 *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return HARK_ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return HARK_EBUSY;
	case SQLITE_NOMEM:
		return HARK_ENOMEM;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return HARK_EPARSE;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return HARK_EAUTH;
	case SQLITE_TOOBIG:
		return HARK_ELIMIT;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN: {
		int e = db != NULL ? sqlite3_system_errno(db) : 0;
		return e == ENOSPC || e == EDQUOT ? HARK_ENOSPC : HARK_EIO;
	}
	case SQLITE_CONSTRAINT:
		return HARK_ESTATE;
	default:
		return HARK_EINVAL;
	}
}

static int fail(const struct conn *c, int rc, struct hark_err *err)
{
	int code = code_of(c->db, rc);
	switch (code) {
	case HARK_ENOSPC:
		return hark_err_set(err, code,
			"%s: the disk is full; nothing stored is lost, free some space", c->path);
	case HARK_EBUSY:
		return hark_err_set(
			err, code, "%s: another program keeps the database locked", c->path);
	case HARK_EAUTH:
		return hark_err_set(err, code,
			"%s: this user may not write it or its folder, which even reading needs: be the "
			"user of harkd, or change the permissions",
			c->path);
	case HARK_EPARSE:
		return hark_err_set(err, code, "%s: not a usable database (%s)", c->path,
			sqlite3_errmsg(c->db));
	case HARK_EIO:
		if (sqlite3_system_errno(c->db) == 0) {
			return hark_err_set(err, code, "%s: %s", c->path, sqlite3_errmsg(c->db));
		}
		return hark_err_errno(err, code, sqlite3_system_errno(c->db), "%s: %s", c->path,
			sqlite3_errmsg(c->db));
	default:
		return hark_err_set(err, code, "%s: %s", c->path, sqlite3_errmsg(c->db));
	}
}

static int conn_exec(void *conn, const char *sql, struct hark_err *err)
{
	struct conn *c = conn;
	int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? HARK_OK : fail(c, rc, err);
}

static void conn_close(void *conn)
{
	struct conn *c = conn;
	if (c->making) {
		conn_exec(c, "PRAGMA journal_mode = WAL", NULL);
	}
	sqlite3_close(c->db);
	free(c->path);
	free(c);
}

static int journal_mode_cb(void *ctx, int n, char **values, char **names)
{
	(void)names;
	bool *wal = ctx;
	*wal = n == 1 && values[0] != NULL && strcmp(values[0], "wal") == 0;
	return 0;
}

static int count_cb(void *ctx, int n, char **values, char **names)
{
	(void)names;
	*(bool *)ctx = n == 1 && values[0] != NULL && strcmp(values[0], "0") != 0;
	return 0;
}

/* Another program's file is not ours to write a line into, nor to change the log of. */
static int refuse_foreign(struct conn *c, struct hark_err *err)
{
	bool is_foreign = false;
	int rc = sqlite3_exec(c->db,
		"SELECT count(*) FROM sqlite_master WHERE NOT EXISTS"
		" (SELECT 1 FROM sqlite_master WHERE name = 'schema_steps')",
		count_cb, &is_foreign, NULL);
	if (rc != SQLITE_OK) {
		return fail(c, rc, err);
	}
	return is_foreign ? hark_err_set(err, HARK_ESTATE,
				    "%s is a database of another program: name a file of hark's "
				    "own in store:",
				    c->path)
			  : HARK_OK;
}

/* In the place of SQLite's own, which would look every 100 ms in the end. */
static int on_busy(void *conn, int times)
{
	struct conn *c = conn;
	int64_t now_ms = clock_steady_ms();
	c->busy_ms = times == 0 ? now_ms : c->busy_ms;
	if (now_ms - c->busy_ms >= BUSY_MS) {
		return 0;
	}
	usleep(BUSY_LOOK_US);
	return 1;
}

/* In the place of SQLite's own, which would shorten the log. */
static int on_commit(void *conn, sqlite3 *db, const char *name, int pages)
{
	struct conn *c = conn;
	c->log_pages = (size_t)pages;
	if (pages >= LOG_PAGES_MAX) {
		sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
	return SQLITE_OK;
}

/* The log mode is a property of the file, so only a writer may and must set it. */
static int set_up(struct conn *c, bool memory, unsigned flags, struct hark_err *err)
{
	bool wal = false;
	sqlite3_extended_result_codes(c->db, 1);
	sqlite3_busy_handler(c->db, on_busy, c);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 0);
	c->making = (flags & DB_MAKE) != 0;
	if (c->making) {
		return conn_exec(c, MAKING, err);
	}
	if (!memory && (flags & DB_READ_ONLY) == 0) {
		int rc = refuse_foreign(c, err);
		if (rc != HARK_OK) {
			return rc;
		}
		rc = sqlite3_exec(c->db, PAGE_SIZE "; PRAGMA journal_mode = WAL", journal_mode_cb,
			&wal, NULL);
		if (rc != SQLITE_OK) {
			return fail(c, rc, err);
		}
		if (!wal) {
			return hark_err_set(err, HARK_EINVAL,
				"%s: this place cannot hold a write-ahead log; use a local file "
				"system",
				c->path);
		}
	}
	int rc = conn_exec(c, SETTINGS, err);
	if (rc == HARK_OK && (flags & DB_SYNC_LATER) != 0) {
		rc = conn_exec(c, SYNC_LATER, err);
		sqlite3_wal_hook(c->db, on_commit, c);
	}
	return rc;
}

/* SQLite's own count of its memory takes a lock at every allocation, and nobody reads it. */
static void set_up_library(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* What is in it concerns its owner alone, and SQLite would leave that to the umask; its log takes the
 * same rights. Only a file that was not there is opened: closing it would end the locks of a connection
 * of this process. A failure is SQLite's to report. */
static void create_private(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
	}
}

static int say_unopened(struct hark_err *err, int code, int errnum, const char *path)
{
	code = hark_err_errno(err, code, errnum, "cannot open the store %s", path);
	owner_say(err, errnum, path);
	return code;
}

static int open_file(struct conn *c, bool memory, unsigned flags, struct hark_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, set_up_library);
	int how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	how |= (flags & DB_READ_ONLY) != 0 ? SQLITE_OPEN_READONLY
					   : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	if (!memory && (flags & DB_READ_ONLY) == 0) {
		create_private(c->path);
	}
	int rc = sqlite3_open_v2(c->path, &c->db, how, NULL);
	if (rc == SQLITE_OK) {
		return HARK_OK;
	}
	if (c->db == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to open %s", c->path);
	}
	return say_unopened(err, code_of(c->db, rc), sqlite3_system_errno(c->db), c->path);
}

static int conn_open(void **conn, const char *place, unsigned flags, struct hark_err *err)
{
	bool memory = strcmp(place, ":memory:") == 0;
	struct stat st;
	int rc = memory ? HARK_OK : network_fs_refuse(place, err);
	if (rc != HARK_OK) {
		return rc;
	}
	bool there = !memory && stat(place, &st) == 0;
	if (!memory && !there && (flags & DB_READ_ONLY) != 0) {
		return errno == ENOENT
			       ? hark_err_set(err, HARK_ENOENT,
					 "there is no store at %s: harkd makes it when it first runs, "
					 "and store: in hark.yaml says where it is",
					 place)
			       : say_unopened(err, HARK_EIO, errno, place);
	}
	if (there && !S_ISREG(st.st_mode)) { /* a pipe would wait for ever for its other end */
		return hark_err_set(err, HARK_EPARSE, "%s is no file that can be a store", place);
	}
	struct conn *c = calloc(1, sizeof(*c));
	if (c == NULL || (c->path = strdup(place)) == NULL) {
		free(c);
		return hark_err_set(err, HARK_ENOMEM, "no memory to open %s", place);
	}
	rc = open_file(c, memory, flags, err);
	if (rc == HARK_OK) {
		rc = set_up(c, memory, flags, err);
	}
	if (rc != HARK_OK) {
		conn_close(c);
		return rc;
	}
	*conn = c;
	return HARK_OK;
}

static bool conn_is_moved(void *conn)
{
	int moved = 0;
	sqlite3_file_control(((struct conn *)conn)->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

static void conn_make_room(void *conn, unsigned mib)
{
	char sql[64];
	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%u", mib * 1024);
	sqlite3_exec(((struct conn *)conn)->db, sql, NULL, NULL, NULL);
}

static void conn_forget_pages(void *conn)
{
	sqlite3_db_release_memory(((struct conn *)conn)->db);
}

static size_t conn_pages_read(void *conn)
{
	int n = 0, highest;
	sqlite3_db_status(((struct conn *)conn)->db, SQLITE_DBSTATUS_CACHE_MISS, &n, &highest, 1);
	return (size_t)n;
}

/* What SQLite does itself after a commit with FULL. */
static int conn_sync(void *conn, struct hark_err *err)
{
	struct conn *c = conn;
	sqlite3_file *log = NULL;
	int rc = sqlite3_file_control(c->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (rc == SQLITE_OK && log != NULL && log->pMethods != NULL) {
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	}
	if (rc == SQLITE_OK) {
		return HARK_OK;
	}
	int saved = errno;
	return hark_err_errno(err, HARK_EIO, saved, "%s: %s", c->path, sqlite3_errstr(rc));
}

static size_t conn_log_pages(void *conn)
{
	return ((struct conn *)conn)->log_pages;
}

static int conn_shorten_log(void *conn, struct hark_err *err)
{
	struct conn *c = conn;
	int rc = sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return rc == SQLITE_OK || rc == SQLITE_BUSY ? HARK_OK : fail(c, rc, err);
}

static int conn_empty_log(void *conn, struct hark_err *err)
{
	struct conn *c = conn;
	int rc = sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc == SQLITE_OK ? HARK_OK : fail(c, rc, err);
}

static bool conn_in_transaction(void *conn)
{
	return sqlite3_get_autocommit(((struct conn *)conn)->db) == 0;
}

/* "$1" would be a name to SQLite, numbered in order of appearance; "?1" is the number itself. */
static void number_placeholders(char *sql)
{
	bool quoted = false;
	for (; *sql != '\0'; sql++) {
		if (*sql == '\'') {
			quoted = !quoted;
		} else if (!quoted && sql[0] == '$' && sql[1] >= '0' && sql[1] <= '9') {
			sql[0] = '?';
		}
	}
}

static int conn_prepare(void *conn, const char *sql, void **stmt, struct hark_err *err)
{
	struct conn *c = conn;
	char *text = strdup(sql);
	if (text == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "%s: no memory for a statement", c->path);
	}
	number_placeholders(text);
	int rc = sqlite3_prepare_v3(
		c->db, text, -1, SQLITE_PREPARE_PERSISTENT, (sqlite3_stmt **)stmt, NULL);
	free(text);
	return rc == SQLITE_OK ? HARK_OK : fail(c, rc, err);
}

static void stmt_finalize(void *stmt)
{
	sqlite3_finalize(stmt);
}

/* Bindings are overwritten by the next use, but what they point to may be gone before that. */
static void stmt_reset(void *stmt)
{
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
}

static int stmt_bind_i64(void *stmt, int i, int64_t value)
{
	return sqlite3_bind_int64(stmt, i, value) == SQLITE_OK ? HARK_OK : HARK_EINVAL;
}

static int stmt_bind_text(void *stmt, int i, struct str text)
{
	int rc = sqlite3_bind_text64(stmt, i, text.p, text.n, SQLITE_STATIC, SQLITE_UTF8);
	return rc == SQLITE_OK ? HARK_OK : rc == SQLITE_TOOBIG ? HARK_ELIMIT : HARK_EINVAL;
}

static int stmt_bind_blob(void *stmt, int i, struct str bytes)
{
	int rc = sqlite3_bind_blob64(stmt, i, bytes.n > 0 ? bytes.p : "", bytes.n, SQLITE_STATIC);
	return rc == SQLITE_OK ? HARK_OK : rc == SQLITE_TOOBIG ? HARK_ELIMIT : HARK_EINVAL;
}

static int stmt_step(void *conn, void *stmt, bool *row, struct hark_err *err)
{
	int rc = sqlite3_step(stmt);
	*row = rc == SQLITE_ROW;
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? HARK_OK : fail(conn, rc, err);
}

static int64_t conn_changes(void *conn)
{
	return sqlite3_changes64(((struct conn *)conn)->db);
}

static int64_t conn_total_changes(void *conn)
{
	return sqlite3_total_changes64(((struct conn *)conn)->db);
}

/* The reader holds one moment, so that a writer, who goes on in the log meanwhile, does not make it begin anew. */
static int copy_pages(struct conn *c, sqlite3 *to, const char *path, db_progress_fn step, void *ctx,
	struct hark_err *err)
{
	const struct conn copy = {.db = to, .path = (char *)(uintptr_t)path};
	sqlite3_backup *b = sqlite3_backup_init(to, "main", c->db, "main");
	int rc = b != NULL ? SQLITE_OK : sqlite3_errcode(to);
	bool goes = true;
	while (rc == SQLITE_OK && goes) {
		rc = sqlite3_backup_step(b, BACKUP_PAGES);
		goes = step == NULL ||
		       step(ctx, sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b),
			       sqlite3_backup_pagecount(b));
	}
	sqlite3_backup_finish(b);
	if (rc == SQLITE_DONE) {
		return HARK_OK;
	}
	if (!goes) {
		return hark_err_set(err, HARK_EPIPE, "%s: the copy was ended", c->path);
	}
	/* Which of the two it is about: the copy keeps its own. */
	return fail(sqlite3_errcode(c->db) == SQLITE_OK ? &copy : c, rc, err);
}

static int check_cb(void *ctx, int n, char **values, char **names)
{
	(void)names;
	*(bool *)ctx = n == 1 && values[0] != NULL && strcmp(values[0], "ok") == 0;
	return 0;
}

/* What lets somebody in, or in whose name messages come, has no place in a copy: browsers log in again, hubs are asked
 * again. */
static int finish_copy(sqlite3 *to, const char *path, struct hark_err *err)
{
	bool sound = false;
	int rc = sqlite3_exec(to,
		"PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON; DELETE FROM sessions;"
		" DELETE FROM replays; DELETE FROM subscriptions;",
		NULL, NULL, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_exec(to, "PRAGMA integrity_check(1)", check_cb, &sound, NULL);
	}
	if (rc != SQLITE_OK || !sound) {
		return hark_err_set(err, HARK_ESTATE, "%s: the copy is no sound database (%s)",
			path, rc != SQLITE_OK ? sqlite3_errmsg(to) : "integrity_check");
	}
	return HARK_OK;
}

static int conn_backup(
	void *conn, const char *path, db_progress_fn step, void *ctx, struct hark_err *err)
{
	struct conn *c = conn;
	sqlite3 *to = NULL;
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		return errno == EEXIST
			       ? hark_err_set(err, HARK_ESTATE,
					 "%s is there already, and a backup overwrites nothing",
					 path)
			       : hark_err_errno(err, HARK_EIO, errno, "cannot write %s", path);
	}
	close(fd);
	int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	rc = rc == SQLITE_OK ? copy_pages(c, to, path, step, ctx, err)
			     : hark_err_set(err, HARK_EIO, "cannot write %s", path);
	rc = rc == HARK_OK ? finish_copy(to, path, err) : rc;
	sqlite3_close(to);
	if (rc != HARK_OK) {
		unlink(path);
	}
	return rc;
}

static int64_t conn_last_id(void *conn)
{
	return sqlite3_last_insert_rowid(((struct conn *)conn)->db);
}

static bool stmt_is_null(void *stmt, int column)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL;
}

static int64_t stmt_col_i64(void *stmt, int column)
{
	return sqlite3_column_int64(stmt, column);
}

static struct str stmt_col_text(void *stmt, int column)
{
	const char *p = (const char *)sqlite3_column_text(stmt, column);
	return p != NULL ? str_n(p, (size_t)sqlite3_column_bytes(stmt, column)) : STR_NONE;
}

static struct str stmt_col_blob(void *stmt, int column)
{
	if (stmt_is_null(stmt, column)) {
		return STR_NONE;
	}
	const char *p = sqlite3_column_blob(stmt, column);
	return p != NULL ? str_n(p, (size_t)sqlite3_column_bytes(stmt, column)) : STR("");
}

const struct db_ops db_sqlite = {
	.scheme = "sqlite",
	.begin_write = "BEGIN IMMEDIATE",
	.begin_read = "BEGIN",
	.id = "INTEGER PRIMARY KEY AUTOINCREMENT",
	.serial = "INTEGER PRIMARY KEY",
	.by_key = "WITHOUT ROWID",
	.open = conn_open,
	.close = conn_close,
	.exec = conn_exec,
	.is_moved = conn_is_moved,
	.make_room = conn_make_room,
	.forget_pages = conn_forget_pages,
	.pages_read = conn_pages_read,
	.sync = conn_sync,
	.log_pages = conn_log_pages,
	.shorten_log = conn_shorten_log,
	.empty_log = conn_empty_log,
	.in_transaction = conn_in_transaction,
	.prepare = conn_prepare,
	.finalize = stmt_finalize,
	.reset = stmt_reset,
	.bind_i64 = stmt_bind_i64,
	.bind_text = stmt_bind_text,
	.bind_blob = stmt_bind_blob,
	.step = stmt_step,
	.changes = conn_changes,
	.total_changes = conn_total_changes,
	.backup = conn_backup,
	.last_id = conn_last_id,
	.is_null = stmt_is_null,
	.col_i64 = stmt_col_i64,
	.col_text = stmt_col_text,
	.col_blob = stmt_col_blob,
};
