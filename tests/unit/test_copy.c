#include "tests/unit/unit.h"

#include "rules/copy.h"
#include "rules/text.h"

#include <stdio.h>
#include <stdlib.h>

static struct copy *a, *b;

static int setup(void **state)
{
	(void)state;
	a = copy_new();
	b = copy_new();
	return a != NULL && b != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	copy_free(a);
	copy_free(b);
	return 0;
}

static bool same(const char *one, const char *other)
{
	assert_int_equal(copy_read(a, STR_NONE, str_c(one)), HARK_OK);
	assert_int_equal(copy_read(b, STR_NONE, str_c(other)), HARK_OK);
	bool is = copy_same(a, b);
	assert_int_equal(copy_same(b, a), is);
	return is;
}

struct pair {
	const char *one, *other;
};

#define STORY \
	"Harlow Steel says operating profit rose to EUR 13.1 million in the third quarter from EUR 8.7 million"
#define SHORT "Old Tern brewery gets new owner"

static void what_is_passed_on_is_a_copy(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{STORY, STORY},
		{STORY, "RT @ledger: " STORY},
		{STORY, STORY " via @tradewire"},
		{STORY, STORY " https://t.example/a1b2c3"},
		{STORY, "MARDEN (Courier) - " STORY},
		{STORY, STORY " | The Courier"},
		{STORY, "Great numbers, well done to all of them! " STORY},
		{STORY, STORY " #steel #business"},
		{STORY, "Harlow #Steel says operating profit rose to EUR 13.1 million in the third quarter "
			"from EUR 8.7 million"},
		{STORY, "RT @ledger: Harlow Steel says operating profit rose to EUR 13.1 million in the thi…"},
		{STORY, "Harlow Steel says operating profit rose to EUR 13.1 million in the ..."},
		{STORY, "HARLOW STEEL SAYS OPERATING PROFIT ROSE TO EUR 13.1 MILLION IN THE THIRD QUARTER FROM "
			"EUR 8.7 MILLION"},
		{STORY, "Harlow Steel says operating profit rose to €13.1m in the third quarter from €8.7m"},
		{STORY, "Harlow Steel said operating profit rose to EUR 13.1 million in third quarter from EUR "
			"8.7 million"},
		{STORY, "Harlow Steel says operatign profit rose to EUR 13.1 million in the third quarter from "
			"EUR 8.7 million"},
		{"Harlow Steel says operating profit rose to EUR 13.1 million in the third qaurter from EUR 8.7 "
		 "million",
			"Harlow Steel says operating profit rose to EUR 13.1 million in the third quart…"},
		{SHORT, "OLD TERN BREWERY GETS NEW OWNER"},
		{SHORT, "Breaking: " SHORT " https://t.example/x"},
		{SHORT, SHORT " - Morning Ledger"},
		{SHORT " #beer", SHORT},
		{"RT @ledger: " SHORT " via @tradewire", "RT @newsbot: " SHORT " cc @anna @ben"},
		{"RT @jonas: Good luck today @marta", "Good luck today @marta"},
		{"RT @jonas: @marta thank you so much!", "@marta thank you so much!"},
		{"Now hiring: #nurse", "Now hiring: #nurse #jobs #care"},
		{STORY " #steel #business", "RT @ledger: " STORY " #steel #busi…"},
		{"The council said on Thursday that the new tram line through the harbour will be built",
			"The council said that the new tram line through the harbour will be built"},
		{"I am so proud of my team at Larkspur Foods for winning the prize tonight",
			"So proud of my team at Larkspur Foods for winning the prize tonight"},
		{"Орион покупает завод в Тарне за 40 миллионов, сообщила компания сегодня утром",
			"RT @news: Орион покупает завод в Тарне за 40 миллионов — сообщила компания сегодня утром"},
		{"東京の会社が新しい工場を北部に建設すると発表した",
			"東京の会社が新しい工場を、北部に建設すると発表した。"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (!same(pairs[i].one, pairs[i].other)) {
			fail_msg("no copy: %s\n       of: %s", pairs[i].other, pairs[i].one);
		}
	}
}

