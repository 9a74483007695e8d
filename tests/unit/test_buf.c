#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <stdlib.h>

static void a_buffer_is_terminated_even_when_empty(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10);
	assert_string_equal(buf_c(&b), "");
	assert_int_equal(buf_add_c(&b, "abc"), HARK_OK);
	assert_string_equal(buf_c(&b), "abc");
	buf_release(&b);
}

static void the_ceiling_is_a_normal_outcome_that_sticks(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 4);
	assert_int_equal(buf_add_c(&b, "abcd"), HARK_OK);
	assert_int_equal(buf_add_c(&b, "e"), HARK_ELIMIT);
	assert_int_equal(buf_printf(&b, "%d", 1), HARK_ELIMIT);
	assert_string_equal(buf_c(&b), "abcd");
	buf_clear(&b);
	assert_int_equal(buf_printf(&b, "%d", 12), HARK_OK);
	assert_string_equal(buf_c(&b), "12");
	buf_release(&b);
}

static void code_points_become_utf8_and_surrogates_the_replacement(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 100);
	buf_add_utf8(&b, 'A');
	buf_add_utf8(&b, 0xe9);
	buf_add_utf8(&b, 0x20ac);
	buf_add_utf8(&b, 0x1f600);
	buf_add_utf8(&b, 0xd800);
	assert_string_equal(buf_c(&b), "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd");
	char *taken = buf_take(&b);
	assert_int_equal(b.n, 0);
	free(taken);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buffer_is_terminated_even_when_empty),
		cmocka_unit_test(the_ceiling_is_a_normal_outcome_that_sticks),
		cmocka_unit_test(code_points_become_utf8_and_surrogates_the_replacement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
