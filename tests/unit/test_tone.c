#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"
#include "rules/classify/tone.h"
#include "rules/classify/tone_scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct tone_model model;
static struct tone_reader *reader;
static struct tone found;

static int setup(void **state)
{
	(void)state;
	struct hark_err err;
	if (tone_model_open_own(&model, &err) != HARK_OK) {
		return -1;
	}
	reader = tone_reader_new(&model);
	return reader != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	tone_reader_free(reader);
	tone_model_close(&model);
	return 0;
}

static const char *tone_of(struct str lang, struct str text)
{
	struct post post;
	post_init(&post);
	post.lang = lang;
	post.text = text;
	tone_read(reader, &post, true, &found);
	tone_claim(reader, &found);
	return tone_label_name(found.label);
}

static void expect(const char *text, const char *want)
{
	assert_string_equal(tone_of(STR_NONE, str_c(text)), want);
}

static void plain_words_have_their_tone(void **state)
{
	(void)state;
	expect("I love this, support is great!", "positive");
	expect("Thank you so much, you made my day :)", "positive");
	expect("Worst service ever, my bag is lost and nobody answers", "negative");
	expect("It crashed again and ate a day of work. Terrible.", "negative");
	expect("The webinar starts at three and will be recorded", "neutral");
	expect("@acme do you fly from Leeds on Sundays?", "neutral");
	expect("Not the worst tool.", "neutral"); /* faint praise */
}

static void plain_praise_and_blame_are_no_irony(void **state)
{
	(void)state;
	static const char *const praise[] = {"Top marks for the support team, we are delighted",
		"Top marks to the installers, very happy with the result.",
		"Great product, great people, would buy again.",
		"Superb service from start to finish. Thank you!",
		"We are thrilled with the new scheduler.",
		"Five stars from all of us at the bakery.",
		"Excellent value and very easy to use.",
		"I can warmly recommend them to any small firm.",
		"Brilliant app, it does exactly what we need.",
		"Kudos to the whole crew, wonderful job!",
		"Fantastic support, they answered within minutes.",
		"The best purchase we made this year.",
		"Really pleased with the quality of the prints.",
		"Works perfectly, looks lovely."},
		     *const blame[] = {"Poor service, we are very disappointed.",
			     "The worst support we ever had to deal with.",
			     "Broke after two days. Waste of money.",
			     "Very slow and full of bugs, would not recommend.",
			     "Rude staff and hidden fees. Avoid.",
			     "Nobody answers the phone and the app keeps crashing.",
			     "We regret buying it, nothing works as promised.",
			     "Overpriced and unreliable."};
	for (size_t i = 0; i < sizeof(praise) / sizeof(praise[0]); i++) {
		expect(praise[i], "positive");
	}
	for (size_t i = 0; i < sizeof(blame) / sizeof(blame[0]); i++) {
		expect(blame[i], "negative");
	}
}

static void chances_add_up_and_lean_as_the_label_says(void **state)
{
	(void)state;
	expect("What a brilliant little tool, best purchase this year", "positive");
	double all = found.p[0] + found.p[1] + found.p[2];
	assert_true(all > 0.999 && all < 1.001);
	assert_true(found.p[2] > found.p[1] && found.p[2] > found.p[0]);
	assert_true(found.score > 0 && found.score <= 1);
	expect("The invoice says the end of the month.", "neutral");
	all = found.p[0] + found.p[1] + found.p[2];
	assert_true(all > 0.999 && all < 1.001);
	assert_true(found.p[1] > found.p[0] && found.p[1] > found.p[2]);
	expect("It crashed again and the hotline hung up on us.", "negative");
	all = found.p[0] + found.p[1] + found.p[2];
	assert_true(all > 0.999 && all < 1.001);
	assert_true(found.p[0] > found.p[1] && found.p[0] > found.p[2]);
}

static void what_is_not_english_is_unknown(void **state)
{
	(void)state;
	static const char *const foreign[] = {
		"Das ist leider nicht gut und wir sind sehr enttäuscht",
		"C'est génial, merci beaucoup pour votre aide",
		"Muchas gracias, todo está muy bien",
		"Kurulum biraz uzun sürdü ama şimdi çok memnunuz", "とても良いです",
		"Очень хорошо, спасибо", "Vi jämförde tre system och valde det som var enklast",
		"شكرا جزيلا"};
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		expect(foreign[i], "unknown");
		assert_true(
			found.p[0] == 0 && found.p[1] == 0 && found.p[2] == 0 && found.why_n == 0);
	}
	assert_string_equal(tone_of(STR("de"), STR("super")), "unknown");
	assert_string_equal(tone_of(STR("en-GB"), STR("super, thanks")), "positive");
	assert_string_equal(tone_of(STR("und"), STR("super, thanks")), "positive");
	expect("Señor Ruiz says the café app is the best he has used", "positive");
}

static void a_language_that_no_list_knows_is_not_english(void **state)
{
	(void)state;
	static const char *const texts[] = {
		/* Welsh, Esperanto, Swahili: without a letter or a word that tells */
		"Rydym wedi bod yn defnyddio'r feddalwedd yma ers chwe mis bellach ac mae pawb yn y swyddfa wrth "
		"eu bodd gyda hi gan ei bod yn arbed cymaint bob wythnos",
		"Ni uzas tiun programon jam de ses monatoj kaj ambaw teamoj trovas gin tre utila kaj rapida kaj "
		"facila kaj bone farita kaj ni dankas al tiuj kiuj faris gin",
		"Tumetumia programu hii kwa miezi sita sasa wafanyakazi wetu wote wanaipenda kwa sababu inaokoa "
		"muda mwingi kila siku huduma yao nzuri kuliko kampuni nyingine yoyote tuliyowahi kutumia hapa"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect(texts[i], "unknown");
	}
	expect("Acme Desk, Acme Mail, Acme Forms: great", "positive"); /* short, of names */
}

