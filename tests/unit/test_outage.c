#include "tests/unit/unit.h"

#include "monitor/pipeline/outage.h"

#define A "https://a.example/feed"
#define B "https://b.example/feed?q=1"

static bool note(struct outage *o, const char *url, bool failed)
{
	return outage_note(o, str_c(url), failed);
}

static void half_of_the_answers_of_two_hosts_missing_is_an_outage(void **state)
{
	(void)state;
	struct outage o = {0};
	assert_false(note(&o, A, false));
	assert_false(note(&o, B, false));
	assert_false(note(&o, B, true)); /* 1 of 3 */
	assert_true(note(&o, A, true));  /* 2 of 4 */
	assert_false(note(&o, A, false));
}

static void one_host_alone_is_down_itself(void **state)
{
	(void)state;
	struct outage o = {0};
	for (int i = 0; i < 2 * OUTAGE_RECENT; i++) {
		assert_false(note(&o, A, true));
	}
	assert_true(note(&o, B, true));
	o = (struct outage){0};
	assert_false(note(&o, A, false));
	for (int i = 0; i < OUTAGE_RECENT; i++) {
		assert_false(note(&o, B, true)); /* though A answers */
	}
}

static void old_answers_are_forgotten(void **state)
{
	(void)state;
	struct outage o = {0};
	for (int i = 0; i < OUTAGE_RECENT; i++) {
		assert_int_equal(note(&o, i % 2 == 0 ? A : B, true), i > 0);
	}
	for (int i = 0; i < OUTAGE_RECENT; i++) {
		assert_int_equal(note(&o, A, false), i < OUTAGE_RECENT / 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_of_the_answers_of_two_hosts_missing_is_an_outage),
		cmocka_unit_test(one_host_alone_is_down_itself),
		cmocka_unit_test(old_answers_are_forgotten),
	};
	return cmocka_run_group_tests_name("outage", tests, NULL, NULL);
}
