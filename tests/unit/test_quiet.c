#include "tests/unit/unit.h"

#include "monitor/pipeline/quiet.h"

static void quiet_begins_once_when_nothing_came_for_a_while_after_a_rush(void **state)
{
	(void)state;
	struct quiet q = {0};
	assert_false(quiet_begins(&q, 1000000));
	quiet_note(&q, QUIET_BATCHES - 1, 5000);
	quiet_note(&q, 1, 6000);
	assert_false(quiet_begins(&q, 5000 + QUIET_MS));
	assert_false(quiet_begins(&q, 6000 + QUIET_MS - 1));
	assert_true(quiet_begins(&q, 6000 + QUIET_MS));
	assert_false(quiet_begins(&q, 7000 + QUIET_MS));
}

static void a_little_work_now_and_then_adds_up(void **state)
{
	(void)state;
	struct quiet q = {0};
	int64_t now = 0;
	int times = 0;
	for (int i = 0; i < 2 * QUIET_BATCHES; i++) {
		quiet_note(&q, 1, now);
		now += QUIET_MS;
		times += quiet_begins(&q, now);
	}
	assert_int_equal(times, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_begins_once_when_nothing_came_for_a_while_after_a_rush),
		cmocka_unit_test(a_little_work_now_and_then_adds_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
