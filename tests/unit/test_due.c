#include "tests/unit/unit.h"

#include "monitor/pipeline/due.h"

#define N 9

static struct source s[N];
static struct due d;

static int reset(void **state)
{
	(void)state;
	memset(s, 0, sizeof(s));
	return due_reserve(&d, N) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	due_release(&d);
	return 0;
}

static void the_first_is_due_first_whatever_order_they_come_in(void **state)
{
	(void)state;
	for (int i = 0; i < N; i++) {
		due_add(&d, &s[i], (i * 5) % N); /* 5 and 9 have no factor in common: each once */
	}
	for (int i = 0; i < N; i++) {
		assert_int_equal(due_first_ms(&d), i);
		due_remove(&d, d.all[0]);
	}
	assert_int_equal(due_first_ms(&d), INT64_MAX);
}

static void one_in_the_middle_is_found_and_taken_out(void **state)
{
	(void)state;
	for (int out = 0; out < N; out++) {
		for (int i = 0; i < N; i++) {
			due_add(&d, &s[i], (i * 5) % N);
		}
		due_remove(&d, &s[out]);
		for (int64_t last = -1; d.n > 0;
			last = due_first_ms(&d), due_remove(&d, d.all[0])) {
			assert_true(due_first_ms(&d) > last);
			assert_ptr_not_equal(d.all[0], &s[out]);
			assert_int_equal(d.all[0]->slot, 0);
		}
	}
}

static void one_that_is_never_due_stands_behind_all_others(void **state)
{
	(void)state;
	due_add(&d, &s[0], INT64_MAX);
	assert_int_equal(due_first_ms(&d), INT64_MAX);
	due_add(&d, &s[1], INT64_MAX / 2);
	assert_ptr_equal(d.all[0], &s[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_first_is_due_first_whatever_order_they_come_in, reset, end),
		cmocka_unit_test_setup_teardown(
			one_in_the_middle_is_found_and_taken_out, reset, end),
		cmocka_unit_test_setup_teardown(
			one_that_is_never_due_stands_behind_all_others, reset, end),
	};
	return cmocka_run_group_tests_name("due", tests, NULL, NULL);
}
