#include "monitor/store/store.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/store/audit.h"
#include "monitor/store/clusters.h"
#include "monitor/store/driver.h"
#include "monitor/store/fresh.h"
#include "monitor/store/key_rows.h"
#include "monitor/store/lock.h"
#include "monitor/store/marks.h"
#include "monitor/store/rule_days.h"
#include "monitor/store/schema.h"
#include "monitor/store/steps.h"
#include "monitor/store/story_index.h"
#include "monitor/store/sums.h"
#include "monitor/store/words.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNTERS 8

/* A row of `counters` during a transaction that uses it: nobody else writes meanwhile. */
struct counter {
	const char *what; /* a literal */
	int64_t last;
};

struct store {
	struct db *db;
	struct counter counters[COUNTERS];
	size_t counters_n;
	int lock_fd;                 /* -1: not the owner */
	struct story_index *stories; /* NULL until the first post is written; owned */
	int64_t stories_last;
	struct clusters *clusters;  /* NULL until a post is compared; owned */
	struct rule_day *rule_days; /* of the transaction; owned */
	struct key_rows *key_rows;  /* as well */
	struct sum *sums;           /* as well */
	char *audit[3];  /* actor, action, target of store_audit_as(); owned, NULL: absent */
	bool is_new;     /* opening it made its tables */
	bool refused;    /* what the transaction leaves is that something was */
	int64_t changes; /* of the connection when the transaction began */
};

/* The path behind "sqlite:", or NULL where there is no file. */
static const char *file_of(const char *url)
{
	return strncmp(url, "sqlite:", 7) == 0 && url[7] != ':' && url[7] != '\0' ? url + 7 : NULL;
}

static int make_folder(const char *path, struct hark_err *err)
{
	char copy[PATH_MAX];
	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy)) {
		return hark_err_set(
			err, HARK_EINVAL, "the store's path is longer than %d bytes", PATH_MAX);
	}
	const char *dir = dirname(copy);
	return access(dir, F_OK) == 0 ? HARK_OK : file_mkdirs(dir, 0700, err);
}

static int prepare_place(struct store *s, const char *url, unsigned flags, struct hark_err *err)
{
	const char *path = file_of(url);
	int rc = HARK_OK;
	if (path == NULL) {
		return HARK_OK;
	}
	if ((flags & STORE_READ_ONLY) == 0) {
		rc = make_folder(path, err);
	}
	if (rc == HARK_OK && (flags & STORE_OWNER) != 0) {
		rc = lock_take(&s->lock_fd, path, err);
	}
	if (rc == HARK_OK && (flags & STORE_READ_ONLY) == 0) {
		s->is_new = fresh_make(path);
	}
	return rc;
}

static unsigned db_flags(unsigned flags)
{
	return ((flags & STORE_READ_ONLY) != 0 ? DB_READ_ONLY : 0) |
	       ((flags & STORE_SYNC_LATER) != 0 ? DB_SYNC_LATER : 0);
}

int store_open(struct store **out, const char *url, unsigned flags, struct hark_err *err)
{
	bool reading = (flags & STORE_READ_ONLY) != 0;
	struct store *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to open the store");
	}
	s->lock_fd = -1;
	int rc = prepare_place(s, url, flags, err);
	if (rc == HARK_OK) {
		rc = db_open(&s->db, url, db_flags(flags), err);
	}
	if (rc == HARK_OK) {
		s->is_new = s->is_new || (!reading && steps_none(s->db));
		rc = reading ? schema_check(s->db, err)
			     : schema_upgrade(s->db, clock_wall_ms(), err);
	}
	if (rc != HARK_OK) {
		store_close(s);
		return rc;
	}
	*out = s;
	return HARK_OK;
}

void store_close(struct store *s)
{
	if (s == NULL) {
		return;
	}
	db_close(s->db);
	rule_days_drop(&s->rule_days);
	sums_drop(&s->sums);
	free(s->key_rows);
	clusters_free(s->clusters);
	story_index_free(s->stories);
	for (size_t i = 0; i < 3; i++) {
		free(s->audit[i]);
	}
	if (s->lock_fd >= 0) {
		close(s->lock_fd);
	}
	free(s);
}

bool store_is_new(const struct store *s)
{
	return s->is_new;
}

int store_begin(struct store *s, struct hark_err *err)
{
	db_begin(s->db);
	s->counters_n = 0;
	s->changes = db_total_changes(s->db);
	int rc = db_check(s->db, err);
	if (rc != HARK_OK) {
		db_rollback(s->db);
	}
	return rc;
}

static void save_counters(struct store *s)
{
	for (size_t i = 0; i < s->counters_n; i++) {
		mark_move(s->db, s->counters[i].what, s->counters[i].last);
	}
	s->counters_n = 0;
}

void store_audit_as(struct store *s, struct str actor, struct str action, struct str target)
{
	const struct str parts[3] = {actor, action, target};
	for (size_t i = 0; i < 3; i++) {
		free(s->audit[i]);
		s->audit[i] = parts[i].n > 0 ? strndup(parts[i].p, parts[i].n) : NULL;
	}
}

