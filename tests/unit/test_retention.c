#include "tests/unit/unit.h"

#include "monitor/pipeline/emit.h"
#include "tests/unit/keyed.h"
#include "monitor/store/driver.h"
#include "monitor/store/outbox.h"
#include "monitor/store/retention.h"
#include "tests/unit/tmpstore.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))
#define BODY                                                                                     \
	"Globex today said that it will move all of its warehouses to the new Acme platform by " \
	"the end of spring"

static const struct retention limits = {30 * DAY, 180 * DAY};

/* One post, with a finding of `score` in it unless that is 0. */
static void hear(struct store *s, const char *source, const char *id, const char *text, int score,
	int64_t now_ms)
{
	static const struct conf conf;
	struct signal g = {
		.rule = STR("r"),
		.kind = SIGNAL_MENTION,
		.level = LEVEL_NORMAL,
		.score = score,
		.subject = {STR("author"), STR("jane"), STR("Jane Example")},
		.lead_key = STR("jane"),
		.explain = STR("Jane asks"),
	};
	struct batch b = {.source = str_c(source), .received_ms = now_ms};
	struct emit_counts counts = {0};
	arena_init(&b.arena, 0);
	b.posts = arena_alloc(&b.arena, sizeof(*b.posts));
	b.posts_n = 1;
	post_init(&b.posts->post);
	b.posts->post.external_id = str_c(id);
	b.posts->post.text = str_c(text);
	b.posts->signals = &g;
	b.posts->signals_n = score > 0;
	assert_int_equal(post_keys(b.posts, 1, &b.arena), HARK_OK);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	assert_int_equal(emit_batch(s, &conf, &b, now_ms, &counts, NULL), HARK_OK);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	arena_release(&b.arena);
}

