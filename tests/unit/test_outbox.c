#include "tests/unit/unit.h"

#include "monitor/store/decisions.h"
#include "monitor/store/driver.h"
#include "monitor/store/outbox.h"
#include "tests/unit/tmpstore.h"

static void add_lead(struct store *s, int64_t id)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "INSERT INTO leads (id, kind, lead_key, visibility, "
					  "score, score_max, level, rule, state, historic,"
					  " signals, posts, seen_ms, created_ms, updated_ms)"
					  " VALUES ($1, 'praise', 'k', 'all', 50, 50, 'normal', "
					  "'r', 'new', 0, 1, 1, 1, 1, 1)");
	db_i64(q, id);
	db_run(q);
	assert_int_equal(db_check(db, NULL), HARK_OK);
}

static size_t add(struct store *s, int64_t lead, const char *receiver)
{
	size_t made = 99;
	assert_int_equal(outbox_add(s, lead, str_c(receiver), STR("lead.raised"), STR("instant"),
				 STR("{}"), 1000, &made, NULL),
		HARK_OK);
	return made;
}

static size_t claim_for(struct store *s, const char *receiver, int64_t now_ms, struct arena *arena,
	struct outbox_row **rows)
{
	size_t n = 0;
	assert_int_equal(outbox_claim(s, str_c(receiver), now_ms, 60000, 10, arena, rows, &n, NULL),
		HARK_OK);
	return n;
}

static size_t claim(struct store *s, int64_t now_ms, struct arena *arena, struct outbox_row **rows)
{
	return claim_for(s, "hook", now_ms, arena, rows);
}

static int64_t alerted(struct store *s)
{
	return db_run_i64(
		db_query(store_db(s), "SELECT coalesce(alerted_ms, 0) FROM leads WHERE id = 1"),
		-1);
}

static struct store *open_with_lead(struct tmpstore *t)
{
	struct store *s = tmpstore_open(t, 0);
	add_lead(s, 1);
	return s;
}

static void a_lead_reaches_a_receiver_once(void **state)
{
	struct store *s = open_with_lead(*state);
	assert_int_equal(add(s, 1, "ana"), 1);
	assert_int_equal(add(s, 1, "ana"), 0);
	assert_int_equal(add(s, 1, "hook"), 1);
	store_close(s);
}

static void a_claimed_row_is_nobody_elses_until_its_lease_ends(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows, *again;
	int64_t due;
	arena_init(&arena, 0);
	add(s, 1, "hook");
	assert_int_equal(claim(s, 999, &arena, &rows), 0); /* not due yet */
	assert_int_equal(claim(s, 1000, &arena, &rows), 1);
	assert_int_equal(rows[0].attempt, 1);
	assert_memory_equal(rows[0].delivery_id.p, "msg_", 4);
	assert_int_equal(claim(s, 1001, &arena, &again), 0);
	assert_int_equal(outbox_next_due(s, STR("hook"), 1001, &due, NULL), HARK_OK);
	assert_true(due == INT64_MAX);
	assert_int_equal(outbox_next_due(s, STR("hook"), 61000, &due, NULL), HARK_OK);
	assert_int_equal(due, 1000);
	assert_int_equal(claim(s, 61000, &arena, &again), 1);
	assert_int_equal(again[0].attempt, 2);
	assert_true(str_eq(again[0].delivery_id, rows[0].delivery_id));

	/* The first owner wakes up late: its result is dropped. */
	assert_int_equal(
		outbox_sent(s, rows[0].id, rows[0].lease_token, 61500, 200, NULL), HARK_ESTATE);
	assert_int_equal(alerted(s), 0);
	assert_int_equal(
		outbox_sent(s, again[0].id, again[0].lease_token, 62000, 200, NULL), HARK_OK);
	assert_int_equal(alerted(s), 62000);
	assert_int_equal(claim(s, 999999, &arena, &rows), 0);
	assert_int_equal(outbox_next_due(s, STR("hook"), 999999, &due, NULL), HARK_OK);
	assert_true(due == INT64_MAX);
	arena_release(&arena);
	store_close(s);
}

