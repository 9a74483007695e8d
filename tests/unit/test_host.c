#include "tests/unit/unit.h"

#include "monitor/base/err.h"
#include "monitor/base/rng.h"
#include "monitor/fetch/host.h"

#define ITEMS 4000

static void add(
	struct hosts *hs, const char *key, struct host_item *item, int64_t spacing_ms, int64_t now)
{
	item->spacing_ms = spacing_ms;
	assert_int_equal(hosts_add(hs, str_c(key), item, now), HARK_OK);
}

static void one_host_gives_its_slots_in_order(void **state)
{
	(void)state;
	struct hosts *hs = hosts_new(2);
	struct host_item a = {0}, b = {0}, c = {0};
	add(hs, "h", &a, 0, 0);
	add(hs, "h", &b, 0, 0);
	add(hs, "h", &c, 0, 0);
	assert_ptr_equal(hosts_next(hs, false, 0), &a);
	assert_ptr_equal(hosts_next(hs, false, 0), &b);
	assert_null(hosts_next(hs, false, 0));
	assert_int_equal(hosts_due(hs), INT64_MAX);
	hosts_done(hs, &b, 1);
	assert_ptr_equal(hosts_next(hs, false, 1), &c);
	hosts_done(hs, &a, 2);
	hosts_done(hs, &c, 2);
	assert_int_equal(hosts_count(hs), 0);
	hosts_free(hs);
}

static void spacing_holds_from_start_to_start(void **state)
{
	(void)state;
	struct hosts *hs = hosts_new(1);
	struct host_item a = {0}, b = {0}, c = {0};
	add(hs, "h", &a, 2000, 100);
	assert_ptr_equal(hosts_next(hs, false, 100), &a);
	hosts_done(hs, &a, 150);
	assert_int_equal(hosts_count(hs), 1); /* remembered until its spacing has passed */
	add(hs, "h", &b, 2000, 200);
	add(hs, "h", &c, 2000, 200);
	assert_null(hosts_next(hs, false, 2099));
	assert_int_equal(hosts_due(hs), 2100);
	assert_ptr_equal(hosts_next(hs, false, 2100), &b);
	assert_null(hosts_next(hs, false, 9000)); /* one in flight */
	hosts_done(hs, &b, 9000);
	assert_ptr_equal(hosts_next(hs, false, 9000), &c);
	hosts_done(hs, &c, 9001);
	assert_null(hosts_next(hs, false, 11000));
	assert_int_equal(hosts_count(hs), 0);
	hosts_free(hs);
}

static void hosts_take_turns(void **state)
{
	(void)state;
	struct hosts *hs = hosts_new(10);
	struct host_item a[3] = {0}, b[3] = {0};
	for (int i = 0; i < 3; i++) {
		add(hs, "a", &a[i], 0, 0);
	}
	for (int i = 0; i < 3; i++) {
		add(hs, "b", &b[i], 0, 0);
	}
	for (int i = 0; i < 3; i++) {
		assert_ptr_equal(hosts_next(hs, false, 0), &a[i]);
		assert_ptr_equal(hosts_next(hs, false, 0), &b[i]);
	}
	for (int i = 0; i < 3; i++) {
		hosts_done(hs, &a[i], 1);
		hosts_done(hs, &b[i], 1);
	}
	hosts_free(hs);
}

static void an_alert_overtakes_polls_but_not_the_limits_of_its_host(void **state)
{
	(void)state;
	struct hosts *hs = hosts_new(1);
	struct host_item polls[2] = {0}, other = {0}, alert = {.urgent = true};
	add(hs, "b", &other, 0, 0);
	add(hs, "a", &polls[0], 0, 0);
	assert_ptr_equal(hosts_next(hs, false, 0), &other);
	add(hs, "a", &polls[1], 0, 0);
	assert_null(hosts_next(hs, true, 0));
	add(hs, "a", &alert, 500, 0);
	assert_ptr_equal(hosts_next(hs, true, 0), &alert);
	assert_null(hosts_next(hs, false, 0));
	hosts_done(hs, &alert, 10);
	struct host_item second = {.urgent = true};
	add(hs, "a", &second, 500, 10); /* waits for its spacing, and the polls behind it */
	assert_null(hosts_next(hs, true, 10));
	assert_ptr_equal(hosts_next(hs, false, 500), &second);
	hosts_done(hs, &second, 501);
	hosts_done(hs, &other, 501);
	assert_non_null(hosts_next(hs, false, 501));
	hosts_done(hs, &polls[0], 502);
	assert_non_null(hosts_next(hs, false, 502));
	hosts_done(hs, &polls[1], 503);
	hosts_free(hs);
}

static void draining_gives_back_what_waits(void **state)
{
	(void)state;
	struct hosts *hs = hosts_new(1);
	struct host_item items[6] = {{.urgent = true}};
	static const char *const keys[] = {"a", "b", "a", "b", "c", "a"};
	for (int i = 0; i < 6; i++) {
		add(hs, keys[i], &items[i], 100, 0);
	}
	struct host_item *running = hosts_next(hs, false, 0);
	int n = 0;
	while (hosts_drain(hs) != NULL) {
		n++;
	}
	assert_int_equal(n, 5);
	hosts_done(hs, running, 1);
	hosts_free(hs);
}

/* Fake time, random load: no host ever exceeds its limits, and everything starts. */
static void random_load_keeps_every_promise(void **state)
{
	(void)state;
	static struct host_item items[ITEMS];
	static int64_t ends[ITEMS];
	static int host_of[ITEMS];
	int64_t last_start[50], flying[50] = {0};
	struct rng rng = {7};
	struct hosts *hs = hosts_new(2);
	int added = 0, finished = 0;
	size_t running_n = 0;
	static int running[ITEMS];
	memset(items, 0, sizeof(items));
	for (int i = 0; i < 50; i++) {
		last_start[i] = -1000000;
	}
	for (int64_t now = 0; finished < ITEMS; now++) {
		assert_true(now < 1000000);
		for (int k = 0; k < 5 && added < ITEMS; k++, added++) {
			char key[8] = {
				'h', (char)('0' + added % 50 / 10), (char)('0' + added % 50 % 10)};
			host_of[added] = added % 50;
			items[added].urgent = rng_below(&rng, 10) == 0;
			add(hs, key, &items[added], (int64_t)rng_below(&rng, 3) * 10, now);
		}
		for (struct host_item *it;
			(it = hosts_next(hs, rng_below(&rng, 4) == 0, now)) != NULL;) {
			int i = (int)(it - items), h = host_of[i];
			assert_true(now - last_start[h] >= it->spacing_ms);
			assert_true(++flying[h] <= 2);
			last_start[h] = now;
			ends[i] = now + 1 + (int64_t)rng_below(&rng, 20);
			running[running_n++] = i;
		}
		for (size_t r = 0; r < running_n;) {
			int i = running[r];
			if (ends[i] > now) {
				r++;
				continue;
			}
			flying[host_of[i]]--;
			hosts_done(hs, &items[i], now);
			finished++;
			running[r] = running[--running_n];
		}
	}
	assert_null(hosts_next(hs, false, 2000000)); /* and lets the hosts go */
	assert_int_equal(hosts_count(hs), 0);
	hosts_free(hs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_host_gives_its_slots_in_order),
		cmocka_unit_test(spacing_holds_from_start_to_start),
		cmocka_unit_test(hosts_take_turns),
		cmocka_unit_test(an_alert_overtakes_polls_but_not_the_limits_of_its_host),
		cmocka_unit_test(draining_gives_back_what_waits),
		cmocka_unit_test(random_load_keeps_every_promise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
