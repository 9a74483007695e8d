#include "tests/unit/unit.h"

#include "monitor/cli/progress.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"

static const struct table_column columns[] = {
	{"name", TABLE_LEFT, false},
	{"posts", TABLE_RIGHT, false},
	{"error", TABLE_LEFT, true},
};

static void written(struct table *t, size_t width, const char *expected)
{
	struct buf out;
	buf_init(&out, 1 << 16);
	assert_int_equal(table_write(t, &out, width, false), 0);
	assert_string_equal(buf_c(&out), expected);
	buf_release(&out);
}

static void columns_line_up_by_what_is_seen_not_by_bytes(void **state)
{
	(void)state;
	struct table t;
	table_init(&t, columns, 3);
	table_add(&t, "été");
	table_addf(&t, "%d", 5);
	table_add(&t, NULL);
	table_add(&t, "日本");
	table_addf(&t, "%d", 12345);
	table_add(&t, "gone");
	assert_int_equal(table_rows(&t), 2);
	written(&t, 0,
		"name  posts  error\n"
		"été       5\n"
		"日本  12345  gone\n");
	table_release(&t);
}

static void a_narrow_terminal_cuts_only_what_may_shrink(void **state)
{
	(void)state;
	struct table t;
	table_init(&t, columns, 3);
	table_add(&t, "acme");
	table_add(&t, "1");
	table_add(&t, "the server answered 503");
	written(&t, 24,
		"name  posts  error\n"
		"acme      1  the server…\n");
	written(&t, 5,
		"name  posts  error\n"
		"acme      1  the ser…\n");
	table_release(&t);
}

static void a_last_column_that_wraps_goes_on_below_itself(void **state)
{
	(void)state;
	struct table t;
	table_init(&t, columns, 3);
	t.wraps = true;
	table_add(&t, "acme");
	table_add(&t, "1");
	table_add(&t, " the server  answered 503");
	table_add(&t, "b");
	table_add(&t, "2");
	table_add(&t, "ok");
	written(&t, 25,
		"name  posts  error\n"
		"acme      1  the server\n"
		"             answered 503\n"
		"b         2  ok\n");
	written(&t, 5, /* a word is never cut */
		"name  posts  error\n"
		"acme      1  the\n"
		"             server\n"
		"             answered\n"
		"             503\n"
		"b         2  ok\n");
	written(&t, 0,
		"name  posts  error\n"
		"acme      1   the server  answered 503\n"
		"b         2  ok\n");
	table_release(&t);
}

static void a_wide_character_is_not_cut_in_half(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, 100);
	assert_int_equal(term_add(&out, STR("日本語"), 4), 3);
	assert_string_equal(buf_c(&out), "日…");
	buf_clear(&out);
	assert_int_equal(term_add(&out, STR("日本語"), 6), 6);
	assert_string_equal(buf_c(&out), "日本語");
	buf_release(&out);
}

static void strangers_cannot_drive_the_terminal(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, 200);
	term_add(&out, STR("a\033[2Jb\nc\xff\xe2\x80\xae\x64\x7f"), 0);
	assert_string_equal(buf_c(&out), "a\xef\xbf\xbd[2Jb c\xef\xbf\xbd\xef\xbf\xbd"
					 "d\xef\xbf\xbd");
	buf_clear(&out);
	term_add(&out, str_n("x\0y", 3), 0);
	assert_string_equal(buf_c(&out), "x\xef\xbf\xbdy");
	buf_release(&out);
}

static void progress_tells_share_rate_and_time_left(void **state)
{
	(void)state;
	struct progress p = {.what = "importing", .total = 200, .done = 50, .started_ms = 1000};
	struct buf out;
	buf_init(&out, 500);
	progress_line(&p, 11000, 0, &out);
	assert_string_equal(
		buf_c(&out), "importing  [######..................]  50/200  25%  5/s  30 s left");
	buf_clear(&out);
	p.total = 0;
	progress_line(&p, 11000, 10, &out);
	assert_string_equal(buf_c(&out), "importing…");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_line_up_by_what_is_seen_not_by_bytes),
		cmocka_unit_test(a_narrow_terminal_cuts_only_what_may_shrink),
		cmocka_unit_test(a_last_column_that_wraps_goes_on_below_itself),
		cmocka_unit_test(a_wide_character_is_not_cut_in_half),
		cmocka_unit_test(strangers_cannot_drive_the_terminal),
		cmocka_unit_test(progress_tells_share_rate_and_time_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
