#include "tests/unit/rules_unit.h"

static struct folder dir;
static struct ruleset *set;
static struct matcher *matcher;
static struct signal *found;
static size_t found_n;

static int setup(void **state)
{
	(void)state;
	folder_open(&dir);
	set = NULL;
	matcher = NULL;
	folder_write(&dir, "contacts.csv", "name,tier\nmo li,gold\n");
	folder_write(&dir, "accounts.csv", "name,id,tier\nThe Little Shop,a1,gold\niFoo,a2,\n");
	folder_write(&dir, "products.csv", "name,id\nRocket Skates,p1\nSkates,p2\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	matcher_free(matcher);
	ruleset_unref(set);
	folder_close(&dir);
	return 0;
}

static void load(const char *query, const char *more)
{
	char yaml[4000];
	static const char *const paths[] = {"r.yaml"};
	static const struct rules_list lists[] = {{.name = "contacts", .file = "contacts.csv"},
		{.name = "accounts", .file = "accounts.csv"},
		{.name = "products", .file = "products.csv"}};
	struct rules_source source = {.paths = paths,
		.paths_n = 1,
		.lists = lists,
		.lists_n = 3,
		.base_dir = dir.path,
		.packs_dir = dir.path};
	snprintf(yaml, sizeof(yaml),
		"rules:\n  - id: q\n    kind: mention\n    match: |\n      %s\n%s", query, more);
	matcher_free(matcher);
	ruleset_unref(set);
	matcher = NULL;
	set = NULL;
	folder_write(&dir, "r.yaml", yaml);
	int rc = ruleset_load(&set, &source, &dir.diags, &dir.err);
	if (rc != HARK_OK) {
		print_findings(&dir.diags);
	}
	assert_int_equal(rc, HARK_OK);
	matcher = matcher_new(set);
	assert_non_null(matcher);
}

static bool hits(const char *text)
{
	struct post p;
	post_init(&p);
	p.source = STR("test");
	p.external_id = STR("1");
	p.text = str_c(text);
	assert_int_equal(matcher_match(matcher, &p, &dir.arena, &found, &found_n), HARK_OK);
	return found_n == 1;
}

/* What $x of a query takes of a text; NULL: the query does not hold. */
struct sample {
	const char *text, *takes;
};

static void takes(const char *query, const struct sample *samples, size_t n)
{
	load(query, "    emit: {x: $x}\n");
	for (size_t i = 0; i < n; i++) {
		const struct sample *s = &samples[i];
		bool holds = hits(s->text);
		if (holds != (s->takes != NULL)) {
			fail_msg("%s should%s hold for: %s", query, holds ? " not" : "", s->text);
		}
		if (holds &&
			(found[0].emit_n != 1 || !str_eq_c(found[0].emit[0].value, s->takes))) {
			fail_msg("%s takes '%.*s' and not '%s' of: %s", query,
				found[0].emit_n == 1 ? (int)found[0].emit[0].value.n : 0,
				found[0].emit_n == 1 ? found[0].emit[0].value.p : "", s->takes,
				s->text);
		}
	}
}
#define TAKES(query, ...)                                                    \
	do {                                                                 \
		static const struct sample samples[] = {__VA_ARGS__};        \
		takes(query, samples, sizeof(samples) / sizeof(samples[0])); \
	} while (0)

static void an_organisation_is_a_run_of_names(void **state)
{
	(void)state;
	TAKES("\"joining <x:ORG>\"", {"I am joining Globex as an intern", "Globex"},
		{"joining Globex Corp. Thrilled!", "Globex Corp"},
		{"joining Bank of America next week", "Bank of America"},
		{"joining Smith and Sons, finally", "Smith and Sons"},
		{"joining Procter & Gamble", "Procter & Gamble"}, {"joining AT&T now", "AT&T"},
		{"joining Lloyd\xe2\x80\x99s Register", "Lloyd\xe2\x80\x99s Register"},
		{"joining Globex's team", "Globex"}, {"joining Coca-Cola", "Coca-Cola"},
		{"joining Globex, Inc. today", "Globex, Inc"},
		{"joining Globex, Initech and others", "Globex"},
		{"joining St. Mary Hospital", "St. Mary Hospital"},
		{"joining Globex\nGreat news", "Globex"}, {"joining Globex! Yes", "Globex"},
		{"joining B C D E F G H I", "B C D E F G"}, {"joining the queue", NULL},
		{"joining The Globex webinar", NULL}, {"joining globex", NULL},
		{"joining the little shop", "The Little Shop"}, {"joining IFOO", "iFoo"},
		{"joining Globex and then more", "Globex"}, {"joining", NULL},
		{"joining \xc3\x96"
		 "ko Institut",
			"\xc3\x96"
			"ko Institut"});
	TAKES("\"<x:ORG> is hiring\"", {"Bank of America is hiring", "Bank of America"},
		{"we hear Globex is hiring", "Globex"});
	/* As much as lets the rest hold. */
	TAKES("\"<x:ORG> crm is\"", {"Globex Suite CRM is down", "Globex Suite"});
}

static void a_person_has_two_to_four_names(void **state)
{
	(void)state;
	TAKES("\"welcome <x:PERSON>\"", {"Welcome Jane Doe to the team", "Jane Doe"},
		{"welcome J. R. Smith!", "J. R. Smith"},
		{"welcome Jan van der Berg", "Jan van der Berg"},
		{"welcome Jean-Luc Martin", "Jean-Luc Martin"}, {"welcome Jean-Luc", NULL},
		{"welcome Jane", NULL}, {"welcome Jane's Diner", NULL}, {"welcome jane doe", NULL},
		{"welcome O'Brien Smith", "O'Brien Smith"}, {"welcome Mo Li", "mo li"},
		{"welcome mo li", "mo li"}, {"welcome Ana Bel Cruz Diaz Eco", "Ana Bel Cruz Diaz"},
		{"welcome Jane, Kim", NULL}, {"welcome Jane & Kim", NULL});
	TAKES("\"<x:PERSON> joined\"", {"Jane Doe joined", "Jane Doe"},
		{"So Jane Doe joined", "So Jane Doe"}, {"Jane joined", NULL});
}

static void a_title_holds_a_word_of_the_table(void **state)
{
	(void)state;
	TAKES("\"as <x:TITLE>\"", {"as VP Sales at Globex", "VP Sales"},
		{"as a Senior Software Engineer in Berlin", "Senior Software Engineer"},
		{"as the new Head of Customer Success!", "new Head of Customer Success"},
		{"as Director, Product", "Director"},
		{"as chief of staff for Globex", "chief of staff"}, {"as VP R&D", "VP R&D"},
		{"as a guest", NULL}, {"as VP at", "VP"},
		{"as CTO and I could not be happier", "CTO"},
		{"as head of The Little Shop", "head"}, {"as Co-Founder today", "Co-Founder"},
		{"as one two three four five six seven eight manager", NULL},
		{"as Head of IT at Globex", "Head of IT"}, {"as IT manager", "IT manager"},
		{"as VP US Sales", "VP US Sales"}, {"as head of it", "head"},
		{"as CTO it was fun", "CTO"},
		{"as Gesch\xc3\xa4"
		 "ftsf\xc3\xbchrerin bei Globex",
			"Gesch\xc3\xa4"
			"ftsf\xc3\xbchrerin"});
	TAKES("\"<x:TITLE> at <to:ORG>\"", {"Jane is VP Sales at Globex", "VP Sales"});
}

static void forms_of_tokens(void **state)
{
	(void)state;
	TAKES("\"started <x:WORD> at\"", {"started yesterday at it", "yesterday"},
		{"started @jane at it", NULL}, {"started at it", NULL},
		{"started not yet at it", NULL});
	TAKES("\"from <x:WORDS/2-3> to\"", {"from one two to", "one two"},
		{"from one two three to", "one two three"}, {"from one to", NULL},
		{"from a b c d to", NULL}, {"from one! two to", NULL});
	TAKES("\"for <x:NUM> seats\"", {"for 1,000 seats", "1,000"}, {"for 5k seats", "5k"},
		{"for 3.5 seats", "3.5"}, {"for five seats", NULL}, {"for 5th seats", NULL});
	TAKES("\"ask <x:HANDLE> about\"", {"ask @jane about", "@jane"}, {"ask jane about", NULL});
	TAKES("\"see <x:URL>\"", {"see https://a.example/b now", "https://a.example/b"},
		{"see a", NULL});
}

static void money_has_a_currency(void **state)
{
	(void)state;
	TAKES("\"raised <x:MONEY>\"", {"raised $5m", "$5m"},
		{"raised $ 5 million today", "$ 5 million"},
		{"raised \xe2\x82\xac"
		 "3,000 or so",
			"\xe2\x82\xac"
			"3,000"},
		{"raised 20 million euros in", "20 million euros"},
		{"raised 5\xe2\x82\xac", "5\xe2\x82\xac"},
		{"raised EUR 5 million", "EUR 5 million"}, {"raised USD5m", "USD5m"},
		{"raised 5mUSD", "5mUSD"}, {"raised US$5bn", "US$5bn"}, {"raised 5 million", NULL},
		{"raised 5", NULL}, {"raised money", NULL});
}

static void dates_have_some_forms(void **state)
{
	(void)state;
	TAKES("\"starting <x:DATE>\"", {"starting 2026-11-26!", "2026-11-26"},
		{"starting 26/11/2026", "26/11/2026"}, {"starting 26.11.2026", "26.11.2026"},
		{"starting 26 November", "26 November"},
		{"starting 26th of November 2026.", "26th of November 2026"},
		{"starting November 26th, 2026", "November 26th, 2026"},
		{"starting Nov 2026", "Nov 2026"}, {"starting January", "January"},
		{"starting Q3 2026", "Q3 2026"}, {"starting M\xc3\xa4rz 2026", "M\xc3\xa4rz 2026"},
		{"starting 31-12", NULL}, {"starting 45 May", NULL}, {"starting may", NULL},
		{"starting 5", NULL});
}

static void lists_fill_slots_too(void **state)
{
	(void)state;
	TAKES("\"bought <x:PRODUCT>\"", {"bought rocket skates", "Rocket Skates"},
		{"bought skates", "Skates"}, {"bought shoes", NULL});
	TAKES("\"<x:list:products[id=p2]>\"", {"my skates", "Skates"}, {"rocket skates", NULL});
	load("\"joining <x:ORG>\"", "    emit: {x: $x.tier, id: $x.id}\n");
	assert_true(hits("joining the little shop"));
	assert_int_equal(found[0].emit_n, 2);
	assert_str_is(found[0].emit[0].value, "gold");
	assert_int_equal(found[0].entities_n, 1);
	assert_str_is(found[0].entities[0].id, "a1");
	assert_true(hits("joining Globex"));
	assert_int_equal(found[0].emit_n, 0);
	load("\"ask any:contacts about\"", "");
	assert_true(hits("ask Mo Li about it"));
	assert_int_equal(found[0].entities_n, 1);
	assert_str_is(found[0].entities[0].name, "mo li");
	assert_int_equal(found[0].spans_n, 1);
}

static void a_signal_tells_what_slots_took(void **state)
{
	(void)state;
	load("\"joining <to:ORG> as <role:TITLE>\"",
		"    subject: $to\n    emit: {employer: $to, title: '$role at $to'}\n");
	assert_true(hits("Thrilled to be joining Globex as VP Sales!"));
	const struct signal *s = &found[0];
	assert_str_is(s->title, "VP Sales at Globex");
	assert_str_is(s->subject.id, "globex");
	assert_str_is(s->explain,
		"\"joining Globex as VP Sales\" (text 15-41)"); /* what the slots took is in it */
	assert_int_equal(s->spans_n, 1);
	assert_int_equal(s->spans[0].start, 15);
	assert_int_equal(s->spans[0].end, 41);
	assert_false(hits("joining the queue as usual"));
	assert_false(hits("joining the Globex webinar as a guest"));
	load("\"joining <to:ORG>\" NEAR/3 berlin", "    emit: {to: $to}\n");
	assert_true(hits("joining Initech here. Also joining Globex in Berlin"));
	assert_str_is(found[0].emit[0].value, "Globex");
}

static void many_ways_to_fill_cost_little(void **state)
{
	(void)state;
	static char text[40000];
	for (size_t i = 0; i + 8 < sizeof(text); i += 4) {
		memcpy(text + i, "Go A", 4);
		text[i + 2] = ' ';
		text[i + 3] = ' ';
	}
	load("\"go <a:WORDS/1-20> <b:WORDS/1-20> <c:WORDS/1-20> <d:WORDS/1-20> <e:WORDS/1-20> "
	     "<f:WORDS/1-20> <g:WORDS/1-20> <h:WORDS/1-20> stop\"",
		"");
	assert_false(hits(text)); /* 20^8 ways a place, if all were tried */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_organisation_is_a_run_of_names, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_has_two_to_four_names, setup, teardown),
		cmocka_unit_test_setup_teardown(a_title_holds_a_word_of_the_table, setup, teardown),
		cmocka_unit_test_setup_teardown(forms_of_tokens, setup, teardown),
		cmocka_unit_test_setup_teardown(money_has_a_currency, setup, teardown),
		cmocka_unit_test_setup_teardown(dates_have_some_forms, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_fill_slots_too, setup, teardown),
		cmocka_unit_test_setup_teardown(a_signal_tells_what_slots_took, setup, teardown),
		cmocka_unit_test_setup_teardown(many_ways_to_fill_cost_little, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
