#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/store/driver.h"
#include "monitor/store/network_fs.h"
#include "monitor/store/schema.h"
#include "monitor/store/rates.h"
#include "monitor/store/sources.h"
#include "tests/unit/tmpstore.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct db *memory_db(void)
{
	struct db *db = NULL;
	struct hark_err err;
	assert_int_equal(db_open(&db, "sqlite::memory:", 0, &err), HARK_OK);
	return db;
}

static void placeholders_are_numbers_whatever_their_order(void **state)
{
	(void)state;
	struct db *db = memory_db();
	struct db_query *q = db_query(db, "SELECT $2, $1, '$1', $2");
	db_i64(q, 10);
	db_text(q, STR("two"));
	assert_true(db_step(q));
	assert_str_is(db_col_text(q, 0), "two");
	assert_int_equal(db_col_i64(q, 1), 10);
	assert_str_is(db_col_text(q, 2), "$1");
	assert_str_is(db_col_text(q, 3), "two");
	assert_false(db_step(q));
	db_done(q);
	assert_int_equal(db_check(db, NULL), HARK_OK);
	db_close(db);
}

static void absent_is_null_and_empty_is_not(void **state)
{
	(void)state;
	struct db *db = memory_db();
	struct db_query *q = db_query(db, "SELECT $1, $2, $3, $4");
	db_text(q, STR_NONE);
	db_text(q, STR(""));
	db_blob(q, STR(""));
	db_i64_unless(q, 7, 7);
	assert_true(db_step(q));
	assert_true(db_is_null(q, 0));
	assert_null(db_col_text(q, 0).p);
	assert_non_null(db_col_text(q, 1).p);
	assert_int_equal(db_col_text(q, 1).n, 0);
	assert_non_null(db_col_blob(q, 2).p);
	assert_int_equal(db_col_i64_or(q, 3, -1), -1);
	db_done(q);
	db_close(db);
}

static void a_transaction_keeps_its_first_failure_and_does_nothing_after_it(void **state)
{
	(void)state;
	struct hark_err err;
	struct db *db = memory_db();
	db_exec(db, "CREATE TABLE t (k {serial}, v text UNIQUE)");
	db_begin(db);
	db_exec(db, "INSERT INTO t (v) VALUES ('a')");
	db_exec(db, "INSERT INTO t (v) VALUES ('a')");
	db_exec(db, "INSERT INTO nowhere (v) VALUES ('b')"); /* not even tried */
	assert_null(db_query(db, "SELECT 1"));
	assert_int_equal(db_check(db, &err), HARK_ESTATE);
	assert_int_equal(db_commit(db, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "UNIQUE"));
	assert_int_equal(db_run_i64(db_query(db, "SELECT count(*) FROM t"), -1), 0);
	assert_int_equal(db_check(db, &err), HARK_OK);
	db_close(db);
}

static void the_same_statement_can_run_inside_itself(void **state)
{
	(void)state;
	struct db *db = memory_db();
	const char *sql = "SELECT $1 UNION ALL SELECT $1 + 1";
	struct db_query *outer = db_query(db, sql);
	db_i64(outer, 1);
	assert_true(db_step(outer));
	struct db_query *inner = db_query(db, sql);
	db_i64(inner, 10);
	assert_int_equal(db_run_i64(inner, 0), 10);
	assert_true(db_step(outer));
	assert_int_equal(db_col_i64(outer, 0), 2);
	db_done(outer);
	assert_int_equal(db_check(db, NULL), HARK_OK);
	db_close(db);
}

static void unknown_stores_and_files_of_others_are_refused(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = NULL;
	struct hark_err err;
	assert_int_equal(store_open(&s, "mysql:x", 0, &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "sqlite:PATH"));
	FILE *f = fopen(t->path, "w");
	assert_non_null(f);
	for (int i = 0; i < 4096; i++) {
		fputs("this is no database ", f);
	}
	fclose(f);
	assert_int_equal(store_open(&s, t->url, 0, &err), HARK_EPARSE);
	assert_non_null(strstr(err.text, t->path));
	assert_int_equal(unlink(t->path), 0);
	assert_int_equal(store_open(&s, t->url, STORE_READ_ONLY, &err), HARK_ENOENT);
}

