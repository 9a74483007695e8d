#include "tests/unit/unit.h"

#include "monitor/pipeline/coverage.h"

#define MINUTE (INT64_C(60) * 1000)
#define EVERY (15 * MINUTE)
#define HEARD (INT64_C(1700000000) * 1000)

static const struct source_state healthy = {
	.heard_ms = HEARD, .due_ms = HEARD + EVERY, .interval_ms = EVERY};

static struct gap after(const struct source_state *before, struct coverage c, int64_t minutes)
{
	struct gap gap;
	coverage_gap(before, &c, EVERY, HEARD + minutes * MINUTE, &gap);
	return gap;
}

static void a_poll_in_time_that_reaches_back_leaves_no_gap(void **state)
{
	(void)state;
	struct coverage c = {.good = true, .reached = true, .was_polled = true};
	assert_int_equal(after(&healthy, c, 15).cause, GAP_NONE);
	assert_int_equal(after(&healthy, c, 30).cause, GAP_NONE); /* one poll late, as when busy */
	struct source_state never = {.due_ms = HEARD};
	assert_int_equal(after(&never, c, 90).cause, GAP_NONE);
}

static void a_source_that_fails_is_not_heard_until_it_answers(void **state)
{
	(void)state;
	struct gap gap = after(&healthy, (struct coverage){.failed = true, .was_polled = true}, 15);
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.from_ms, HEARD);
	assert_int_equal(gap.until_ms, HEARD + 15 * MINUTE);
	assert_int_equal(gap.filled_ms, 0);
	struct source_state failing = healthy;
	failing.failures = 3;
	struct coverage back = {.good = true, .reached = true, .was_polled = true};
	gap = after(&failing, back, 210);
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.from_ms, HEARD);
	assert_int_equal(gap.filled_ms, HEARD + 210 * MINUTE);
	back.reached = false; /* the page is full of what is new: the older part is gone */
	assert_int_equal(after(&failing, back, 210).filled_ms, 0);
}

/* HEARD is 2023-11-14 22:13:20 UTC. */
static void rest_is_no_gap(void **state)
{
	(void)state;
	struct arena arena;
	const struct hours *h = NULL;
	arena_init(&arena, 0);
	assert_int_equal(hours_parse(&h, STR("06:00-22:20 UTC"), &arena, NULL), HARK_OK);
	int64_t opens = HEARD + 467 * MINUTE - 20000, closes = HEARD + 7 * MINUTE - 20000;
	struct coverage c = {.good = true, .reached = true, .was_polled = true, .hours = h};
	assert_int_equal(after(&healthy, c, 480).cause, GAP_NONE);
	c.hours = NULL;
	assert_int_equal(after(&healthy, c, 480).cause, GAP_PAUSED);
	c = (struct coverage){.good = true, .reached = true, .hours = h}; /* harkd was stopped at night */
	assert_int_equal(after(&healthy, c, 480).cause, GAP_NONE);

	c = (struct coverage){.failed = true, .was_polled = true, .hours = h};
	struct gap gap = after(&healthy, c, 480); /* it fails after its rest */
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.from_ms, opens);

	struct source_state failed = healthy; /* before it, and is well afterwards */
	failed.failures = 1;
	failed.heard_ms = HEARD - 30 * MINUTE;
	failed.error_ms = HEARD;
	c = (struct coverage){.good = true, .reached = true, .was_polled = true, .hours = h};
	gap = after(&failed, c, 480);
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.from_ms, failed.heard_ms);
	assert_int_equal(gap.until_ms, closes);

	c = (struct coverage){.good = true, .was_polled = true, .hours = h};
	gap = after(&healthy, c, 480); /* more was published meanwhile than it reaches back */
	assert_int_equal(gap.cause, GAP_OVERFLOW);
	assert_int_equal(gap.from_ms, HEARD);
	arena_release(&arena);
}

static void a_daemon_that_was_stopped_is_told_from_a_pause(void **state)
{
	(void)state;
	struct coverage c = {.good = true, .reached = true};
	assert_int_equal(after(&healthy, c, 120).cause, GAP_STOPPED);
	c.was_polled = true;
	assert_int_equal(after(&healthy, c, 120).cause, GAP_PAUSED);
	struct source_state resumed = healthy;
	resumed.due_ms = 0; /* as `hark sources resume` leaves it */
	assert_int_equal(after(&resumed, c, 120).cause, GAP_PAUSED);
	assert_int_equal(after(&resumed, c, 20).cause, GAP_NONE);
	struct source_state asked_to_wait = healthy;
	asked_to_wait.due_ms = HEARD + 24 * 60 * MINUTE; /* Retry-After */
	assert_int_equal(after(&asked_to_wait, c, 24 * 60).cause, GAP_NONE);
}

static void a_poll_that_does_not_reach_back_is_an_overflow(void **state)
{
	(void)state;
	struct gap gap = after(&healthy, (struct coverage){.good = true, .was_polled = true}, 15);
	assert_int_equal(gap.cause, GAP_OVERFLOW);
	assert_int_equal(gap.filled_ms, 0);
}

static void a_quota_that_is_spent_is_no_answer_and_no_failure(void **state)
{
	(void)state;
	assert_int_equal(
		after(&healthy, (struct coverage){.was_polled = true}, 600).cause, GAP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poll_in_time_that_reaches_back_leaves_no_gap),
		cmocka_unit_test(a_source_that_fails_is_not_heard_until_it_answers),
		cmocka_unit_test(rest_is_no_gap),
		cmocka_unit_test(a_daemon_that_was_stopped_is_told_from_a_pause),
		cmocka_unit_test(a_poll_that_does_not_reach_back_is_an_overflow),
		cmocka_unit_test(a_quota_that_is_spent_is_no_answer_and_no_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
