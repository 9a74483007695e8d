#include "tests/unit/rules_unit.h"

#include "rules/lint.h"
#include "rules/sample.h"

static struct folder f;
static struct lint_result result;

static int setup(void **state)
{
	(void)state;
	folder_open(&f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_close(&f);
	return 0;
}

/* Codes of what lint says about a file, "W061 W065"; rules without tests are not counted. */
static const char *codes(const char *yaml)
{
	static char said[400];
	struct rules_source source = {.base_dir = f.path};
	diags_release(&f.diags);
	diags_init(&f.diags);
	folder_write(&f, "r.yaml", yaml);
	struct ruleset *r = folder_load(&f, false);
	if (r == NULL) {
		print_findings(&f.diags);
	}
	assert_non_null(r);
	said[0] = '\0';
	assert_int_equal(
		ruleset_lint(r, &source, true, &f.diags, &f.arena, &result, &f.err), HARK_OK);
	for (size_t i = 0; i < f.diags.n; i++) {
		if (strcmp(f.diags.v[i].code, "W050") != 0) {
			size_t used = strlen(said);
			snprintf(said + used, sizeof(said) - used, "%s%s", used > 0 ? " " : "",
				f.diags.v[i].code);
		}
	}
	ruleset_unref(r);
	return said;
}

#define RULE(match) "  - { id: r, kind: mention, match: '" match "' }\n"
#define ONE(match) "rules:\n" RULE(match)

static void a_sound_rule_is_left_in_peace(void **state)
{
	(void)state;
	assert_string_equal(
		codes(ONE("globex (love OR hate) NOT (hiring OR job) followers > 5")), "");
	assert_string_equal(
		codes(ONE("globex (lang:en OR lang:de) followers > 5 followers < 9")), "");
	assert_string_equal(codes(ONE("(globex lang:en) OR (initech lang:de)")), "");
}

static void what_is_wanted_and_excluded_never_fires(void **state)
{
	(void)state;
	assert_string_equal(codes(ONE("globex NOT globex")), "W061");
	assert_string_equal(codes(ONE("(love globex) NOT (hate OR Love)")), "W061");
	assert_string_equal(codes(ONE("initech OR (globex love NOT (love))")), "W061");
	assert_string_equal(
		codes("define: { w: 'a1 OR b1' }\n" ONE("globex &w NOT (b1 OR a1)")), "W061");
	assert_string_equal(codes("define: { w: 'a1 OR b1' }\n" ONE("globex &w NOT &w")), "W061");
}

static void values_that_exclude_one_another_never_fire(void **state)
{
	(void)state;
	assert_string_equal(codes(ONE("globex followers > 9 followers < 5")), "W061");
	assert_string_equal(codes(ONE("globex followers > 5 followers = 5")), "W061");
	assert_string_equal(codes(ONE("globex lang:en lang:de")), "W061");
	assert_string_equal(codes(ONE("globex lang:en lang:en-US")), "");
	assert_string_equal(codes(ONE("globex type:reply verified:yes type:post")), "W061");
	assert_string_equal(codes("rules:\n  - { id: r, kind: mention, scope: { type: [post] }, "
				  "match: 'globex type:reply' }\n"),
		"W061");
	assert_string_equal(codes("rules:\n  - { id: r, kind: mention, scope: { lang: [en] }, "
				  "match: 'globex lang:en' }\n"),
		"");
}

static void lists_that_are_empty_or_unused_are_named(void **state)
{
	(void)state;
	folder_write(&f, "full.csv", "name\nGlobex\n");
	folder_write(&f, "none.csv", "name\n");
	assert_string_equal(codes("lists: { l: { file: full.csv } }\n" ONE("any:l")), "");
	assert_string_equal(codes("lists: { l: { file: full.csv } }\n" ONE("globex")), "W065");
	assert_string_equal(
		codes("lists: { l: { file: none.csv } }\n" ONE("any:l OR globex")), "W066 W061");
}

static void everyday_names_and_words_are_named(void **state)
{
	(void)state;
	folder_write(&f, "l.csv", "name\nGlobex\nTarget\nBest Buy Labs\n");
	assert_string_equal(codes("lists: { l: { file: l.csv } }\n" ONE("any:l globex")), "W070");
	assert_string_equal(
		codes("lists: { l: { file: l.csv, require: [case] } }\n" ONE("any:l globex")), "");
	assert_string_equal(codes(ONE("the")), "W063");
	assert_string_equal(codes(ONE("the (globex OR initech OR love)")), "");
	assert_string_equal(codes(ONE("\"to the\" OR for")), "W060");
}

static void repeated_rules_are_named_once(void **state)
{
	(void)state;
	const char *two = "rules:\n"
			  "  - { id: a, kind: mention, match: 'globex (love OR hate)' }\n"
			  "  - { id: b, kind: mention, match: '(Hate OR Love) AND Globex' }\n";
	assert_string_equal(codes(two), "W062");
	assert_non_null(strstr(f.diags.v[f.diags.n - 1].message, "duplicate of rule a"));
	assert_string_equal(codes("rules:\n"
				  "  - { id: a, kind: mention, match: 'globex' }\n"
				  "  - { id: b, kind: praise, match: 'globex' }\n"),
		"");
	assert_string_equal(codes("rules:\n"
				  "  - { id: a, kind: mention, match: 'globex love' }\n"
				  "  - { id: b, kind: mention, match: 'price globex love' }\n"),
		"W064");
	assert_string_equal(
		codes("rules:\n"
		      "  - { id: a, kind: mention, match: 'globex' }\n"
		      "  - { id: b, kind: mention, score: 80, match: 'price globex' }\n"),
		"");
}

static void definitions_nobody_uses_and_missing_tests_are_named(void **state)
{
	(void)state;
	assert_string_equal(codes("define: { w: foo, v: '&w' }\n" ONE("globex &v")), "");
	assert_string_equal(codes("define: { w: foo }\n" ONE("globex")), "W067");
	assert_string_equal(f.diags.v[1].code, "W050");
	codes("rules:\n  - { id: r, kind: mention, match: globex, tests: { match: [a], nomatch: [b] "
	      "} }\n");
	assert_int_equal(f.diags.n, 0);
}

static void a_pattern_without_a_word_says_what_it_costs(void **state)
{
	(void)state;
	assert_string_equal(codes("rules:\n  - { id: r, kind: mention, slow: true, match: "
				  "'re:/[0-9]{3}x/' }\n"),
		"W041");
	assert_true(result.costs[0].always);
	assert_true(result.costs[0].woken == 1.0);
}

static void what_wakes_a_rule_is_counted_on_the_same_posts_every_time(void **state)
{
	(void)state;
	struct arena arena;
	struct post a, b;
	arena_init(&arena, 0);
	assert_true(sample_post(7, &arena, &a) && sample_post(7, &arena, &b));
	assert_true(str_eq(a.text, b.text));
	arena_release(&arena);
	codes(ONE("love OR globex"));
	assert_int_equal(result.n, 1);
	assert_int_equal(result.costs[0].anchors_n, 2);
	assert_true(str_eq_c(result.costs[0].anchors[0].name, "love"));
	assert_true(result.costs[0].woken == result.costs[0].anchors[0].share);
	assert_true(result.costs[0].matched == result.costs[0].woken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sound_rule_is_left_in_peace, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_wanted_and_excluded_never_fires, setup, teardown),
		cmocka_unit_test_setup_teardown(
			values_that_exclude_one_another_never_fire, setup, teardown),
		cmocka_unit_test_setup_teardown(
			lists_that_are_empty_or_unused_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(
			everyday_names_and_words_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(repeated_rules_are_named_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			definitions_nobody_uses_and_missing_tests_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_pattern_without_a_word_says_what_it_costs, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_wakes_a_rule_is_counted_on_the_same_posts_every_time, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
