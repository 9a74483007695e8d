#include "tests/unit/unit.h"

#include "monitor/base/rng.h"
#include "monitor/pipeline/habits.h"

#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)
/* A Monday, 2024-01-01 00:00 UTC. */
#define MONDAY (INT64_C(1704067200) * 1000)

static struct habits h;

static int set_up(void **state)
{
	(void)state;
	habits_read(&h, STR_NONE);
	habits_news(&h, false, MONDAY);
	return 0;
}

static bool is_office_hour(int64_t t)
{
	int64_t day = (t - MONDAY) / DAY % 7, hour = t % DAY / HOUR;
	return day < 5 && hour >= 8 && hour < 18;
}

/* News at every office hour for so long. */
static int64_t work_weeks(int weeks)
{
	int64_t t = MONDAY;
	for (; t < MONDAY + weeks * WEEK; t += HOUR) {
		if (is_office_hour(t)) {
			habits_news(&h, false, t);
		}
	}
	return t; /* a Monday again, 00:00 */
}

static void nights_and_weekends_without_news_are_no_alarm(void **state)
{
	(void)state;
	int64_t monday = work_weeks(8);
	for (int64_t t = monday - 54 * HOUR; t < monday + 9 * HOUR; t += HOUR) {
		assert_int_equal(habits_quiet(&h, NULL, t), QUIET_USUAL);
	}
}

static void hours_in_which_it_rests_are_not_missed(void **state)
{
	(void)state;
	struct arena arena;
	const struct hours *nights = NULL;
	arena_init(&arena, 0);
	assert_int_equal(hours_parse(&nights, STR("20:00-06:00 UTC"), &arena, NULL), HARK_OK);
	int64_t monday = work_weeks(8);
	assert_int_equal(habits_quiet(&h, NULL, monday + 18 * HOUR), QUIET_SILENT);
	assert_int_equal(habits_quiet(&h, nights, monday + 18 * HOUR), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, nights, monday + 2 * WEEK), QUIET_USUAL);
	const struct hours *days = NULL;
	assert_int_equal(hours_parse(&days, STR("07:00-20:00 UTC"), &arena, NULL), HARK_OK);
	assert_int_equal(habits_quiet(&h, days, monday + 8 * HOUR), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, days, monday + 18 * HOUR), QUIET_SILENT);
	arena_release(&arena);
}

static void a_working_day_without_news_is_one(void **state)
{
	(void)state;
	int64_t monday = work_weeks(8);
	assert_int_equal(habits_quiet(&h, NULL, monday + 8 * HOUR), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, NULL, monday + 18 * HOUR), QUIET_SILENT);
	habits_news(&h, false, monday + 20 * HOUR);
	assert_int_equal(habits_quiet(&h, NULL, monday + 21 * HOUR), QUIET_USUAL);
}

static void a_source_that_always_had_news_is_missed_after_the_floor(void **state)
{
	(void)state;
	int64_t t = MONDAY;
	for (; t < MONDAY + 4 * WEEK; t += HOUR / 2) {
		habits_news(&h, false, t);
	}
	assert_int_equal(habits_quiet(&h, NULL, t + 5 * HOUR), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, NULL, t + 7 * HOUR), QUIET_SILENT);
}

static void chance_is_no_alarm(void **state)
{
	(void)state;
	struct rng rng = {7};
	for (int64_t t = MONDAY; t < MONDAY + 52 * WEEK; t += HOUR) {
		if (rng_below(&rng, 12) == 0) { /* two a day, without any rhythm */
			habits_news(&h, false, t);
		}
		assert_int_equal(habits_quiet(&h, NULL, t), QUIET_USUAL);
	}
}

static void of_a_weekend_it_never_saw_a_new_source_expects_nothing(void **state)
{
	(void)state;
	for (int64_t t = MONDAY; t < MONDAY + 5 * DAY; t += HOUR) {
		if (is_office_hour(t)) {
			habits_news(&h, false, t);
		}
	}
	assert_int_equal(habits_quiet(&h, NULL, MONDAY + WEEK + 8 * HOUR), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, NULL, MONDAY + 2 * WEEK), QUIET_SILENT);
}

static void with_few_news_only_weeks_count(void **state)
{
	(void)state;
	assert_int_equal(habits_quiet(&h, NULL, MONDAY + 80 * DAY), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, NULL, MONDAY + 100 * DAY), QUIET_SILENT);
	for (int i = 1; i < 5; i++) {
		habits_news(&h, false, MONDAY + i * 20 * DAY);
	}
	assert_int_equal(habits_quiet(&h, NULL, MONDAY + 80 * DAY + 50 * DAY), QUIET_USUAL);
	assert_int_equal(habits_quiet(&h, NULL, MONDAY + 80 * DAY + 70 * DAY), QUIET_SILENT);
}

static void the_same_page_again_and_again_is_stale(void **state)
{
	(void)state;
	int64_t monday = work_weeks(8);
	habits_same(&h, true);
	habits_same(&h, false);
	habits_same(&h, false);
	assert_int_equal(habits_quiet(&h, NULL, monday + 18 * HOUR), QUIET_STALE);
}