static void a_pipe_or_a_folder_is_no_store_and_is_not_waited_for(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = NULL;
	struct hark_err err;
	assert_int_equal(mkfifo(t->path, 0600), 0);
	assert_int_equal(store_open(&s, t->url, STORE_READ_ONLY, &err), HARK_EPARSE);
	assert_non_null(strstr(err.text, t->path));
	assert_int_equal(store_open(&s, t->url, 0, &err), HARK_EPARSE);
	assert_int_equal(unlink(t->path), 0);
	assert_int_equal(mkdir(t->path, 0700), 0);
	assert_int_equal(store_open(&s, t->url, 0, &err), HARK_EPARSE);
	assert_int_equal(rmdir(t->path), 0);
}

static void a_fresh_store_has_every_step_and_opens_again(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct db *db = store_db(s);
	assert_int_equal(db_run_i64(db_query(db, "SELECT max(step) FROM schema_steps"), 0),
		schema_version());
	assert_int_equal(
		db_run_i64(db_query(db, "SELECT count(*) FROM pragma_foreign_key_check"), -1), 0);
	store_close(s);
	store_close(tmpstore_open(t, 0));
	store_close(tmpstore_open(t, STORE_READ_ONLY));
}

/* As those were that had a step for every change (steps.h). */
static void a_store_from_before_the_first_release_is_refused_and_left_as_it_is(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct db *db = NULL;
	struct hark_err err;
	db_exec(store_db(s), "UPDATE schema_steps SET step = 43");
	store_close(s);
	assert_int_equal(store_open(&s, t->url, 0, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "before the first release"));
	assert_int_equal(store_open(&s, t->url, STORE_READ_ONLY, &err), HARK_ESTATE);
	assert_int_equal(db_open(&db, t->url, 0, &err), HARK_OK);
	assert_int_equal(db_run_i64(db_query(db, "SELECT max(step) FROM schema_steps"), 0), 43);
	db_close(db);
}

static void a_store_of_a_newer_program_is_refused(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct hark_err err;
	db_exec(store_db(s), "INSERT INTO schema_steps VALUES (9999, 1)");
	store_close(s);
	assert_int_equal(store_open(&s, t->url, 0, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "newer hark"));
	assert_int_equal(store_open(&s, t->url, STORE_READ_ONLY, &err), HARK_ESTATE);
}

static void a_database_of_another_program_is_refused_and_left_as_it_is(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = NULL;
	struct db *db = NULL;
	struct buf before, after;
	struct hark_err err;
	assert_int_equal(db_open(&db, t->url, 0, &err), HARK_OK);
	db_exec(db, "CREATE TABLE users (id integer, name text)");
	assert_int_equal(db_check(db, &err), HARK_OK);
	db_close(db);
	buf_init(&before, 1 << 24);
	buf_init(&after, 1 << 24);
	assert_int_equal(file_read(&before, t->path, &err), HARK_OK);
	assert_int_equal(store_open(&s, t->url, 0, &err), HARK_ESTATE);
	assert_non_null(strstr(err.text, "another program"));
	assert_int_equal(store_open(&s, t->url, STORE_READ_ONLY, &err), HARK_ESTATE);
	assert_int_equal(file_read(&after, t->path, &err), HARK_OK);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	buf_release(&before);
	buf_release(&after);
}

static void a_second_owner_is_told_who_the_first_is(void **state)
{
	struct tmpstore *t = *state;
	struct store *first = tmpstore_open(t, STORE_OWNER), *second = NULL;
	struct hark_err err;
	char pid[32];
	snprintf(pid, sizeof(pid), "(pid %ld)", (long)getpid());
	assert_int_equal(store_open(&second, t->url, STORE_OWNER, &err), HARK_EBUSY);
	assert_non_null(strstr(err.text, pid));
	store_close(tmpstore_open(t, 0)); /* the command line may */
	store_close(first);
	store_close(tmpstore_open(t, STORE_OWNER));
}

