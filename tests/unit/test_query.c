#include "tests/unit/unit.h"

#include "rules/fold.h"
#include "rules/query.h"

static struct arena arena;
static struct diags diags;
static struct buf shown;

static int group_setup(void **state)
{
	(void)state;
	return fold_init();
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	diags_init(&diags);
	buf_init(&shown, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	diags_release(&diags);
	buf_release(&shown);
	return 0;
}

static struct query *parse(const char *text)
{
	struct buf yaml;
	buf_init(&yaml, 1 << 20);
	buf_printf(&yaml, "match: |\n  %s\n", text);
	struct yaml_node *root = yaml_read(buf_str(&yaml), "q.yaml", &arena, &diags);
	buf_release(&yaml);
	assert_non_null(root);
	return query_parse(yaml_get(root, "match"), &arena, NULL, &diags);
}

static const char *normal(const char *text)
{
	struct query *q = parse(text);
	if (q == NULL) {
		print_error("%s: %s\n", text, diags.n > 0 ? diags.v[diags.n - 1].message : "?");
	}
	assert_non_null(q);
	buf_clear(&shown);
	query_print(q, &shown);
	return buf_c(&shown);
}

/* The one error of a query: its code and columns. */
static void refused(const char *text, const char *code, unsigned col, unsigned col_end)
{
	diags_release(&diags);
	diags_init(&diags);
	struct query *q = parse(text);
	if (q != NULL || diags.n != 1 || strcmp(diags.v[0].code, code) != 0 ||
		diags.v[0].at.col != col || diags.v[0].at.col_end != col_end) {
		fail_msg("%s: %s, %zu findings, %s %u-%u: %s", text,
			q != NULL ? "parsed" : "refused", diags.n,
			diags.n > 0 ? diags.v[0].code : "", diags.n > 0 ? diags.v[0].at.col : 0,
			diags.n > 0 ? diags.v[0].at.col_end : 0,
			diags.n > 0 ? diags.v[0].message : "");
	}
	assert_int_equal(diags.v[0].at.line, 2);
}

static void words_phrases_and_operators_have_one_normal_form(void **state)
{
	(void)state;
	assert_string_equal(normal("Love AND it"), "love it");
	assert_string_equal(normal("(a OR B) \"New  Role\""), "(a OR b) \"new role\"");
	assert_string_equal(
		normal("coca-cola -diet NOT (x OR y)"), "\"coca cola\" (NOT diet) (NOT (x OR y))");
	assert_string_equal(normal("replac* organi?ation* \"switch* * from\""),
		"replac* organi?ation* \"switch* * from\"");
	assert_string_equal(normal("a NEAR b ONEAR/3 \"c d\" NEAR/2f e"),
		"((a NEAR/5 b) ONEAR/3 \"c d\") ONEAR/2 e");
	assert_string_equal(normal("#ProductLaunch @JDoe $ACME"), "#productlaunch @jdoe $acme");
	assert_string_equal(normal("case:Apple case:\"Big Apple\" raw:\"C++\""),
		"case:Apple case:\"Big Apple\" raw:\"C++\"");
	assert_string_equal(normal("any:staff[tier=gold, size >= 50] AS $who all:x"),
		"any:staff[tier=\"gold\",size>=\"50\"] AS $who all:x");
	assert_string_equal(normal("ATLEAST/3 (crash OR bug) MIN/2 (a, b, c d)"),
		"ATLEAST/3 ((crash OR bug)) MIN/2 (a, b, (c d))");
	assert_string_equal(
		normal("&leaving re:/\\bCRM-\\d+\\/x/i"), "&leaving re:/\\bCRM-\\d+\\/x/i");
	assert_string_equal(normal("a // comment\n  /* more */ b"), "a b");
	assert_string_equal(normal("\"Joining <to:ORG>, as <role:TITLE>!\""),
		"\"joining <to:ORG> as <role:TITLE>\"");
	assert_string_equal(
		normal("\"from <a:WORDS/2-3>; <b:WORDS/4> <c:list:staff[ tier = 2,size>=5]> "
		       "any:staff[tier=a] b I <3 it\""),
		"\"from <a:WORDS/2-3> <b:WORDS/4> <c:list:staff[tier=2,size>=5]> any:staff[tier=a] b i 3 "
		"it\"");
}

static void fields_take_words_or_values(void **state)
{
	(void)state;
	assert_string_equal(normal("title:(a OR \"b c\") author:any:contacts AS $who"),
		"title:(a OR \"b c\") author:any:contacts AS $who");
	assert_string_equal(
		normal("site:news.example.com url:(example.com/a OR \"b.example/x,y\")"),
		"site:\"news.example.com\" url:(\"example.com/a\" OR \"b.example/x,y\")");
	assert_string_equal(
		normal("tag:#Launch lang:en type:(post OR reply) verified:yes -has:link"),
		"tag:\"Launch\" lang:\"en\" type:(\"post\" OR \"reply\") verified:\"yes\" (NOT "
		"has:\"link\")");
	assert_string_equal(normal("followers > 5000 views:10..20 likes!=3 score score >= -1.5"),
		"followers > 5000 views:10..20 likes != 3 score score >= -1.5");
	assert_string_equal(normal("site:any:press"), "site:any:press");
}

static void a_comma_behind_a_value_parts(void **state)
{
	(void)state;
	assert_string_equal(normal("MIN/1 (source:for*, x, url:a.example/b,c)"),
		"MIN/1 (source:\"for*\", x, url:\"a.example/b,c\")");
	refused("x tag:(a, b)", "E016", 11, 12);
}

static void the_normal_form_parses_to_itself(void **state)
{
	(void)state;
	static const char *const queries[] = {
		"(a OR bar*) NOT \"c d\" #tag title:(x NEAR/3 (y OR z))",
		"MIN/2 (a b, (c OR d) AS $v, NOT e) case:\"Don't\" o'brien 3.14",
		"NOT (a b) -c re:/x(?<n>y)/ AS $k",
		"\"<a:WORDS/2> <p:PRODUCT> <l:list:x[a=1]> <m:MONEY> any:x[b!=2] * replac* w?rd\""};
	for (size_t i = 0; i < 4; i++) {
		char once[500];
		snprintf(once, sizeof(once), "%s", normal(queries[i]));
		assert_string_equal(normal(once), once);
	}
}

static void a_number_keeps_every_digit(void **state)
{
	(void)state;
	assert_string_equal(normal("x followers > 1234567"), "x followers > 1234567");
	assert_string_equal(normal("likes:01000001.250..99999999"), "likes:1000001.25..99999999");
	assert_string_equal(normal("sentiment < -0.000000125"), "sentiment < -0.000000125");
	assert_string_equal(normal("likes < 9007199254740993"), "likes < 9007199254740992");
	char large[600];
	snprintf(large, sizeof(large), "likes < 1%0300d", 0);
	assert_true(parse(large)->low == 1e300);
	snprintf(large, sizeof(large), "likes < 1%0400d", 0);
	refused(large, "E016", 3, 412);
}

static void what_is_wrong_is_shown_at_its_place(void **state)
{
	(void)state;
	refused("joined OR joining \"new role\"", "E012", 10, 12);
	refused("a NOT b OR c", "E012", 11, 13);
	refused("(a OR b", "E001", 3, 4);
	refused("a OR b)", "E001", 9, 10);
	refused("\"never closed", "E002", 3, 4);
	refused("a /* b", "E002", 5, 7);
	refused("re:/abc", "E002", 3, 7);
	refused("colour:red", "E010", 3, 9);
	refused("folowers > 5", "E010", 3, 11);
	refused("ab*", "E014", 3, 6);
	refused("*ab", "E015", 3, 6);
	refused("\"x a*b\"", "E015", 6, 9);
	refused("AT&T", "E017", 3, 7);
	refused("a OR", "E018", 6, 7);
	refused("a AND OR b", "E018", 9, 11);
	refused("a NEAR/99 b", "E016", 5, 12);
	refused("followers > many", "E016", 3, 15);
	refused("type:tweet", "E013", 8, 13);
	refused("a NOT_ b", "E030", 5, 9);
	refused("\"<to:ORG>\"", "E020", 3, 13);
	refused("a AS who", "E016", 5, 7);
	refused("\"to <to:ORGS>\"", "E036", 11, 15);
	refused("\"to <to:ORG\"", "E001", 7, 14);
	refused("\"to <to ORG>\"", "E016", 7, 10);
	refused("\"to <:ORG>\"", "E016", 7, 8);
	refused("\"to <9:ORG>\"", "E016", 7, 9);
	refused("\"to <a:ORG> <a:NUM>\"", "E016", 15, 22);
	refused("\"to <a:WORDS/3-2> b\"", "E016", 10, 19);
	refused("\"to <a:WORDS/1-99> b\"", "E016", 10, 20);
	refused("\"to <a:list> b\"", "E016", 10, 14);
	refused("\"to all:staff\"", "E016", 7, 11);
	refused("\"to any:staff[x=\" b", "E016", 17, 19);
	refused("<to:ORG>", "E016", 3, 4);
	refused("MIN/3 (a, b)", "E061", 3, 15);
	refused("title:site:x", "E019", 9, 14);
	refused("- a", "E018", 3, 4);
	refused("\xc3\xa9t\xc3\xa9 (b", "E001", 7, 8);
}

static void every_wrong_word_of_a_query_is_named(void **state)
{
	(void)state;
	assert_null(
		parse("(ab* OR colour:(red OR *x)) \"a <b:ORGS> c\" lang:en type:(tweet OR post) "
		      "AT&T x=1 hue:\"x y\" - fine"));
	static const struct {
		const char *code;
		unsigned col;
	} wanted[] = {{"E014", 4}, {"E010", 11}, {"E015", 26}, {"E036", 37}, {"E013", 60},
		{"E017", 75}, {"E010", 80}, {"E010", 84}, {"E018", 94}};
	assert_int_equal(diags.n, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < diags.n; i++) {
		assert_string_equal(diags.v[i].code, wanted[i].code);
		assert_int_equal(diags.v[i].at.col, wanted[i].col);
	}
	char many[400] = "";
	for (size_t i = 0; i < 60; i++) {
		strcat(many, "a* ");
	}
	diags_release(&diags);
	diags_init(&diags);
	assert_null(parse(many));
	assert_int_equal(diags.n, 20);
}

static void a_suggestion_shows_where_the_brackets_go(void **state)
{
	(void)state;
	assert_null(parse("joined OR joining \"new role\""));
	assert_string_equal(diags.v[0].help, "(joined OR joining) \"new role\"");
	assert_null(parse("foo barr:x"));
	assert_non_null(strstr(diags.v[1].message, "barr"));
	assert_null(parse("titel:x"));
	assert_string_equal(diags.v[2].help, "did you mean title:?");
}

static void small_operators_are_words_with_a_warning(void **state)
{
	(void)state;
	assert_string_equal(normal("this or that"), "this or that");
	assert_int_equal(diags.n, 1);
	assert_int_equal(diags.errors, 0);
	assert_string_equal(diags.v[0].code, "W013");
}

static void deep_and_long_queries_are_refused_not_followed(void **state)
{
	(void)state;
	char deep[400];
	memset(deep, '(', sizeof(deep));
	deep[399] = '\0';
	refused(deep, "E005", 3 + QUERY_DEPTH_MAX, 4 + QUERY_DEPTH_MAX);
	char not_[500] = "";
	for (size_t i = 0; i < 90; i++) {
		strcat(not_, "NOT ");
	}
	strcat(not_, "a");
	char phrase[1200] = "\"";
	for (size_t i = 0; i <= PHRASE_WORDS_MAX; i++) {
		strcat(phrase, "ab ");
	}
	strcat(phrase, "\"");
	refused(phrase, "E004", 3, 5 + 3 * (PHRASE_WORDS_MAX + 1));
	refused(not_, "E005", 3 + 4 * QUERY_DEPTH_MAX, 4 + 4 * QUERY_DEPTH_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			words_phrases_and_operators_have_one_normal_form, setup, teardown),
		cmocka_unit_test_setup_teardown(fields_take_words_or_values, setup, teardown),
		cmocka_unit_test_setup_teardown(a_comma_behind_a_value_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(the_normal_form_parses_to_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(a_number_keeps_every_digit, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_wrong_is_shown_at_its_place, setup, teardown),
		cmocka_unit_test_setup_teardown(
			every_wrong_word_of_a_query_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_suggestion_shows_where_the_brackets_go, setup, teardown),
		cmocka_unit_test_setup_teardown(
			small_operators_are_words_with_a_warning, setup, teardown),
		cmocka_unit_test_setup_teardown(
			deep_and_long_queries_are_refused_not_followed, setup, teardown),
	};
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