static void what_was_not_heard_teaches_nothing(void **state)
{
	(void)state;
	int64_t monday = work_weeks(8);
	float longest = h.longest;
	habits_news(&h, true, monday + 4 * DAY);
	assert_true(h.longest <= longest);
}

static void a_blob_of_another_kind_is_nothing_known(void **state)
{
	(void)state;
	struct habits copy;
	work_weeks(3);
	habits_read(&copy, str_n((const char *)&h, sizeof(h)));
	assert_memory_equal(&copy, &h, sizeof(h));
	habits_read(&copy, str_n((const char *)&h, sizeof(h) - 1));
	assert_int_equal(copy.news, 0);
}

static const struct habit_reply sound = {.lists = true, .items = 10, .with = {10, 10, 10, 10, 10}};

static void learn_replies(int n)
{
	for (int i = 0; i < n; i++) {
		habits_reply(&h, &sound);
	}
}

static const char *drift(void)
{
	static char room[200];
	return habits_drift(&h, room);
}

static void a_field_that_vanishes_is_drift_until_it_is_back(void **state)
{
	(void)state;
	struct habit_reply without = sound;
	without.with[HABIT_AUTHOR] = 0;
	learn_replies(20);
	habits_reply(&h, &without);
	assert_null(drift());
	habits_reply(&h, &without);
	assert_non_null(strstr(drift(), "used to have an author"));
	habits_reply(&h, &sound);
	assert_null(drift());
}

static void a_field_that_was_rare_may_be_missing(void **state)
{
	(void)state;
	struct habit_reply some = sound, none = sound;
	some.with[HABIT_AUTHOR] = 5;
	none.with[HABIT_AUTHOR] = 0;
	for (int i = 0; i < 20; i++) {
		habits_reply(&h, &some);
	}
	for (int i = 0; i < 20; i++) {
		habits_reply(&h, &none);
	}
	assert_null(drift());
}

static void a_page_that_lists_nothing_any_more_is_drift(void **state)
{
	(void)state;
	const struct habit_reply empty = {.lists = true};
	learn_replies(20);
	habits_reply(&h, &empty);
	habits_same(&h, true);
	assert_null(drift());
	habits_same(&h, false); /* byte for byte the same, so it is not even read */
	habits_same(&h, false);
	assert_non_null(strstr(drift(), "lists none any more"));
}

static void a_search_that_finds_nothing_is_none(void **state)
{
	(void)state;
	struct habit_reply some = sound, empty = {.lists = false};
	some.lists = false;
	for (int i = 0; i < 20; i++) {
		habits_reply(&h, &some);
	}
	for (int i = 0; i < 20; i++) {
		habits_reply(&h, &empty);
	}
	assert_null(drift());
}

static void items_that_are_all_skipped_are_drift(void **state)
{
	(void)state;
	const struct habit_reply skipped = {.lists = false, .skipped = 10};
	learn_replies(20);
	for (int i = 0; i < 3; i++) {
		assert_null(drift());
		habits_reply(&h, &skipped);
	}
	assert_non_null(strstr(drift(), "none of its items"));
}

static void what_stays_otherwise_becomes_usual(void **state)
{
	(void)state;
	struct habit_reply without = sound;
	without.with[HABIT_TITLE] = 0;
	learn_replies(20);
	for (int i = 0; i < 190; i++) {
		habits_reply(&h, &without);
	}
	assert_non_null(drift());
	for (int i = 0; i < 20; i++) {
		habits_reply(&h, &without);
	}
	assert_null(drift());
}

static void damage_is_drift_where_there_was_none(void **state)
{
	(void)state;
	struct habit_reply damaged = sound;
	damaged.damaged = true;
	for (int i = 0; i < 20; i++) {
		habits_reply(&h, &damaged); /* it always was */
	}
	assert_null(drift());
	habits_read(&h, STR_NONE);
	learn_replies(20);
	for (int i = 0; i < 3; i++) {
		assert_null(drift());
		habits_reply(&h, &damaged);
	}
	assert_non_null(strstr(drift(), "damaged now"));
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nights_and_weekends_without_news_are_no_alarm),
		TEST(hours_in_which_it_rests_are_not_missed),
		TEST(a_working_day_without_news_is_one),
		TEST(a_source_that_always_had_news_is_missed_after_the_floor),
		TEST(chance_is_no_alarm),
		TEST(of_a_weekend_it_never_saw_a_new_source_expects_nothing),
		TEST(with_few_news_only_weeks_count),
		TEST(the_same_page_again_and_again_is_stale),
		TEST(what_was_not_heard_teaches_nothing),
		TEST(a_blob_of_another_kind_is_nothing_known),
		TEST(a_field_that_vanishes_is_drift_until_it_is_back),
		TEST(a_field_that_was_rare_may_be_missing),
		TEST(a_page_that_lists_nothing_any_more_is_drift),
		TEST(a_search_that_finds_nothing_is_none),
		TEST(items_that_are_all_skipped_are_drift),
		TEST(what_stays_otherwise_becomes_usual),
		TEST(damage_is_drift_where_there_was_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