static void an_owner_is_found_by_whichever_name_the_store_is_opened(void **state)
{
	struct tmpstore *t = *state;
	struct store *first = tmpstore_open(t, STORE_OWNER), *second = NULL;
	struct hark_err err;
	char other[160], url[200];
	snprintf(other, sizeof(other), "%s/other.db", t->dir);
	snprintf(url, sizeof(url), "sqlite:%s", other);
	assert_int_equal(symlink(t->path, other), 0);
	assert_int_equal(store_open(&second, url, STORE_OWNER, &err), HARK_EBUSY);
	store_close(first);
	assert_int_equal(store_open(&second, url, STORE_OWNER, &err), HARK_OK);
	store_close(second);
	unlink(other);
	assert_int_equal(link(t->path, other), 0); /* sqlite would keep a log for each name */
	assert_int_equal(store_open(&second, url, STORE_OWNER, &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "has 2 names"));
	unlink(other);
	store_close(tmpstore_open(t, STORE_OWNER));
}

/* Root may write everything, so nobody asks. */
static void who_may_not_write_is_told_what_to_do(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct hark_err err;
	uid_t me = geteuid();
	store_close(s);
	assert_int_equal(chmod(t->path, 0444), 0);
	assert_int_equal(chmod(t->dir, 0555), 0);
	assert_int_equal(me == 0 ? seteuid(65534) : 0, 0);
	int rc = store_open(&s, t->url, STORE_READ_ONLY, &err);
	assert_int_equal(seteuid(me), 0);
	assert_int_equal(chmod(t->dir, 0700), 0);
	assert_int_equal(rc, HARK_EAUTH);
	assert_non_null(strstr(err.text, "change the permissions"));
}

static void an_owner_that_dies_lets_go(void **state)
{
	struct tmpstore *t = *state;
	pid_t child = fork();
	if (child == 0) {
		struct store *s = NULL;
		_exit(store_open(&s, t->url, STORE_OWNER, NULL) == HARK_OK ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(tmpstore_open(t, STORE_OWNER));
}

struct holder {
	struct tmpstore *t;
	atomic_bool holds;
	int64_t ended_ms;
};

static void *hold(void *arg)
{
	struct holder *h = arg;
	struct store *s = tmpstore_open(h->t, 0);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	atomic_store(&h->holds, true);
	usleep(345 * 1000);
	h->ended_ms = clock_steady_ms();
	store_rollback(s);
	store_close(s);
	return NULL;
}

/* The daemon may begin its next one soon after. Of three tries one at least is not held up by the machine. */
static void whoever_waits_for_a_transaction_is_there_when_it_ends(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	int64_t least_ms = INT64_MAX;
	for (int i = 0; i < 3; i++) {
		struct holder h = {.t = *state};
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, hold, &h), 0);
		while (!atomic_load(&h.holds)) {
			usleep(100);
		}
		assert_int_equal(store_begin(s, NULL), HARK_OK);
		int64_t now_ms = clock_steady_ms();
		store_rollback(s);
		pthread_join(thread, NULL);
		least_ms = now_ms - h.ended_ms < least_ms ? now_ms - h.ended_ms : least_ms;
	}
	assert_true(least_ms < 40);
	store_close(s);
}

/* Its row may be gone by then. */
static int64_t number(struct store *s)
{
	return store_new_id(s, "thing", "SELECT 0");
}

static void a_number_is_given_out_once_whatever_became_of_the_transaction_before(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	assert_int_equal(number(s), 1);
	store_rollback(s);
	assert_int_equal(number(s), 1);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	assert_int_equal(number(s), 2);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(number(s), 3);
	store_close(s);
}

static void network_file_systems_are_known_by_number_and_by_name(void **state)
{
	(void)state;
	assert_string_equal(network_fs_name(0x6969, STR_NONE), "NFS");
	assert_string_equal(network_fs_name(0xff534d42, STR_NONE), "CIFS");
	assert_string_equal(network_fs_name(0x65735546, STR("fuse.sshfs")), "sshfs");
	assert_null(network_fs_name(0x65735546, STR("fuseblk")));
	assert_null(network_fs_name(0xef53, STR("ext4")));
}

