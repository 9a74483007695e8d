#include "tests/unit/unit.h"
#include "tests/unit/zone_file.h"

#include <stdio.h>

#include "monitor/base/clock.h"
#include "monitor/base/recur.h"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static int64_t at(const char *text)
{
	int64_t ms = 0;
	assert_true(clock_parse_rfc3339(str_c(text), &ms));
	return ms;
}

static struct recur in_berlin(int minute)
{
	struct buf file;
	struct recur r = {RECUR_DAILY, minute, NULL, "Europe/Berlin"};
	buf_init(&file, 4096);
	zone_file(&file, ZONE_BERLIN, NULL, 0, (const int32_t[2]){3600, 7200});
	assert_int_equal(zone_read(&r.zone, buf_str(&file), &arena, NULL), HARK_OK);
	buf_release(&file);
	return r;
}

static void check_next(const struct recur *r, const char *from, const char *next)
{
	char got[CLOCK_TEXT_MAX];
	assert_string_equal(clock_rfc3339(recur_next_ms(r, at(from)), got), next);
}

static void an_hour_is_full_by_utc(void **state)
{
	(void)state;
	const struct recur *r;
	assert_int_equal(recur_parse(&r, STR(" hourly "), &arena, NULL), HARK_OK);
	check_next(r, "2026-01-15T05:59:59.999Z", "2026-01-15T06:00:00Z");
	check_next(r, "2026-01-15T06:00:00Z", "2026-01-15T07:00:00Z");
}

static void a_day_has_it_once_by_the_clocks_of_the_place(void **state)
{
	(void)state;
	struct recur r = in_berlin(8 * 60);
	check_next(&r, "2026-01-15T06:59:59.999Z", "2026-01-15T07:00:00Z");
	check_next(&r, "2026-01-15T07:00:00Z", "2026-01-16T07:00:00Z");
	check_next(&r, "2026-07-15T05:00:00Z", "2026-07-15T06:00:00Z");
	check_next(&r, "2026-07-15T23:30:00Z", "2026-07-16T06:00:00Z"); /* it is the 16th there */
	check_next(&r, "2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"); /* clocks go forward */
	check_next(&r, "2026-10-24T06:00:00Z", "2026-10-25T07:00:00Z"); /* and back */
}

static void a_time_that_is_left_out_comes_later_and_one_that_comes_twice_once(void **state)
{
	(void)state;
	struct recur r = in_berlin(2 * 60 + 30);
	check_next(&r, "2026-03-28T02:00:00Z", "2026-03-29T01:30:00Z"); /* 03:30 in summer time */
	check_next(&r, "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
	check_next(&r, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"); /* in summer time */
	check_next(&r, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
}

static void a_week_has_it_once_on_its_day_by_the_clocks_of_the_place(void **state)
{
	(void)state;
	struct recur r = in_berlin(30);
	r.every = RECUR_WEEKLY;
	r.weekday = 1; /* Mondays at half past midnight: Sunday by UTC */
	check_next(&r, "2026-01-15T12:00:00Z", "2026-01-18T23:30:00Z");
	check_next(&r, "2026-01-18T23:29:59.999Z", "2026-01-18T23:30:00Z");
	check_next(&r, "2026-01-18T23:30:00Z", "2026-01-25T23:30:00Z");
	check_next(&r, "2026-03-29T12:00:00Z",
		"2026-03-29T22:30:00Z"); /* the clocks went forward that day */
	check_next(&r, "2026-10-25T12:00:00Z", "2026-10-25T23:30:00Z"); /* and back */
	for (int day = 0; day < 7; day++) {
		static const char *const texts[] = {"weekly sunday 08:00 UTC",
			"weekly Monday 08:00 UTC", "weekly tuesday 08:00 UTC",
			"weekly  wednesday 08:00 UTC", "weekly THURSDAY 08:00 UTC",
			"weekly friday 08:00 UTC", "weekly saturday 08:00 UTC"};
		const struct recur *read;
		char want[CLOCK_TEXT_MAX];
		assert_int_equal(recur_parse(&read, str_c(texts[day]), &arena, NULL), HARK_OK);
		assert_int_equal(read->weekday, day);
		snprintf(want, sizeof(want), "2026-02-%02dT08:00:00Z",
			1 + day); /* the first is a Sunday */
		check_next(read, "2026-01-31T23:00:00Z", want);
	}
}

static void moments_read_as_the_clocks_show_them(void **state)
{
	(void)state;
	char text[RECUR_TEXT_MAX];
	struct recur r = in_berlin(0);
	assert_string_equal(recur_text(&r, at("2026-07-15T22:05:59Z"), text), "2026-07-16 00:05");
	assert_string_equal(recur_text(NULL, at("2026-07-15T22:05:59Z"), text), "2026-07-15 22:05");
}

static void anything_else_says_what_to_write(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "daily", "daily 08:00", "daily 8:00 UTC",
		"daily 24:00 UTC", "daily 08:60 UTC", "daily 08:00 Nowhere/Town", "weekly",
		"Hourly", "weekly 08:00 UTC", "weekly monday", "weekly mon 08:00 UTC",
		"weekly monday 08:00", "weekly mondays 08:00 UTC", "weekly monday08:00 UTC",
		"monday 08:00 UTC", "daily 08:00UTC", "daily a8:00 UTC"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct recur *r;
		struct hark_err err = {0};
		assert_int_equal(recur_parse(&r, str_c(wrong[i]), &arena, &err), HARK_EINVAL);
		assert_true(err.text[0] != '\0');
	}
	const struct recur *r;
	assert_int_equal(recur_parse(&r, STR("daily 08:00 UTC"), &arena, NULL), HARK_OK);
	assert_string_equal(r->zone_name, "UTC");
	check_next(r, "2026-01-15T08:00:00Z", "2026-01-16T08:00:00Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_hour_is_full_by_utc),
		cmocka_unit_test(a_day_has_it_once_by_the_clocks_of_the_place),
		cmocka_unit_test(a_week_has_it_once_on_its_day_by_the_clocks_of_the_place),
		cmocka_unit_test(a_time_that_is_left_out_comes_later_and_one_that_comes_twice_once),
		cmocka_unit_test(moments_read_as_the_clocks_show_them),
		cmocka_unit_test(anything_else_says_what_to_write),
	};
	return cmocka_run_group_tests_name("recur", tests, begin, end);
}
