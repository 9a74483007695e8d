#include "tests/unit/unit.h"
#include "tests/unit/zone_file.h"

#include "monitor/base/clock.h"
#include "monitor/base/hours.h"

#define MINUTE INT64_C(60000)

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

/* Hours in Berlin. */
static struct hours in_berlin(int from_min, int until_min)
{
	struct buf file;
	struct hours h = {from_min, until_min, NULL};
	buf_init(&file, 4096);
	zone_file(&file, ZONE_BERLIN, NULL, 0, (const int32_t[2]){3600, 7200});
	assert_int_equal(zone_read(&h.zone, buf_str(&file), &arena, NULL), HARK_OK);
	buf_release(&file);
	return h;
}

static void check_next(const struct hours *h, const char *from, const char *opens)
{
	assert_int_equal(hours_next_ms(h, at(from)), at(opens));
	assert_true(hours_open(h, at(opens)));
	assert_int_equal(hours_open(h, at(opens) - 1), at(from) == at(opens));
}

static void a_day_opens_and_closes_by_the_clocks_of_the_place(void **state)
{
	(void)state;
	struct hours h = in_berlin(7 * 60, 20 * 60);
	assert_false(hours_open(&h, at("2026-01-15T05:59:59.999Z")));
	assert_true(hours_open(&h, at("2026-01-15T06:00:00Z")));
	assert_true(hours_open(&h, at("2026-01-15T18:59:59.999Z")));
	assert_false(hours_open(&h, at("2026-01-15T19:00:00Z")));
	check_next(&h, "2026-01-15T19:00:00Z", "2026-01-16T06:00:00Z");
	check_next(&h, "2026-01-15T05:59:59.999Z", "2026-01-15T06:00:00Z");
	assert_int_equal(hours_next_ms(&h, at("2026-01-15T12:34:56Z")), at("2026-01-15T12:34:56Z"));
	assert_int_equal(
		hours_close_ms(&h, at("2026-01-15T12:34:56Z")), at("2026-01-15T19:00:00Z"));
	assert_int_equal(hours_length_ms(&h), 13 * 60 * MINUTE);
}

static void the_clocks_of_summer_move_the_opening(void **state)
{
	(void)state;
	struct hours h = in_berlin(7 * 60, 20 * 60);
	check_next(&h, "2026-03-28T20:00:00Z", "2026-03-29T05:00:00Z");
	check_next(&h, "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z");
	assert_int_equal(
		hours_close_ms(&h, at("2026-03-29T05:00:00Z")), at("2026-03-29T18:00:00Z"));
}

static void a_night_lies_over_midnight(void **state)
{
	(void)state;
	struct hours h = in_berlin(22 * 60, 6 * 60);
	assert_true(hours_open(&h, at("2026-01-15T21:00:00Z")));
	assert_true(hours_open(&h, at("2026-01-15T23:30:00Z")));
	assert_true(hours_open(&h, at("2026-01-16T04:59:00Z")));
	check_next(&h, "2026-01-16T05:00:00Z", "2026-01-16T21:00:00Z");
	assert_int_equal(
		hours_close_ms(&h, at("2026-01-15T22:00:00Z")), at("2026-01-16T05:00:00Z"));
	assert_int_equal(hours_length_ms(&h), 8 * 60 * MINUTE);
	struct hours until_midnight = in_berlin(20 * 60, 24 * 60);
	assert_int_equal(hours_close_ms(&until_midnight, at("2026-01-15T19:00:00Z")),
		at("2026-01-15T23:00:00Z"));
	assert_int_equal(hours_length_ms(&until_midnight), 4 * 60 * MINUTE);
}

static void an_hour_that_is_left_out_opens_when_it_has_passed(void **state)
{
	(void)state;
	struct hours half = in_berlin(2 * 60 + 30, 4 * 60);
	check_next(&half, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"); /* 03:00 of summer */
	struct hours whole = in_berlin(2 * 60, 3 * 60);
	check_next(
		&whole, "2026-03-28T12:00:00Z", "2026-03-30T00:00:00Z"); /* not at all that day */
}

static void an_hour_that_comes_twice_counts_twice(void **state)
{
	(void)state;
	struct hours h = in_berlin(2 * 60, 3 * 60);
	check_next(&h, "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z");
	assert_int_equal(
		hours_close_ms(&h, at("2026-10-25T00:00:00Z")), at("2026-10-25T02:00:00Z"));
	struct hours half = in_berlin(2 * 60 + 15, 2 * 60 + 45);
	check_next(&half, "2026-10-24T12:00:00Z", "2026-10-25T00:15:00Z");
	check_next(&half, "2026-10-25T00:50:00Z", "2026-10-25T01:15:00Z");
}

static void every_minute_of_two_years_agrees_with_itself(void **state)
{
	(void)state;
	const struct hours all[] = {in_berlin(7 * 60, 20 * 60), in_berlin(22 * 60, 6 * 60),
		in_berlin(2 * 60 + 10, 2 * 60 + 50), in_berlin(3 * 60, 2 * 60)};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const struct hours *h = &all[i];
		int64_t next = hours_next_ms(h, at("2026-01-01T00:00:00Z"));
		for (int64_t t = at("2026-01-01T00:00:00Z"); t < at("2028-01-01T00:00:00Z");
			t += MINUTE) {
			if (t == next) {
				assert_true(hours_open(h, t));
				next = hours_next_ms(h, hours_close_ms(h, t));
			} else if (t + MINUTE < next && hours_open(h, t)) {
				assert_true(hours_open(h, t - MINUTE));
			}
		}
	}
}

static void without_hours_it_is_always_open(void **state)
{
	(void)state;
	assert_true(hours_open(NULL, 5));
	assert_int_equal(hours_next_ms(NULL, 5), 5);
	assert_int_equal(hours_close_ms(NULL, 5), INT64_MAX);
}

static void what_is_no_hours_is_refused_with_an_example(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "7-20 UTC", "07:00-20:00", "07:00-20:00UTC",
		"07:60-20:00 UTC", "24:00-06:00 UTC", "07:00-24:01 UTC", "07:00-07:00 UTC",
		"00:00-24:00 UTC", "07:00 - 20:00 UTC", "07:00-20:00 No/Such", "ab:cd-ef:gh UTC"};
	const struct hours *h = NULL;
	struct hark_err err;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(hours_parse(&h, str_c(texts[i]), &arena, &err), HARK_EINVAL);
		assert_non_null(strstr(err.text, "Europe/Berlin"));
	}
	assert_int_equal(hours_parse(&h, STR(" 07:05-20:00  UTC "), &arena, &err), HARK_OK);
	assert_int_equal(h->from_min, 7 * 60 + 5);
	assert_int_equal(h->until_min, 20 * 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_opens_and_closes_by_the_clocks_of_the_place),
		cmocka_unit_test(the_clocks_of_summer_move_the_opening),
		cmocka_unit_test(a_night_lies_over_midnight),
		cmocka_unit_test(an_hour_that_is_left_out_opens_when_it_has_passed),
		cmocka_unit_test(an_hour_that_comes_twice_counts_twice),
		cmocka_unit_test(every_minute_of_two_years_agrees_with_itself),
		cmocka_unit_test(without_hours_it_is_always_open),
		cmocka_unit_test(what_is_no_hours_is_refused_with_an_example),
	};
	return cmocka_run_group_tests_name("hours", tests, begin, end);
}