static void a_source_comes_back_as_it_was_saved(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct arena arena;
	struct source_state got, put = {
					 .url = STR("https://a.example/feed"),
					 .etag = STR("W/\"x y\""),
					 .cursor = STR("c1"),
					 .body_hash = {UINT64_MAX, 1},
					 .seen = {"\0\1\2\3\4\5\6\7", 8},
					 .polled_ms = 1000,
					 .due_ms = 2000,
					 .failures = 3,
					 .error = STR("connection refused"),
					 .moved_count = 2,
					 .baseline_done = true,
					 .posts_total = 84,
				 };
	arena_init(&arena, 0);
	assert_int_equal(store_source_load(s, STR("a"), &arena, &got, NULL), HARK_ENOENT);
	assert_int_equal(store_source_save(s, STR("a"), &put, NULL), HARK_OK);
	assert_int_equal(store_source_load(s, STR("a"), &arena, &got, NULL), HARK_OK);
	assert_str_is(got.etag, "W/\"x y\"");
	assert_null(got.last_modified.p);
	assert_true(got.body_hash.lo == UINT64_MAX);
	assert_int_equal(got.seen.n, 8);
	assert_memory_equal(got.seen.p, put.seen.p, 8);
	assert_str_is(got.error, "connection refused");
	assert_true(got.baseline_done);
	assert_int_equal(got.posts_total, 84);
	arena_release(&arena);
	store_close(s);
}

static void saving_a_poll_does_not_undo_a_pause(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct arena arena;
	struct source_state got, put = {.url = STR("https://a.example/")};
	arena_init(&arena, 0);
	assert_int_equal(store_source_set_paused(s, STR("a"), true, NULL), HARK_OK);
	assert_int_equal(store_source_save(s, STR("a"), &put, NULL), HARK_OK);
	assert_int_equal(store_source_load(s, STR("a"), &arena, &got, NULL), HARK_OK);
	assert_true(got.paused);
	assert_str_is(got.url, "https://a.example/");
	arena_release(&arena);
	store_close(s);
}

static bool count_one(void *ctx, struct str name, const struct source_state *state)
{
	(void)name;
	(void)state;
	return ++*(int *)ctx < 2;
}

static void sum_rates(void *ctx, const struct rate_fill *fill)
{
	struct rate_fill *sum = ctx;
	sum->key += fill->key;
	sum->due_ms += fill->due_ms;
	sum->held_ms += fill->held_ms;
	sum->pace_ms += fill->pace_ms;
	sum->burst_ms += fill->burst_ms;
}

static void a_rate_stays_as_full_as_it_was_ever_said_to_be(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	const struct rate_fill first[] = {
		{.key = UINT64_MAX, .due_ms = 500, .burst_ms = 3, .pace_ms = 30, .held_ms = 70},
		{.key = 2, .due_ms = 1000, .pace_ms = 10}};
	const struct rate_fill later[] = {
		{.key = UINT64_MAX, .due_ms = 400, .burst_ms = 3, .pace_ms = 30, .held_ms = 80},
		{.key = 2, .due_ms = 2000, .pace_ms = 10}};
	struct rate_fill sum = {0};
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_rates_save(s, first, 2);
	store_rates_save(s, later, 2);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(store_rates_each(s, sum_rates, &sum, NULL), HARK_OK);
	assert_int_equal(sum.key, 1); /* both, the first as it was */
	assert_int_equal(sum.due_ms, 2500);
	assert_int_equal(sum.held_ms, 80);
	assert_int_equal(sum.pace_ms, 40);
	assert_int_equal(sum.burst_ms, 3);
	store_close(s);
}

static void a_rate_that_holds_nothing_up_any_more_is_forgotten(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	const struct rate_fill rates[] = {{.key = 1, .due_ms = 500, .pace_ms = 30, .held_ms = 70},
		{.key = 2, .due_ms = 1000, .pace_ms = 10},
		{.key = 4, .due_ms = 500, .pace_ms = 10, .held_ms = 1000}};
	struct rate_fill sum = {0};
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_rates_save(s, rates, 3);
	store_rates_purge(s, 600);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(store_rates_each(s, sum_rates, &sum, NULL), HARK_OK);
	assert_int_equal(sum.key, 6);
	store_close(s);
}

