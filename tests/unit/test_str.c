#include "tests/unit/unit.h"

#include "monitor/base/str.h"
#include "monitor/base/utf8.h"

static void slices_are_cut_trimmed_and_compared(void **state)
{
	(void)state;
	struct str rest = STR("a,,b"), part;
	assert_true(str_split(&rest, ',', &part));
	assert_str_is(part, "a");
	assert_true(str_split(&rest, ',', &part));
	assert_int_equal(part.n, 0);
	assert_true(str_split(&rest, ',', &part));
	assert_str_is(part, "b");
	assert_false(str_split(&rest, ',', &part));
	assert_str_is(str_trim(STR(" \t x y\r\n")), "x y");
	assert_true(str_eq_nocase(STR("ETag"), STR("etag")));
	assert_true(str_ends(STR("feed.xml"), STR(".xml")));
	assert_int_equal(str_find(STR("hello"), STR("llo")), 2);
	assert_true(str_find(STR("hello"), STR("world")) == SIZE_MAX);
}

static void integers_fill_the_slice_or_are_refused(void **state)
{
	(void)state;
	int64_t v = 7;
	assert_true(str_i64(STR("-9223372036854775808"), &v));
	assert_true(v == INT64_MIN);
	assert_false(str_i64(STR("9223372036854775808"), &v));
	assert_false(str_i64(STR("12x"), &v));
	assert_false(str_i64(STR(""), &v));
	assert_true(str_i64(STR("+42"), &v));
	assert_int_equal(v, 42);
}

static void cutting_never_splits_a_character(void **state)
{
	(void)state;
	assert_str_is(str_cut_utf8(STR("a\xc3\xa9"), 2), "a");
	assert_str_is(str_cut_utf8(STR("a\xc3\xa9"), 3), "a\xc3\xa9");
}

static void two_hexadecimal_digits_are_a_byte(void **state)
{
	(void)state;
	assert_int_equal(str_hex(STR("%aF"), 1), 0xaf);
	assert_int_equal(str_hex(STR("00"), 0), 0);
	assert_int_equal(str_hex(STR("a"), 0), -1);
	assert_int_equal(str_hex(STR("ag"), 0), -1);
	assert_int_equal(str_hex(STR("a f"), 0), -1);
	assert_int_equal(str_hex(STR_NONE, 0), -1);
}

static void one_unclean_byte_is_found_wherever_it_is(void **state)
{
	(void)state;
	char text[161];
	for (size_t n = 1; n < sizeof(text); n++) {
		memset(text, 'a', sizeof(text));
		assert_true(utf8_is_clean(str_n(text, n)));
		for (size_t at = 0; at < n; at++) {
			text[at] = '\n';
			assert_true(utf8_is_clean(str_n(text, n)));
			text[at] = '\x01';
			assert_false(utf8_is_clean(str_n(text, n)));
			text[at] = '\xe9'; /* of another charset */
			assert_false(utf8_is_clean(str_n(text, n)));
			assert_int_equal(utf8_valid(str_n(text, n)), at);
			text[at] = 'a';
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_hexadecimal_digits_are_a_byte),
		cmocka_unit_test(slices_are_cut_trimmed_and_compared),
		cmocka_unit_test(integers_fill_the_slice_or_are_refused),
		cmocka_unit_test(cutting_never_splits_a_character),
		cmocka_unit_test(one_unclean_byte_is_found_wherever_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