static void odd_texts_are_read_to_their_end(void **state)
{
	(void)state;
	struct buf rant;
	static const char *const odd[] = {"", " ", "👍", "👍🏽👍🏽👍🏽", "ok", "!!!",
		":(", "<b>great</b> &amp; <i>good</i>", "\xff\xfe\xc3", "\xf0\x9f", "@", "#",
		"#\xc3", "http://", "&", "\\u2019", "don't can't won't '''", "great 很好 хорошо",
		"<3 </3 >:( ^_^ -_- (:"};
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		tone_of(STR_NONE, str_c(odd[i]));
	}
	buf_init(&rant, 1 << 20);
	while (rant.n < 100000) {
		buf_add_c(&rant,
			"I am so angry, this is the worst thing they have ever done to us!!! ");
	}
	assert_string_equal(tone_of(STR_NONE, buf_str(&rant)), "negative");
	buf_clear(&rant);
	while (rant.n < 100000) {
		buf_add_c(&rant, "xxxxxxxxyyyyyyyyzzzzzzzzabcdefghijklmnopqrstuvw");
	}
	tone_of(STR_NONE, buf_str(&rant));
	static const char *const endless[] = {"no problems so far and not one outage ",
		"cut it from 3 weeks to 2 days ", "next time we would, ",
		"we took it over the other, ", "tip: ", "but ", "(", "- "};
	for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
		buf_clear(&rant);
		while (rant.n < 100000) {
			buf_add_c(&rant, endless[i]);
		}
		tone_of(STR_NONE, buf_str(&rant));
		assert_true(found.parts.n <= TONE_PARTS_MAX);
	}
	buf_release(&rant);
}

static void what_says_nothing_is_neutral(void **state)
{
	(void)state;
	static const char *const texts[] = {"", " ", "🚚", "📦📦", "…", "-", "1234", "@acme",
		"https://example.com", "<b></b>", "table", "Invoice", "Refund", "ok", "hello"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect(texts[i], "neutral");
	}
	expect("Thanks!", "positive");
	expect("@acme thanks", "positive");
	expect("<p>I love this tool, it is <b>great</b></p>", "positive");
	expect("Acme отличный tool, I love it, great", "positive");
	expect("Acme отличный инструмент, спасибо", "unknown");
}

static void a_few_english_words_make_no_english_text(void **state)
{
	(void)state;
	static const char *const texts[] = {"Отлично работает, спасибо the team at Acme",
		"とても良いです great tool, I love it", "Мы используем Acme Desk, it is great",
		"Очень хорошо, спасибо! Great support, thanks Acme", "本当に便利です。Great tool",
		"Мы довольны Northwind Labs Industries International, best"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect(texts[i], "unknown");
	}
	expect("I love этот tool, it is the best", "positive");
	expect("Our Москва office loves the tool, it is great", "positive");
	expect("We ate at とても and then used this great tool, I love it", "positive");
}

/* Folded byte by byte, slowly, for words of small and capital letters. */
static size_t fold_slowly(const char *word, char *fold, bool *cut)
{
	size_t n = 0;
	*cut = false;
	for (const char *p = word; *p != '\0' && n < TONE_WORD_MAX; p++) {
		char c = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
		if (n < 2 || fold[n - 1] != c || fold[n - 2] != c) {
			fold[n++] = c;
		} else {
			*cut = true;
		}
	}
	return n;
}

static void expect_folded(char *text, size_t n, const char *behind)
{
	static struct tone_scan s;
	char fold[TONE_WORD_MAX];
	bool cut;
	strcpy(text + n, behind);
	tone_scan(&s, STR_NONE, str_c(text));
	text[n] = '\0';
	struct str want = str_n(fold, fold_slowly(text, fold, &cut));
	assert_int_equal(s.v[0].end, n);
	assert_true(str_eq(tone_folded(&s, 0), want));
	assert_true(s.v[0].hash == tone_hash(want));
	assert_int_equal((s.v[0].flags & TONE_LONG) != 0, cut);
	unsigned char last = (unsigned char)want.p[--want.n];
	assert_true(tone_hash_undo(s.v[0].hash, last) == tone_hash(want));
}

#define RUN_MOST 5

static void words_of_any_length_are_folded_and_hashed_alike(void **state)
{
	(void)state;
	char text[TONE_WORD_MAX + 20];
	/* A run of equal letters, or one capital, stands at each place. */
	for (size_t n = 1; n < TONE_WORD_MAX + 8; n++) {
		for (size_t k = 0; k < n * RUN_MOST; k++) {
			size_t at = k / RUN_MOST, run = k % RUN_MOST + 1;
			for (size_t i = 0; i < n; i++) {
				text[i] = (char)('a' + i * 7 % 26);
			}
			memset(text + at, run == 1 ? 'Q' : 'q', at + run <= n ? run : n - at);
			expect_folded(text, n, n % 2 == 0 ? " end" : ".");
		}
	}
}

static void reasons_are_places_in_the_post(void **state)
{
	(void)state;
	static const char text[] = "Really love the new dashboard, it is fantastic";
	expect(text, "positive");
	assert_true(found.why_n > 0 && found.why_n <= TONE_WHY_MAX);
	bool loved = false;
	for (size_t i = 0; i < found.why_n; i++) {
		const struct tone_reason *w = &found.why[i];
		assert_true(w->text.p == NULL ||
			    (w->text.p >= text && w->text.p + w->text.n <= text + strlen(text)));
		loved |= w->worth > 0 && str_find(w->text, STR("love")) != SIZE_MAX;
	}
	assert_true(loved);
}

