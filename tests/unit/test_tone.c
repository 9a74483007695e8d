#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"
#include "rules/classify/tone.h"

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
}

static void chances_add_up_and_lean_as_the_label_says(void **state)
{
	(void)state;
	expect("What a brilliant little tool, best purchase this year", "positive");
	double all = found.p[0] + found.p[1] + found.p[2];
	assert_true(all > 0.999 && all < 1.001);
	assert_true(found.p[2] > found.p[1] && found.p[2] > found.p[0]);
	assert_true(found.score > 0 && found.score <= 1);
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
	buf_release(&rant);
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
	static const char *const texts[] = {"No problems so far.", "Not the worst tool.",
		"Acme Desk never let us down.",
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
		"It never fails to annoy me.", "Couldn't be worse.",
		"It isn't just bad, it is terrible.", "Not bad, it is terrible.",
		"Cannot recommend this to anybody.", "If only there were no bugs",
		"They promised no downtime and it was down for hours",
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
		cmocka_unit_test(chances_add_up_and_lean_as_the_label_says),
		cmocka_unit_test(what_is_not_english_is_unknown),
		cmocka_unit_test(odd_texts_are_read_to_their_end),
		cmocka_unit_test(reasons_are_places_in_the_post),
		cmocka_unit_test(a_denied_flaw_is_praise),
		cmocka_unit_test(denied_praise_and_half_denials_are_none),
		cmocka_unit_test(signs_alone_have_their_tone),
		cmocka_unit_test(what_turns_a_tone_is_named),
		cmocka_unit_test(results_lessons_and_choices_are_marked),
		cmocka_unit_test(praise_with_a_limit_is_mixed),
		cmocka_unit_test(another_model_is_refused_with_one_sentence),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
