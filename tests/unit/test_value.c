#include "tests/unit/unit.h"

#include "monitor/references/value.h"

#define DAY (24 * 3600 * INT64_C(1000))

static const char *const channels[] = {"Referral"};
static const struct conf_value policy = {
	.within_ms = 30 * DAY, .channels = channels, .channels_n = 1};

static void a_day_is_read_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(value_day(STR("1970-01-03")), 2 * DAY);
	assert_int_equal(value_day(STR("1970-01-03T10:00:00Z")), 2 * DAY);
	assert_int_equal(value_day(STR("")), 0);
	assert_int_equal(value_day(STR_NONE), 0);
	assert_int_equal(value_day(STR("soon")), 0);
}

static void the_first_finding_before_a_deal_sources_it(void **state)
{
	const struct value_deal deal = {
		.created_ms = 100 * DAY, .closed_ms = 200 * DAY, .channel = STR("referral")};
	const struct {
		int64_t at_ms;
		bool by_reference, is_first;
		enum value_part part;
	} cases[] = {{90 * DAY, false, true, VALUE_SOURCED},
		{90 * DAY, false, false, VALUE_INFLUENCED},
		{100 * DAY + 1, false, true, VALUE_SOURCED}, /* on the day */
		{101 * DAY, false, true, VALUE_INFLUENCED}, {69 * DAY, false, true, VALUE_NOTHING},
		{200 * DAY + 1, false, true, VALUE_INFLUENCED},
		{201 * DAY, false, true, VALUE_NOTHING}, {150 * DAY, true, true, VALUE_SOURCED},
		{150 * DAY, true, false, VALUE_INFLUENCED}, {201 * DAY, true, true, VALUE_NOTHING}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct value_touch touch = {
			cases[i].at_ms, cases[i].by_reference, cases[i].is_first};
		assert_int_equal(value_part(&policy, &deal, &touch), cases[i].part);
	}
}

static void without_dates_and_words_nothing_is_sourced(void **state)
{
	const struct value_deal bare = {0}, other = {100 * DAY, 200 * DAY, STR("Fair")};
	const struct value_touch finding = {DAY, false, true}, reference = {150 * DAY, true, true};
	(void)state;
	assert_int_equal(value_part(&policy, &bare, &finding), VALUE_INFLUENCED);
	assert_int_equal(value_part(&policy, &bare, &reference), VALUE_INFLUENCED);
	assert_int_equal(value_part(&policy, &other, &reference), VALUE_INFLUENCED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_read_and_nothing_else),
		cmocka_unit_test(the_first_finding_before_a_deal_sources_it),
		cmocka_unit_test(without_dates_and_words_nothing_is_sourced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
