#include "monitor/base/hash.h"
#include "rules/names.h"
#include "tests/unit/rules_unit.h"

static struct folder dir;

static int setup(void **state)
{
	(void)state;
	folder_open(&dir);
	folder_write(&dir, "people.csv",
		"name,id\nMu\xcc\x88ller,p1\nMacy\xe2\x80\x99s,p2\n"
		"acme crm \xec\x82\xbc\xec\x84\xb1,p3\nfoo bar @baz,p4\n");
	folder_write(&dir, "rivals.csv",
		"name,id\nBank of America,r1\nAmerica Europe,r2\nAmerica,r3\n"
		"+Acme+ Tools,r4\nC++ GmbH,r5\n\"Globex, Inc.\",r6\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_close(&dir);
	return 0;
}

static bool finds(const char *query, const char *text)
{
	return folder_finds(&dir, query, text);
}

static void only_what_lies_inside_a_longer_name_is_covered(void **state)
{
	(void)state;
	assert_true(finds("any:rivals[id=r1]", "Bank of America Europe"));
	assert_true(finds("any:rivals[id=r2]", "Bank of America Europe"));
	assert_false(finds("any:rivals[id=r3]", "Bank of America Europe"));
	assert_true(finds("any:rivals[id=r3]", "Bank of America, America"));
}

static void an_umlaut_may_be_a_letter_and_a_mark(void **state)
{
	(void)state;
	assert_true(finds("any:people", "Mueller"));
	assert_true(finds("any:people", "M\xc3\xbcller"));
}

static void a_possessive_is_no_variant_however_it_is_written(void **state)
{
	(void)state;
	assert_true(finds("any:people", "at Macy's"));
	assert_false(finds("any:people", "at macys"));
}

static void signs_before_a_name_are_compared_too(void **state)
{
	(void)state;
	assert_true(finds("any:rivals", "we use +acme+ tools"));
	assert_true(finds("any:rivals", "+Acme+ Tools"));
	assert_false(finds("any:rivals", "we use acme+ tools"));
	assert_false(finds("any:rivals", "acme tools"));
}

static void a_name_without_its_legal_form_keeps_its_signs(void **state)
{
	(void)state;
	assert_true(finds("any:rivals", "we write C++ all day"));
	assert_false(finds("any:rivals", "vitamin C all day"));
	assert_true(finds("any:rivals", "we use globex"));
}

static void every_token_of_a_name_is_of_its_kind(void **state)
{
	(void)state;
	assert_true(finds("any:people", "foo bar @baz"));
	assert_false(finds("any:people", "foo bar baz"));
}

static void only_syllables_may_follow_a_korean_name(void **state)
{
	(void)state;
	assert_true(finds("any:people", "acme crm \xec\x82\xbc\xec\x84\xb1\xec\x9d\x80"));
	assert_false(finds("any:people", "acme crm \xec\x82\xbc\xec\x84\xb1"
					 "abc\xec\x9d\x80"));
}

static size_t signals_in(struct matcher *m, const char *text, struct signal **found)
{
	struct post p;
	size_t n;
	post_init(&p);
	p.source = p.external_id = STR("1");
	p.text = str_c(text);
	assert_int_equal(matcher_match(m, &p, &dir.arena, found, &n), HARK_OK);
	return n;
}

/* `people` wakes no rule here, `rivals` does. */
static void a_list_that_wakes_no_rule_is_searched_when_a_rule_needs_it(void **state)
{
	(void)state;
	struct signal *found;
	folder_write(&dir, "r.yaml",
		"rules:\n"
		"  - {id: a, kind: mention, match: '\"met <who:list:people>\" AND yesterday', emit: "
		"{who: $who.id}, score: 90}\n"
		"  - {id: b, kind: mention, match: 'any:rivals'}\n"
		"  - {id: c, kind: mention, match: 'any:people AND yesterday AND somewhere', scope: "
		"{lang: de, lang-strict: true}}\n");
	struct ruleset *set = folder_load(&dir, true);
	assert_non_null(set);
	struct matcher *m = matcher_new(set);
	assert_non_null(m);
	assert_int_equal(signals_in(m, "met M\xc3\xbcller of Globex", &found), 1);
	assert_false(matcher_looked_late(m));
	assert_int_equal(signals_in(m, "met nobody yesterday", &found), 0);
	assert_true(matcher_looked_late(m));
	assert_int_equal(signals_in(m, "nothing of all this", &found), 0);
	assert_false(matcher_looked_late(m));
	assert_int_equal(signals_in(m, "Mueller, yesterday, somewhere", &found), 0);
	assert_false(matcher_looked_late(m)); /* c is for German, a needs "met" */
	/* Names of both lists, each between those of the other. */
	assert_int_equal(
		signals_in(m, "Globex? I met M\xc3\xbcller of America, Globex, yesterday", &found),
		2);
	assert_true(matcher_looked_late(m));
	assert_str_is(found[0].rule, "a");
	assert_str_is(found[0].emit[0].value, "p1");
	assert_int_equal(found[1].entities_n, 3);
	matcher_free(m);
	ruleset_unref(set);
}

/* So many words before the name, of which each may begin a name, or in Korean be several. */
static void a_name_is_found_wherever_it_begins(void **state)
{
	(void)state;
	static const char *const names[] = {"Globex", "Bank of America", "America Europe",
		"Bank of America Europe", "\xec\x82\xbc\xec\x84\xb1",
		"acme \xec\x82\xbc\xec\x84\xb1"};
	static const char *const words[] = {
		"bank ", "of ", "\xec\x82\xbc\xec\x84\xb1\xec\x9d\x80\xeb\x8a\x94 "};
	struct buf csv, text;
	struct signal *found;
	buf_init(&csv, 4096);
	buf_init(&text, 4096);
	buf_add_c(&csv, "name,id\n");
	for (size_t i = 0; i < 6; i++) {
		buf_printf(&csv, "%s,r%zu\n", names[i], i);
	}
	folder_write(&dir, "rivals.csv", buf_c(&csv));
	folder_write(&dir, "r.yaml",
		"rules:\n  - {id: a, kind: mention, match: 'any:rivals AND said'}\n"
		"  - {id: b, kind: mention, match: 'any:rivals AS $r'}\n");
	struct ruleset *set = folder_load(&dir, true);
	assert_non_null(set);
	struct matcher *m = matcher_new(set);
	assert_non_null(m);
	for (size_t before = 0; before < 140; before++) {
		for (size_t k = 0; k < 6 * 3; k++) {
			buf_clear(&text);
			for (size_t i = 0; i < before; i++) {
				buf_add_c(&text, words[k / 6]);
			}
			size_t at = text.n;
			buf_printf(&text, "%s said", names[k % 6]);
			assert_int_equal(signals_in(m, buf_c(&text), &found), 2);
			const struct signal *s = &found[0];
			struct entity last = s->entities[s->entities_n - 1];
			bool many = k / 6 == 2 && before > 0; /* each of the words is a name too */
			assert_true(many || last.span.start == at);
			assert_true(many || last.span.end == text.n - 5);
			assert_true(!many || s->entities_n > 1);
		}
	}
	matcher_free(m);
	ruleset_unref(set);
	buf_release(&csv);
	buf_release(&text);
}

/* Which parts a word plays: never a no where a yes is right, and seldom the other way round. */
static void what_a_word_may_be_is_never_forgotten(void **state)
{
	(void)state;
	static const enum role roles[] = {ROLE_ALONE, ROLE_FIRST, ROLE_SECOND};
	uint64_t words[256] = {0};
	struct roles r = {words, 255};
	size_t wrong = 0;
	for (uint64_t i = 0; i < 1000; i++) {
		roles_add(&r, hash64(str_n((const char *)&i, sizeof(i)), 7), roles[i % 3]);
	}
	for (uint64_t i = 0; i < 3000; i++) {
		uint64_t h = hash64(str_n((const char *)&i, sizeof(i)), 7);
		for (size_t k = 0; k < 3; k++) {
			bool is = (roles_of(&r, h) >> roles[k] & 1) != 0;
			assert_true(is || i >= 1000 || i % 3 != k);
			wrong += is && (i >= 1000 || i % 3 != k);
		}
	}
	assert_true(wrong < 400); /* of 8,000 */
}

/* A thousand people share a name, and a post says it 150 times, then another one. */
static void names_behind_too_many_are_neither_there_nor_not(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		bool decided;
	} cases[] = {
		{"any:rivals", false},
		{"any:people", true},
		{"any:people AND any:rivals", false},
		{"any:rivals AND yesterday", false},
		{"yesterday NOT any:rivals", false},
		{"\"or any:rivals\"", false},
		{"ATLEAST/2 (any:rivals)", false},
		{"yesterday NEAR/3 any:rivals", false},
		{"yesterday AND otherwise", true},
	};
	struct buf b;
	buf_init(&b, 1 << 20);
	buf_add_c(&b, "name,id\n");
	for (int i = 0; i < 1000; i++) {
		buf_printf(&b, "Jane Doe,p%d\n", i);
	}
	folder_write(&dir, "people.csv", buf_c(&b));
	buf_clear(&b);
	for (int i = 0; i < 150; i++) {
		buf_add_c(&b, "Jane Doe ");
	}
	buf_add_c(&b, "or Globex, yesterday or otherwise");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char yaml[300];
		struct signal *found;
		snprintf(yaml, sizeof(yaml),
			"rules:\n  - {id: p, kind: mention, match: 'any:people'}\n"
			"  - {id: q, kind: mention, score: 99, match: '%s'}\n",
			cases[i].query);
		folder_write(&dir, "r.yaml", yaml);
		struct ruleset *set = folder_load(&dir, true);
		assert_non_null(set);
		struct matcher *m = matcher_new(set);
		assert_non_null(m);
		assert_int_equal(signals_in(m, buf_c(&b), &found), 2);
		const struct signal *q = str_eq_c(found[0].rule, "q") ? &found[0] : &found[1];
		assert_int_equal((q->flags & FLAG_UNDECIDED) == 0, cases[i].decided);
		if (!cases[i].decided) {
			assert_true(str_find(q->explain, STR("more names than are looked at")) !=
				    SIZE_MAX);
		}
		matcher_free(m);
		ruleset_unref(set);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			only_what_lies_inside_a_longer_name_is_covered, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_name_is_found_wherever_it_begins, setup, teardown),
		cmocka_unit_test(what_a_word_may_be_is_never_forgotten),
		cmocka_unit_test_setup_teardown(
			an_umlaut_may_be_a_letter_and_a_mark, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_possessive_is_no_variant_however_it_is_written, setup, teardown),
		cmocka_unit_test_setup_teardown(
			signs_before_a_name_are_compared_too, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_name_without_its_legal_form_keeps_its_signs, setup, teardown),
		cmocka_unit_test_setup_teardown(
			every_token_of_a_name_is_of_its_kind, setup, teardown),
		cmocka_unit_test_setup_teardown(
			only_syllables_may_follow_a_korean_name, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_list_that_wakes_no_rule_is_searched_when_a_rule_needs_it, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			names_behind_too_many_are_neither_there_nor_not, setup, teardown),
	};
	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
