#include "tests/unit/unit.h"

#include "monitor/notify/lane.h"

#define NOW (1700000000LL * 1000)
#define DAY_MS (24LL * 3600 * 1000)

static struct conf_receiver receiver = {.name = "hook", .type = RECEIVER_WEBHOOK};
static struct lane lane;

static int set_up(void **state)
{
	(void)state;
	return lane_init(&lane, &receiver) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	lane_release(&lane);
	return 0;
}

static void an_outbox_with_nothing_due_is_left_alone_until_it_may_have(void **state)
{
	(void)state;
	lane.look_ms = NOW + 5000;
	assert_int_equal(lane_wants(&lane, NOW), 0);
	assert_int_equal(lane_next_ms(&lane, NOW), NOW + 5000);
	assert_true(lane_wants(&lane, NOW + 5000) > 0);
}

static void a_clock_set_back_a_day_holds_no_receiver_up(void **state)
{
	(void)state;
	lane.look_ms = NOW + LANE_LOOK_MAX_MS;
	assert_int_equal(lane_wants(&lane, NOW), 0);
	assert_true(lane_wants(&lane, NOW - DAY_MS) > 0);
	assert_int_equal(lane_next_ms(&lane, NOW - DAY_MS), NOW - DAY_MS);
}

static void a_disabled_receiver_wants_nothing_but_is_looked_at(void **state)
{
	(void)state;
	lane.health = RECEIVER_DISABLED;
	assert_int_equal(lane_wants(&lane, NOW), 0);
	assert_true(lane_looks(&lane, NOW));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_outbox_with_nothing_due_is_left_alone_until_it_may_have),
		TEST(a_clock_set_back_a_day_holds_no_receiver_up),
		TEST(a_disabled_receiver_wants_nothing_but_is_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