static void expect_all(const char *const *texts, size_t n, const char *want)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = tone_of(STR_NONE, str_c(texts[i]));
		if (strcmp(got, want) != 0) {
			fail_msg("%s, not %s: %s", got, want, texts[i]);
		}
	}
}

static void a_denied_flaw_is_praise(void **state)
{
	(void)state;
	static const char *const texts[] = {"No problems so far.", "Acme Desk never let us down.",
		"no problems with Acme Desk since we moved, not one outage",
		"No complaints about Acme Desk.", "Not bad at all, this Acme Desk.",
		"Nothing wrong with Acme Desk.",
		"We have had no issues with Acme Desk in two years.",
		"Haven't had a single outage since March.", "Zero bugs after the update",
		"We've been running it for a year without a hitch.",
		"Can't complain about Acme Desk.", "Couldn't be happier with Acme Desk.",
		"Can't fault their support.", "I can't recommend Acme Desk enough!",
		"No regrets about moving to Acme Desk.", "It hasn't crashed once.",
		"You won't regret it.", "It never fails to impress.",
		"Hardly any downtime this year.", "We never had any problems with the import.",
		"Isn't half bad!", "I don't have any complaints.", "It has never disappointed us.",
		"They haven’t let me down yet", "Nothing to complain about."};
	expect_all(texts, sizeof(texts) / sizeof(texts[0]), "positive");
}

static void denied_praise_and_half_denials_are_none(void **state)
{
	(void)state;
	static const char *const texts[] = {"Not good.", "Acme Desk never works.",
		"We are not happy with Acme Desk.", "I wouldn't recommend Acme Desk.",
		"Not worth the money.", "I really wanted to love it.",
		"No support, no problems solved.", "Not a problem until it crashed.",
		"It never fails to annoy me.", "The app never fails to crash on a Monday.",
		"Couldn't be worse.", "It isn't just bad, it is terrible.",
		"Not bad, it is terrible.", "Cannot recommend this to anybody.",
		"If only there were no bugs", "They promised no downtime and it was down for hours",
		"No issues until the update, now nothing works", "Not a good experience",
		"No bug fixes for months", "They never had a problem taking my money",
		"I couldn't complain because the chat was closed.", "Never works properly",
		"The support was not helpful at all", "No complaints were ever answered.",
		"No problems with the import, but everything else is terrible and useless",
		"Nothing wrong with my account, they say, and it is still locked"};
	expect_all(texts, sizeof(texts) / sizeof(texts[0]), "negative");
}

static void signs_alone_have_their_tone(void **state)
{
	(void)state;
	static const char *const glad[] = {
		"👍", "👍🏽👍🏽", "❤️🎉", "@acme 👏👏", "🙌 :)"};
	static const char *const cross[] = {"👎", "😡😡", "@acme 😤"};
	expect_all(glad, sizeof(glad) / sizeof(glad[0]), "positive");
	expect_all(cross, sizeof(cross) / sizeof(cross[0]), "negative");
	expect("👍", "positive");
	assert_string_equal(found.why[0].what, "good sign");
}

/* What is named as evidence, with the words it stands for. */
static const char *evidence(const char *what, const char *text)
{
	static char shown[200];
	tone_of(STR_NONE, str_c(text));
	for (size_t i = 0; i < found.why_n; i++) {
		const struct tone_reason *w = &found.why[i];
		if (strcmp(w->what, what) == 0) {
			snprintf(shown, sizeof(shown), "%.*s %c", (int)w->text.n, w->text.p,
				w->worth > 0 ? '+' : '-');
			return shown;
		}
	}
	return "none";
}

static void what_turns_a_tone_is_named(void **state)
{
	(void)state;
	static const char flaw[] = "denied flaw", praise[] = "denied praise";
	assert_string_equal(evidence(flaw, "No problems so far."), "No problems +");
	assert_string_equal(evidence(flaw, "It has never let us down."), "never let us down +");
	assert_string_equal(
		evidence(flaw, "No problems here. Worst, useless, terrible support ever, "
			       "it is a joke"),
		"No problems -");
	assert_string_equal(evidence(praise, "This is not very good."), "not very good +");
	assert_string_equal(evidence(flaw, "Are there no problems with it?"), "none");
	assert_string_equal(evidence(flaw, "I hope there are no bugs left."), "none");
	assert_string_equal(evidence(flaw, "It is not a bug, it is a feature."), "none");
	assert_string_equal(evidence(flaw, "No problem, see you at ten."), "none");
	assert_string_equal(evidence(flaw, "No error message is shown."), "none");
	assert_string_equal(evidence(praise, "I can't recommend it enough"), "none");
	assert_string_equal(evidence(praise, "Not only good but cheap"), "none");
}

/* The part of a kind that the text holds, or "none". */
static const char *part_of(enum tone_part_kind kind, const char *text)
{
	static char shown[200];
	tone_of(STR_NONE, str_c(text));
	for (size_t i = 0; i < found.parts.n; i++) {
		const struct tone_part *p = &found.parts.v[i];
		if (p->kind == kind) {
			snprintf(shown, sizeof(shown), "%.*s", (int)(p->end - p->start),
				text + p->start);
			return shown;
		}
	}
	return "none";
}

