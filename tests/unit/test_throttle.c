#include "tests/unit/unit.h"

#include "monitor/api/throttle.h"

#define NOW INT64_C(1000000)

static struct throttle t;

static int set_up(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	return 0;
}

static void five_tries_are_taken_and_then_the_minute_is_waited_for(void **state)
{
	(void)state;
	for (int i = 0; i < THROTTLE_TRIES; i++) {
		assert_int_equal(throttle_try(&t, STR("anna"), NOW + i), 0);
	}
	assert_int_equal(throttle_try(&t, STR("anna"), NOW + 10000), THROTTLE_MS - 10000);
	assert_int_equal(throttle_try(&t, STR("anna"), NOW + THROTTLE_MS - 1), 1);
	assert_int_equal(throttle_try(&t, STR("anna"), NOW + THROTTLE_MS), 0);
}

static void what_was_good_is_not_held_against_anybody(void **state)
{
	(void)state;
	for (int i = 0; i < 3 * THROTTLE_TRIES; i++) {
		assert_int_equal(throttle_try(&t, STR("anna"), NOW), 0);
		throttle_forget(&t, STR("anna"));
	}
}

static void others_have_their_own_tries(void **state)
{
	(void)state;
	for (int i = 0; i < THROTTLE_TRIES; i++) {
		throttle_try(&t, STR("anna"), NOW);
	}
	assert_true(throttle_try(&t, STR("anna"), NOW) > 0);
	assert_int_equal(throttle_try(&t, STR("bo"), NOW), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			five_tries_are_taken_and_then_the_minute_is_waited_for, set_up),
		cmocka_unit_test_setup(what_was_good_is_not_held_against_anybody, set_up),
		cmocka_unit_test_setup(others_have_their_own_tries, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
