#include "tests/unit/unit.h"

#include "monitor/pipeline/pace.h"

#define MIN (60 * 1000LL)
#define NOW (1700000000LL * 1000)

static struct rng rng = {1};

static int64_t wait_after(
	struct source_state *s, enum poll_outcome outcome, int64_t retry_after, int64_t max_age)
{
	const struct pace_limits limits = {15 * MIN, false};
	pace_next(s, &limits, outcome, retry_after, max_age, NOW, &rng);
	return s->due_ms - NOW;
}

/* 06:00-08:00 UTC */
static const struct hours *two_hours(struct arena *arena)
{
	const struct hours *h = NULL;
	arena_init(arena, 0);
	assert_int_equal(hours_parse(&h, STR("06:00-08:00 UTC"), arena, NULL), HARK_OK);
	return h;
}

static void what_comes_due_at_rest_is_spread_over_the_opening(void **state)
{
	(void)state;
	struct arena arena;
	const struct hours *h = two_hours(&arena);
	const int64_t day = 20000 * PACE_DAY_MS, opens = day + PACE_DAY_MS + 360 * MIN;
	bool taken[15] = {false};
	for (int i = 0; i < 15; i++) { /* due at 08:00, 08:01 … */
		int64_t at = pace_within(h, day + (480 + i) * MIN, 15 * MIN);
		assert_true(at >= opens && at < opens + 15 * MIN);
		assert_false(taken[(at - opens) / MIN]);
		taken[(at - opens) / MIN] = true;
	}
	int64_t late = pace_within(h, day + 479 * MIN, 15 * MIN);
	assert_int_equal(late, day + 479 * MIN);
	assert_int_equal(pace_within(NULL, day, 15 * MIN), day);
	for (int i = 0; i < 22 * 60; i += 7) { /* once a day, and always in the first hour */
		int64_t at = pace_within(h, day + (480 + i) * MIN, PACE_DAY_MS);
		assert_true(at >= opens && at < opens + 60 * MIN);
	}
	arena_release(&arena);
}

static void never_before_interval_age_ttl_or_retry_after(void **state)
{
	(void)state;
	struct source_state s = {.changed_ms = NOW};
	assert_true(wait_after(&s, POLL_SAME, 0, 0) >= 15 * MIN);
	assert_true(wait_after(&s, POLL_SAME, 0, 0) < 16 * MIN);
	assert_true(wait_after(&s, POLL_SAME, 0, 40 * MIN) >= 40 * MIN);
	assert_true(wait_after(&s, POLL_FAILED, 90 * MIN, 0) >= 90 * MIN);
	s.ttl_ms = 120 * MIN;
	assert_true(wait_after(&s, POLL_NEWS, 0, 0) >= 120 * MIN);
	s.ttl_ms = 400 * PACE_DAY_MS;
	assert_true(wait_after(&s, POLL_NEWS, 0, 0) <= PACE_DAY_MS);
}

static void a_failing_source_is_asked_less_often_but_never_given_up(void **state)
{
	(void)state;
	struct source_state s = {0};
	int64_t last = 0;
	for (int i = 0; i < 1000; i++) {
		last = wait_after(&s, POLL_FAILED, 0, 0);
		assert_true(last >= 15 * MIN);
		assert_true(last <= PACE_DAY_MS + PACE_DAY_MS / 4);
		assert_false(s.paused);
	}
	assert_true(last > PACE_DAY_MS / 2);
	assert_int_equal(s.failures, 1000);
	assert_true(wait_after(&s, POLL_SAME, 0, 0) < 61 * MIN);
	assert_int_equal(s.failures, 0);
}

static void our_own_network_counts_against_no_source(void **state)
{
	(void)state;
	struct source_state s = {.failures = 2};
	assert_true(wait_after(&s, POLL_OFFLINE, 0, 0) == 15 * MIN);
	assert_int_equal(s.failures, 2);
	assert_false(s.paused);
}

static void gone_pauses_and_refused_waits_for_an_admin(void **state)
{
	(void)state;
	struct source_state s = {0};
	wait_after(&s, POLL_GONE, 0, 0);
	assert_true(s.paused);
	struct source_state t = {0};
	assert_true(wait_after(&t, POLL_REFUSED, 0, 0) >= PACE_DAY_MS);
	assert_false(t.paused);
}

static void a_quiet_source_slackens_and_news_brings_it_back(void **state)
{
	(void)state;
	struct source_state s = {.changed_ms = NOW - 30 * PACE_DAY_MS};
	int64_t last = 0;
	for (int i = 0; i < 20; i++) {
		last = wait_after(&s, POLL_SAME, 0, 0);
	}
	assert_true(last >= 60 * MIN);
	assert_true(last <= 64 * MIN);
	s.changed_ms = NOW;
	wait_after(&s, POLL_NEWS, 0, 0);
	assert_true(wait_after(&s, POLL_NEWS, 0, 0) < 16 * MIN);
}

static void a_clock_that_was_set_back_makes_no_wait_longer(void **state)
{
	(void)state;
	struct source_state s = {.polled_ms = NOW + 600 * MIN,
		.due_ms = NOW + 615 * MIN,
		.plain_due_ms = NOW + 605 * MIN,
		.retry_ms = NOW + 601 * MIN};
	for (int i = 0; i < 2; i++) { /* once is enough */
		pace_set_back(&s, NOW);
		assert_int_equal(s.due_ms, NOW + 15 * MIN);
		assert_int_equal(s.plain_due_ms, NOW + 5 * MIN);
		assert_int_equal(s.retry_ms, NOW + MIN);
	}
	struct source_state t = {
		.failures = 1, .error_ms = NOW + 60 * MIN, .due_ms = NOW + 90 * MIN};
	pace_set_back(&t, NOW);
	assert_int_equal(t.due_ms, NOW + 30 * MIN);
	assert_int_equal(t.plain_due_ms, 0);
	/* A wait that was asked for stays. */
	struct source_state u = {.polled_ms = NOW - MIN, .due_ms = NOW + 1400 * MIN};
	pace_set_back(&u, NOW);
	assert_int_equal(u.due_ms, NOW + 1400 * MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_due_at_rest_is_spread_over_the_opening),
		cmocka_unit_test(never_before_interval_age_ttl_or_retry_after),
		cmocka_unit_test(a_failing_source_is_asked_less_often_but_never_given_up),
		cmocka_unit_test(our_own_network_counts_against_no_source),
		cmocka_unit_test(gone_pauses_and_refused_waits_for_an_admin),
		cmocka_unit_test(a_quiet_source_slackens_and_news_brings_it_back),
		cmocka_unit_test(a_clock_that_was_set_back_makes_no_wait_longer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