static void results_lessons_and_choices_are_marked(void **state)
{
	(void)state;
	assert_string_equal(
		part_of(TONE_OUTCOME, "Acme cut onboarding from 3 weeks to 2 days. Lovely."),
		"cut onboarding from 3 weeks to 2 days");
	assert_string_equal(part_of(TONE_OUTCOME, "No-shows fell 31 % in a month."),
		"No-shows fell 31 % in a month");
	assert_string_equal(part_of(TONE_OUTCOME, "The shop opens at 9 on weekdays."), "none");
	assert_string_equal(
		part_of(TONE_LESSON, "It went live. Next time we would clean the data first."),
		"Next time we would clean the data first");
	assert_string_equal(
		part_of(TONE_LESSON, "I wish we had asked the night shift, because they knew."),
		"I wish we had asked the night shift");
	assert_string_equal(
		part_of(TONE_SELECTION, "We went with Acme instead of Globex for its price. Done."),
		"We went with Acme instead of Globex for its price");
	assert_string_equal(part_of(TONE_SELECTION, "The meeting is at ten."), "none");
}

static void praise_with_a_limit_is_mixed(void **state)
{
	(void)state;
	assert_string_equal(
		part_of(TONE_LIMIT,
			"I love this tool, best we ever had! The export is terrible and slow."),
		"The export is terrible and slow");
	assert_true(found.mixed);
	assert_string_equal(part_of(TONE_LIMIT, "I love this tool, best we ever had!"), "none");
	assert_false(found.mixed);
	assert_string_equal(
		part_of(TONE_LIMIT, "Worst purchase ever, it is terrible and slow."), "none");
	assert_false(found.mixed);
	assert_string_equal(
		part_of(TONE_LIMIT, "I love this tool, best we ever had! It has no bugs."), "none");
	assert_false(found.mixed);
	tone_of(STR_NONE, STR("Does it run on tablets?"));
	assert_true(found.parts.question);
}

static void results_are_told_for_better_and_worse(void **state)
{
	(void)state;
	static const struct {
		const char *text, *outcome;
		bool worse;
	} cases[] = {
		{"Handling time went up from 4 to 7 minutes since the switch.",
			"Handling time went up from 4 to 7 minutes", true},
		{"Our bookings fell by 20 % after the update.", "Our bookings fell by 20 %", true},
		{"Our errors doubled since then.", "Our errors doubled", true},
		{"Handling time went from 7 to 4 minutes.",
			"Handling time went from 7 to 4 minutes"},
		{"Our bookings rose by 20 % after the update.", "Our bookings rose by 20 %"},
		{"Orders picked per hour rose from 40 to 65.",
			"Orders picked per hour rose from 40 to 65"},
		{"Monthly orders went from 900 to 1,200.", "Monthly orders went from 900 to 1,200"},
		{"It saved us 15 hours a week.", "saved us 15 hours a week"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(part_of(TONE_OUTCOME, cases[i].text), cases[i].outcome);
		assert_int_equal(found.parts.worse, cases[i].worse);
		assert_int_equal(found.parts.better, !cases[i].worse);
	}
}

static void what_only_names_a_lesson_is_no_part_of_it(void **state)
{
	(void)state;
	assert_string_equal(
		part_of(TONE_LESSON, "Pro tip from a burnt child: never let them touch the data."),
		"never let them touch the data");
	assert_string_equal(part_of(TONE_LESSON, "Our mistake: we skipped the pilot."),
		"Our mistake: we skipped the pilot");
}

static void limits_end_where_their_clause_ends(void **state)
{
	(void)state;
	static const struct {
		const char *text, *limit;
	} cases[] = {
		{"Great tool, we love it, but the export is slow.", "the export is slow"},
		{"We love it! The mobile app lags behind, though.", "The mobile app lags behind"},
		{"Highly recommended. Unfortunately there is no offline mode yet.",
			"there is no offline mode yet"},
		{"Excellent support, and we are very happy. I wish it had a dark mode.",
			"I wish it had a dark mode"},
		{"Brilliant for quotes, although the printing is a pain.",
			"the printing is a pain"},
		{"We love it, best tool we have had. The mobile app is slow, freezes on older phones.",
			"The mobile app is slow, freezes on older phones"}, /* in one breath */
		{"Great support and we would buy it again. The export is slow, painfully slow on large "
		 "files.",
			"The export is slow, painfully slow on large files"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(part_of(TONE_LIMIT, cases[i].text), cases[i].limit);
	}
}

static void a_word_that_only_binds_is_no_limit(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"Love the new dashboard, too.",
		"We love it, too! Support is great, too.",
		"Love it, only.",
		"Great app, also.",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(part_of(TONE_LIMIT, texts[i]), "none");
		assert_false(found.mixed);
	}
}

static void praise_that_goes_on_is_no_limit(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"It does the dull part so my clerks can do the rest. They're grateful.",
		"Customers like it. Staff like it. I like it.",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(part_of(TONE_LIMIT, texts[i]), "none");
		assert_int_equal(found.label, TONE_POSITIVE);
		assert_false(found.mixed);
	}
}

static void praise_is_mixed_where_a_limit_is_marked_and_only_there(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"We love it! Setup took far too long, almost three weeks.",
		"Great support and we would buy it again.",
		"The export has been broken since May and nobody answers.",
		"Works as it says. I wish it had a dark mode.",
		"Fast and friendly, only the invoices come late.",
		"They open at nine.",
		"Love it, but.",
		"Great app, still.",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		bool limit = strcmp(part_of(TONE_LIMIT, texts[i]), "none") != 0;
		assert_int_equal(found.mixed, limit);
	}
}

