#include "tests/unit/unit.h"

#include "monitor/pipeline/recheck_due.h"

#define NOW (1700000000LL * 1000)
#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)

static void a_link_is_looked_at_after_a_day_a_week_and_a_month(void **state)
{
	(void)state;
	int64_t gone = 0, due = recheck_first_ms(NOW, NOW);
	assert_int_equal(due, NOW + DAY);
	assert_int_equal(recheck_next(RECHECK_THERE, NOW, due, &gone, &due), RECHECK_LATER);
	assert_int_equal(due, NOW + 7 * DAY);
	assert_int_equal(recheck_next(RECHECK_THERE, NOW, due + HOUR, &gone, &due), RECHECK_LATER);
	assert_int_equal(due, NOW + 30 * DAY);
	assert_int_equal(recheck_next(RECHECK_THERE, NOW, due, &gone, &due), RECHECK_OVER);
	assert_int_equal(gone, 0);
}

static void a_post_that_is_older_is_looked_at_once(void **state)
{
	(void)state;
	int64_t gone = 0, due;
	assert_int_equal(recheck_first_ms(NOW - 3 * DAY, NOW), NOW + 4 * DAY);
	assert_int_equal(recheck_first_ms(NOW - 90 * DAY, NOW), NOW);
	assert_int_equal(
		recheck_next(RECHECK_THERE, NOW - 90 * DAY, NOW, &gone, &due), RECHECK_OVER);
}

static void it_is_gone_when_it_is_so_twice_hours_apart(void **state)
{
	(void)state;
	int64_t gone = 0, due = 0;
	assert_int_equal(recheck_next(RECHECK_GONE, NOW, NOW + DAY, &gone, &due), RECHECK_LATER);
	assert_int_equal(gone, NOW + DAY);
	assert_int_equal(due, NOW + DAY + RECHECK_CONFIRM_MS);
	/* Too early to believe it. */
	assert_int_equal(
		recheck_next(RECHECK_GONE, NOW, NOW + DAY + HOUR, &gone, &due), RECHECK_LATER);
	assert_int_equal(due, NOW + DAY + RECHECK_CONFIRM_MS);
	assert_int_equal(recheck_next(RECHECK_GONE, NOW, due, &gone, &due), RECHECK_DELETE);
}

static void one_that_comes_back_in_between_stays(void **state)
{
	(void)state;
	int64_t gone = NOW, due = 0;
	assert_int_equal(recheck_next(RECHECK_THERE, NOW - 2 * DAY, NOW + 7 * HOUR, &gone, &due),
		RECHECK_LATER);
	assert_int_equal(gone, 0);
	assert_int_equal(
		recheck_next(RECHECK_GONE, NOW - 2 * DAY, due, &gone, &due), RECHECK_LATER);
}

static void no_answer_takes_nothing_back(void **state)
{
	(void)state;
	int64_t gone = NOW, due = 0;
	assert_int_equal(recheck_next(RECHECK_SILENT, NOW - 2 * DAY, NOW + 7 * HOUR, &gone, &due),
		RECHECK_LATER);
	assert_int_equal(gone, NOW);
	assert_int_equal(due, NOW + 31 * HOUR);
	assert_int_equal(
		recheck_next(RECHECK_GONE, NOW - 2 * DAY, due, &gone, &due), RECHECK_DELETE);
	/* Of one whose marks are long past as well, for a week. */
	assert_int_equal(recheck_next(RECHECK_SILENT, NOW - 90 * DAY, NOW + 7 * HOUR, &gone, &due),
		RECHECK_LATER);
	assert_int_equal(recheck_next(RECHECK_SILENT, NOW - 90 * DAY, NOW + 7 * DAY, &gone, &due),
		RECHECK_OVER);
}

static void no_answer_is_asked_for_again_the_next_day_for_a_month_and_a_week(void **state)
{
	(void)state;
	int64_t gone = 0, due = 0;
	assert_int_equal(recheck_next(RECHECK_SILENT, NOW, NOW + DAY, &gone, &due), RECHECK_LATER);
	assert_int_equal(due, NOW + 2 * DAY);
	assert_int_equal(recheck_next(RECHECK_SILENT, NOW, NOW + 6 * DAY + HOUR, &gone, &due),
		RECHECK_LATER);
	assert_int_equal(due, NOW + 7 * DAY);
	assert_int_equal(
		recheck_next(RECHECK_SILENT, NOW, NOW + 30 * DAY, &gone, &due), RECHECK_LATER);
	assert_int_equal(due, NOW + 31 * DAY);
	assert_int_equal(
		recheck_next(RECHECK_SILENT, NOW, NOW + 37 * DAY, &gone, &due), RECHECK_OVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_is_looked_at_after_a_day_a_week_and_a_month),
		cmocka_unit_test(a_post_that_is_older_is_looked_at_once),
		cmocka_unit_test(it_is_gone_when_it_is_so_twice_hours_apart),
		cmocka_unit_test(one_that_comes_back_in_between_stays),
		cmocka_unit_test(no_answer_takes_nothing_back),
		cmocka_unit_test(no_answer_is_asked_for_again_the_next_day_for_a_month_and_a_week),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
