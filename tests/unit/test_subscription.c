#include "tests/unit/unit.h"

#include "monitor/pipeline/hub.h"
#include "monitor/pipeline/subscription.h"

#define NOW (1700000000LL * 1000)
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define TOPIC "https://blog.example.com/feed/"

static struct subscription *row;
static struct rng rng = {7};

static int set_up(void **state)
{
	(void)state;
	row = subscription_new(STR("news"), STR(TOPIC), STR("https://hub.example.net/"),
		STR("https://hark.example.com/in/news/x"));
	assert_non_null(row);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	subscription_free(row);
	return 0;
}

static struct subscription_question question(const char *mode)
{
	return (struct subscription_question){.mode = str_c(mode),
		.topic = STR(TOPIC),
		.challenge = STR("c"),
		.lease_seconds = STR("864000")};
}

static enum subscription_reply say(const char *mode, int64_t now)
{
	const struct subscription_question q = question(mode);
	return subscription_verify(row, &q, now, &rng);
}

static void activate(int64_t now)
{
	subscription_asked(row, now);
	assert_int_equal(say("subscribe", now), SUBSCRIPTION_YES);
	assert_int_equal(row->state, SUBSCRIPTION_ACTIVE);
}

static void it_is_asked_for_at_once_and_counts_when_the_hub_has_asked_back(void **state)
{
	(void)state;
	assert_int_equal(say("subscribe", NOW), SUBSCRIPTION_NO); /* nobody has asked yet */
	assert_int_equal(subscription_due(row, NOW), SUBSCRIPTION_SUBSCRIBE);
	subscription_asked(row, NOW);
	assert_int_equal(subscription_due(row, NOW), SUBSCRIPTION_WAIT);
	assert_false(subscription_is_active(row, NOW));
	assert_int_equal(say("subscribe", NOW + SECOND), SUBSCRIPTION_YES);
	assert_true(subscription_is_active(row, NOW + SECOND));
	assert_int_equal(row->lease_ms, NOW + SECOND + 10 * DAY);
	assert_int_equal(row->failures, 0);
	/* The answer may have been lost: it asks again. */
	assert_int_equal(say("subscribe", NOW + MINUTE), SUBSCRIPTION_YES);
	/* The hub took the request, and says so only now. */
	subscription_answered(row, NULL, 0, NOW + MINUTE, &rng);
	subscription_answered(row, "its hub answers HTTP 500", 0, NOW + MINUTE, &rng);
	assert_true(subscription_is_active(row, NOW + MINUTE));
}

static void only_what_was_asked_for_is_confirmed(void **state)
{
	(void)state;
	struct subscription_question q;
	subscription_asked(row, NOW);
	q = question("subscribe");
	q.topic = STR(TOPIC "x");
	assert_int_equal(subscription_verify(row, &q, NOW, &rng), SUBSCRIPTION_NO);
	q.topic = STR_NONE;
	assert_int_equal(subscription_verify(row, &q, NOW, &rng), SUBSCRIPTION_NO);
	q = question("subscribe");
	q.challenge = STR_NONE;
	assert_int_equal(subscription_verify(row, &q, NOW, &rng), SUBSCRIPTION_NO);
	q = question("denied");
	q.topic = STR("https://other.example.com/");
	assert_int_equal(subscription_verify(row, &q, NOW, &rng), SUBSCRIPTION_NO);
	assert_int_equal(say("unsubscribe", NOW), SUBSCRIPTION_NO);
	assert_int_equal(say("", NOW), SUBSCRIPTION_NO);
	assert_int_equal(say("subscribe", NOW + 26 * HOUR), SUBSCRIPTION_NO); /* too late */
	assert_int_equal(row->state, SUBSCRIPTION_ASKED);
	activate(NOW);
	assert_int_equal(say("unsubscribe", NOW), SUBSCRIPTION_NO);
	assert_true(subscription_is_active(row, NOW));
}

static void a_lease_is_renewed_when_most_of_it_has_gone_by(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		activate(NOW);
		assert_in_range(row->next_ms, NOW + 8 * DAY, NOW + 9 * DAY);
	}
	int64_t renew = row->next_ms;
	assert_int_equal(subscription_due(row, renew - 1), SUBSCRIPTION_WAIT);
	assert_int_equal(subscription_due(row, renew), SUBSCRIPTION_SUBSCRIBE);
	subscription_asked(row, renew);
	assert_true(subscription_is_active(row, renew)); /* meanwhile it goes on */
	assert_int_equal(say("subscribe", renew), SUBSCRIPTION_YES);
	assert_int_equal(row->lease_ms, renew + 10 * DAY);
}

