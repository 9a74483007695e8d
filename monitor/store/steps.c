#include "monitor/store/steps.h"

int steps_version(const struct steps *steps)
{
	int n = 0;
	while (steps->later[n] != NULL) {
		n++;
	}
	return steps->first + n;
}

static int64_t ask(struct db *db, const char *sql)
{
	return db_run_i64(db_query(db, sql), 0);
}

/* The version of the store, 0 when it has none, -1 when it has no table of steps. */
static int64_t installed(struct db *db)
{
	struct hark_err ignored;
	int64_t version = ask(db, "SELECT max(step) FROM schema_steps");
	return db_check(db, &ignored) == HARK_OK ? version : -1;
}

bool steps_none(struct db *db)
{
	return installed(db) <= 0;
}

static int refuse_other(
	const struct steps *steps, struct db *db, int64_t version, struct hark_err *err)
{
	int last = steps_version(steps);
	if (version > last) {
		return hark_err_set(err, HARK_ESTATE,
			"%s was written by a newer hark (schema %lld, this program knows %d): install that "
			"version again",
			db_name(db), (long long)version, last);
	}
	if (version > 0 && version < steps->first) {
		return hark_err_set(err, HARK_ESTATE,
			"%s was written by a hark from before the first release (schema %lld, this program "
			"reads %d and later): move the file away, and harkd begins a new one",
			db_name(db), (long long)version, steps->first);
	}
	return HARK_OK;
}

static void leave_number(struct db *db, int version, int64_t now_ms)
{
	struct db_query *q =
		db_query(db, "INSERT INTO schema_steps (step, applied_ms) VALUES ($1, $2)");
	db_i64(q, version);
	db_i64(q, now_ms);
	db_run(q);
}

static void make_whole(const struct steps *steps, struct db *db)
{
	for (const char *const *sql = steps->whole; *sql != NULL; sql++) {
		db_exec(db, *sql);
	}
}

/* Two programs may start at once: the second finds the steps done when it gets the lock. Returns the
 * version whose step failed, or the last. */
static int apply_missing(const struct steps *steps, struct db *db, int64_t now_ms)
{
	db_exec(db, "CREATE TABLE IF NOT EXISTS schema_steps"
		    " (step bigint PRIMARY KEY, applied_ms bigint NOT NULL)");
	int version = (int)ask(db, "SELECT max(step) FROM schema_steps"),
	    last = steps_version(steps);
	if (version == 0) {
		make_whole(steps, db);
		version = steps->first;
		leave_number(db, version, now_ms);
	}
	while (version < last && db_check(db, NULL) == HARK_OK) {
		db_exec(db, steps->later[version - steps->first]);
		leave_number(db, ++version, now_ms);
	}
	return version;
}

int steps_run(const struct steps *steps, struct db *db, int64_t now_ms, struct hark_err *err)
{
	int64_t version = installed(db);
	int rc = refuse_other(steps, db, version, err);
	if (rc != HARK_OK || version == steps_version(steps)) {
		return rc;
	}
	db_begin(db);
	int step = apply_missing(steps, db, now_ms);
	rc = db_commit(db, err);
	if (rc != HARK_OK) {
		hark_err_wrap(err, "schema step %d", step);
	}
	return rc;
}

int steps_check(const struct steps *steps, struct db *db, struct hark_err *err)
{
	int64_t version = installed(db);
	int rc = refuse_other(steps, db, version, err);
	if (rc != HARK_OK || version == steps_version(steps)) {
		return rc;
	}
	return hark_err_set(err, HARK_ESTATE,
		version < 0 ? "%s is not a store of hark"
			    : "%s was written by an older hark: start harkd once to upgrade it",
		db_name(db));
}
