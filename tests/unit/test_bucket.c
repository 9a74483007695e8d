#include "tests/unit/unit.h"

#include "monitor/pipeline/bucket.h"

/* Asks as often as it may for some time; returns the most that fell into any window. */
static long busiest(const struct hark_bucket *rule, int64_t for_ms, long *all)
{
	static int64_t sent[20000];
	struct buckets *b = buckets_new();
	uint64_t key = bucket_key(rule, STR("x.example"));
	long n = 0, most = 0;
	for (int64_t now = 0; now < for_ms;) {
		int64_t wait = bucket_wait(b, key, now);
		if (wait == 0) {
			assert_true(n < 20000);
			sent[n++] = now;
			bucket_take(b, key, rule, now);
		}
		now += wait > 0 ? wait : 0;
	}
	for (long i = 0, from = 0; i < n; i++) {
		while (sent[i] - sent[from] >= rule->per_ms) {
			from++;
		}
		most = i - from + 1 > most ? i - from + 1 : most;
	}
	buckets_free(b);
	*all = n;
	return most;
}

static void no_window_holds_more_than_n(void **state)
{
	(void)state;
	const struct hark_bucket rules[] = {{1, 2000, HARK_SCOPE_HOST},
		{10, 60000, HARK_SCOPE_HOST}, {30, 60000, HARK_SCOPE_HOST},
		{300, 300000, HARK_SCOPE_CREDENTIAL}, {7, 1000, HARK_SCOPE_SOURCE}};
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		long all;
		assert_true(busiest(&rules[i], 10 * rules[i].per_ms, &all) <= rules[i].n);
		assert_true(all >= 8 * rules[i].n); /* and it is not stingy */
	}
}

static void what_is_held_waits(void **state)
{
	(void)state;
	struct buckets *b = buckets_new();
	bucket_hold(b, 7, 5000);
	bucket_hold(b, 7, 3000);
	assert_int_equal(bucket_wait(b, 7, 1000), 4000);
	assert_int_equal(bucket_wait(b, 7, 5000), 0);
	assert_int_equal(bucket_wait(b, 8, 1000), 0);
	buckets_free(b);
}

/* As busy as it may be over a restart that falls anywhere, with the last request unknown to the store. */
static void a_restart_fills_no_window_above_n(void **state)
{
	(void)state;
	const struct hark_bucket rule = {10, 60000, HARK_SCOPE_HOST};
	for (int64_t stop = 1000; stop < 130000; stop += 777) {
		int64_t sent[100], shift = 1000000;
		struct rate_fill before = {0}, fill = {0};
		struct buckets *b = buckets_new();
		size_t n = 0;
		for (int64_t now = 0; now < 300000; now++) {
			if (now == stop) {
				buckets_free(b);
				b = buckets_new();
				shift -= 5000; /* the steady clock began anew */
				bucket_restore(b, &before, shift, now + 1000000 - shift);
			}
			int64_t steady = now + 1000000 - shift;
			if (bucket_wait(b, 7, steady) == 0) {
				assert_true(n < 100);
				assert_true(n < 10 || now - sent[n - 10] >= rule.per_ms);
				sent[n++] = now;
				bucket_take(b, 7, &rule, steady);
				before = fill;
				bucket_read(b, 7, shift, &fill);
			}
		}
		assert_true(n > 35);
		buckets_free(b);
	}
}

static void what_is_held_is_held_after_a_restart(void **state)
{
	(void)state;
	struct rate_fill fill;
	struct buckets *b = buckets_new();
	bucket_hold(b, 7, 5000);
	bucket_read(b, 7, 100, &fill);
	bucket_read(b, 8, 100, &(struct rate_fill){0});
	buckets_free(b);
	b = buckets_new();
	bucket_restore(b, &fill, 4100, 0);
	assert_int_equal(bucket_wait(b, 7, 0), 1000);
	assert_int_equal(bucket_wait(b, 7, 1000), 0);
	buckets_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_window_holds_more_than_n),
		cmocka_unit_test(what_is_held_waits),
		cmocka_unit_test(a_restart_fills_no_window_above_n),
		cmocka_unit_test(what_is_held_is_held_after_a_restart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
