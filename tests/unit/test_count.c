#include "tests/unit/unit.h"

#include "monitor/base/count.h"

#include <stdio.h>

static void one_is_singular_and_everything_else_plural(void **state)
{
	(void)state;
	assert_string_equal(COUNT(1, "post"), "1 post");
	assert_string_equal(COUNT(0, "post"), "0 posts");
	assert_string_equal(COUNT(-2, "post"), "-2 posts");
	assert_string_equal(COUNT(INT64_MAX, "post"), "9223372036854775807 posts");
	assert_string_equal(COUNT(1, "list entry"), "1 list entry");
	assert_string_equal(COUNT(2, "list entry"), "2 list entries");
	assert_string_equal(COUNT(2, "day"), "2 days");
	assert_string_equal(COUNT(2, "match"), "2 matches");
	assert_string_equal(COUNT(1, "person"), "1 person");
	assert_string_equal(COUNT(3, "person"), "3 people");
}

static void what_does_not_fit_is_cut(void **state)
{
	char out[COUNT_MAX];
	(void)state;
	assert_string_equal(count_text(2, "", out), "2 s");
	count_text(12,
		"word that is much longer than anything which the program has to count for people",
		out);
	assert_int_equal(strlen(out), COUNT_MAX - 1);
}

static void several_counts_stand_in_one_line(void **state)
{
	char line[100];
	(void)state;
	snprintf(line, sizeof(line), "%s in %s", COUNT(1, "post"), COUNT(2, "poll"));
	assert_string_equal(line, "1 post in 2 polls");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_singular_and_everything_else_plural),
		cmocka_unit_test(what_does_not_fit_is_cut),
		cmocka_unit_test(several_counts_stand_in_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
