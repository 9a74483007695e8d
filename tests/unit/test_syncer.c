/* The C library's fdatasync() is stood in for: syncs are counted and fail when the test says so. */
#include "tests/unit/unit.h"

#include "monitor/base/queue.h"
#include "monitor/pipeline/syncer.h"
#include "monitor/store/rates.h"
#include "tests/unit/tmpstore.h"

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int syncs, fails;

int fdatasync(int fd)
{
	(void)fd;
	atomic_fetch_add(&syncs, 1);
	if (atomic_load(&fails) != 0) {
		errno = EIO;
		return -1;
	}
	return 0;
}

struct told {
	void *item;
	int code;
	int syncs; /* when it was told */
};

static void note(void *ctx, void *item, const struct hark_err *failure)
{
	struct told *told = calloc(1, sizeof(*told));
	*told = (struct told){item, failure != NULL ? failure->code : HARK_OK, atomic_load(&syncs)};
	assert_int_equal(queue_push(ctx, told), HARK_OK);
}

struct scene {
	struct store *store;
	struct queue *told;
	struct syncer *syncer;
};

static struct scene scene_new(struct tmpstore *t)
{
	struct scene s = {.store = tmpstore_open(t, STORE_OWNER | STORE_SYNC_LATER),
		.told = queue_new(64, free)};
	char url[sizeof(t->url)];
	memcpy(url, t->url, sizeof(url));
	const struct syncer_options options = {url, note, s.told};
	atomic_store(&fails, 0);
	s.syncer = syncer_start(&options);
	assert_non_null(s.syncer);
	memset(url, 'x', sizeof(url)); /* a reload frees the configuration that named it */
	return s;
}

static void scene_free(struct scene *s)
{
	syncer_join(s->syncer);
	store_close(s->store);
	queue_free(s->told);
}

/* Writes a row; the number of syncs since the commit. */
static int commit(struct scene *s, int64_t key)
{
	struct hark_err err = {0};
	const struct rate_fill fill = {.key = (uint64_t)key, .due_ms = 1, .pace_ms = 1};
	assert_int_equal(store_begin(s->store, &err), HARK_OK);
	store_rates_save(s->store, &fill, 1);
	assert_int_equal(store_commit(s->store, &err), HARK_OK);
	return atomic_load(&syncs);
}

static struct told expect_told(struct scene *s, void *item)
{
	struct told *p = queue_pop(s->told, 20000);
	assert_non_null(p);
	struct told told = *p;
	free(p);
	assert_ptr_equal(told.item, item);
	return told;
}

static void what_is_committed_is_told_in_order_and_on_the_disk(void **state)
{
	struct scene s = scene_new(*state);
	char items[40];
	for (int i = 0; i < 40; i++) {
		int before = commit(&s, i + 1);
		syncer_push(s.syncer, &items[i], store_log_pages(s.store));
		if (i % 2 == 0) {
			continue;
		}
		expect_told(&s, &items[i - 1]);
		struct told told = expect_told(&s, &items[i]);
		assert_int_equal(told.code, HARK_OK);
		assert_true(told.syncs > before);
	}
	scene_free(&s);
}

static void a_commit_that_is_synced_later_does_not_wait_for_the_disk(void **state)
{
	struct scene s = scene_new(*state);
	commit(&s, 1); /* begins the log, whose head is synced */
	int before = atomic_load(&syncs);
	assert_int_equal(commit(&s, 2), before);
	assert_int_equal(commit(&s, 3), before);
	scene_free(&s);
}

static void after_a_failed_sync_nothing_is_stored_any_more(void **state)
{
	struct scene s = scene_new(*state);
	char items[3];
	commit(&s, 1);
	syncer_push(s.syncer, &items[0], 1);
	assert_int_equal(expect_told(&s, &items[0]).code, HARK_OK);
	commit(&s, 2);
	atomic_store(&fails, 1);
	syncer_push(s.syncer, &items[1], 1);
	assert_int_equal(expect_told(&s, &items[1]).code, HARK_EIO);
	atomic_store(&fails, 0);
	syncer_push(s.syncer, &items[2], 1);
	assert_int_equal(expect_told(&s, &items[2]).code, HARK_EIO);
	scene_free(&s);
}

static void what_waits_is_told_before_it_ends(void **state)
{
	struct scene s = scene_new(*state);
	char items[8];
	for (int i = 0; i < 8; i++) {
		commit(&s, i + 1);
		syncer_push(s.syncer, &items[i], 1);
	}
	syncer_join(s.syncer);
	s.syncer = NULL;
	for (int i = 0; i < 8; i++) {
		assert_int_equal(expect_told(&s, &items[i]).code, HARK_OK);
	}
	scene_free(&s);
}

static void a_long_log_is_moved_into_the_database(void **state)
{
	struct tmpstore *t = *state;
	struct scene s = scene_new(t);
	char item;
	commit(&s, 1);
	int before = atomic_load(&syncs);
	syncer_push(s.syncer, &item, 100000); /* pages */
	expect_told(&s, &item);
	syncer_join(s.syncer);
	s.syncer = NULL;
	assert_true(atomic_load(&syncs) > before + 1); /* the log, then the database */
	scene_free(&s);
}

static void a_log_is_moved_while_nothing_comes(void **state)
{
	struct scene s = scene_new(*state);
	char item;
	commit(&s, 1);
	int before = atomic_load(&syncs);
	syncer_push(s.syncer, &item, 256); /* pages */
	expect_told(&s, &item);
	for (int i = 0; i < 20000 && atomic_load(&syncs) < before + 3; i++) {
		usleep(1000);
	}
	assert_true(atomic_load(&syncs) >= before + 3); /* the log; the log again, the database */
	scene_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(what_is_committed_is_told_in_order_and_on_the_disk),
		TMPSTORE_TEST(a_commit_that_is_synced_later_does_not_wait_for_the_disk),
		TMPSTORE_TEST(after_a_failed_sync_nothing_is_stored_any_more),
		TMPSTORE_TEST(what_waits_is_told_before_it_ends),
		TMPSTORE_TEST(a_long_log_is_moved_into_the_database),
		TMPSTORE_TEST(a_log_is_moved_while_nothing_comes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