static struct retention_counts turn(struct store *s, int64_t now_ms, size_t max)
{
	struct retention_counts counts = {0};
	struct hark_err err = {0};
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	retention_turn(s, &limits, now_ms, max, &counts, NULL);
	if (store_commit(s, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return counts;
}

static int64_t ask(struct store *s, const char *sql)
{
	int64_t value = db_run_i64(db_query(store_db(s), sql), -1);
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	return value;
}

static void what_matched_nothing_loses_its_body_and_does_not_come_back(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	hear(s, "a", "1", BODY, 0, NOW);
	hear(s, "a", "2", "young", 0, NOW + DAY);
	assert_int_equal(turn(s, NOW + 30 * DAY - 1, 100).posts, 0);
	assert_int_equal(turn(s, NOW + 30 * DAY, 100).posts, 1);
	assert_int_equal(ask(s, "SELECT count(*) FROM posts WHERE text IS NULL"), 1);
	assert_int_equal(turn(s, NOW + 30 * DAY, 100).posts, 0);
	hear(s, "a", "1", BODY, 70, NOW + 31 * DAY); /* listed again: known */
	assert_int_equal(ask(s, "SELECT count(*) FROM signals"), 0);
	hear(s, "b", "9", BODY, 0, NOW + 31 * DAY); /* a copy is known as one */
	assert_int_equal(ask(s, "SELECT copies FROM stories"), 1);
	store_close(s);
}

static void an_edit_is_as_old_as_itself(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	hear(s, "a", "1", "one", 0, NOW);
	hear(s, "a", "1", "two", 0, NOW + 20 * DAY);
	hear(s, "a", "2", "three", 0, NOW);
	assert_int_equal(turn(s, NOW + 31 * DAY, 100).posts, 1);
	assert_int_equal(ask(s, "SELECT count(*) FROM posts WHERE text = 'two'"), 1);
	hear(s, "a", "2", "four", 0, NOW + 40 * DAY); /* after its body went */
	assert_int_equal(turn(s, NOW + 50 * DAY, 100).posts, 1);
	assert_int_equal(turn(s, NOW + 70 * DAY, 100).posts, 1);
	assert_int_equal(ask(s, "SELECT count(*) FROM posts WHERE text IS NOT NULL"), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM revisions WHERE text IS NOT NULL"), 0);
	store_close(s);
}

static void a_lead_goes_with_its_evidence_and_is_never_renewed(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	size_t made;
	hear(s, "a", "1", "I want one", 70, NOW);
	hear(s, "a", "2", "still", 70, NOW + 20 * DAY); /* joins: does not make it younger */
	assert_int_equal(ask(s, "SELECT signals FROM leads"), 2);
	outbox_add(
		s, 1, STR("hook"), STR("lead.raised"), STR("instant"), STR("{}"), NOW, &made, NULL);
	struct retention_counts c = turn(s, NOW + 180 * DAY - 1, 100);
	assert_int_equal(c.leads + c.posts, 0);
	c = turn(s, NOW + 180 * DAY, 100);
	assert_int_equal(c.leads, 1);
	assert_int_equal(c.posts, 2);
	assert_int_equal(
		ask(s, "SELECT (SELECT count(*) FROM leads) + (SELECT count(*) FROM outbox)"
		       " + (SELECT count(*) FROM lead_events) + (SELECT count(*) FROM "
		       "lead_slots)"),
		0);
	assert_int_equal(ask(s, "SELECT count(*) FROM posts WHERE text IS NOT NULL"), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM signals WHERE explain IS NOT NULL OR"
				" subject_name IS NOT NULL OR lead_key LIKE '%jane%'"),
		0);
	store_close(s);
}

static void a_late_copy_of_a_forgotten_story_raises_nothing(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	hear(s, "a", "1", BODY, 70, NOW);
	assert_int_equal(turn(s, NOW + 180 * DAY, 100).leads, 1);
	hear(s, "b", "1", BODY, 70, NOW + 181 * DAY);
	assert_int_equal(ask(s, "SELECT count(*) FROM leads"), 0);
	store_close(s);
}

/* The copy matched where the first did not, and the text of both is kept with the first. */
static void the_body_a_lead_shows_stays_as_long_as_the_lead(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	hear(s, "a", "1", BODY, 0, NOW);
	hear(s, "b", "1", BODY, 70, NOW + DAY);
	assert_int_equal(ask(s, "SELECT count(*) FROM posts WHERE text IS NOT NULL"), 1);
	assert_int_equal(turn(s, NOW + 40 * DAY, 100).posts, 0);
	assert_int_equal(turn(s, NOW + 181 * DAY, 100).posts, 2);
	assert_int_equal(ask(s, "SELECT count(*) FROM posts WHERE text IS NOT NULL"), 0);
	store_close(s);
}

static void weak_findings_go_when_leads_would(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	hear(s, "a", "1", "weak", 10, NOW);
	assert_int_equal(turn(s, NOW + 40 * DAY, 100).posts, 0);
	assert_int_equal(turn(s, NOW + 180 * DAY, 100).posts, 1);
	assert_int_equal(ask(s, "SELECT count(*) FROM signals WHERE explain IS NOT NULL"), 0);
	store_close(s);
}

static void a_turn_does_so_much_and_says_if_there_is_more(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	size_t posts = 0, turns = 0;
	struct retention_counts c;
	for (int i = 0; i < 25; i++) {
		char id[8];
		snprintf(id, sizeof(id), "%d", i);
		hear(s, "a", id, id, 0, NOW);
	}
	do {
		c = turn(s, NOW + 30 * DAY, 10);
		assert_true(c.posts <= 10);
		posts += c.posts;
		turns++;
	} while (c.more);
	assert_int_equal(posts, 25);
	assert_int_equal(turns, 3);
	store_close(s);
}

static void what_failed_is_tried_again_within_minutes(void **state)
{
	(void)state;
	const int64_t minute = 60000, usual = retention_wait_ms(false, 0);
	int64_t before = 0, all = 0;
	assert_true(usual >= 30 * minute);
	assert_true(retention_wait_ms(true, 0) <= minute);
	for (int failures = 1; failures <= 5; failures++) {
		int64_t wait = retention_wait_ms(true, failures);
		assert_true(wait > before);
		assert_true(wait == retention_wait_ms(false, failures));
		all += before = wait;
	}
	assert_in_range(all, 5 * minute, 20 * minute);
	assert_in_range(retention_wait_ms(false, 1000000), minute, 10 * minute);
	assert_in_range(retention_wait_ms(false, 1 << 30), minute, 10 * minute);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(what_matched_nothing_loses_its_body_and_does_not_come_back),
		TMPSTORE_TEST(an_edit_is_as_old_as_itself),
		TMPSTORE_TEST(a_lead_goes_with_its_evidence_and_is_never_renewed),
		TMPSTORE_TEST(a_late_copy_of_a_forgotten_story_raises_nothing),
		TMPSTORE_TEST(the_body_a_lead_shows_stays_as_long_as_the_lead),
		TMPSTORE_TEST(weak_findings_go_when_leads_would),
		TMPSTORE_TEST(a_turn_does_so_much_and_says_if_there_is_more),
		cmocka_unit_test(what_failed_is_tried_again_within_minutes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
