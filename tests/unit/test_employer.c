#include "tests/unit/unit.h"

#include "connectors/employer.h"

struct reading {
	const char *text, *employer; /* NULL: none */
};

static void reads(struct str (*read)(struct str), const struct reading *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str got = read(str_c(all[i].text));
		struct str want = str_c(all[i].employer);
		if (!str_eq(got, want) || (got.p == NULL) != (want.p == NULL)) {
			fail_msg("'%s': '%.*s' instead of '%s'", all[i].text, STR_FMT(got),
				all[i].employer != NULL ? all[i].employer : "nothing");
		}
		assert_true(got.p == NULL ||
			    (got.p >= all[i].text && got.p < all[i].text + strlen(all[i].text)));
	}
}
#define READS(read, all) reads(read, all, sizeof(all) / sizeof((all)[0]))

static void a_word_of_work_before_a_name_makes_it_the_employer(void **state)
{
	static const struct reading all[] = {
		{"VP Sales @acme", "acme"},
		{"VP Widgets @acme-example", "acme-example"},
		{"Engineer at Acme", "Acme"},
		{"Builds widgets at Acme Sprockets. Likes trains", "Acme Sprockets"},
		{"VP Widgets @ Acme (ex-Globex)\nlikes tea", "Acme"},
		{"VP Widgets @acme-example\r\nformerly Globex", "acme-example"},
		{"Builds widgets at Acme Sprockets. Formerly Globex.\nada@example.com",
			"Acme Sprockets"},
		{"Ada | Software engineer at Acme | she/her", "Acme"},
		{"VP Sales, EMEA at Acme Widgets GmbH", "Acme Widgets GmbH"},
		{"Professor at the University of Example", "the University of Example"},
		{"Founder of Acme. Dad.", "Acme"},
		{"CEO of Acme and father of two", "Acme"},
		{"Entwicklerin bei \xc3\x96rtli AG", "\xc3\x96rtli AG"},
		{"Ing\xc3\xa9nieure chez Globex", "Globex"},
		{"I work at Acme's office", "Acme"},
		{"Designer at AT&T", "AT&T"},
		{"Developer at 37widgets", "37widgets"},
		{"Previously Globex, now working at Acme", "Acme"},
		{"ex-Globex, Director at Acme", "Acme"},
		{"Engineer at Acme (since 2019)", "Acme"},
		{"Engineer at Acme, 2019-present", "Acme"},
		{"Engineer @acme, head of tea at Acme Inc.", "Acme Inc"},
		{"Product at Acme \xf0\x9f\xa6\x8b Berlin", "Acme"},
	};
	(void)state;
	READS(employer_in_bio, all);
}

static void where_it_is_not_clear_there_is_none(void **state)
{
	static const struct reading all[] = {
		{"", NULL},
		{"Likes trains", NULL},
		{"Acme", NULL},
		{"@acme", NULL},
		{"Mad at Acme", NULL},
		{"Dad at Heart, engineer at Home", NULL},
		{"Engineer at Acme and Globex", NULL},
		{"Engineer at Acme & Globex", NULL},
		{"Engineer @acme @globex", NULL},
		{"Engineer @acme/@globex", NULL},
		{"CEO at Acme. Developer at Globex.", NULL},
		{"Engineer at a startup", NULL},
		{"Ex-engineer at Acme", NULL},
		{"Former VP at Acme", NULL},
		{"Formerly VP at Acme, Director at Globex", NULL},
		{"Engineer. Formerly at Acme", NULL},
		{"was a developer at Acme", NULL},
		{"Engineer at Acme (2015-2019)", NULL},
		{"worked at Acme", NULL},
		{"Engineer at Acme until May", NULL},
		{"Retired developer, building trains at Acme until 2019", NULL},
		{"Soon engineer at Acme", NULL},
		{"Incoming engineer at Acme", NULL},
		{"Engineering student at Acme University", NULL},
		{"Volunteer developer at Acme", NULL},
		{"Advisor to developers at Acme", NULL},
		{"Not an engineer at Acme", NULL},
		{"developer, write to ada@example.com", NULL},
		{"developer @ada@mastodon.example", NULL},
		{"Engineer @ada.example", NULL},
		{"Head of Sales", NULL},
		{"VP Sales at", NULL},
		{"VP Sales @", NULL},
		{"work at the", NULL},
		{"engineer at \xe9\x83\xa8\xe5\x93\x81", NULL},
		{"\xff\xfe engineer \xc3", NULL},
	};
	(void)state;
	READS(employer_in_bio, all);
}

static void a_field_is_one_company_or_none(void **state)
{
	static const struct reading all[] = {
		{"@acme", "acme"},
		{" Acme Sprockets ", "Acme Sprockets"},
		{"Acme, Inc.", "Acme"},
		{"Acme Inc.", "Acme Inc."},
		{"AT&T", "AT&T"},
		{"acme.example", "acme.example"},
		{"The Widget Company", "The Widget Company"},
		{"@acme @globex", NULL},
		{"Acme, Globex", NULL},
		{"Acme & Globex", NULL},
		{"Acme/Globex", NULL},
		{"Acme and Globex", NULL},
		{"ex-@acme", NULL},
		{"former Acme", NULL},
		{"Freelancer", NULL},
		{"self-employed", NULL},
		{"Student", NULL},
		{"https://acme.example", NULL},
		{"-", NULL},
		{"@", NULL},
		{"42", NULL},
		{"", NULL},
		{"a text that goes on and on and says a lot of things about what this person does all day",
			NULL},
	};
	(void)state;
	READS(employer_in_field, all);
}

static void one_company_has_many_spellings(void **state)
{
	(void)state;
	assert_true(employer_same(STR("acme-example"), STR("Acme Example")));
	assert_true(employer_same(STR("ACME"), STR("Acme, Inc.")));
	assert_true(employer_same(STR("acme"), STR("Acme Labs")));
	assert_true(employer_same(STR("The Widget Co"), STR("widget")));
	assert_true(employer_same(STR("\xc3\x96rtli"), STR("\xc3\xb6rtli AG")));
	assert_true(employer_same(STR(""), STR("...")));
	assert_false(employer_same(STR("Acme"), STR("Globex")));
	assert_false(employer_same(STR("Acme"), STR("")));
	assert_false(employer_same(STR("Inc"), STR("Globex Inc")));
}

static void a_name_still_stands_in_a_text_unless_it_is_past(void **state)
{
	(void)state;
	assert_true(employer_is_named(STR("Engineer at Acme & Globex"), STR("acme")));
	assert_true(employer_is_named(STR("I love @acme-example"), STR("Acme Example")));
	assert_true(employer_is_named(STR("formerly Globex, now Acme"), STR("Acme Inc")));
	assert_false(employer_is_named(STR("Engineer, ex-Acme"), STR("Acme")));
	assert_false(employer_is_named(STR("Former Acme"), STR("Acme")));
	assert_false(employer_is_named(STR("formerly Globex, Acme"), STR("Acme")));
	assert_false(employer_is_named(STR("Acme (2012-2015)"), STR("Acme")));
	assert_false(employer_is_named(STR("Acmeology"), STR("Acme")));
	assert_false(employer_is_named(STR(""), STR("Acme")));
	assert_false(employer_is_named(STR("anything"), STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_of_work_before_a_name_makes_it_the_employer),
		cmocka_unit_test(where_it_is_not_clear_there_is_none),
		cmocka_unit_test(a_field_is_one_company_or_none),
		cmocka_unit_test(one_company_has_many_spellings),
		cmocka_unit_test(a_name_still_stands_in_a_text_unless_it_is_past),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
