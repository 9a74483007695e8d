/* The C library's pwrite64(), by which SQLite writes, is stood in for, to die at one of the writes. */
#include "tests/unit/unit.h"

#include "monitor/store/driver.h"
#include "monitor/store/steps.h"
#include "tests/unit/tmpstore.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

static int writes_left = -1; /* 0: the next one is not lived through; below: all are */

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at);

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	if (writes_left == 0) {
		raise(SIGKILL);
	}
	writes_left -= writes_left > 0;
	return syscall(SYS_pwrite64, fd, p, n, at);
}

static const char *const whole[] = {"CREATE TABLE cats (id {id}, name text NOT NULL);",
	"CREATE TABLE toys (id {serial}, cat bigint REFERENCES cats(id));"
	"INSERT INTO cats (name) VALUES ('Mia');",
	NULL};
#define STEPS_N 3
static const char *const changes[] = {"ALTER TABLE cats ADD COLUMN age bigint NOT NULL DEFAULT 3;",
	"INSERT INTO toys (cat) SELECT id FROM cats;",
	"CREATE INDEX toys_cat ON toys (cat); UPDATE cats SET name = name || '!';", NULL};
static const char *const bad_changes[] = {"INSERT INTO cats (name) VALUES ('Tom');",
	"INSERT INTO cats (name) VALUES ('Leo'); UPDATE no_such_table SET x = 1;", NULL};

static const char *const no_changes[] = {NULL};
static const struct steps first = {10, whole, no_changes};
static const struct steps all = {10, whole, changes};
static const struct steps bad = {10, whole, bad_changes};

static struct db *opened(const struct tmpstore *t)
{
	struct db *db = NULL;
	struct hark_err err = {0};
	if (db_open(&db, t->url, 0, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return db;
}

static int64_t ask(struct db *db, const char *sql)
{
	int64_t n = db_run_i64(db_query(db, sql), -1);
	return db_check(db, NULL) == HARK_OK ? n : -2;
}

static void run(const struct steps *steps, struct db *db)
{
	struct hark_err err = {0};
	if (steps_run(steps, db, 1, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

/* The first version as it was made, or all that followed, and nothing between. */
static void assert_version(struct db *db, int version)
{
	assert_int_equal(ask(db, "SELECT max(step) FROM schema_steps"), version);
	assert_int_equal(ask(db, "SELECT count(*) FROM schema_steps"), version - 9);
	assert_int_equal(ask(db, "SELECT count(*) FROM cats"), 1);
	assert_int_equal(ask(db, "SELECT max(age) FROM cats"), version > 10 ? 3 : -2);
	assert_int_equal(ask(db, "SELECT count(*) FROM toys"), version > 11);
	assert_int_equal(ask(db, "SELECT count(*) FROM cats WHERE name = 'Mia!'"), version > 12);
}

static void a_new_store_gets_the_first_version_and_every_step_after_it(void **state)
{
	struct tmpstore *t = *state;
	struct db *db = opened(t);
	run(&first, db);
	assert_version(db, 10);
	assert_int_equal(steps_check(&first, db, NULL), HARK_OK);
	db_close(db);
	unlink(t->path);
	db = opened(t);
	run(&all, db);
	assert_version(db, 10 + STEPS_N);
	assert_int_equal(steps_version(&all), 10 + STEPS_N);
	assert_int_equal(steps_check(&all, db, NULL), HARK_OK);
	db_close(db);
}

static void a_store_of_any_version_gets_the_steps_it_lacks_and_keeps_its_rows(void **state)
{
	struct tmpstore *t = *state;
	for (int have = 0; have < STEPS_N; have++) {
		const char *some[STEPS_N + 1] = {NULL};
		memcpy(some, changes, (size_t)have * sizeof(some[0]));
		const struct steps older = {10, whole, some};
		struct hark_err err;
		unlink(t->path);
		struct db *db = opened(t);
		run(&older, db);
		assert_version(db, 10 + have);
		assert_int_equal(steps_check(&all, db, &err), HARK_ESTATE);
		assert_non_null(strstr(err.text, "older hark: start harkd once"));
		run(&all, db);
		assert_version(db, 10 + STEPS_N);
		run(&all, db); /* nothing is done twice */
		assert_version(db, 10 + STEPS_N);
		db_close(db);
	}
}

static void a_step_that_fails_leaves_the_store_as_it_was(void **state)
{
	struct tmpstore *t = *state;
	struct hark_err err;
	struct db *db = opened(t);
	run(&first, db);
	assert_int_not_equal(steps_run(&bad, db, 1, &err), HARK_OK);
	assert_non_null(strstr(err.text, "schema step 12: "));
	assert_non_null(strstr(err.text, "no_such_table"));
	assert_version(db, 10);
	run(&all, db); /* and whoever can do it goes on from there */
	assert_version(db, 10 + STEPS_N);
	db_close(db);
}

/* Dies at write `n` of the steps; false: they had fewer. */
static bool dies_at_write(const struct tmpstore *t, int n)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		struct db *db = NULL;
		int rc = db_open(&db, t->url, 0, NULL);
		writes_left = n;
		_exit(rc == HARK_OK && steps_run(&all, db, 1, NULL) == HARK_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status);
}

static void a_program_killed_at_any_write_leaves_all_steps_or_none(void **state)
{
	struct tmpstore *t = *state;
	char log[160];
	int undone = 0, n = 0;
	snprintf(log, sizeof(log), "%s-wal", t->path);
	for (bool dies = true; dies; n++) {
		unlink(t->path);
		unlink(log);
		struct db *db = opened(t);
		run(&first, db);
		db_close(db);
		dies = dies_at_write(t, n);
		db = opened(t);
		bool is_done = ask(db, "SELECT max(step) FROM schema_steps") != 10;
		assert_version(db, is_done ? 10 + STEPS_N : 10);
		undone += !is_done;
		db_close(db);
	}
	assert_true(undone > 1 && undone < n);
}

static void what_this_program_cannot_read_is_refused(void **state)
{
	struct tmpstore *t = *state;
	const struct steps later = {20, whole, no_changes};
	struct hark_err err;
	struct db *db = opened(t);
	assert_int_equal(steps_check(&first, db, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "is not a store of hark"));
	run(&all, db);
	assert_int_equal(steps_run(&first, db, 1, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "newer hark (schema 13, this program knows 10)"));
	assert_int_equal(steps_check(&first, db, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "newer hark"));
	assert_int_equal(steps_run(&later, db, 1, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "schema 13, this program reads 20 and later"));
	assert_int_equal(steps_check(&later, db, &err), HARK_ESTATE);
	assert_version(db, 10 + STEPS_N);
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_new_store_gets_the_first_version_and_every_step_after_it),
		TMPSTORE_TEST(a_store_of_any_version_gets_the_steps_it_lacks_and_keeps_its_rows),
		TMPSTORE_TEST(a_step_that_fails_leaves_the_store_as_it_was),
		TMPSTORE_TEST(a_program_killed_at_any_write_leaves_all_steps_or_none),
		TMPSTORE_TEST(what_this_program_cannot_read_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
