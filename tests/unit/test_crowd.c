#include "tests/unit/unit.h"

#include "monitor/pipeline/crowd.h"

#define A "https://a.example:443/feed"
#define B "https://b.example/feed?q=://"

static struct source s[10];

static int reset(void **state)
{
	memset(s, 0, sizeof(s));
	*state = crowds_new();
	crowds_set_most(*state, 2);
	return *state != NULL ? 0 : -1;
}

static int end(void **state)
{
	crowds_free(*state);
	return 0;
}

static void count(void *n, struct source *source)
{
	(void)source;
	++*(int *)n;
}

static int in_line(struct crowds *cs)
{
	int n = 0;
	crowds_each(cs, count, &n);
	return n;
}

static void a_line_is_served_in_order_as_places_come_back(void **state)
{
	struct crowds *cs = *state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(crowd_enter(cs, &s[i], A), i < 2);
	}
	assert_true(crowd_enter(cs, &s[5], B)); /* another host */
	assert_int_equal(in_line(cs), 3);
	assert_null(crowd_next(cs));
	crowd_leave(cs, &s[1]);
	assert_false(crowd_enter(cs, &s[6], A)); /* not before those in line */
	assert_ptr_equal(crowd_next(cs), &s[2]);
	assert_true(crowd_enter(cs, &s[2], A)); /* it has its place */
	assert_null(crowd_next(cs));
	crowd_leave(cs, &s[3]); /* gives up waiting */
	crowd_leave(cs, &s[0]);
	crowd_leave(cs, &s[2]);
	assert_ptr_equal(crowd_next(cs), &s[4]);
	assert_ptr_equal(crowd_next(cs), &s[6]);
	assert_null(crowd_next(cs));
	for (int i = 0; i < 7; i++) {
		crowd_leave(cs, &s[i]);
	}
}

static void more_places_move_the_line_at_once(void **state)
{
	struct crowds *cs = *state;
	for (int i = 0; i < 6; i++) {
		crowd_enter(cs, &s[i], i % 2 == 0 ? A : "https://a.example:443?other");
	}
	crowds_set_most(cs, 4);
	assert_ptr_equal(crowd_next(cs), &s[2]);
	assert_ptr_equal(crowd_next(cs), &s[3]);
	assert_null(crowd_next(cs));
	crowds_set_most(cs, 0);
	assert_ptr_equal(crowd_next(cs), &s[4]);
	assert_ptr_equal(crowd_next(cs), &s[5]);
	crowds_set_most(cs, 1);
	assert_false(crowd_enter(cs, &s[6], A));
	for (int i = 0; i < 6; i++) {
		assert_null(crowd_next(cs));
		crowd_leave(cs, &s[i]);
	}
	assert_ptr_equal(crowd_next(cs), &s[6]);
	crowd_leave(cs, &s[6]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_line_is_served_in_order_as_places_come_back, reset, end),
		cmocka_unit_test_setup_teardown(more_places_move_the_line_at_once, reset, end),
	};
	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