static void a_renewal_that_fails_is_tried_until_the_lease_ends_and_after_it(void **state)
{
	(void)state;
	activate(NOW);
	int64_t now = row->next_ms;
	int tries = 0;
	for (; now < NOW + 10 * DAY; now = row->next_ms, tries++) {
		assert_int_equal(subscription_due(row, now), SUBSCRIPTION_SUBSCRIBE);
		subscription_asked(row, now);
		subscription_answered(row, "its hub answers HTTP 503", 0, now, &rng);
	}
	assert_in_range(tries, 8, 16);
	assert_false(subscription_is_active(row, NOW + 10 * DAY - 1)); /* polls are trusted more */
	assert_int_equal(subscription_due(row, now), SUBSCRIPTION_SUBSCRIBE);
	assert_int_equal(row->state, SUBSCRIPTION_ASKED);
	assert_string_equal(row->error, "its hub answers HTTP 503");
}

static void the_hub_says_how_long_and_nonsense_is_what_was_asked_for(void **state)
{
	(void)state;
	const struct {
		const char *text;
		int64_t lease_ms;
	} cases[] = {{"3600", HOUR}, {"1", SECOND}, {"0", 10 * DAY}, {"-5", 10 * DAY},
		{"soon", 10 * DAY}, {"", 10 * DAY}, {"99999999999999999999", 10 * DAY},
		{"9223372036854775807", 366 * DAY}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct subscription_question q = question("subscribe");
		q.lease_seconds = str_c(cases[i].text);
		subscription_asked(row, NOW);
		assert_int_equal(subscription_verify(row, &q, NOW, &rng), SUBSCRIPTION_YES);
		assert_int_equal(row->lease_ms, NOW + cases[i].lease_ms);
		assert_true(row->next_ms >= NOW + MINUTE); /* however short it is */
	}
}

static void a_hub_that_fails_is_asked_ever_less_often(void **state)
{
	(void)state;
	int64_t now = NOW, wait = 0;
	for (int i = 0; i < 14; i++) {
		assert_int_equal(subscription_due(row, now), SUBSCRIPTION_SUBSCRIBE);
		subscription_asked(row, now);
		subscription_answered(row, "no answer", 0, now, &rng);
		assert_true(row->next_ms - now >= (wait < DAY ? wait : DAY));
		wait = (row->next_ms - now) * 4 / 5;
		now = row->next_ms;
	}
	assert_in_range(row->next_ms, now, now + DAY + DAY / 4);
	assert_true(wait >= DAY * 4 / 5);
	subscription_asked(row, now);
	subscription_answered(row, "no answer", 30 * HOUR, now, &rng);
	assert_int_equal(row->next_ms, now + 30 * HOUR); /* Retry-After */
}

static void a_hub_that_takes_the_request_and_never_asks_back_is_asked_again(void **state)
{
	(void)state;
	int64_t now = NOW, before = 0;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(subscription_due(row, now), SUBSCRIPTION_SUBSCRIBE);
		subscription_asked(row, now);
		subscription_answered(row, NULL, 0, now, &rng);
		assert_true(row->next_ms - now > before);
		before = row->next_ms - now;
		now = row->next_ms;
	}
	assert_string_equal(row->error, "its hub took the request and did not ask back");
	assert_int_equal(say("subscribe", now), SUBSCRIPTION_YES);
	assert_string_equal(row->error, "");
}

static void a_refusal_is_taken_at_its_word_for_a_day_and_longer_each_time(void **state)
{
	(void)state;
	activate(NOW);
	struct subscription_question q = question("denied");
	q.reason = STR("not\xc3\xa9 you");
	assert_int_equal(subscription_verify(row, &q, NOW, &rng), SUBSCRIPTION_TAKEN);
	assert_int_equal(row->state, SUBSCRIPTION_DENIED);
	assert_string_equal(row->error, "its hub refuses: not\xc3\xa9 you");
	assert_false(subscription_is_active(row, NOW));
	assert_int_equal(say("subscribe", NOW + 1), SUBSCRIPTION_NO);
	int64_t first = row->next_ms - NOW;
	assert_in_range(first, DAY, DAY + DAY / 4);
	int64_t again = row->next_ms;
	assert_int_equal(subscription_due(row, again), SUBSCRIPTION_SUBSCRIBE);
	subscription_asked(row, again);
	assert_int_equal(say("denied", again), SUBSCRIPTION_TAKEN);
	assert_true(row->next_ms - again >= 2 * DAY);
	assert_string_equal(row->error, "its hub refuses");
}

static void who_is_left_is_told_and_then_forgotten(void **state)
{
	(void)state;
	assert_true(subscription_leave(row, NOW)); /* nothing is at the hub */
	tear_down(state);
	set_up(state);
	activate(NOW);
	assert_false(subscription_leave(row, NOW));
	assert_int_equal(subscription_due(row, NOW), SUBSCRIPTION_UNSUBSCRIBE);
	assert_int_equal(say("unsubscribe", NOW), SUBSCRIPTION_NO); /* it has not been told yet */
	subscription_asked(row, NOW);
	assert_int_equal(say("subscribe", NOW), SUBSCRIPTION_NO);
	assert_int_equal(say("unsubscribe", NOW), SUBSCRIPTION_YES);
	assert_int_equal(subscription_due(row, NOW), SUBSCRIPTION_FORGET);
}

