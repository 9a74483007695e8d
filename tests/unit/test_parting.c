#include "tests/unit/unit.h"

#include "rules/classify/parting.h"
#include "rules/fold.h"

static struct parting_reader *reader;

static int setup(void **state)
{
	(void)state;
	return fold_init() == HARK_OK ? parting_new(&reader, NULL) : -1;
}

static int teardown(void **state)
{
	(void)state;
	parting_free(reader);
	return 0;
}

static void assert_says(const char *want, const char *text)
{
	struct post post;
	enum parting got;
	struct str words;
	post_init(&post);
	post.author.display_name = STR("Bert Lindqvist");
	post.text = str_c(text);
	assert_int_equal(parting_read(reader, &post, &got, &words), HARK_OK);
	if (strcmp(parting_name(got), want) != 0) {
		fail_msg("%s, not %s (%.*s): %s", parting_name(got), want, STR_FMT(words), text);
	}
	if (got == PARTING_SOLICITS) {
		assert_true(
			words.p >= post.text.p && words.p + words.n <= post.text.p + post.text.n);
	}
}

static void whoever_tells_of_a_move_announces(void **state)
{
	(void)state;
	assert_says("announces", "Thrilled to be joining Umbrage as Sales Director!");
	assert_says(
		"announces", "Today was my last day at Globex. Thanks to everybody I worked with.");
	assert_says("announces",
		"I have left Globex and start at Umbrage on Monday. For open orders please"
		" reach out to the service team.");
	assert_says("announces",
		"I've joined Umbrage as Sales Director. Please do not contact me about Globex matters.");
}

static void whoever_invites_customers_solicits(void **state)
{
	(void)state;
	assert_says("solicits",
		"I have joined Umbrage. If you want to keep working with me, you know where I am.");
	assert_says("solicits",
		"New desk, same service: call me at Umbrage, better rates than before.");
	assert_says("solicits", "Thrilled to join Umbrage! Feel free to reach out.");
	assert_says(
		"solicits", "To my old clients: bring your policy over and I will look after it.");
	assert_says("solicits", "Moved to Umbrage. Happy to help you switch.");
	assert_says("solicits", "Follow me to Umbrage, our rates are lower.");
	assert_says("solicits", "My former customers can find me at Umbrage. E-mail me.");
	assert_says("solicits", "DMs are open.");
}

static void other_words_are_neither(void **state)
{
	(void)state;
	assert_says("neither", "What a sunny day.");
	assert_says("neither", "Call me old-fashioned, but I like paper.");
	assert_says("neither", "The support team asked us to get in touch with the vendor.");
	assert_says("neither", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_tells_of_a_move_announces),
		cmocka_unit_test(whoever_invites_customers_solicits),
		cmocka_unit_test(other_words_are_neither),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