static void the_next_line_of_a_template_is_none(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{STORY, "Harlow Steel says operating profit rose to EUR 13.2 million in the third quarter from "
			"EUR 8.7 million"},
		{STORY, "Harlow Steel says operating profit rose to EUR 13.1 million in the second quarter from "
			"EUR 8.7 million"},
		{STORY, "Harlow Steel says operating profit rose to EUR 13.1 billion in the third quarter from "
			"EUR 8.7 billion"},
		{STORY, "Harlow Steel says operating profit fell to EUR 13.1 million in the third quarter from "
			"EUR 8.7 million"},
		{STORY, "Dorrin Logistics says operating profit rose to EUR 13.1 million in the third quarter "
			"from EUR 8.7 million"},
		{STORY, "Harlow Steel says net loss rose to EUR 13.1 million in the third quarter from EUR 8.7 "
			"million"},
		{"harlow steel says profit rose again in the quarter as sales of pipes grew",
			"dorrin logistics says profit rose again in the quarter as sales of pipes grew"},
		{"HARLOW STEEL: PROFIT ROSE AGAIN IN THE QUARTER AS SALES OF PIPES GREW",
			"DORRIN LOGISTICS: PROFIT ROSE AGAIN IN THE QUARTER AS SALES OF PIPES GREW"},
		{"$HRLW upgraded to buy from hold at Alder Securities, the broker said",
			"$DRRN upgraded to buy from hold at Alder Securities, the broker said"},
		{"The company said it will now proceed with the purchase of Tallis Mutual",
			"The company said it will not proceed with the purchase of Tallis Mutual"},
		{"The ministry confirms that the plant in Port Astor will be closed this year",
			"The ministry denies that the plant in Port Astor will be closed this year"},
		{"Northgate Bank appoints Ines Calloway as head of corporate lending in March",
			"Northgate Bank appoints Ruth Imber as head of corporate lending in March"},
		{"Flight SK 204 to Castora is boarding at gate 7",
			"Flight SK 206 to Castora is boarding at gate 7"},
		{"Gold steady near two week high ahead of bank meeting",
			"Gold steady near two week high ahead of j…"},
		{"Gold steady near two week high ahead of meeting of the central bank",
			"Gold steady near two week high ahead of seatin…"},
		{"What a match! Harwick beat Tarn 3-2 after extra time to reach the final",
			"What a match! Harwick beat Tarn 3-2 after extra time to reach the semi-final"},
		{"What a match! Harwick beat Tarn 3-2 after extra time to reach the final",
			"What a match! Harwick beat Tarn 3-2 after extra time to reach the quarter-final"},
		{"The museum of Harwick shows paintings by Ines Calloway from the end of May",
			"The museum of Harwick shows paintings by Ines Calloway until the end of May"},
		{"Greta Moss named chief executive of Larkspur Foods after nine years at the company",
			"Greta Moss named interim chief executive of Larkspur Foods after nine years at the "
			"company"},
		{"Larkspur Foods wins approval for its new plant in Harwick, the ministry said",
			"Larkspur Foods nearly wins approval for its new plant in Harwick, the ministry said"},
		{"The council votes for plan for a new tram line through the old harbour district",
			"The council votes against plan for a new tram line through the old harbour district"},
		{"Minister says tax on sugary drinks will come into force before the end of the year",
			"Minister says tax on sugary drinks could come into force before the end of the year"},
		{"Good luck today @marta", "Good luck today @jonas"},
		{"@marta thank you so much!", "@jonas thank you so much!"},
		{"Now hiring: #nurse", "Now hiring: #driver"},
		{"Want to work with us? View our latest opening in the ward: https://x.example/1 #Job #Nursing",
			"Want to work with us? View our latest opening in the ward: https://x.example/2 #Job "
			"#Driver"},
		{"I really love my job", "I really love your job"},
		{"Flights to Castora are cancelled because of the storm, the airline said this morning",
			"Flights from Castora are cancelled because of the storm, the airline said this morning"},
		{"Le ministre dit que l'usine de Tarn fermera ses portes avant la fin de cette année",
			"Le ministre dit que l'usine de Tarn ne fermera pas ses portes avant la fin de cette "
			"année"},
		{SHORT, "Old Tern brewery gets new roof"},
		{SHORT, "Old Tern brewery"},
		{"", ""},
		{"https://t.example/1", "https://t.example/1"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (same(pairs[i].one, pairs[i].other)) {
			fail_msg("a copy: %s\n    of: %s", pairs[i].other, pairs[i].one);
		}
	}
}