static void sources_are_listed_until_the_reader_has_enough(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	int n = 0;
	assert_true(store_source_id(s, STR("a")) > 0);
	assert_true(store_source_id(s, STR("b")) != store_source_id(s, STR("a")));
	store_source_id(s, STR("c"));
	assert_int_equal(store_source_each(s, count_one, &n, NULL), HARK_OK);
	assert_int_equal(n, 2);
	store_close(s);
}

/* A page limit is what a full disk looks like to SQLite, without needing a small disk. */
static void a_full_disk_is_said_so_and_loses_nothing(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct db *db = store_db(s);
	struct hark_err err;
	int rc = HARK_OK;
	int64_t kept = 0;
	db_exec(db, "PRAGMA max_page_count = 120");
	for (int i = 0; i < 1000 && rc == HARK_OK; i++) {
		char name[32], url[2000];
		memset(url, 'x', sizeof(url));
		snprintf(name, sizeof(name), "s%d", i);
		struct source_state state_i = {.url = str_n(url, sizeof(url))};
		assert_int_equal(store_begin(s, &err), HARK_OK);
		store_source_save(s, str_c(name), &state_i, NULL);
		rc = store_commit(s, &err);
		kept += rc == HARK_OK;
	}
	assert_int_equal(rc, HARK_ENOSPC);
	assert_non_null(strstr(err.text, "disk is full"));
	assert_true(kept > 10);
	assert_int_equal(db_run_i64(db_query(db, "SELECT count(*) FROM sources"), -1), kept);
	db_exec(db, "PRAGMA max_page_count = 100000"); /* space again: it goes on */
	assert_true(store_source_id(s, STR("later")) > 0);
	assert_int_equal(db_check(db, &err), HARK_OK);
	store_close(s);
}

static void a_store_and_its_log_are_the_owners_alone(void **state)
{
	struct tmpstore *t = *state;
	struct stat st;
	char log[160];
	mode_t old = umask(022);
	struct store *s = tmpstore_open(t, 0);
	umask(old);
	snprintf(log, sizeof(log), "%s-wal", t->path);
	assert_int_equal(stat(t->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(log, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders_are_numbers_whatever_their_order),
		cmocka_unit_test(absent_is_null_and_empty_is_not),
		cmocka_unit_test(a_transaction_keeps_its_first_failure_and_does_nothing_after_it),
		cmocka_unit_test(the_same_statement_can_run_inside_itself),
		TMPSTORE_TEST(a_store_and_its_log_are_the_owners_alone),
		TMPSTORE_TEST(unknown_stores_and_files_of_others_are_refused),
		TMPSTORE_TEST(a_pipe_or_a_folder_is_no_store_and_is_not_waited_for),
		TMPSTORE_TEST(a_fresh_store_has_every_step_and_opens_again),
		TMPSTORE_TEST(a_store_from_before_the_first_release_is_refused_and_left_as_it_is),
		TMPSTORE_TEST(a_store_of_a_newer_program_is_refused),
		TMPSTORE_TEST(a_database_of_another_program_is_refused_and_left_as_it_is),
		TMPSTORE_TEST(a_second_owner_is_told_who_the_first_is),
		TMPSTORE_TEST(an_owner_is_found_by_whichever_name_the_store_is_opened),
		TMPSTORE_TEST(who_may_not_write_is_told_what_to_do),
		TMPSTORE_TEST(an_owner_that_dies_lets_go),
		TMPSTORE_TEST(whoever_waits_for_a_transaction_is_there_when_it_ends),
		TMPSTORE_TEST(a_number_is_given_out_once_whatever_became_of_the_transaction_before),
		cmocka_unit_test(network_file_systems_are_known_by_number_and_by_name),
		TMPSTORE_TEST(a_source_comes_back_as_it_was_saved),
		TMPSTORE_TEST(saving_a_poll_does_not_undo_a_pause),
		TMPSTORE_TEST(a_rate_stays_as_full_as_it_was_ever_said_to_be),
		TMPSTORE_TEST(a_rate_that_holds_nothing_up_any_more_is_forgotten),
		TMPSTORE_TEST(sources_are_listed_until_the_reader_has_enough),
		TMPSTORE_TEST(a_full_disk_is_said_so_and_loses_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
