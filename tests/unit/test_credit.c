#include "tests/unit/unit.h"

#include "monitor/leads/credit.h"

static const struct conf_credit policy = {.territory = 60, .originator = 30, .helper = 10};

static struct credit_part parts[CREDIT_PARTS_MAX];

static void divide(
	const struct conf_credit *p, int64_t value, const enum credit_role *roles, size_t n)
{
	memset(parts, 0, sizeof(parts));
	for (size_t i = 0; i < n; i++) {
		parts[i].role = roles[i];
		parts[i].value = COUNT_NONE;
	}
	credit_divide(p, value, parts, n);
}

static void is(size_t i, int hundredths, int64_t value)
{
	assert_int_equal(parts[i].hundredths, hundredths);
	assert_int_equal(parts[i].value, value);
}

static const enum credit_role all[] = {
	CREDIT_TERRITORY, CREDIT_ORIGINATOR, CREDIT_HELPER, CREDIT_HELPER, CREDIT_HELPER};

static void several_helpers_have_equal_parts_and_nothing_is_lost(void **state)
{
	(void)state;
	divide(&policy, 100, all, 5);
	is(0, 6000, 60);
	is(1, 3000, 30);
	is(2, 334, 4); /* what is left over goes to the first of equals */
	is(3, 333, 3);
	is(4, 333, 3);
	divide(&policy, COUNT_NONE, all, 3);
	is(2, 1000, COUNT_NONE);
}

static void what_nobody_has_goes_to_the_others_in_proportion(void **state)
{
	(void)state;
	divide(&policy, 1000, all, 2);
	is(0, 6667, 667);
	is(1, 3333, 333);
	divide(&policy, 1000, all, 1);
	is(0, 10000, 1000);
	divide(&policy, 7, all + 2, 1);
	is(0, 10000, 7);
	divide(&policy, 7, all, 0);
}

static void a_role_without_weight_has_no_part(void **state)
{
	(void)state;
	static const struct conf_credit none = {0}, first = {.originator = 1};
	divide(&first, 9, all, 5);
	is(0, 0, 0);
	is(1, 10000, 9);
	is(4, 0, 0);
	divide(&none, 9, all, 5);
	is(0, 0, COUNT_NONE);
}

static void all_parts_make_the_whole(void **state)
{
	(void)state;
	static const int64_t values[] = {0, 1, 2, 99, 1000001, INT64_MAX / 2, INT64_MAX};
	enum credit_role roles[CREDIT_PARTS_MAX] = {CREDIT_TERRITORY, CREDIT_ORIGINATOR};
	for (size_t i = 2; i < CREDIT_PARTS_MAX; i++) {
		roles[i] = CREDIT_HELPER;
	}
	for (size_t n = 1; n <= CREDIT_PARTS_MAX; n++) {
		for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
			int64_t value = 0;
			int hundredths = 0;
			divide(&policy, values[k], roles, n);
			for (size_t i = 0; i < n; i++) {
				assert_true(parts[i].value >= 0);
				value += parts[i].value;
				hundredths += parts[i].hundredths;
			}
			assert_int_equal(value, values[k]);
			assert_int_equal(hundredths, 10000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_helpers_have_equal_parts_and_nothing_is_lost),
		cmocka_unit_test(what_nobody_has_goes_to_the_others_in_proportion),
		cmocka_unit_test(a_role_without_weight_has_no_part),
		cmocka_unit_test(all_parts_make_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
