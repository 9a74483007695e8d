#include "tests/unit/unit.h"

#include "monitor/model/excerpt.h"

static void assert_why(const char *why, const char *want)
{
	struct buf out;
	buf_init(&out, 1000);
	excerpt_why(&out, str_c(why));
	assert_string_equal(buf_c(&out), want);
	buf_release(&out);
}

static void the_sentence_loses_its_offsets_and_nothing_else(void **state)
{
	(void)state;
	assert_why("\"alternative to\" (text 4-18) and rivals: Globex (title 0-6)",
		"\"alternative to\" and rivals: Globex");
	assert_why("products: Desk (beta) (text 0-11)", "products: Desk (beta)");
	assert_why("a (text 1-) (text 1) (text -2) (TEXT 1-2) ( 1-2) (text 1-2",
		"a (text 1-) (text 1) (text -2) (TEXT 1-2) ( 1-2) (text 1-2");
	assert_why("(text 1-2)", "(text 1-2)");
	assert_why("", "");
}

static void assert_marked(const char *text, const char *spans, size_t max, const char *want)
{
	struct excerpt_span v[EXCERPT_SPANS_MAX];
	struct buf out;
	size_t from;
	json_t *tree = json_read(str_c(spans), NULL);
	size_t n = excerpt_spans(tree, "text", v);
	struct str part = excerpt_cut(str_c(text), n > 0 ? v[0].start : 0, max, &from);
	buf_init(&out, 1000);
	excerpt_mark(&out, part, from, v, n);
	assert_string_equal(buf_c(&out), want);
	buf_release(&out);
	json_decref(tree);
}

static void words_are_marked_where_they_are(void **state)
{
	(void)state;
	assert_marked("ab cd ef",
		"[{\"field\":\"text\",\"start\":6,\"end\":8},{\"field\":\"text\",\"start\":0,\"end\":2}]",
		100, "«ab» cd «ef»");
	assert_marked("ab cd ef",
		"[{\"field\":\"text\",\"start\":0,\"end\":4},{\"field\":\"text\",\"start\":3,\"end\":5}]",
		100, "«ab cd» ef");
	assert_marked("ab cd ef", "[{\"field\":\"title\",\"start\":0,\"end\":4}]", 100, "ab cd ef");
	assert_marked("ab cd ef",
		"[{\"field\":\"text\",\"start\":6,\"end\":99},{\"field\":\"text\",\"start\":-1,\"end\":2}]",
		100, "ab cd «ef»");
	assert_marked("ab cd ef gh ij",
		"[{\"field\":\"text\",\"start\":9,\"end\":11},{\"field\":\"text\",\"start\":0,\"end\":1}]",
		6, "«a»b cd ");
	assert_marked(
		"ab cd ef gh ij", "[{\"field\":\"text\",\"start\":9,\"end\":11}]", 6, "f «gh» i");
	assert_marked("", "[]", 6, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sentence_loses_its_offsets_and_nothing_else),
		cmocka_unit_test(words_are_marked_where_they_are),
	};
	return cmocka_run_group_tests_name("excerpt", tests, NULL, NULL);
}