static void an_order_with_what_comes_first_is_a_lesson(void **state)
{
	(void)state;
	assert_string_equal(part_of(TONE_LESSON, "Start with the postings, not with the reports."),
		"Start with the postings, not with the reports");
	assert_string_equal(part_of(TONE_LESSON, "It runs. Measure the doors before you order."),
		"Measure the doors before you order");
	assert_string_equal(part_of(TONE_LESSON, "Train the night shift first. It pays off."),
		"Train the night shift first");
	assert_string_equal(part_of(TONE_LESSON, "Don't skip the training, it pays off."),
		"Don't skip the training, it pays off");
	assert_string_equal(
		part_of(TONE_LESSON, "If you have the choice, take the big one. Lovely."),
		"If you have the choice, take the big one");
	assert_string_equal(part_of(TONE_LESSON, "Check who pays the consultant. It is slow."),
		"Check who pays the consultant");
	assert_string_equal(part_of(TONE_LESSON, "They never let us down."), "none");
	assert_string_equal(part_of(TONE_LESSON, "Ask me how I know."), "none");
	assert_string_equal(part_of(TONE_LESSON, "Put a sensor in each tank in May."), "none");
	assert_string_equal(part_of(TONE_LESSON, "Start it and it hums."), "none");
	assert_string_equal(part_of(TONE_LESSON, "The first start took a minute."), "none");
	assert_string_equal(part_of(TONE_LESSON, "Test it before you buy?"), "none");
}

static void a_lesson_and_a_choice_are_told_by_what_they_sound_like(void **state)
{
	(void)state;
	assert_string_equal(
		part_of(TONE_LESSON,
			"I would have cleaned the customer list long before the import."),
		"I would have cleaned the customer list long before the import");
	assert_string_equal(part_of(TONE_SELECTION,
				    "We will look at three vendors next month and then decide."),
		"none");
}

static double praise_of(const char *text)
{
	tone_of(STR_NONE, str_c(text));
	return found.praise;
}

static void mixed_praise_is_worth_more_than_pure_and_that_more_than_blame(void **state)
{
	(void)state;
	double mixed = praise_of("We love it, best choice we made. The reports are slow, though."),
	       pure = praise_of("We love it, best choice we made."),
	       plain = praise_of("The contract runs until the end of next year."),
	       blame = praise_of("Worst choice we made. It is terrible and support never answers.");
	assert_true(mixed > pure);
	assert_true(pure > plain);
	assert_true(plain > blame);
	assert_true(mixed <= 1 && blame >= 0);
}

static void choices_and_results_are_told_by_their_grammar(void **state)
{
	(void)state;
	assert_string_equal(
		part_of(TONE_SELECTION,
			"We looked at Globex and Acme and took Acme because it is simpler."),
		"We looked at Globex and Acme and took Acme because it is simpler");
	assert_string_equal(part_of(TONE_SELECTION, "Acme won our tender on points. Done."),
		"Acme won our tender on points");
	assert_string_equal(part_of(TONE_SELECTION, "The nurse took my number."), "none");
	assert_string_equal(part_of(TONE_OUTCOME, "We cut our energy bill by a fifth with Acme."),
		"cut our energy bill by a fifth");
	assert_string_equal(
		part_of(TONE_OUTCOME, "Waste dropped from 6 to 2.5 percent within a season."),
		"Waste dropped from 6 to 2.5 percent");
	assert_string_equal(part_of(TONE_OUTCOME, "Tripled our throughput without a new machine."),
		"Tripled our throughput");
	assert_string_equal(part_of(TONE_OUTCOME, "Did it go from 3 to 5?"), "none");
	assert_string_equal(part_of(TONE_LESSON, "Lesson for the record: print the labels first."),
		"print the labels first");
	assert_string_equal(
		part_of(TONE_LESSON,
			"Looking back, we should have asked the night shift; they knew."),
		"Looking back, we should have asked the night shift");
	assert_string_equal(part_of(TONE_LESSON, "I wish you a nice day."), "none");
	assert_string_equal(
		part_of(TONE_LESSON, "We'd have cleaned the data first, had we known. It works."),
		"We'd have cleaned the data first, had we known");
	assert_string_equal(part_of(TONE_LESSON, "Great tool. Get the exit terms in writing."),
		"Get the exit terms in writing");
	assert_string_equal(part_of(TONE_LESSON, "The invoice comes first."), "none");
	assert_string_equal(
		part_of(TONE_SELECTION, "Three vendors came, Acme edged out Globex on price."),
		"Three vendors came, Acme edged out Globex on price");
	assert_string_equal(part_of(TONE_SELECTION, "Two of the desks are taken."), "none");
	assert_string_equal(
		part_of(TONE_SELECTION, "The school rejected Globex because of its price. Fine."),
		"The school rejected Globex because of its price");
	assert_string_equal(
		part_of(TONE_SELECTION, "The vendors are here and the coffee is hot."), "none");
}

/* What is praised (+) and criticised (-), each with a sign before it. */
static const char *aspects_of(const char *text)
{
	static char shown[300];
	size_t n = 0;
	tone_of(STR_NONE, str_c(text));
	shown[0] = '\0';
	for (size_t i = 0; i < found.aspects.n; i++) {
		const struct tone_aspect *a = &found.aspects.v[i];
		n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%s%c%.*s", n > 0 ? " " : "",
			a->praised ? '+' : '-', (int)(a->end - a->start), text + a->start);
	}
	return shown;
}