static void a_failed_row_comes_back_when_it_is_due_with_the_same_id(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows, *again;
	arena_init(&arena, 0);
	add(s, 1, "hook");
	claim(s, 1000, &arena, &rows);
	assert_int_equal(
		outbox_retry(s, rows[0].id, rows[0].lease_token, 6000, 503, STR("503"), NULL),
		HARK_OK);
	assert_int_equal(claim(s, 5999, &arena, &again), 0);
	assert_int_equal(claim(s, 6000, &arena, &again), 1);
	assert_int_equal(again[0].last_status, 503);
	assert_str_is(again[0].last_error, "503");
	assert_true(str_eq(again[0].delivery_id, rows[0].delivery_id));
	arena_release(&arena);
	store_close(s);
}

static void dead_letters_are_listed_and_can_be_sent_again(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows, *held, *dead;
	struct outbox_counts counts;
	size_t n;
	arena_init(&arena, 0);
	add(s, 1, "hook");
	add(s, 1, "ana");
	claim(s, 1000, &arena, &rows);
	assert_int_equal(claim_for(s, "ana", 1000, &arena, &held), 1);
	assert_int_equal(
		outbox_dead(s, rows[0].id, rows[0].lease_token, 2000, 410, STR("gone"), NULL),
		HARK_OK);
	assert_int_equal(
		outbox_hold(s, held[0].id, held[0].lease_token, STR("no such receiver"), NULL),
		HARK_OK);
	assert_int_equal(
		outbox_list(s, STR("dead"), STR_NONE, 0, 10, &arena, &dead, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	assert_str_is(dead[0].last_error, "gone");
	assert_int_equal(
		outbox_list(s, STR("dead"), STR("ana"), 0, 10, &arena, &dead, &n, NULL), HARK_OK);
	assert_int_equal(n, 0);
	assert_int_equal(outbox_count(s, STR_NONE, &counts, NULL), HARK_OK);
	assert_int_equal(counts.dead, 1);
	assert_int_equal(counts.held, 1);
	assert_int_equal(outbox_replay(s, 0, STR("hook"), 9000, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	assert_int_equal(claim(s, 9000, &arena, &dead), 1);
	assert_true(str_eq(dead[0].delivery_id, rows[0].delivery_id));
	assert_int_equal(dead[0].attempt, 1);
	assert_int_equal(outbox_replay(s, 0, STR_NONE, 9000, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	arena_release(&arena);
	store_close(s);
}

static void a_new_owner_need_not_wait_for_the_leases_of_a_dead_one(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows, *again;
	arena_init(&arena, 0);
	add(s, 1, "hook");
	claim(s, 1000, &arena, &rows);
	assert_int_equal(outbox_recover(s, NULL), HARK_OK);
	assert_int_equal(claim(s, 1001, &arena, &again), 1);
	assert_int_equal(
		outbox_dead(s, rows[0].id, rows[0].lease_token, 2000, 0, STR("late"), NULL),
		HARK_ESTATE);
	arena_release(&arena);
	store_close(s);
}

static void a_clock_that_was_moved_makes_nothing_late_and_nothing_twice(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows, *other;
	int64_t due;
	const int64_t hour = 3600000, year = 365 * 24 * hour, day = 24 * hour;
	arena_init(&arena, 0);
	add(s, 1, "hook");
	add(s, 1, "ana");
	assert_int_equal(claim(s, 1000, &arena, &rows), 1);

	/* Forward: a row on its way stays its owner's. */
	assert_int_equal(outbox_follow_clock(s, hour, 1000 + hour, day, NULL), HARK_OK);
	assert_int_equal(claim(s, 1000 + hour, &arena, &other), 0);
	assert_int_equal(outbox_retry(s, rows[0].id, rows[0].lease_token, 6000 + hour, 500,
				 STR("busy"), NULL),
		HARK_OK);

	/* Back: what failed still waits five seconds, whatever hour it is. */
	assert_int_equal(outbox_follow_clock(s, -hour, 1000, day, NULL), HARK_OK);
	assert_int_equal(outbox_next_due(s, STR("hook"), 1000, &due, NULL), HARK_OK);
	assert_int_equal(due, 6000);

	/* Set back while nobody looked: no longer than the longest wait there is, once or again. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(outbox_follow_clock(s, 0, 1000 - year, day, NULL), HARK_OK);
		assert_int_equal(outbox_next_due(s, STR("hook"), 0, &due, NULL), HARK_OK);
		assert_int_equal(due, 1000 - year + day);
		assert_int_equal(outbox_next_due(s, STR("ana"), 0, &due, NULL), HARK_OK);
		assert_int_equal(due, 1000 - year); /* it never waited */
	}
	/* What is dated ahead is in nobody's budget of today. */
	assert_int_equal(store_alerts_made(s, STR("hook"), 0, 1000), 1);
	assert_int_equal(store_alerts_made(s, STR("hook"), 0, 999), 0);
	arena_release(&arena);
	store_close(s);
}

/* What waits for quiet hours to end, of a day that the clock was wrong about. */
static void no_alert_waits_for_the_end_of_a_night_that_is_not_due(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows;
	size_t made;
	int64_t due;
	const int64_t hour = 3600000, day = 24 * hour, now = 1000 * day;
	arena_init(&arena, 0);
	/* Made by a clock three days ahead; made before that, and put off by it; and rightly waiting. */
	static const struct {
		const char *receiver;
		int64_t made_h, due_h, then_h;
	} cases[] = {{"ahead", 72, 82, 0}, {"put-off", -1, 80, 0}, {"night", -1, 9, 9}};
	for (size_t i = 0; i < 3; i++) {
		outbox_add_at(s, 1, str_c(cases[i].receiver), STR("lead.raised"), STR("normal"),
			STR("{}"), now + cases[i].made_h * hour, now + cases[i].due_h * hour, &made,
			NULL);
	}
	assert_int_equal(outbox_follow_clock(s, -72 * hour, now, day, NULL), HARK_OK);
	for (size_t i = 0; i < 3; i++) {
		outbox_next_due(s, str_c(cases[i].receiver), now, &due, NULL);
		assert_int_equal(due, now + cases[i].then_h * hour);
	}
	/* What is put off is due then, and as often tried as before. */
	assert_int_equal(claim_for(s, "ahead", now, &arena, &rows), 1);
	assert_int_equal(
		outbox_put_off(s, rows[0].id, rows[0].lease_token, now + hour, NULL), HARK_OK);
	assert_int_equal(claim_for(s, "ahead", now + hour - 1, &arena, &rows), 0);
	assert_int_equal(claim_for(s, "ahead", now + hour, &arena, &rows), 1);
	assert_int_equal(rows[0].attempt, 1);
	arena_release(&arena);
	store_close(s);
}

static void words_that_were_taken_back_are_in_no_alert_that_was_sent_or_withdrawn(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows;
	size_t n;
	arena_init(&arena, 0);
	for (size_t i = 0; i < 2; i++) {
		outbox_add(s, 1, str_c(i == 0 ? "ana" : "hook"), STR("lead.raised"), STR("normal"),
			STR("{\"said\":\"so\"}"), 1000, &n, NULL);
	}
	assert_int_equal(claim_for(s, "ana", 1000, &arena, &rows), 1);
	outbox_sent(s, rows[0].id, rows[0].lease_token, 1001, 200, NULL);
	assert_int_equal(outbox_withdraw_all(s, 1, STR("its lead is snoozed"), 1000), 1);
	outbox_wipe(s, 1);
	static const char *const states[] = {"sent", "withdrawn"};
	for (size_t i = 0; i < 2; i++) {
		outbox_list(s, str_c(states[i]), STR_NONE, 0, 10, &arena, &rows, &n, NULL);
		assert_int_equal(n, 1);
		assert_str_is(rows[0].payload, "{}");
	}
	arena_release(&arena);
	store_close(s);
}

static void claims_take_the_oldest_first_and_no_more_than_asked(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows;
	size_t n;
	arena_init(&arena, 0);
	for (int64_t lead = 2; lead <= 6; lead++) {
		add_lead(s, lead);
		add(s, lead, "hook");
		add(s, lead, "dead-hook");
	}
	assert_int_equal(
		outbox_claim(s, STR("hook"), 1000, 60000, 3, &arena, &rows, &n, NULL), HARK_OK);
	assert_int_equal(n, 3);
	assert_int_equal(rows[0].lead, 2);
	assert_int_equal(rows[2].lead, 4);
	assert_str_is(rows[2].receiver, "hook");
	arena_release(&arena);
	store_close(s);
}

static void what_was_not_attempted_goes_back_uncounted(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows;
	arena_init(&arena, 0);
	add(s, 1, "hook");
	claim(s, 1000, &arena, &rows);
	assert_int_equal(outbox_release(s, rows[0].id, rows[0].lease_token, NULL), HARK_OK);
	assert_int_equal(outbox_release(s, rows[0].id, rows[0].lease_token, NULL), HARK_ESTATE);
	assert_int_equal(claim(s, 1001, &arena, &rows), 1);
	assert_int_equal(rows[0].attempt, 1);
	arena_release(&arena);
	store_close(s);
}

static void a_disabled_receiver_keeps_its_rows_but_not_those_on_their_way(void **state)
{
	struct store *s = open_with_lead(*state);
	struct arena arena;
	struct outbox_row *rows, *held;
	struct str *names;
	size_t n;
	arena_init(&arena, 0);
	add_lead(s, 2);
	add(s, 1, "hook");
	add(s, 2, "hook");
	add(s, 1, "ana");
	assert_int_equal(outbox_receivers(s, &arena, &names, &n, NULL), HARK_OK);
	assert_int_equal(n, 2);
	assert_int_equal(
		outbox_claim(s, STR("hook"), 1000, 60000, 1, &arena, &rows, &n, NULL), HARK_OK);
	assert_int_equal(outbox_hold_all(s, STR("hook"), STR("410 Gone"), 1000, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	assert_int_equal(
		outbox_list(s, STR("held"), STR("hook"), 0, 10, &arena, &held, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	assert_str_is(held[0].last_error, "410 Gone");
	assert_int_equal(outbox_sent(s, rows[0].id, rows[0].lease_token, 1001, 200, NULL), HARK_OK);
	assert_int_equal(claim_for(s, "ana", 1001, &arena, &rows), 1);
	arena_release(&arena);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_lead_reaches_a_receiver_once),
		TMPSTORE_TEST(a_claimed_row_is_nobody_elses_until_its_lease_ends),
		TMPSTORE_TEST(a_failed_row_comes_back_when_it_is_due_with_the_same_id),
		TMPSTORE_TEST(dead_letters_are_listed_and_can_be_sent_again),
		TMPSTORE_TEST(a_new_owner_need_not_wait_for_the_leases_of_a_dead_one),
		TMPSTORE_TEST(a_clock_that_was_moved_makes_nothing_late_and_nothing_twice),
		TMPSTORE_TEST(no_alert_waits_for_the_end_of_a_night_that_is_not_due),
		TMPSTORE_TEST(
			words_that_were_taken_back_are_in_no_alert_that_was_sent_or_withdrawn),
		TMPSTORE_TEST(claims_take_the_oldest_first_and_no_more_than_asked),
		TMPSTORE_TEST(what_was_not_attempted_goes_back_uncounted),
		TMPSTORE_TEST(a_disabled_receiver_keeps_its_rows_but_not_those_on_their_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
