#include "tests/unit/unit.h"

#include "monitor/notify/breaker.h"

static void a_well_receiver_has_all_its_slots(void **state)
{
	(void)state;
	struct breaker b = {0};
	assert_int_equal(breaker_room(&b, 4, 0, 1000), 4);
	assert_int_equal(breaker_room(&b, 4, 3, 1000), 1);
	assert_int_equal(breaker_room(&b, 4, 4, 1000), 0);
	assert_int_equal(breaker_next_ms(&b, 1000), 1000);
}

/* Fake time, ten hours of a dead receiver that is asked whenever it may be. */
static void a_dead_receiver_sees_one_attempt_a_minute(void **state)
{
	(void)state;
	struct breaker b = {0};
	int attempts = 0;
	for (int64_t now = 0; now < 10 * 3600000; now += 500) {
		if (breaker_room(&b, 4, 0, now) > 0) {
			breaker_started(&b, now);
			breaker_ended(&b, false, 0, now + 100);
			attempts++;
		}
	}
	assert_in_range(attempts, 590, 605);
	assert_true(breaker_resting(&b));
}

static void one_success_ends_the_rest(void **state)
{
	(void)state;
	struct breaker b = {0};
	for (int i = 0; i < BREAKER_FAILURES; i++) {
		assert_false(breaker_resting(&b));
		breaker_started(&b, 0);
		breaker_ended(&b, false, 0, 0);
	}
	assert_int_equal(breaker_room(&b, 4, 0, 59999), 0);
	assert_int_equal(breaker_next_ms(&b, 1), 60000);
	assert_int_equal(breaker_room(&b, 4, 0, 60000), 1);
	breaker_started(&b, 60000);
	assert_int_equal(breaker_room(&b, 4, 1, 130000), 0); /* the probe is still on its way */
	breaker_ended(&b, true, 0, 60100);
	assert_int_equal(breaker_room(&b, 4, 0, 60101), 4);
}

static void a_pause_that_was_asked_for_is_kept(void **state)
{
	(void)state;
	struct breaker b = {0};
	breaker_started(&b, 1000);
	breaker_ended(&b, false, 120000, 2000);
	assert_int_equal(breaker_room(&b, 4, 0, 121999), 0);
	assert_int_equal(breaker_next_ms(&b, 3000), 122000);
	assert_int_equal(breaker_room(&b, 4, 0, 122000), 4);
	breaker_ended(&b, false, INT64_C(7) * 86400000, 122000);
	assert_int_equal(breaker_next_ms(&b, 122000), 122000 + BREAKER_PAUSE_MAX_MS);
}

static void a_clock_set_back_does_not_stop_a_receiver(void **state)
{
	(void)state;
	struct breaker b = {.failures = BREAKER_FAILURES,
		.started_ms = INT64_C(100) * 86400000,
		.pause_ms = INT64_C(100) * 86400000};
	assert_int_equal(breaker_room(&b, 4, 0, INT64_C(86400000)), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_well_receiver_has_all_its_slots),
		cmocka_unit_test(a_dead_receiver_sees_one_attempt_a_minute),
		cmocka_unit_test(one_success_ends_the_rest),
		cmocka_unit_test(a_pause_that_was_asked_for_is_kept),
		cmocka_unit_test(a_clock_set_back_does_not_stop_a_receiver),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