static void parts_that_are_praised_and_criticised_are_marked(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"We love Acme, it is great, but the route planner is slow.", "-route planner"},
		{"Terrible. The import wizard loses half of our files.", "-import wizard"},
		{"The reports are fantastic and I love the search.", "+reports +search"},
		{"Kudos to Wilgard for her great help!", "+Wilgard"},
		{"The help desk picks up on the first ring. We are delighted.", "+help desk"},
		{"What a great product, I love it.", ""},
		{"The meeting is at ten.", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(aspects_of(cases[i][0]), cases[i][1]);
	}
}

static const char *target_of(const char *text)
{
	tone_of(STR_NONE, str_c(text));
	const char *name = tone_target_name(found.aspects.target);
	return name == NULL ? "nobody" : name;
}

static void praise_is_for_a_product_a_company_or_a_person(void **state)
{
	(void)state;
	assert_string_equal(target_of("Great tool, I love it."), "product");
	assert_string_equal(
		target_of("Their support team is wonderful and so friendly."), "company");
	assert_string_equal(target_of("Big thanks to Wilgard, she is wonderful!"), "person");
	static const char *const companies[] = {"Lovely people, all of them, and so patient.",
		"Thanks to Blue Harbor for the great support last week.",
		"Our best supplier by far, always friendly.",
		"An honest firm, wonderful to deal with."};
	static const char *const products[] = {"The whole crew loves it and so do I.",
		"My team adores it, great purchase.", "Great software, we love the planner."};
	for (size_t i = 0; i < sizeof(companies) / sizeof(companies[0]); i++) {
		assert_string_equal(target_of(companies[i]), "company");
	}
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		assert_string_equal(target_of(products[i]), "product");
	}
	assert_string_equal(target_of("It is terrible and crashes all day."), "nobody");
}

static void praise_of_a_named_person_is_for_that_person(void **state)
{
	(void)state;
	static const char *const people[] = {"Kudos to Maria Lopez at Northwind",
		"Jane Miller from Northwind is fantastic",
		"Kudos to Oswin Tarrel at Northwind for the quick fix!",
		"Oswin Tarrel of Northwind is fantastic",
		"Thanks to Oswin Tarrel from Northwind, what a great week.",
		"Shout-out to Oswin on the Northwind helpdesk: patient, funny, brilliant.",
		"Oswin from their training team is brilliant.",
		"Grace was wonderful, she answered everything.",
		"Big thanks to Anna at Blue Harbor, she is brilliant."};
	static const char *const others[] = {"Kudos to Northwind Labs",
		"Kudos to Northwind Labs at Leeds for the great work!",
		"Northwind Systems from Leeds is fantastic",
		"Acme Desk from Northwind is fantastic", "Thanks to Acme Desk we love our mornings",
		"Great tool since June, we love it.", "Best purchase of August, we love it.",
		"Blue Harbor has been a joy to work with.",
		"Thanks to Blue Harbor for the great support last week.",
		"Huge thanks to Blue Harbor, he who hesitates is lost. Brilliant!",
		"The German translation is brilliant, we love it.",
		"Saved our Christmas Eve, we love it."};
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		assert_string_equal(target_of(people[i]), "person");
	}
	target_of(people[1]);
	assert_int_equal(found.aspects.person.start, 0);
	assert_int_equal(found.aspects.person.end, strlen("Jane Miller"));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const char *target = target_of(others[i]);
		assert_true(strcmp(target, "product") == 0 || strcmp(target, "company") == 0);
	}
}

static void praise_without_a_word_is_for_nobody(void **state)
{
	(void)state;
	static const char *const texts[] = {"😀👍", "👍", "@acme 👏👏", ":) https://example.com"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(target_of(texts[i]), "nobody");
		assert_int_equal(found.label, TONE_POSITIVE);
	}
	assert_string_equal(target_of("😀👍 great"), "product");
}

static bool is_sarcasm(const char *text)
{
	tone_of(STR_NONE, str_c(text));
	return found.aspects.sarcasm;
}

static void praise_of_what_is_bad_hints_at_sarcasm(void **state)
{
	(void)state;
	assert_true(is_sarcasm("Great, it crashed again and lost my work."));
	assert_true(is_sarcasm("Thanks for the \"improved\" layout, I am lost."));
	assert_true(is_sarcasm("Oh good, another update. It lost all our invoices."));
	assert_true(is_sarcasm("Nothing says quality like a till that crashes every morning."));
	assert_true(is_sarcasm("The refund still hasn't arrived, they lied to us. #blessed"));
	assert_false(is_sarcasm("Great tool, thanks for the help."));
	assert_false(is_sarcasm("Top marks for the support team, we are delighted."));
	assert_false(is_sarcasm("So grateful for this planner. #blessed"));
	assert_false(is_sarcasm("It crashed again and lost my work."));
}

static bool is_question(const char *text)
{
	tone_of(STR_NONE, str_c(text));
	return found.parts.question;
}

static void questions_are_those_that_somebody_is_asked(void **state)
{
	(void)state;
	assert_true(is_question("Does it run on tablets?"));
	assert_true(is_question("Love it. Has anybody else seen the export fail?"));
	assert_false(is_question("Is it perfect? No, but I like it."));
	assert_false(is_question("Would I buy it again? In a heartbeat."));
	assert_false(is_question("They closed my ticket?!"));
}

/* The sums of the words against those of the features one by one. */
static void expect_same_sums(struct tone_words *words, struct str text)
{
	static struct tone_scan scan;
	static struct tone_memory memory;
	static struct tone_features features;
	static struct tone_sums sums;
	double got[TONE_CLASSES] = {0}, want[TONE_CLASSES] = {0};
	tone_scan(&scan, STR_NONE, text);
	tone_words_mark(words, &memory, &scan);
	tone_sums_read(&sums, &model, &memory, &scan);
	tone_sums_add(&sums, &model, 0, scan.n, got);
	tone_features_read(&scan, &features);
	tone_sums_group(&model, &features, TONE_WORDS, want);
	tone_sums_group(&model, &features, TONE_LETTERS, want);
	for (int c = 0; c < TONE_CLASSES; c++) {
		if (got[c] - want[c] > 1e-6 || want[c] - got[c] > 1e-6) {
			fail_msg("%f, not %f: %.*s", got[c], want[c], (int)text.n, text.p);
		}
	}
}