#define BODY                                                                                        \
	"The carmaker said on Wednesday that the plant will make cells for eighty thousand vans a " \
	"year and give work to six hundred people. It is built together with the Castoran firm "    \
	"Voltessa, which holds a third of the shares. Production begins next autumn; two further "  \
	"lines follow when demand allows."

static void a_long_text_may_have_another_headline_but_no_other_figures(void **state)
{
	(void)state;
	assert_true(same("Halden Motors opens a battery plant near Felton. " BODY,
		"Six hundred jobs for Marden: the details. " BODY));
	assert_true(same(BODY, "Press release. " BODY " More at https://halden.example/press"));
	assert_false(same(BODY,
		"The carmaker said on Wednesday that the plant will make cells for ninety thousand vans a "
		"year and give work to seven hundred people. It is built together with the Castoran firm "
		"Orbis, which holds a third of the shares. Production begins next autumn; two further "
		"lines follow when demand allows."));
}

static void a_title_that_repeats_the_text_says_nothing(void **state)
{
	(void)state;
	assert_int_equal(copy_read(a, STR("Harlow Steel says operating pro"), STR(STORY)), HARK_OK);
	assert_int_equal(copy_read(b, STR_NONE, STR(STORY)), HARK_OK);
	assert_int_equal(copy_words(a), copy_words(b));
	assert_true(copy_same(a, b));
}

/* Whether b is looked for with a key that a is found by. */
static bool finds(const char *original, const char *copy)
{
	uint64_t keys[COPY_KEYS_MAX], chosen[COPY_KEYS];
	uint8_t common[COPY_KEYS_MAX] = {0};
	copy_read(a, STR_NONE, str_c(original));
	size_t n = copy_choose(keys, common, copy_look(a, keys).keys_n, chosen);
	copy_read(b, STR_NONE, str_c(copy));
	size_t many = copy_look(b, keys).keys_n;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < many; k++) {
			if (chosen[i] == keys[k]) {
				return true;
			}
		}
	}
	return false;
}

static bool is_within(const char *title, const char *part, const char *whole)
{
	struct copy *x = copy_new(), *y = copy_new();
	assert_int_equal(copy_read(x, str_c(title), str_c(part)), HARK_OK);
	assert_int_equal(copy_read(y, str_c(title), str_c(whole)), HARK_OK);
	bool is = copy_is_within(x, y);
	copy_free(x);
	copy_free(y);
	return is;
}

static void a_text_is_within_what_has_something_around_it(void **state)
{
	(void)state;
	assert_true(is_within("", STORY, "Morning Ledger: " STORY " Write to the desk."));
	assert_true(is_within("A quarter of steel", STORY, "Morning Ledger: " STORY));
	assert_false(is_within("", "Morning Ledger: " STORY, STORY));
	assert_false(is_within("", STORY, STORY " https://t.example/a")); /* the same words */
	assert_false(is_within("", "Harlow Steel says profit rose to EUR 13.1 million",
		"Harlow Steel says operating profit rose to EUR 13.1 million today"));
}

static void keys_are_spread_over_the_text(void **state)
{
	(void)state;
	assert_true(finds(STORY, "Harlow Steel says operating profit rose to …"));
	assert_true(finds(STORY, "in the third quarter from EUR 8.7 million"));
	assert_true(finds(SHORT, "RT @x: Old Tern brewery gets new owner"));
	assert_true(finds("Sold out", "sold out!"));
	assert_false(finds(STORY, BODY));
	assert_false(finds("", ""));
}

static void the_rarest_keys_are_chosen(void **state)
{
	(void)state;
	uint64_t keys[] = {9, 8, 7, 6, 5, 4, 3, 2};
	const uint8_t common[] = {0, 1, 4, 4, 9, 2, 0, 0};
	uint64_t chosen[COPY_KEYS];
	for (size_t i = 0; i < 8; i++) {
		keys[i] <<= 56;
	}
	assert_int_equal(copy_choose(keys, common, 8, chosen), 4);
	assert_int_equal(chosen[0] >> 56, 9);
	assert_int_equal(chosen[1] >> 56, 6); /* equally rare: the smaller */
	assert_int_equal(chosen[2] >> 56, 4);
	assert_int_equal(chosen[3] >> 56, 2);
	assert_int_equal(copy_choose(keys, common, 0, chosen), 0);
}

