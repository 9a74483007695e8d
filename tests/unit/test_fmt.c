#include "tests/unit/unit.h"

#include "rules/fmt.h"
#include "rules/fold.h"

static int group_setup(void **state)
{
	(void)state;
	return fold_init();
}

/* `before` becomes `after`, and `after` stays. */
static void becomes(const char *before, const char *after)
{
	struct arena arena;
	struct diags diags;
	struct hark_err err = {0};
	struct fmt f;
	const char *from = before;
	for (int round = 0; round < 2; round++) {
		struct buf out;
		arena_init(&arena, 0);
		diags_init(&diags);
		buf_init(&out, 1 << 20);
		int rc = fmt_file(&f, str_c(from), "r.yaml", &arena, &diags, &err);
		if (rc != HARK_OK) {
			fail_msg("%s: %s", err.text, diags.n > 0 ? diags.v[0].message : "");
		}
		fmt_apply(&f, str_c(from), &out);
		assert_string_equal(buf_c(&out), after);
		assert_true(round == 0 || f.n == 0);
		from = after;
		buf_release(&out);
		diags_release(&diags);
		arena_release(&arena);
	}
}

#define RULE(match) "rules:\n  - id: a # the first\n    kind: mention\n    match: " match "\n"

static void operators_and_brackets_get_one_form_and_words_stay_as_written(void **state)
{
	(void)state;
	becomes(RULE("Acme -Diät   NOT ( x OR  y )"), RULE("Acme NOT Diät NOT (x OR y)"));
	becomes(RULE("joined \"New   Role\""), RULE("joined AND \"New Role\""));
	becomes(RULE("love NEAR Acme deal"), RULE("(love NEAR/5 Acme) AND deal"));
	becomes(RULE("a NEAR/2f (b OR c)"), RULE("a ONEAR/2 (b OR c)"));
	becomes(RULE("x MIN/2 ( a,b , (c d) )  ATLEAST/3 ((crash))"),
		RULE("'x AND MIN/2 (a, b, c AND d) AND ATLEAST/3 (crash)'"));
	becomes(RULE("x followers>5000 likes:1..5"),
		RULE("'x AND followers > 5000 AND likes:1..5'"));
	becomes(RULE("x followers>1234567"), RULE("'x AND followers > 1234567'"));
}

static void names_lists_fields_and_patterns_keep_their_text(void **state)
{
	(void)state;
	becomes(RULE("'any:people[ tier = gold , region=\"North  America\" ] AS  $who'"),
		RULE("'any:people[tier=gold,region=\"North  America\"] AS $who'"));
	becomes(RULE("((a OR b) AS $x) c"), RULE("(a OR b) AS $x AND c"));
	becomes(RULE("x (any:people AS $p)"), RULE("x AND any:people AS $p"));
	becomes(RULE("'x lang:( en  OR de ) author:( \"Jane  Doe\" )'"),
		RULE("'x AND lang:(en OR de) AND author:\"Jane Doe\"'"));
	becomes(RULE("'re:/it''s  [0-9]+/i raw:\"C++  x\" case:\"Big  Co\"'"),
		RULE("'re:/it''s  [0-9]+/i AND raw:\"C++  x\" AND case:\"Big Co\"'"));
}

static void a_bare_query_is_quoted_where_yaml_would_misread_it(void **state)
{
	(void)state;
	becomes(RULE("( \"a b\" ) OR x"), RULE("'\"a b\" OR x'"));
	becomes("rules: [{ id: a, kind: mention, match: x   OR (y  z) }]\n",
		"rules: [{ id: a, kind: mention, match: x OR (y AND z) }]\n");
}

static void long_blocks_are_broken_into_lines_and_the_rest_of_the_file_stays(void **state)
{
	(void)state;
	becomes("# ours\ndefine:\n  w:   'a   OR b' # why\nrules:\n  - id: a\n    match:   |   # here\n\n"
		"      \"alternative to\" (first_word_of_many OR second_word_of_many OR "
		"third_word_of_many OR fourth_word)\n\n\n    kind:   mention\n",
		"# ours\ndefine:\n  w:   'a OR b' # why\nrules:\n  - id: a\n    match:   |   # here\n"
		"      \"alternative to\"\n"
		"      AND (first_word_of_many OR second_word_of_many OR third_word_of_many OR "
		"fourth_word)\n\n\n    kind:   mention\n");
	becomes("rules:\r\n  - id: a\r\n    kind: mention\r\n    match: |\r\n      x   y\r\n      z\r\n",
		"rules:\r\n  - id: a\r\n    kind: mention\r\n    match: |\r\n      x AND y AND z\r\n");
}

static void what_cannot_be_kept_is_left_and_named(void **state)
{
	(void)state;
	static const char *const texts[] = {RULE("'a /* why */ OR   b'"),
		RULE("|\n      a // why\n      OR   b"), RULE("|2\n      a  b")};
	for (size_t i = 0; i < 3; i++) {
		struct arena arena;
		struct diags diags;
		struct fmt f;
		arena_init(&arena, 0);
		diags_init(&diags);
		assert_int_equal(
			fmt_file(&f, str_c(texts[i]), "r.yaml", &arena, &diags, NULL), HARK_OK);
		assert_int_equal(f.n, 0);
		assert_int_equal(f.kept, 1);
		assert_string_equal(diags.v[0].code, "W014");
		diags_release(&diags);
		arena_release(&arena);
	}
}

static void a_file_with_errors_is_not_touched(void **state)
{
	(void)state;
	struct arena arena;
	struct diags diags;
	struct fmt f;
	arena_init(&arena, 0);
	diags_init(&diags);
	assert_int_equal(fmt_file(&f, str_c(RULE("a OR b c") "    title:  x\n"), "r.yaml", &arena,
				 &diags, NULL),
		HARK_EPARSE);
	assert_int_equal(f.n, 0);
	diags_release(&diags);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators_and_brackets_get_one_form_and_words_stay_as_written),
		cmocka_unit_test(names_lists_fields_and_patterns_keep_their_text),
		cmocka_unit_test(a_bare_query_is_quoted_where_yaml_would_misread_it),
		cmocka_unit_test(long_blocks_are_broken_into_lines_and_the_rest_of_the_file_stays),
		cmocka_unit_test(what_cannot_be_kept_is_left_and_named),
		cmocka_unit_test(a_file_with_errors_is_not_touched),
	};
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