static void audit(struct store *s)
{
	if (s->audit[1] != NULL && db_total_changes(s->db) != s->changes) {
		const struct audit_entry entry = {.actor = str_c(s->audit[0]),
			.action = str_c(s->audit[1]),
			.target = str_c(s->audit[2]),
			.note = s->refused ? STR(AUDIT_REFUSED) : STR_NONE};
		store_audit_add(s, &entry);
	}
	s->refused = false;
}

void store_audit_refused(struct store *s)
{
	s->refused = true;
}

int store_commit(struct store *s, struct hark_err *err)
{
	audit(s);
	save_counters(s);
	rule_days_save(&s->rule_days, s->db);
	sums_save(&s->sums, s->db);
	key_rows_save(s->key_rows, s->db);
	int rc = db_commit(s->db, err);
	if (rc != HARK_OK) {
		key_rows_forget(s->key_rows);
		clusters_forget_all(s->clusters); /* some of the texts were never stored */
	}
	return rc;
}

void store_rollback(struct store *s)
{
	s->counters_n = 0;
	rule_days_drop(&s->rule_days);
	sums_drop(&s->sums);
	key_rows_forget(s->key_rows);
	clusters_forget_all(s->clusters);
	db_rollback(s->db);
}

int store_sync(struct store *s, struct hark_err *err)
{
	return db_sync(s->db, err);
}

size_t store_log_pages(struct store *s)
{
	return db_log_pages(s->db);
}

int store_shorten_log(struct store *s, struct hark_err *err)
{
	return db_shorten_log(s->db, err);
}

int store_scrub(struct store *s, struct hark_err *err)
{
	int rc = HARK_OK;
	for (bool more = true; rc == HARK_OK && more;) {
		db_begin(s->db);
		store_words_clean(s, &more, NULL);
		rc = db_commit(s->db, err);
	}
	return rc == HARK_OK ? db_empty_log(s->db, err) : rc;
}

int store_backup(struct store *s, const char *path,
	bool (*step)(void *ctx, int64_t done, int64_t total), void *ctx, struct hark_err *err)
{
	db_begin_read(s->db);
	db_run_i64(db_query(s->db, "SELECT count(*) FROM schema_steps"), 0); /* the moment */
	int rc = db_check(s->db, err);
	rc = rc == HARK_OK ? db_backup(s->db, path, step, ctx, err) : rc;
	db_rollback(s->db);
	return rc;
}

struct db *store_db(struct store *s)
{
	return s->db;
}

static struct counter *counter_in_use(struct store *s, const char *what)
{
	for (size_t i = 0; i < s->counters_n; i++) {
		if (strcmp(s->counters[i].what, what) == 0) {
			return &s->counters[i];
		}
	}
	return NULL;
}

static struct counter *counter_of(struct store *s, const char *what)
{
	struct counter *c = counter_in_use(s, what);
	if (c != NULL) {
		return c;
	}
	if (!db_in_transaction(s->db) || s->counters_n == COUNTERS) {
		db_fail(s->db, HARK_ESTATE, "keys of %s need an open transaction", what);
		return NULL;
	}
	s->counters[s->counters_n] = (struct counter){what, mark_of(s->db, what)};
	return &s->counters[s->counters_n++];
}

int64_t store_ids(struct store *s, const char *what, size_t n)
{
	struct counter *c = counter_of(s, what);
	if (c == NULL) {
		return 0;
	}
	c->last += (int64_t)n;
	return c->last - (int64_t)n + 1;
}

/* A row may have come without it. */
static int64_t newest_of(struct db *db, const char *what, const char *sql)
{
	int64_t mark = mark_of(db, what), row = db_run_i64(db_query(db, sql), 0);
	return mark > row ? mark : row;
}

int64_t store_new_id(struct store *s, const char *what, const char *newest)
{
	struct counter *c = counter_in_use(s, what);
	if (c == NULL && db_in_transaction(s->db)) {
		c = counter_of(s, what);
		if (c == NULL) {
			return 0;
		}
		c->last = newest_of(s->db, what, newest);
	}
	if (c != NULL) {
		return ++c->last;
	}
	int64_t id = newest_of(s->db, what, newest) + 1;
	mark_move(s->db, what, id);
	return id;
}

struct rule_day **store_rule_days(struct store *s)
{
	return &s->rule_days;
}

struct key_rows **store_key_rows(struct store *s)
{
	return &s->key_rows;
}

struct sum **store_sums(struct store *s)
{
	return &s->sums;
}

struct story_index *store_stories(struct store *s, int64_t **last)
{
	if (s->stories == NULL) {
		s->stories = story_index_new(STORY_SLOTS_MAX);
	}
	*last = &s->stories_last;
	return s->stories;
}

struct clusters **store_clusters(struct store *s)
{
	return &s->clusters;
}

void store_make_room(struct store *s, unsigned mib)
{
	db_make_room(s->db, mib);
}

void store_forget_pages(struct store *s)
{
	db_forget_pages(s->db);
}

size_t store_pages_read(struct store *s)
{
	return db_pages_read(s->db);
}

int store_check_place(struct store *s, struct hark_err *err)
{
	if (!db_is_moved(s->db)) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EIO,
		"%s was deleted, moved or replaced while harkd uses it, and what is written now would be "
		"lost; the next start uses what is there then",
		db_name(s->db));
}