/* What a word tells wherever it stands and a pair where its second word does, one by one. */
static void expect_same_told(struct tone_words *words, struct str text)
{
	static struct tone_scan scan;
	static struct tone_memory memory;
	static struct tone_sums sums;
	float told[TONE_TOLD];
	double wanted[TONE_TOLD] = {0};
	unsigned n = 0;
	tone_scan(&scan, STR_NONE, text);
	tone_words_mark(words, &memory, &scan);
	tone_sums_read(&sums, &model, &memory, &scan);
	told[TONE_TOLD_LIMIT] = tone_sums_limit(&sums, &model, 0, scan.n);
	tone_sums_kinds(&sums, &model, 0, scan.n, told + TONE_TOLD_KIND);
	for (uint32_t i = 0; i < scan.n; i++) {
		if (scan.n > 2 * TONE_LOOKED_AT && i == TONE_LOOKED_AT) {
			i = scan.n - TONE_LOOKED_AT;
		}
		for (int which = 0; which < 2; which++, n++) {
			const int8_t *row =
				model.told + (size_t)tone_told_bucket(&sums, i, which) * TONE_TOLD;
			for (int k = 0; k < TONE_TOLD; k++) {
				wanted[k] += row[k];
			}
		}
	}
	for (int k = 0; k < TONE_TOLD; k++) {
		float step = k == TONE_TOLD_LIMIT ? model.head->told_limit : model.head->told_kind;
		wanted[k] *= (double)step / sqrt(n > 0 ? n : 1);
		assert_true(fabs(wanted[k] - (double)told[k]) < 1e-3);
	}
}

/* A lane of the row that a bucket has, 0 without one: looked for tag by tag. */
static double lane_of(uint32_t bucket, int lane)
{
	const int8_t *line = model.claims + (size_t)(bucket / TONE_CLAIM_SHARED) * TONE_CLAIM_LINE;
	int tag = (int)(bucket % TONE_CLAIM_SHARED) + 1;
	for (int k = 0; k < TONE_CLAIM_ROWS; k++) {
		if (line[TONE_CLAIM_ROWS * 8 + k] == tag) {
			uint16_t four[4];
			memcpy(four, line + (size_t)k * 8, sizeof(four));
			unsigned v = four[lane % 4];
			return lane < 4   ? (v & 31) - 16.0
			       : lane < 8 ? (v >> 5 & 63) - 32.0
					  : (v >> 11) - 16.0;
		}
	}
	return 0;
}

/* What the features of tokens from … to tell of a lane. */
static double claimed(const struct tone_claims *claims, uint32_t from, uint32_t to, int lane)
{
	double sum = 0, n = to - from;
	for (uint32_t i = from; i < to; i++) {
		for (int k = 0; k < CLAIM_FEATURES; k++) {
			sum += lane_of(claims->bucket[i][k], lane);
		}
	}
	sum *= n > 64 ? 8 / n / sqrt(CLAIM_FEATURES) : 1 / sqrt(CLAIM_FEATURES * n);
	return sum * (double)model.claim_head->step[lane] + (double)model.claim_head->bias[lane];
}

static void expect_same_claims(const char *text)
{
	struct post post;
	struct tone_watched w;
	post_init(&post);
	post.text = str_c(text);
	tone_watch(reader, &post, &w);
	assert_int_not_equal(w.label, TONE_UNKNOWN);
	for (size_t c = 0; c < w.clauses->n; c++) {
		for (int k = 0; k < TONE_CLAIMS; k++) {
			double want =
				claimed(w.claims, w.clauses->v[c].from, w.clauses->v[c].to, k);
			want /= 1 + fabs(want);
			assert_true(fabs(want - (double)w.claims->clause[c][k]) < 1e-3);
		}
	}
	float sentence[TONE_CLAIMS];
	tone_claims_sentence(w.claims, &model, 0, w.scan->n, sentence);
	for (int k = 0; k < TONE_CLAIMS && w.scan->n > 0; k++) {
		double want = claimed(w.claims, 0, w.scan->n, k);
		assert_true(fabs(want - (double)sentence[k]) < 1e-3 * (1 + fabs(want)));
	}
	for (int k = 0; k < TONE_KINDS; k++) {
		double want =
			w.clauses->n > 0 ? claimed(w.claims, 0, w.scan->n, TONE_CLAIMS + k) : 0;
		want = fmax(-5, fmin(5, want));
		assert_true(fabs(want - (double)w.claims->sign[CLAIM_KIND + k]) < 1e-3);
	}
}

static void claims_are_told_by_the_rows_of_their_features(void **state)
{
	(void)state;
	struct buf rant;
	expect_same_claims("");
	expect_same_claims("Great tool");
	expect_same_claims(
		"It has not gone down once since May, but the export is slow. We would have "
		"started with the stock list!");
	buf_init(&rant, 1 << 16);
	for (int i = 0; i < 900; i++) {
		buf_printf(&rant, "the word%c%c is bad%s", 'a' + i % 26, 'a' + i / 26 % 26,
			i % 100 == 0 ? ", " : " ");
	}
	expect_same_claims(buf_c(&rant));
	buf_release(&rant);
}