static void a_hub_that_does_not_hear_is_told_three_times(void **state)
{
	(void)state;
	int told = 0;
	activate(NOW);
	subscription_leave(row, NOW);
	for (int64_t now = NOW; told < 10; now = row->next_ms) {
		if (subscription_due(row, now) != SUBSCRIPTION_UNSUBSCRIBE) {
			break;
		}
		subscription_asked(row, now);
		subscription_answered(row, "no answer", 0, now, &rng);
		told++;
	}
	assert_int_equal(told, 3);
	assert_int_equal(subscription_due(row, row->next_ms), SUBSCRIPTION_FORGET);
	tear_down(state);
	set_up(state);
	activate(NOW);
	subscription_leave(row, NOW + 9 * DAY);
	assert_int_equal(subscription_due(row, NOW + 10 * DAY), SUBSCRIPTION_FORGET);
}

static void a_restart_renews_soon_but_not_each_time(void **state)
{
	(void)state;
	activate(NOW);
	int64_t renew = row->next_ms;
	subscription_restart(row, NOW + MINUTE, &rng);
	assert_int_equal(row->next_ms, renew);
	subscription_restart(row, NOW + 2 * HOUR, &rng);
	assert_in_range(row->next_ms, NOW + 2 * HOUR, NOW + 2 * HOUR + 10 * MINUTE);
	subscription_asked(row, NOW + 2 * HOUR);
	subscription_answered(row, "HTTP 503", 20 * HOUR, NOW + 2 * HOUR, &rng);
	assert_int_equal(row->next_ms, NOW + 22 * HOUR);
	subscription_restart(row, NOW + 4 * HOUR, &rng);
	assert_int_equal(row->next_ms, NOW + 22 * HOUR); /* nor is it forgotten that it said when */
	subscription_asked(row, NOW + 2 * HOUR);
	assert_int_equal(say("denied", NOW + 2 * HOUR), SUBSCRIPTION_TAKEN);
	renew = row->next_ms;
	subscription_restart(row, NOW + 4 * HOUR, &rng);
	assert_int_equal(row->next_ms, renew); /* a refusal outlives it */
}

static void a_clock_that_jumps_back_stops_nothing_for_good(void **state)
{
	(void)state;
	activate(NOW);
	row->state = SUBSCRIPTION_ASKED;
	row->lease_ms = 0;
	row->next_ms = NOW;
	int64_t past = NOW - 1000 * DAY;
	assert_int_equal(subscription_due(row, past), SUBSCRIPTION_WAIT);
	assert_in_range(row->next_ms, past, past + 9 * DAY);
}

static void polls_are_put_off_but_within_a_day(void **state)
{
	(void)state;
	assert_int_equal(hub_due(NOW, NOW + HOUR), NOW + 4 * HOUR);
	assert_int_equal(hub_due(NOW, NOW + 10 * HOUR), NOW + DAY);
	assert_int_equal(hub_due(NOW, NOW + DAY + HOUR), NOW + DAY + HOUR);
	assert_int_equal(hub_due(NOW, NOW), NOW);
}

static void one_that_refuses_or_fails_twice_has_failed(void **state)
{
	(void)state;
	subscription_asked(row, NOW);
	assert_false(subscription_has_failed(row));
	subscription_answered(row, "its hub answers HTTP 500", 0, NOW, &rng);
	assert_false(subscription_has_failed(row));
	subscription_asked(row, NOW + MINUTE);
	assert_true(subscription_has_failed(row));
	activate(NOW + MINUTE);
	assert_false(subscription_has_failed(row));
	assert_int_equal(say("denied", NOW + 2 * MINUTE), SUBSCRIPTION_TAKEN);
	assert_true(subscription_has_failed(row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			it_is_asked_for_at_once_and_counts_when_the_hub_has_asked_back, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			only_what_was_asked_for_is_confirmed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_lease_is_renewed_when_most_of_it_has_gone_by, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_renewal_that_fails_is_tried_until_the_lease_ends_and_after_it, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			the_hub_says_how_long_and_nonsense_is_what_was_asked_for, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			a_hub_that_fails_is_asked_ever_less_often, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_hub_that_takes_the_request_and_never_asks_back_is_asked_again, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			a_refusal_is_taken_at_its_word_for_a_day_and_longer_each_time, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			who_is_left_is_told_and_then_forgotten, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_hub_that_does_not_hear_is_told_three_times, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_restart_renews_soon_but_not_each_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_clock_that_jumps_back_stops_nothing_for_good, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			polls_are_put_off_but_within_a_day, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			one_that_refuses_or_fails_twice_has_failed, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
