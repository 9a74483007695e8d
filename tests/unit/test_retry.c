#include "tests/unit/unit.h"

#include "monitor/fetch/retry.h"

#define MIN INT64_C(60000)

static void failures_double_the_wait_within_a_fifth(void **state)
{
	(void)state;
	struct rng rng = {1};
	int64_t plain = 15 * MIN, lowest = INT64_MAX, highest = 0;
	assert_int_equal(retry_backoff_ms(0, 15 * MIN, &rng), 15 * MIN);
	for (int failures = 1; failures <= 6; failures++, plain *= 2) {
		int64_t wait = retry_backoff_ms(failures, 15 * MIN, &rng);
		assert_in_range(wait, plain * 8 / 10, plain * 12 / 10);
	}
	for (int i = 0; i < 1000; i++) {
		int64_t wait = retry_backoff_ms(1, 15 * MIN, &rng);
		lowest = wait < lowest ? wait : lowest;
		highest = wait > highest ? wait : highest;
	}
	assert_in_range(lowest, 12 * MIN, 13 * MIN); /* the whole width is used */
	assert_in_range(highest, 17 * MIN, 18 * MIN);
}

static void no_number_of_failures_means_never(void **state)
{
	(void)state;
	struct rng rng = {2};
	static const int failures[] = {10, 50, 64, 1000, INT32_MAX};
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		int64_t wait = retry_backoff_ms(failures[i], 15 * MIN, &rng);
		assert_in_range(wait, RETRY_DAY_MS * 8 / 10, RETRY_DAY_MS);
	}
	assert_int_equal(retry_backoff_ms(9, 3 * RETRY_DAY_MS, &rng), 3 * RETRY_DAY_MS);
	assert_in_range(retry_backoff_ms(3, 0, &rng), 1, 5);
}

/* Fake time: the moments of all attempts of a delivery that never succeeds. */
static void webhooks_follow_the_published_schedule(void **state)
{
	(void)state;
	static const double hours[RETRY_WEBHOOK_TRIES] = {
		0, 5.0 / 3600, 5.0 / 60, 0.5, 2, 5, 10, 14, 20, 24};
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct rng rng = {seed};
		int64_t now = 0, wait;
		int tries = 0;
		while ((wait = retry_webhook_ms(tries, &rng)) >= 0) {
			double plain = hours[tries] * 3600000;
			assert_true(
				(double)wait >= plain * 0.9 - 1 && (double)wait <= plain * 1.1 + 1);
			now += wait;
			tries++;
		}
		assert_int_equal(tries, RETRY_WEBHOOK_TRIES);
		assert_in_range(
			now, (int64_t)(75.5 * 0.9 * 3600000), (int64_t)(75.7 * 1.1 * 3600000));
	}
	struct rng rng = {3};
	assert_int_equal(retry_webhook_ms(-1, &rng), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_double_the_wait_within_a_fifth),
		cmocka_unit_test(no_number_of_failures_means_never),
		cmocka_unit_test(webhooks_follow_the_published_schedule),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
