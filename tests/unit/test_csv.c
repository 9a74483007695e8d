#include "tests/unit/unit.h"

#include "monitor/base/csv.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void columns_are_found_by_name_in_any_order(void **state)
{
	(void)state;
	struct csv c;
	struct csv_row row;
	assert_int_equal(
		csv_open(&c, STR("\xef\xbb\xbfid, Name ,tier\r\n1,Globex,gold\r\n"), &arena, NULL),
		HARK_OK);
	assert_int_equal(csv_column(&c, "name"), 1);
	assert_int_equal(csv_column(&c, "nosuch"), SIZE_MAX);
	assert_int_equal(csv_next(&c, &row, NULL), HARK_OK);
	assert_int_equal(row.line, 2);
	assert_str_is(csv_cell(&row, csv_column(&c, "name")), "Globex");
	assert_str_is(csv_cell(&row, csv_column(&c, "tier")), "gold");
	assert_null(csv_cell(&row, SIZE_MAX).p);
	assert_int_equal(csv_next(&c, &row, NULL), HARK_ENOENT);
}

static void quotes_hold_separators_quotes_and_newlines(void **state)
{
	(void)state;
	struct csv c;
	struct csv_row row;
	struct str text = STR("name,note\n\"Smith, \"\"Bo\"\" Ltd\",\"two\nlines\"\nNext,x\n");
	assert_int_equal(csv_open(&c, text, &arena, NULL), HARK_OK);
	assert_int_equal(csv_next(&c, &row, NULL), HARK_OK);
	assert_str_is(row.cells[0], "Smith, \"Bo\" Ltd");
	assert_str_is(row.cells[1], "two\nlines");
	assert_int_equal(csv_next(&c, &row, NULL), HARK_OK);
	assert_int_equal(row.line, 4);
	assert_str_is(row.cells[0], "Next");
}

static void a_broken_row_is_named_and_the_rest_goes_on(void **state)
{
	(void)state;
	struct csv c;
	struct csv_row row;
	struct hark_err err = {0};
	struct str text = STR("name,id\na,1,2\n\"b\"x,2\nc,3\n\"d,4\n");
	assert_int_equal(csv_open(&c, text, &arena, NULL), HARK_OK);
	assert_int_equal(csv_next(&c, &row, &err), HARK_EPARSE);
	assert_int_equal(row.line, 2);
	assert_non_null(strstr(err.text, "3 cells under 2"));
	assert_int_equal(csv_next(&c, &row, &err), HARK_EPARSE);
	assert_int_equal(row.line, 3);
	assert_int_equal(csv_next(&c, &row, &err), HARK_OK);
	assert_str_is(row.cells[0], "c");
	assert_int_equal(csv_next(&c, &row, &err), HARK_EPARSE);
	assert_int_equal(row.line, 5);
	assert_non_null(strstr(err.text, "never closed"));
	assert_int_equal(csv_next(&c, &row, &err), HARK_ENOENT);
}

/* How many rows are read and how many are broken; the last read. */
static void count_rows(struct str text, size_t *good, size_t *broken, struct csv_row *last)
{
	struct csv c;
	struct csv_row row;
	int rc;
	*good = *broken = 0;
	assert_int_equal(csv_open(&c, text, &arena, NULL), HARK_OK);
	while ((rc = csv_next(&c, &row, NULL)) != HARK_ENOENT) {
		*(rc == HARK_OK ? good : broken) += 1;
		*last = rc == HARK_OK ? row : *last;
	}
}

static void a_mark_that_is_never_closed_costs_one_row(void **state)
{
	(void)state;
	struct csv_row last = {0};
	size_t good, broken;
	count_rows(
		STR("name,id\na,1\n\"b,2\nc,3\n\nd,4\n\"e, f\",5\ng,6\n"), &good, &broken, &last);
	assert_int_equal(good, 5);
	assert_int_equal(broken, 1);
	assert_int_equal(last.line, 8);
	count_rows(STR("name,id\n\"b,2\r\nc,3\r\n\"d,4\r\ne,5\r\n"), &good, &broken, &last);
	assert_int_equal(good, 2);
	assert_int_equal(broken, 2);
	/* the lines of a cell are no rows */
	count_rows(STR("name,id\n\"two\nlines\"x,2\nc,3\n"), &good, &broken, &last);
	assert_int_equal(good, 1);
	assert_int_equal(broken, 1);
}

static void semicolons_tabs_and_old_line_ends_are_understood(void **state)
{
	(void)state;
	struct csv c;
	struct csv_row row;
	assert_int_equal(csv_open(&c, STR("name;id\r\rA, B;7\r"), &arena, NULL), HARK_OK);
	assert_int_equal(csv_next(&c, &row, NULL), HARK_OK);
	assert_int_equal(row.line, 3);
	assert_str_is(row.cells[0], "A, B");
	assert_str_is(row.cells[1], "7");
	assert_int_equal(csv_open(&c, STR("name\tid\nA\t8"), &arena, NULL), HARK_OK);
	assert_int_equal(csv_next(&c, &row, NULL), HARK_OK);
	assert_str_is(row.cells[1], "8");
}

static void a_file_without_a_header_is_refused(void **state)
{
	(void)state;
	struct csv c;
	struct hark_err err = {0};
	assert_int_equal(csv_open(&c, STR("\n\n"), &arena, &err), HARK_EPARSE);
	assert_non_null(strstr(err.text, "name the columns"));
}

static void a_bar_separates_where_the_header_has_it_or_it_is_said(void **state)
{
	(void)state;
	struct csv c;
	struct csv_row row;
	assert_int_equal(csv_open(&c, STR("name|id\nGlobex|1\n"), &arena, NULL), HARK_OK);
	assert_int_equal(c.header.n, 2);
	assert_int_equal(
		csv_open_with(&c, STR("name,id|x\nGlobex|1\n"), '|', &arena, NULL), HARK_OK);
	assert_int_equal(c.header.n, 2);
	assert_int_equal(csv_next(&c, &row, NULL), HARK_OK);
	assert_str_is(csv_cell(&row, 1), "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			columns_are_found_by_name_in_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(
			quotes_hold_separators_quotes_and_newlines, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_broken_row_is_named_and_the_rest_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_mark_that_is_never_closed_costs_one_row, setup, teardown),
		cmocka_unit_test_setup_teardown(
			semicolons_tabs_and_old_line_ends_are_understood, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_file_without_a_header_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_bar_separates_where_the_header_has_it_or_it_is_said, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