static void sums_of_words_are_those_of_their_features(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "ok", "Great tool",
		"I don't LOVE the soooo slow #export, @acme :(",
		"We love it. The export is slow, though! 👍 \u2019",
		"One two three four five six seven"};
	struct tone_words *words = tone_words_new();
	struct buf rant;
	assert_non_null(words);
	for (int round = 0; round < 2; round++) { /* then the words are remembered */
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			expect_same_sums(words, str_c(texts[i]));
			expect_same_told(words, str_c(texts[i]));
		}
	}
	buf_init(&rant, 1 << 16);
	for (int i = 0; i < 900; i++) {
		buf_printf(&rant, "word%c%c is bad, ", 'a' + i % 26, 'a' + i / 26 % 26);
	}
	expect_same_sums(words, buf_str(&rant));
	expect_same_told(words, buf_str(&rant));
	buf_release(&rant);
	tone_words_free(words);
}

/* What opening a file of these bytes says. */
static const char *refusal(struct str bytes)
{
	static struct hark_err err;
	static char path[] = "/tmp/hark-tone-XXXXXX";
	struct tone_model other;
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(file_write(path, bytes, 0600, &err), HARK_OK);
	err.text[0] = '\0';
	int rc = tone_model_open(&other, path, &err);
	unlink(path);
	if (rc == HARK_OK) {
		tone_model_close(&other);
		return "taken";
	}
	return err.text;
}

static void another_model_is_refused_with_one_sentence(void **state)
{
	(void)state;
	size_t n = model.bytes;
	char *copy = malloc(n + 1);
	assert_non_null(copy);
	memcpy(copy, model.head, n);
	struct tone_model_head *head = (struct tone_model_head *)copy;
	assert_string_equal(refusal(str_n(copy, n)), "taken");
	assert_non_null(strstr(refusal(str_n("", 0)), "is no tone model"));
	assert_non_null(strstr(refusal(str_n(copy, 20)), "is no tone model"));
	assert_non_null(strstr(refusal(str_n(copy, n - 1)), "checksum is wrong"));
	copy[n] = 0;
	assert_non_null(strstr(refusal(str_n(copy, n + 1)), "checksum is wrong"));
	copy[n - 1]++;
	assert_non_null(strstr(refusal(str_n(copy, n)), "checksum is wrong"));
	copy[n - 1]--;
	head->version++;
	assert_non_null(strstr(refusal(str_n(copy, n)), "of another version"));
	head->version--;
	head->features_version++;
	assert_non_null(strstr(refusal(str_n(copy, n)), "of another version"));
	head->features_version--;
	head->magic[0] = 'H';
	assert_non_null(strstr(refusal(str_n(copy, n)), "is no tone model"));
	free(copy);
	struct tone_model none;
	struct hark_err err;
	assert_int_equal(tone_model_open(&none, "/nowhere/tone.model", &err), HARK_ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/tone.model"));
	assert_int_equal(tone_model_open(&none, "/", &err), HARK_EPARSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words_have_their_tone),
		cmocka_unit_test(plain_praise_and_blame_are_no_irony),
		cmocka_unit_test(chances_add_up_and_lean_as_the_label_says),
		cmocka_unit_test(what_is_not_english_is_unknown),
		cmocka_unit_test(a_language_that_no_list_knows_is_not_english),
		cmocka_unit_test(odd_texts_are_read_to_their_end),
		cmocka_unit_test(what_says_nothing_is_neutral),
		cmocka_unit_test(a_few_english_words_make_no_english_text),
		cmocka_unit_test(words_of_any_length_are_folded_and_hashed_alike),
		cmocka_unit_test(reasons_are_places_in_the_post),
		cmocka_unit_test(a_denied_flaw_is_praise),
		cmocka_unit_test(denied_praise_and_half_denials_are_none),
		cmocka_unit_test(signs_alone_have_their_tone),
		cmocka_unit_test(what_turns_a_tone_is_named),
		cmocka_unit_test(results_lessons_and_choices_are_marked),
		cmocka_unit_test(praise_with_a_limit_is_mixed),
		cmocka_unit_test(results_are_told_for_better_and_worse),
		cmocka_unit_test(what_only_names_a_lesson_is_no_part_of_it),
		cmocka_unit_test(limits_end_where_their_clause_ends),
		cmocka_unit_test(a_word_that_only_binds_is_no_limit),
		cmocka_unit_test(praise_that_goes_on_is_no_limit),
		cmocka_unit_test(praise_is_mixed_where_a_limit_is_marked_and_only_there),
		cmocka_unit_test(an_order_with_what_comes_first_is_a_lesson),
		cmocka_unit_test(a_lesson_and_a_choice_are_told_by_what_they_sound_like),
		cmocka_unit_test(mixed_praise_is_worth_more_than_pure_and_that_more_than_blame),
		cmocka_unit_test(choices_and_results_are_told_by_their_grammar),
		cmocka_unit_test(parts_that_are_praised_and_criticised_are_marked),
		cmocka_unit_test(praise_is_for_a_product_a_company_or_a_person),
		cmocka_unit_test(praise_of_a_named_person_is_for_that_person),
		cmocka_unit_test(praise_without_a_word_is_for_nobody),
		cmocka_unit_test(praise_of_what_is_bad_hints_at_sarcasm),
		cmocka_unit_test(questions_are_those_that_somebody_is_asked),
		cmocka_unit_test(sums_of_words_are_those_of_their_features),
		cmocka_unit_test(claims_are_told_by_the_rows_of_their_features),
		cmocka_unit_test(another_model_is_refused_with_one_sentence),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
