#include "tests/unit/unit.h"

#include "monitor/base/diag.h"
#include "monitor/base/err.h"

#include <stdlib.h>

static void errors_are_printed_in_order_with_a_caret(void **state)
{
	(void)state;
	struct diags d;
	char *text = NULL;
	size_t n = 0;
	diags_init(&d);
	diags_add(&d, DIAG_WARNING, "W041", (struct diag_at){.file = "b.yaml", .line = 1, .col = 1},
		STR_NONE, NULL, "slow");
	diags_add(&d, DIAG_ERROR, "E012",
		(struct diag_at){.file = "a.yaml", .line = 9, .col = 3, .col_end = 5},
		STR("a\tOR b"), "add brackets", "OR and AND side by side");
	FILE *out = open_memstream(&text, &n);
	diags_print(&d, out, false);
	fclose(out);
	assert_string_equal(text,
		"a.yaml:9:3: error E012: OR and AND side by side   (add brackets)\n"
		"    9 | a\tOR b\n"
		"      |  \t^~\n"
		"b.yaml:1:1: warning W041: slow\n");
	assert_int_equal(d.errors, 1);
	free(text);
	diags_release(&d);
}

static void what_a_file_says_cannot_steer_the_terminal(void **state)
{
	(void)state;
	struct diags d;
	char *text = NULL;
	size_t n = 0;
	diags_init(&d);
	diags_add(&d, DIAG_ERROR, "C001",
		(struct diag_at){.file = "a\033.yaml", .line = 1, .col = 1},
		STR("k\xe2\x80\xae: \033"), "\033[2J", "there is no key '\033[2J\xc2\x9b'");
	FILE *out = open_memstream(&text, &n);
	diags_print(&d, out, false);
	fclose(out);
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_non_null(strstr(text, "there is no key '\xef\xbf\xbd[2J\xef\xbf\xbd'"));
	free(text);
	diags_release(&d);
}

static void what_was_said_is_known_as_far_as_there_was_room_for_it(void **state)
{
	(void)state;
	for (size_t room = 1; room < 1000; room++) {
		struct diags d;
		diags_init(&d);
		d.arena.max_bytes = room;
		diags_add(&d, DIAG_ERROR, "E030", (struct diag_at){.file = "a.yaml"}, STR_NONE,
			NULL, "gone");
		assert_true(diags_has(&d, "E030", "a.yaml", "gone") == (d.rc == HARK_OK));
		assert_false(diags_has(&d, "E030", "b.yaml", "gone"));
		diags_release(&d);
	}
}

static void the_nearest_name_is_suggested_and_a_far_one_is_not(void **state)
{
	(void)state;
	static const char *const names[] = {"sources", "receivers", "routes", "rules"};
	assert_string_equal(did_you_mean(STR("sorces"), names, 4), "sources");
	assert_string_equal(did_you_mean(STR("ruels"), names, 4), "rules");
	assert_null(did_you_mean(STR("colour"), names, 4));
	assert_null(did_you_mean(STR(""), names, 4));
}

static void diagnostics_are_json_for_editors(void **state)
{
	(void)state;
	struct diags d;
	struct buf out;
	diags_init(&d);
	buf_init(&out, 10000);
	diags_add(&d, DIAG_ERROR, "E002", (struct diag_at){.file = "a", .line = 2, .col = 4},
		STR_NONE, NULL, "a \"quote\"");
	diags_json(&d, &out);
	assert_string_equal(buf_c(&out),
		"[{\"level\":\"error\",\"code\":\"E002\",\"file\":\"a\",\"line\":2,\"col\":4,"
		"\"col_end\":5,\"byte_col\":4,\"message\":\"a \\\"quote\\\"\"}]");
	buf_release(&out);
	diags_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_are_printed_in_order_with_a_caret),
		cmocka_unit_test(what_a_file_says_cannot_steer_the_terminal),
		cmocka_unit_test(what_was_said_is_known_as_far_as_there_was_room_for_it),
		cmocka_unit_test(the_nearest_name_is_suggested_and_a_far_one_is_not),
		cmocka_unit_test(diagnostics_are_json_for_editors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
