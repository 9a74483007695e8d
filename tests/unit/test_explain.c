#include "tests/unit/rules_unit.h"

#include "rules/explain.h"
#include "rules/query.h"

static struct folder f;
static struct ruleset *set;
static struct matcher *matcher;

static int setup(void **state)
{
	(void)state;
	folder_open(&f);
	folder_write(&f, "people.csv", "id,name,handles,tier\np1,Jane Doe,@jdoe,gold\n");
	folder_write(&f, "rivals.csv", "name\nGlobex\nInitech\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	matcher_free(matcher);
	ruleset_unref(set);
	matcher = NULL;
	set = NULL;
	folder_close(&f);
	return 0;
}

/* One rule `r` with the keys given, and its explanation for a post. */
static const struct explanation *explain_post(const char *keys, const struct post *post)
{
	char text[2000];
	struct explanation *x = NULL;
	matcher_free(matcher);
	ruleset_unref(set);
	snprintf(text, sizeof(text), "rules:\n  - id: r\n    kind: mention\n%s", keys);
	folder_write(&f, "r.yaml", text);
	set = folder_load(&f, true);
	if (set == NULL) {
		print_findings(&f.diags);
	}
	matcher = matcher_new(set);
	assert_int_equal(
		matcher_explain(matcher, post, STR("r"), STR_NONE, &f.arena, &x, &f.err), HARK_OK);
	/* The explanation is of what happens. */
	struct signal *found;
	size_t n;
	assert_int_equal(matcher_match(matcher, post, &f.arena, &found, &n), HARK_OK);
	assert_int_equal(n > 0, x->matched && !x->retired);
	assert_true(!x->matched || x->woken || x->retired);
	return x;
}

static struct post post_of(const char *text)
{
	struct post p;
	post_init(&p);
	p.source = STR("test");
	p.external_id = STR("1");
	p.text = str_c(text);
	return p;
}

static const struct explanation *explain(const char *query, const char *text)
{
	char keys[1000];
	struct post p = post_of(text);
	snprintf(keys, sizeof(keys), "    match: |\n      %s\n", query);
	return explain_post(keys, &p);
}

static void is(struct str got, const char *wanted)
{
	if (!str_eq_c(got, wanted)) {
		fail_msg("'%.*s', wanted '%s'", STR_FMT(got), wanted);
	}
}

static void a_match_says_where_and_whom(void **state)
{
	(void)state;
	const struct explanation *x =
		explain("any:rivals AS $rival \"alternative to\"", "an alternative to Globex");
	assert_true(x->matched);
	assert_int_equal(x->root.kids_n, 2);
	const struct clause *c = &x->root.kids[0];
	assert_int_equal(c->outcome, CLAUSE_TRUE);
	assert_int_equal(c->places[0].span.start, 18);
	assert_int_equal(c->places[0].span.end, 24);
	is(c->places[0].list_name, "rivals");
	is(c->places[0].entry_name, "Globex");
	assert_int_equal(c->places[0].line, 2);
	is(c->value, "Globex");
	is(x->root.kids[1].places[0].text, "alternative to");
	assert_non_null(x->signal);
	assert_int_equal(x->flips_n, 2);
	is(x->flips[0].clause, "any:rivals");
	assert_int_equal(x->anchors_n, 1);
}

static void slots_and_named_groups_say_what_they_took(void **state)
{
	(void)state;
	const struct explanation *x =
		explain("\"joining <to:ORG> as <role:TITLE>\" re:/\\bsince\\b (?<year>[0-9]+)/",
			"Thrilled to be joining Globex as VP Sales! since 2019");
	assert_true(x->matched);
	const struct clause *c = &x->root.kids[0];
	assert_int_equal(c->values_n, 2);
	is(c->values[0].name, "to");
	is(c->values[0].value, "Globex");
	is(c->values[1].value, "VP Sales");
	is(x->root.kids[1].values[0].value, "2019");
}

static void what_comes_after_the_first_false_clause_is_not_evaluated(void **state)
{
	(void)state;
	const struct explanation *x = explain("globex (love OR hate) price", "Globex");
	assert_false(x->matched);
	assert_int_equal(x->root.kids[0].outcome, CLAUSE_TRUE);
	assert_int_equal(x->root.kids[1].outcome, CLAUSE_FALSE);
	assert_int_equal(x->root.kids[2].outcome, CLAUSE_SKIPPED);
	is(x->first_false->text, "love");
	assert_int_equal(x->flips_n, 0); /* two things are missing */
}

static void near_tells_the_distance_and_is_raised_only_if_that_is_enough(void **state)
{
	(void)state;
	const struct explanation *x =
		explain("leaving NEAR/2 globex", "leaving one two three Globex");
	is(x->root.miss, "3 words between them, at most 2 allowed");
	assert_int_equal(x->flips_n, 1);
	is(x->flips[0].change, "raise NEAR/2 to NEAR/3");
	x = explain("leaving NEAR/2 globex AND price", "leaving one two three Globex");
	assert_int_equal(x->flips_n, 0);
	x = explain("leaving ONEAR/2 globex", "Globex leaving");
	is(x->root.miss, "both are there, but in the other order");
	is(x->flips[0].change, "write NEAR/2 in place of ONEAR/2");
	x = explain("leaving NEAR/2 globex", "leaving! Globex");
	is(x->root.miss, "both are there, but a line or sentence ends between them");
	assert_int_equal(x->flips_n, 0);
}

static void words_tell_what_is_near_them(void **state)
{
	(void)state;
	const struct explanation *x = explain("globex replace", "Globex was replaced");
	is(x->root.kids[1].miss, "nearest is \"replaced\"");
	is(x->flips[0].change, "add \"replaced\"");
	x = explain("globex \"switch to\"", "Globex? switch now");
	is(x->root.kids[1].miss, "only \"to\" is missing");
	x = explain("globex \"switch to\"", "Globex: to switch");
	is(x->root.kids[1].miss, "all its words are there, but not in a row");
	x = explain("case:GLOBEX", "Globex");
	is(x->root.miss, "it is written \"Globex\" here");
	is(x->flips[0].change, "drop case:");
	struct post p = post_of("nice");
	p.quoted = STR("Globex is down");
	x = explain_post("    match: globex\n", &p);
	is(x->root.miss, "it is there, but in quoted:");
	is(x->flips[0].change, "look for it in quoted: too");
}

static void what_is_excluded_is_named(void **state)
{
	(void)state;
	const struct explanation *x = explain("globex NOT (hiring OR job)", "Globex is hiring");
	is(x->first_false->text, "hiring");
	assert_int_equal(x->first_false->outcome, CLAUSE_TRUE);
	is(x->flips[0].change, "take hiring out of NOT");
}

static void scope_that_shuts_a_post_out_is_named_and_dropped_in_a_trial(void **state)
{
	(void)state;
	struct post p = post_of("Globex");
	p.lang = STR("de");
	const struct explanation *x =
		explain_post("    scope: { lang: [en], type: [post] }\n    match: globex\n", &p);
	assert_false(x->matched);
	assert_false(x->in_scope[SCOPE_LANG]);
	assert_true(x->in_scope[SCOPE_TYPE]);
	is(x->flips[0].change, "drop lang from scope");
	p.type = POST_TYPE_REPLY;
	x = explain_post("    scope: { lang: [en], type: [post] }\n    match: globex\n", &p);
	assert_int_equal(x->flips_n, 0);
	p.lang = STR_NONE;
	p.type = POST_TYPE_POST;
	x = explain_post("    scope: { lang: [en], type: [post] }\n    match: globex\n", &p);
	assert_true(x->matched);
	assert_true(x->lang_passed);
}

static void counts_and_numbers_say_what_there_is(void **state)
{
	(void)state;
	const struct explanation *x = explain("ATLEAST/3 (crash)", "crash, crash");
	is(x->root.miss, "found 2 times, 3 wanted");
	is(x->flips[0].change, "lower ATLEAST/3 to ATLEAST/2");
	x = explain("MIN/2 (price, demo, trial)", "the price");
	is(x->flips[0].change, "lower MIN/2 to MIN/1");
	x = explain("globex followers > 10", "Globex");
	is(x->root.kids[1].miss, "the post does not say");
	is(x->flips[0].change, "take it out");
}

static void names_that_did_not_count_say_why(void **state)
{
	(void)state;
	folder_write(&f, "firms.csv", "name\nTarget\nTarget Analytics\n");
	char text[400];
	snprintf(text, sizeof(text),
		"lists: { firms: { file: firms.csv, require: [case] } }\n"
		"rules: [{ id: r, kind: mention, match: 'any:firms leaving' }]\n");
	folder_write(&f, "r.yaml", text);
	set = folder_load(&f, false);
	matcher = matcher_new(set);
	struct post p = post_of("leaving target");
	struct explanation *x = NULL;
	assert_int_equal(
		matcher_explain(matcher, &p, STR("r"), STR_NONE, &f.arena, &x, &f.err), HARK_OK);
	assert_false(x->matched);
	is(x->root.kids[0].miss,
		"Target (firms line 2) is there, but is written without a capital letter");
	is(x->flips[0].change, "count it as it stands (class: off on the list)");
	x = (struct explanation *)explain("any:people[tier=silver]", "Jane Doe");
	is(x->root.miss,
		"Jane Doe (people line 2) is there, but does not pass the condition in [ ]");
}

static void a_retired_rule_is_explained_and_an_unknown_one_suggested(void **state)
{
	(void)state;
	struct post p = post_of("Globex");
	struct explanation *none = NULL;
	const struct explanation *x = explain_post("    status: retired\n    match: globex\n", &p);
	assert_true(x->retired);
	assert_int_equal(matcher_explain(matcher, &p, STR("x"), STR_NONE, &f.arena, &none, &f.err),
		HARK_ENOENT);
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_match_says_where_and_whom, setup, teardown),
		cmocka_unit_test_setup_teardown(
			slots_and_named_groups_say_what_they_took, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_comes_after_the_first_false_clause_is_not_evaluated, setup, teardown),
		cmocka_unit_test_setup_teardown(
			near_tells_the_distance_and_is_raised_only_if_that_is_enough, setup,
			teardown),
		cmocka_unit_test_setup_teardown(words_tell_what_is_near_them, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_excluded_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(
			scope_that_shuts_a_post_out_is_named_and_dropped_in_a_trial, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			counts_and_numbers_say_what_there_is, setup, teardown),
		cmocka_unit_test_setup_teardown(names_that_did_not_count_say_why, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_retired_rule_is_explained_and_an_unknown_one_suggested, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