/* A post in tokens is looked for by what its text is looked for by, whatever stands around it. */
static void assert_skimmed_as_read(const char *title, const char *body)
{
	uint64_t read_keys[COPY_KEYS_MAX], skim_keys[COPY_KEYS_MAX];
	struct text t;
	text_init(&t);
	text_add(&t, TEXT_TITLE, str_c(title));
	text_add(&t, TEXT_TEXT, str_c(body));
	text_add(&t, TEXT_BIO, STR("Writes about steel"));
	copy_read(a, str_c(title), str_c(body));
	struct copy_look read = copy_look(a, read_keys);
	struct copy_look skim = copy_skim(b, &t, skim_keys);
	assert_int_equal(skim.words, copy_words(a));
	assert_int_equal(skim.words, read.words);
	assert_int_equal(skim.is_cut, read.is_cut);
	assert_int_equal(skim.keys_n, read.keys_n);
	assert_memory_equal(skim_keys, read_keys, read.keys_n * sizeof(read_keys[0]));
	text_release(&t);
}

static void what_is_skimmed_is_looked_for_alike(void **state)
{
	(void)state;
	static const struct {
		const char *title, *text;
	} posts[] = {
		{NULL, STORY},
		{"Halden Motors opens a battery plant", BODY},
		{"Harlow Steel says operating pro", STORY},
		{NULL, "RT @newsbot: " STORY
		       " via @tradewire https://news.example.com/a #steel #results"},
		{NULL, "#HarlowSteel " STORY " 13,100.50 3m \xf0\x9f\x93\x88"},
		{"Courier: the mayor opens the new bridge over the river",
			"MARDEN (Courier) - " BODY " | Courier"},
		{NULL, "Harlow Steel says operating profit rose to EUR 13.1 million in the third quar…"},
		{NULL, "Sold out"},
		{NULL, "$HRLW up"},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++) {
		assert_skimmed_as_read(posts[i].title, posts[i].text);
	}
}

/* Words that count, light ones and those that count as others, in rows of all lengths. */
static void long_rows_are_skimmed_as_they_are_read(void **state)
{
	static const char *const words[] = {
		"steel", "the", "harlow", "of", "seven", "not", "in", "works", "a", "mill7", "12"};
	static const char *const ends[] = {"", ".", "...", " the"};
	const size_t n = sizeof(words) / sizeof(words[0]);
	(void)state;
	for (size_t length = 1; length < 150; length += length < 60 ? 7 : 1) {
		char text[2048] = "";
		size_t at = 0;
		for (size_t i = 0; i < length; i++) {
			const char *word = words[(i * i + i / 3) % n];
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s ", word);
		}
		snprintf(text + at - 1, sizeof(text) - at + 1, "%s", ends[length % 4]);
		assert_skimmed_as_read(NULL, text);
	}
	char *many = calloc(COPY_WORDS_MAX + 100, 7);
	for (size_t i = 0; i < COPY_WORDS_MAX + 99; i++) {
		memcpy(many + 7 * i, i % 5 == 0 ? "in the " : "steels ", 7);
	}
	assert_skimmed_as_read("Steel", many);
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_passed_on_is_a_copy),
		cmocka_unit_test(the_next_line_of_a_template_is_none),
		cmocka_unit_test(a_long_text_may_have_another_headline_but_no_other_figures),
		cmocka_unit_test(a_title_that_repeats_the_text_says_nothing),
		cmocka_unit_test(a_text_is_within_what_has_something_around_it),
		cmocka_unit_test(long_rows_are_skimmed_as_they_are_read),
		cmocka_unit_test(keys_are_spread_over_the_text),
		cmocka_unit_test(the_rarest_keys_are_chosen),
		cmocka_unit_test(what_is_skimmed_is_looked_for_alike),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
