#include "tests/unit/unit.h"

#include "monitor/base/cell.h"

static void names_of_columns_are_compared_by_letters_and_digits(void **state)
{
	(void)state;
	assert_true(cell_is_called(STR("First Name"), "firstname"));
	assert_true(cell_is_called(STR("first_name"), "firstname"));
	assert_true(cell_is_called(STR(" FirstName:"), "firstname"));
	assert_true(cell_is_called(STR("Prénom"), "prénom"));
	assert_false(cell_is_called(STR("First"), "firstname"));
	assert_false(cell_is_called(STR("First Name 2"), "firstname"));
	assert_false(cell_is_called(STR(""), ""));
}

static void what_a_spreadsheet_shows_is_read(void **state)
{
	(void)state;
	assert_str_is(cell_shown(STR("=\"0012\""), false), "0012");
	assert_str_is(cell_shown(STR("=HYPERLINK(\"https://a.example\",\"Ada\")"), false), "Ada");
	assert_str_is(cell_shown(STR("=HYPERLINK(\"https://a.example\",\"Ada\")"), true),
		"https://a.example");
	assert_str_is(cell_shown(STR("'=1+1"), false), "=1+1");
	assert_str_is(cell_shown(STR("'tHooft"), false), "'tHooft");
}

static void what_a_spreadsheet_would_compute_is_a_formula(void **state)
{
	(void)state;
	assert_true(cell_is_formula(STR("=1+1")));
	assert_true(cell_is_formula(STR("@SUM(A1:A9)")));
	assert_true(cell_is_formula(STR("+cmd(\"x\")")));
	assert_false(cell_is_formula(STR("@ada")));
	assert_false(cell_is_formula(STR("+49 (30) 00")));
	assert_false(cell_is_formula(STR("-")));
	assert_false(cell_is_formula(STR("=")));
}

static void white_space_is_tidied_and_plain_text_is_not_copied(void **state)
{
	(void)state;
	struct arena arena;
	struct str plain = STR("Ada Example");
	arena_init(&arena, 0);
	assert_ptr_equal(cell_clean(plain, 100, &arena).p, plain.p);
	assert_str_is(cell_clean(STR("  Ada \n\xc2\xa0 Example\t"), 100, &arena), "Ada Example");
	assert_str_is(cell_clean(STR("Z\xc3\xbcrich"), 2, &arena), "Z");
	assert_str_is(cell_clean(STR("\xef\xbb\xbf 26"), 100, &arena), "26");
	struct str disguised = STR("Ada\xe2\x80\x8b \xe2\x80\xae"
				   "Example\xe2\x80\xac");
	assert_str_is(cell_clean(disguised, 100, &arena), "Ada Example");
	assert_str_is(cell_clean(STR("\xe2\x80\x8b"), 100, &arena), "");
	assert_str_is(cell_clean(STR("a\xff  \xe2\x80\x8d"), 100, &arena), "a\xff \xe2\x80\x8d");
	arena_release(&arena);
}

static void check_written(
	void (*write)(struct buf *, struct str), const char *text, const char *want)
{
	struct buf out;
	buf_init(&out, 1000);
	write(&out, str_c(text));
	assert_string_equal(buf_c(&out), want);
	buf_release(&out);
}

static void a_cell_is_written_as_rfc_4180_says(void **state)
{
	(void)state;
	check_written(cell_write, "plain", "plain");
	check_written(cell_write, "a,b", "\"a,b\"");
	check_written(cell_write, "say \"x\"", "\"say \"\"x\"\"\"");
	check_written(cell_write, "two\nlines", "\"two\nlines\"");
	check_written(cell_write, "", "\"\"");
	check_written(cell_write, "=1+1", "=1+1");
}

static void what_a_spreadsheet_would_compute_is_written_so_that_it_does_not(void **state)
{
	(void)state;
	check_written(cell_write_shown, "plain - text", "plain - text");
	check_written(cell_write_shown, "=1+1", "'=1+1");
	check_written(cell_write_shown, "@SUM(A1)", "'@SUM(A1)");
	check_written(cell_write_shown, "-2+3", "'-2+3");
	check_written(cell_write_shown, "+49 30 1", "'+49 30 1");
	check_written(cell_write_shown, " \t=1+1", "\"' \t=1+1\"");
	check_written(cell_write_shown, "\"=1+1", "\"'\"\"=1+1\"");
	check_written(cell_write_shown, " ", "\" \"");
	check_written(cell_write_shown, "", "\"\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_written_as_rfc_4180_says),
		cmocka_unit_test(what_a_spreadsheet_would_compute_is_written_so_that_it_does_not),
		cmocka_unit_test(names_of_columns_are_compared_by_letters_and_digits),
		cmocka_unit_test(what_a_spreadsheet_shows_is_read),
		cmocka_unit_test(what_a_spreadsheet_would_compute_is_a_formula),
		cmocka_unit_test(white_space_is_tidied_and_plain_text_is_not_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
