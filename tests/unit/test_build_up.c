#include "tests/unit/unit.h"

#include "monitor/leads/build_up.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))

static const struct conf_build_up policy = {
	.score = 20, .half_ms = 60 * DAY, .window_ms = 180 * DAY};

static struct build_up_part part(int64_t story, const char *kind, int score, int64_t days)
{
	return (struct build_up_part){.signal = story,
		.story = story,
		.rule = STR("asks"),
		.kind = str_c(kind),
		.score = score,
		.said_ms = NOW - days * DAY};
}

static void a_weight_halves_with_every_half_life(void **state)
{
	(void)state;
	assert_float_equal(build_up_weight(&policy, 16, NOW, NOW), 16, 1e-9);
	assert_float_equal(build_up_weight(&policy, 16, NOW - 60 * DAY, NOW), 8, 1e-9);
	assert_float_equal(build_up_weight(&policy, 16, NOW - 120 * DAY, NOW), 4, 1e-9);
	assert_float_equal(build_up_weight(&policy, 16, NOW - 180 * DAY, NOW), 2, 1e-9);
	assert_float_equal(build_up_weight(&policy, 16, NOW - 180 * DAY - 1, NOW), 0, 1e-9);
	assert_float_equal(build_up_weight(&policy, 16, NOW + DAY, NOW), 16, 1e-9);
}

static void a_story_counts_once_by_its_heaviest_signal(void **state)
{
	struct build_up_part v[] = {part(1, "pain", 6, 0), part(1, "question", 10, 0),
		part(2, "hiring", 8, 60), part(1, "pain", 9, 0)};
	double sum;
	(void)state;
	assert_int_equal(build_up_sum(&policy, v, 4, NOW, &sum), 2);
	assert_float_equal(sum, 14, 1e-9);
	assert_int_equal(v[0].score, 10);
	assert_int_equal(v[1].score, 8);
}

static void only_kinds_of_the_policy_count(void **state)
{
	static const char *const praise[] = {"praise"};
	struct conf_build_up other = policy;
	struct build_up_part v[] = {part(1, "praise", 6, 0), part(2, "pain", 10, 0)};
	double sum;
	(void)state;
	assert_int_equal(build_up_sum(&policy, v, 2, NOW, &sum), 1);
	assert_float_equal(sum, 10, 1e-9);
	other.kinds = praise;
	other.kinds_n = 1;
	struct build_up_part w[] = {part(1, "praise", 6, 0), part(2, "pain", 10, 0)};
	assert_int_equal(build_up_sum(&other, w, 2, NOW, &sum), 1);
	assert_float_equal(sum, 6, 1e-9);
	assert_true(build_up_counts(&other, SIGNAL_PRAISE));
	assert_false(build_up_counts(&other, SIGNAL_PAIN));
}

static void the_sentence_lists_what_each_was_worth(void **state)
{
	const struct build_up_part v[] = {part(1, "pain", 15, 0), part(2, "question", 16, 60)};
	struct buf b;
	(void)state;
	buf_init(&b, 4096);
	build_up_why(&policy, v, 2, NOW, &b);
	assert_string_equal(buf_c(&b),
		"2 signals in 61 days add up to 23.0 of 20: asks 15.0 (today), asks 8.0 of 16 (60 days "
		"ago); half of a signal's weight goes in 60 days");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_weight_halves_with_every_half_life),
		cmocka_unit_test(a_story_counts_once_by_its_heaviest_signal),
		cmocka_unit_test(only_kinds_of_the_policy_count),
		cmocka_unit_test(the_sentence_lists_what_each_was_worth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
