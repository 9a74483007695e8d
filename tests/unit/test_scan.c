#include "tests/unit/unit.h"

#include "rules/fold.h"
#include "rules/text.h"

static struct text t;

static int setup(void **state)
{
	(void)state;
	assert_int_equal(fold_init(), HARK_OK);
	text_init(&t);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	text_release(&t);
	return 0;
}

static void scan(const char *text)
{
	text_reset(&t);
	text_add(&t, TEXT_TEXT, str_c(text));
}

static void expect(size_t i, const char *folded, uint32_t start, uint32_t end)
{
	assert_true(i < t.n);
	struct str s = text_at(&t, i);
	if (!str_eq_c(s, folded)) {
		fail_msg("%.*s is not %s", STR_FMT(s), folded);
	}
	assert_int_equal(t.v[i].start, start);
	assert_int_equal(t.v[i].end, end);
}

static void a_possessive_ends_before_its_apostrophe(void **state)
{
	(void)state;
	scan("Acme's Acme\xe2\x80\x99S");
	expect(0, "acme", 0, 4);
	expect(1, "acme", 7, 11);
	scan("\xef\xbd\x8d\xef\xbc\x87\xef\xbd\x93"); /* all of it wide */
	expect(0, "m", 0, 3);
	scan("miss'\xc5\xbf"); /* a long s */
	expect(0, "miss", 0, 4);
	scan("miss'\xcc\x81s\xcc\x81");
	assert_int_equal(t.n, 2); /* an apostrophe joins letters, not marks */
}

static void marks_do_not_part_the_words_of_a_tag(void **state)
{
	(void)state;
	scan("#CAFE\xcc\x81S #Cafe\xcc\x81s #CrE\xcc\x80me");
	assert_int_equal(t.n, 4);
	expect(0, "cafes", 1, 8);
	expect(1, "cafes", 10, 17);
	expect(2, "cr", 19, 21);
	expect(3, "eme", 21, 26);
}

static void a_letter_and_its_mark_are_one_letter_in_a_tag_too(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"#\xd0\x98\xcc\x86\xd0\xbe\xd0\xb4", "#\xd0\x99\xd0\xbe\xd0\xb4"},
		{"#\xe3\x81\x8b\xe3\x82\x99", "#\xe3\x81\x8c"},
		{"#\xef\xbd\xb6\xef\xbe\x9e", "#\xe3\x82\xac"}};
	for (size_t i = 0; i < 3; i++) {
		scan(pairs[i][0]);
		uint64_t tag = t.tags[0].hash, word = t.hash[0];
		assert_int_equal(t.n, 1);
		scan(pairs[i][1]);
		assert_true(tag == t.tags[0].hash && word == t.hash[0] && t.n == 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_possessive_ends_before_its_apostrophe, setup, teardown),
		cmocka_unit_test_setup_teardown(
			marks_do_not_part_the_words_of_a_tag, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_letter_and_its_mark_are_one_letter_in_a_tag_too, setup, teardown),
	};
	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
