#include "tests/unit/rules_unit.h"

#include "monitor/pipeline/poll.h"

#include <stdio.h>
#include <stdlib.h>

/* A connector whose documents are lines: "ID TEXT", or "gone ID", or "more URL", or
 * "cursor TEXT", or "bad". */

static int lines_open(
	struct hark_host *host, const struct hark_pair *settings, size_t count, void **ctx)
{
	(void)host;
	(void)settings;
	(void)count;
	*ctx = NULL;
	return 0;
}

static int lines_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	(void)host;
	(void)ctx;
	(void)cursor;
	*request = (struct hark_request){
		.transport = HARK_TRANSPORT_HTTP, .url = "http://feed.example/1"};
	return 0;
}

static int one_line(struct hark_host *host, char *line)
{
	char *rest = strchr(line, ' ');
	if (strcmp(line, "bad") == 0) {
		return (host->fail)(host, "line 1: not what it should be");
	}
	if (strcmp(line, "damaged") == 0) {
		host->degraded(host, 1, 1, "not as it should be");
	}
	if (strcmp(line, "noted") == 0) {
		host->noted(host, 4, 1, "colour is left out");
	}
	if (rest == NULL) {
		return 0;
	}
	*rest++ = '\0';
	if (strcmp(line, "more") == 0) {
		struct hark_request more = {.transport = HARK_TRANSPORT_HTTP, .url = rest};
		return host->request_more(host, &more);
	}
	if (strcmp(line, "cursor") == 0) {
		return host->set_cursor(host, rest);
	}
	struct hark_post post;
	hark_post_init(&post);
	post.is_deleted = strcmp(line, "gone") == 0;
	post.external_id = post.is_deleted ? rest : line;
	post.text = post.is_deleted ? NULL : rest;
	return host->emit_post(host, &post);
}

static int lines_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	(void)ctx;
	char *copy = strdup(reply->body), *save = NULL;
	int rc = 0;
	for (char *l = strtok_r(copy, "\n", &save); l != NULL && rc == 0;
		l = strtok_r(NULL, "\n", &save)) {
		rc = one_line(host, l);
	}
	free(copy);
	return rc;
}

static void lines_close(void *ctx)
{
	(void)ctx;
}

static const struct hark_connector lines = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "lines",
	.about = "for this test",
	.open = lines_open,
	.plan = lines_plan,
	.parse = lines_parse,
	.close = lines_close,
};

#define NOW (1700000000LL * 1000)

static struct conf_source conf;
static struct source source;
static struct rng rng = {1};
static int64_t now_ms;

static int set_up(void **state)
{
	(void)state;
	now_ms = NOW;
	conf = (struct conf_source){
		.name = "feed", .connector = "lines", .every_ms = 900000, .max_bytes = 1 << 20};
	source = (struct source){.conf = &conf,
		.connector = &lines,
		.state = calloc(1, sizeof(struct source_state))};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	source_pages_reset(&source);
	free(source.asked_url);
	source.asked_url = NULL;
	free(source.state);
	return 0;
}

/* One poll, stored: the source's state becomes what the batch says. Without `m`, nothing is matched. */
static struct batch *poll_with(struct matcher *m, int status, const char *body, const char *etag)
{
	struct fetch_reply *reply = calloc(1, sizeof(*reply));
	struct poll_job job = {&source, reply, false};
	reply->status = status;
	reply->received_ms = now_ms;
	reply->etag = etag != NULL ? strdup(etag) : NULL;
	buf_init(&reply->body, 1 << 20);
	buf_add_c(&reply->body, body);
	struct batch *b = poll_batch(&job, m, now_ms, &rng);
	assert_non_null(b);
	fetch_reply_free(reply);
	struct source_state *packed = source_state_pack(&b->state);
	free(source.state);
	source.state = packed;
	return b;
}

static struct batch *poll_once(int status, const char *body, const char *etag)
{
	return poll_with(NULL, status, body, etag);
}

static void expect(struct batch *b, size_t posts, bool historic)
{
	assert_int_equal(b->posts_n, posts);
	assert_int_equal(b->historic, historic);
	batch_free(b);
}

static void the_first_poll_is_a_baseline_and_later_ones_bring_only_what_is_new(void **state)
{
	(void)state;
	expect(poll_once(200, "1 one\n2 two\n", "\"a\""), 2, true);
	assert_str_is(source.state->etag, "\"a\"");
	expect(poll_once(200, "1 one\n2 two\n3 three\n", "\"b\""), 1, false);
	expect(poll_once(304, "", NULL), 0, false);
	assert_str_is(source.state->etag, "\"b\"");
	expect(poll_once(200, "1 one\n2 two, edited\n3 three\n", "\"c\""), 1, false);
	assert_int_equal(source.state->failures, 0);
}

/* Only what is stored stays. */
static void restart(void)
{
	struct source_state *kept = source.state;
	source_pages_reset(&source);
	free(source.asked_url);
	source = (struct source){.conf = &conf, .connector = &lines, .state = kept};
}

static bool stores_habits(int status, const char *body)
{
	struct batch *b = poll_once(status, body, "\"a\"");
	bool stores = b->habits_changed;
	batch_free(b);
	return stores;
}

static void habits_without_news_are_stored_once_an_hour_across_restarts(void **state)
{
	(void)state;
	assert_true(stores_habits(200, "1 one\n"));
	assert_false(stores_habits(304, ""));
	restart();
	assert_false(stores_habits(304, ""));
	now_ms += 3600 * 1000;
	restart();
	assert_true(stores_habits(304, ""));
	assert_false(stores_habits(304, ""));
}

static void what_says_nothing_of_the_past_is_no_baseline(void **state)
{
	(void)state;
	expect(poll_once(200, "damaged\n", "\"a\""), 0, true);
	assert_false(source.state->baseline_done);
	assert_null(source.state->etag.p);
	expect(poll_once(200, "1 one\ndamaged\n", "\"b\""), 1, true);
	assert_true(source.state->baseline_done);
	expect(poll_once(200, "1 one\n2 two\ndamaged\n", "\"c\""), 1, false);
	expect(poll_once(200, "damaged\n", "\"d\""), 0, false);
	expect(poll_once(200, "", NULL), 0, false);
	expect(poll_once(200, "3 three\n", NULL), 1, false);
}

static void becomes(const char *extra, bool is_damage)
{
	char body[100];
	for (int i = 0; i < 40; i++) {
		snprintf(body, sizeof(body), "%d text\n%s", i, i < 20 ? "" : extra);
		batch_free(poll_once(200, body, NULL));
		now_ms += conf.every_ms;
	}
	assert_int_equal(source.state->degraded.p != NULL, is_damage);
	struct habits h;
	char room[200];
	habits_read(&h, source.state->habits);
	assert_int_equal(habits_drift(&h, room) != NULL, is_damage);
}

static void what_is_left_out_of_a_record_is_noted_and_no_drift(void **state)
{
	(void)state;
	becomes("noted\n", false);
	assert_str_is(source.state->noted, "line 4, column 1: colour is left out");
	batch_free(poll_once(304, "", NULL));
	assert_non_null(source.state->noted.p);
	batch_free(poll_once(200, "40 text\n", NULL));
	assert_null(source.state->noted.p);
}

static void damage_where_there_was_none_is_drift(void **state)
{
	(void)state;
	becomes("damaged\n", true);
}

static void nothing_has_changed_is_no_answer_to_who_knows_nothing(void **state)
{
	(void)state;
	for (int i = 1; i < 3; i++) {
		expect(poll_once(304, "", NULL), 0, true);
		assert_int_equal(source.state->failures, i);
		assert_non_null(strstr(source.state->error.p, "asked for everything"));
	}
	expect(poll_once(200, "1 one\n", "\"a\""), 1, true);
	expect(poll_once(304, "", NULL), 0, false);
	assert_int_equal(source.state->failures, 0);
}

static void an_empty_feed_is_a_baseline(void **state)
{
	(void)state;
	expect(poll_once(200, "", "\"a\""), 0, true);
	expect(poll_once(200, "1 one\n", "\"b\""), 1, false);
}

static void another_place_is_a_new_source_that_stays_paused(void **state)
{
	(void)state;
	source.place = 1;
	assert_false(source_settle_in(&source)); /* never polled, or by an older hark */
	batch_free(poll_once(200, "1 one\ncursor x\n", "\"a\""));
	assert_false(source_settle_in(&source));
	assert_str_is(source.state->etag, "\"a\"");
	source.state->paused = true;
	source.state->due_ms = NOW;
	source.place = 2;
	assert_true(source_settle_in(&source));
	assert_false(source_settle_in(&source));
	assert_true(source.state->paused);
	assert_null(source.state->etag.p);
	assert_null(source.state->cursor.p);
	assert_int_equal(source.state->due_ms, 0);
	expect(poll_once(200, "1 one\n2 two\n", "\"b\""), 2, true);
	assert_int_equal(source.state->place, 2);
}

static void an_answer_that_cannot_be_read_keeps_the_old_validators(void **state)
{
	(void)state;
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	expect(poll_once(200, "2 two\nbad\n", "\"b\""), 0, false);
	assert_str_is(source.state->etag, "\"a\"");
	assert_non_null(strstr(source.state->error.p, "not what it should be"));
	assert_int_equal(source.state->failures, 1);
	expect(poll_once(200, "1 one\n2 two\n", "\"c\""), 1, false);
	assert_null(source.state->error.p);
}

static void errors_are_said_in_plain_words(void **state)
{
	(void)state;
	batch_free(poll_once(404, "", NULL));
	assert_true(str_starts(source.state->error, STR("HTTP 404: ")));
	batch_free(poll_once(410, "", NULL));
	assert_true(source.state->paused);
	assert_false(source.state->baseline_done);
}

static void after_a_gap_older_pages_are_asked_for_and_validators_wait_for_the_last(void **state)
{
	(void)state;
	struct arena arena;
	struct fetch_request request;
	arena_init(&arena, 0);
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	expect(poll_once(200, "5 five\n6 six\nmore http://feed.example/2\n", "\"b\""), 2, false);
	assert_string_equal(source.more.first->request.url, "http://feed.example/2");
	assert_str_is(source.state->etag, "\"a\"");
	assert_int_equal(poll_request(&source, &request, &arena, NULL), HARK_OK);
	assert_string_equal(request.url, "http://feed.example/2");
	assert_null(request.etag);
	expect(poll_once(200, "1 one\n3 three\n4 four\nmore http://feed.example/3\n", NULL), 2,
		false);
	assert_null(source.more.first);
	assert_str_is(source.state->etag, "\"b\"");
	expect(poll_once(200, "6 six\n5 five\n7 seven\n", "\"c\""), 1, false);
	arena_release(&arena);
}

/* It would be asked for again and again. */
static void a_later_page_is_never_one_that_has_not_changed(void **state)
{
	(void)state;
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	batch_free(poll_once(200, "2 two\nmore http://feed.example/2\n", "\"b\""));
	assert_non_null(source.more.first);
	batch_free(poll_once(304, "", NULL));
	assert_null(source.more.first);
	assert_int_equal(source.state->failures, 1);
	assert_str_is(source.state->etag, "\"a\"");
}

static void a_stream_that_ends_after_each_piece_has_not_recovered(void **state)
{
	(void)state;
	source.listens = true;
	conf.alarm_after = 2;
	int64_t waited = 0;
	for (int i = 1; i < 4; i++) {
		struct batch *failed = poll_once(503, "", NULL);
		assert_int_equal(failed->alarms_n, i == 2);
		batch_free(failed);
		assert_int_equal(source.state->failures, i);
		assert_true(source.state->due_ms - now_ms > waited);
		waited = source.state->due_ms - now_ms;
		char body[40];
		snprintf(body, sizeof(body), "%d text\n", i);
		struct batch *good = poll_once(200, body, NULL);
		assert_int_equal(good->alarms_n, 0);
		expect(good, 1, false);
		assert_int_equal(source.state->failures, i);
		assert_int_equal(source.state->due_ms, now_ms);
	}
	source.holds = true;
	struct batch *holds = poll_once(200, "", NULL);
	assert_int_equal(holds->alarms_n, 1);
	expect(holds, 0, false);
	assert_int_equal(source.state->failures, 0);
}

/* Of a connector that reads replies of any status itself. */
static void only_what_came_well_and_is_not_read_is_another_format(void **state)
{
	(void)state;
	static const struct {
		int status, alarm_after, alarms;
	} cases[] = {{200, 50, 1 << ALARM_DRIFT}, {502, 50, 0}, {404, 50, 0}, {301, 50, 0},
		{500, 2, 1 << ALARM_FAILING}};
	static struct hark_connector judging;
	judging = lines;
	judging.judges_status = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tear_down(state);
		set_up(state);
		source.connector = &judging;
		conf.alarm_after = cases[i].alarm_after;
		batch_free(poll_once(200, "1 one\n", NULL));
		for (int n = 0; n < 3; n++) {
			batch_free(poll_once(cases[i].status, "bad\n", NULL));
		}
		assert_int_equal(source.state->failures, 3);
		assert_int_equal(source.state->alarms, cases[i].alarms);
	}
}

static void pages_that_lead_in_a_circle_end(void **state)
{
	(void)state;
	char body[100];
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	for (int i = 0; i < 30; i++) {
		snprintf(body, sizeof(body), "x%d text\nmore http://feed.example/%d\n", i,
			i % 3 + 2);
		batch_free(poll_once(200, body, NULL));
		if (source.more.first == NULL) {
			return;
		}
	}
	fail_msg("30 pages of one poll");
}

static void a_permanent_redirect_is_believed_after_a_day(void **state)
{
	(void)state;
	struct arena arena;
	struct fetch_request request;
	arena_init(&arena, 0);
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	source.state->moved_to = STR("https://new.example/1");
	source.state->moved_count = 3;
	source.state->moved_since_ms = NOW - PACE_DAY_MS / 2;
	source.state->due_ms = NOW;
	poll_request(&source, &request, &arena, NULL);
	assert_string_equal(request.url, "http://feed.example/1");
	source.state->moved_since_ms = NOW - PACE_DAY_MS;
	poll_request(&source, &request, &arena, NULL);
	assert_string_equal(request.url, "https://new.example/1");
	arena_release(&arena);
}

static void request_is(const char *url, const char *etag)
{
	struct arena arena;
	struct fetch_request request;
	arena_init(&arena, 0);
	assert_int_equal(poll_request(&source, &request, &arena, NULL), HARK_OK);
	assert_string_equal(request.url, url);
	assert_string_equal(request.etag, etag);
	arena_release(&arena);
}

static void a_redirect_that_is_believed_stays_believed_until_it_fails(void **state)
{
	(void)state;
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	source.state->moved_to = STR("https://new.example/1");
	source.state->moved_count = 3;
	source.state->moved_since_ms = NOW - 2 * PACE_DAY_MS;
	request_is("https://new.example/1", "\"a\"");
	batch_free(poll_once(200, "1 one\n2 two\n", "\"b\""));
	request_is("https://new.example/1", "\"b\"");
	batch_free(poll_once(304, "", NULL));
	request_is("https://new.example/1", "\"b\"");
	batch_free(poll_once(404, "", NULL));
	request_is("http://feed.example/1", "\"b\"");
}

static void new_validators_of_an_old_body_are_kept(void **state)
{
	(void)state;
	batch_free(poll_once(200, "1 one\n", "\"a\""));
	expect(poll_once(200, "1 one\n", "\"b\""), 0, false);
	request_is("http://feed.example/1", "\"b\"");
	source.state->url = STR("http://feed.example/before-it-was-configured-anew");
	expect(poll_once(200, "1 one\n", "\"c\""), 0, false);
	request_is("http://feed.example/1", "\"c\"");
}

/* What a poll leaves behind; the batch is freed. */
static struct gap gap_of(struct batch *b)
{
	struct gap gap = b->gap;
	batch_free(b);
	return gap;
}

static void what_was_published_in_between_is_missing_unless_the_answer_reaches_back(void **state)
{
	(void)state;
	assert_int_equal(gap_of(poll_once(200, "1 one\n2 two\n", NULL)).cause, GAP_NONE);
	assert_int_equal(gap_of(poll_once(200, "2 two\n3 three\n", "\"a\"")).cause, GAP_NONE);
	assert_int_equal(gap_of(poll_once(304, "", NULL)).cause, GAP_NONE);
	assert_int_equal(gap_of(poll_once(200, "8 eight\n9 nine\n", NULL)).cause, GAP_OVERFLOW);
	assert_int_equal(gap_of(poll_once(500, "", NULL)).cause, GAP_FAILING);
	struct gap gap = gap_of(poll_once(200, "9 nine\n10 ten\n", NULL));
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.filled_ms, NOW);
	gap_of(poll_once(500, "", NULL));
	gap = gap_of(poll_once(200, "98 a\n99 b\n", NULL));
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.filled_ms, 0);
}

static void a_gap_ends_with_the_last_page_of_the_poll_after_it(void **state)
{
	(void)state;
	gap_of(poll_once(200, "1 one\n2 two\n", NULL));
	gap_of(poll_once(500, "", NULL));
	struct batch *first =
		poll_once(200, "7 seven\n8 eight\nmore http://feed.example/2\n", NULL);
	assert_int_equal(gap_of(first).cause, GAP_NONE);
	struct gap gap = gap_of(poll_once(200, "2 two\n6 six\n", NULL));
	assert_int_equal(gap.cause, GAP_FAILING);
	assert_int_equal(gap.filled_ms, NOW);
}

static void one_item_that_was_edited_is_no_gap(void **state)
{
	(void)state;
	gap_of(poll_once(200, "1 one\n", NULL));
	assert_int_equal(gap_of(poll_once(200, "1 one, edited\n", NULL)).cause, GAP_NONE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* What a hub sends, stored as a poll would be. */
static enum push_end push_once(const char *body, bool is_ping, size_t posts)
{
	struct push *p = push_new(STR("feed"), str_c(body), STR_NONE);
	assert_non_null(p);
	p->topic = strdup("http://feed.example/1");
	p->is_ping = is_ping;
	source.push = p;
	struct batch *b = push_batch(&source, NULL, now_ms);
	assert_non_null(b);
	enum push_end end = p->end;
	assert_int_equal(b->posts_n, posts);
	assert_false(b->historic && posts > 0);
	struct source_state *packed = source_state_pack(&b->state);
	free(source.state);
	source.state = packed;
	batch_free(b);
	push_free(p);
	source.push = NULL;
	return end;
}

static void what_a_hub_sends_is_new_once_whichever_way_it_comes_first(void **state)
{
	(void)state;
	expect(poll_once(200, "1 one\n2 two\n", "\"a\""), 2, true);
	const struct source_state before = *source.state;
	now_ms += 60000;
	assert_int_equal(push_once("3 three\n2 two\n", false, 1), PUSH_READ);
	assert_int_equal(push_once("3 three\n", false, 0), PUSH_READ);
	assert_int_equal(source.state->posts_total, 3);
	assert_int_equal(source.state->changed_ms, now_ms);
	/* What polls go by is as it was. */
	assert_str_is(source.state->etag, "\"a\"");
	assert_int_equal(source.state->polled_ms, before.polled_ms);
	assert_int_equal(source.state->heard_ms, before.heard_ms);
	assert_int_equal(source.state->polls_total, before.polls_total);
	assert_int_equal(source.state->due_ms, before.due_ms);
	expect(poll_once(200, "4 four\n3 three\n2 two\n1 one\n", "\"b\""), 1, false);
	assert_int_equal(push_once("4 four\n", false, 0), PUSH_READ);
}

static void nothing_is_taken_of_a_hub_before_the_baseline(void **state)
{
	(void)state;
	assert_int_equal(push_once("1 one\n", false, 0), PUSH_LATER);
	assert_false(source.state->baseline_done);
	expect(poll_once(200, "1 one\n", NULL), 1, true);
}

static void what_is_no_content_or_of_anybody_brings_the_next_poll_forward(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		bool is_ping;
	} cases[] = {{"bad\n", false}, {"", false}, {"2 two\n", true}};
	expect(poll_once(200, "1 one\n", NULL), 1, true);
	int64_t polled = source.state->polled_ms, due = source.state->due_ms;
	for (size_t i = 0; i < 3; i++) {
		source.state->due_ms = due;
		now_ms = polled + 1000;
		assert_int_equal(push_once(cases[i].body, cases[i].is_ping, 0), PUSH_READ);
		assert_int_equal(source.state->due_ms, polled + 60000); /* no sooner */
		source.state->due_ms = due;
		now_ms = polled + 300000;
		assert_int_equal(push_once(cases[i].body, cases[i].is_ping, 0), PUSH_READ);
		assert_int_equal(source.state->due_ms, now_ms);
		assert_null(source.state->error.p);
	}
	source.state->due_ms = due;
	source.state->failures = 1; /* not in the middle of its failures */
	push_once("", false, 0);
	assert_int_equal(source.state->due_ms, due);
	source.state->failures = 0;
	now_ms = due + 1000; /* nor later than it is due anyway */
	push_once("", false, 0);
	assert_int_equal(source.state->due_ms, due);
}

static void a_poll_is_put_off_while_a_hub_tells_of_news(void **state)
{
	(void)state;
	expect(poll_once(200, "1 one\n", NULL), 1, true);
	assert_int_equal(source.state->plain_due_ms, 0);
	source.subscribed = true;
	expect(poll_once(200, "1 one\n2 two\n", NULL), 1, false);
	int64_t plain = source.state->plain_due_ms - now_ms;
	assert_true(plain >= 900000);
	assert_int_equal(source.state->due_ms - now_ms, 4 * plain);
	expect(poll_once(500, "", NULL), 0, false);
	assert_int_equal(source.state->plain_due_ms, 0);
	source.subscribed = false;
}

/* What the matcher read last is of an older batch by then. */
static void a_deleted_post_is_compared_with_nothing(void **state)
{
	(void)state;
	struct folder dir;
	folder_open(&dir);
	folder_write(&dir, "r.yaml", "rules:\n  - {id: q, kind: mention, match: globex}\n");
	struct ruleset *set = folder_load(&dir, false);
	assert_non_null(set);
	struct matcher *m = matcher_new(set);
	assert_non_null(m);
	struct batch *b = poll_with(m, 200, "1 Globex opens a house in Springfield\n", NULL);
	assert_int_equal(b->posts_n, 1);
	assert_int_equal(b->posts[0].signals_n, 1);
	assert_true(b->posts[0].look.keys_n > 0);
	batch_free(b);
	b = poll_with(m, 200, "gone 1\n", NULL);
	assert_int_equal(b->posts_n, 1);
	assert_true(b->posts[0].post.deleted);
	assert_int_equal(b->posts[0].look.keys_n, 0);
	batch_free(b);
	matcher_free(m);
	ruleset_unref(set);
	folder_close(&dir);
}

static void what_was_found_outlives_its_rules(void **state)
{
	(void)state;
	struct folder dir;
	folder_open(&dir);
	folder_write(&dir, "r.yaml",
		"rules:\n  - {id: q, kind: mention, title: \"A title of its own\", match: globex}\n");
	struct ruleset *set = folder_load(&dir, false);
	assert_non_null(set);
	struct matcher *m = matcher_new(set);
	assert_non_null(m);
	struct batch *b = poll_with(m, 200, "1 Globex opens a house in Springfield\n", NULL);
	matcher_free(m); /* a reload, while the batch waits for the writer */
	ruleset_unref(set);
	assert_int_equal(b->posts_n, 1);
	assert_int_equal(b->posts[0].signals_n, 1);
	assert_true(str_eq(b->posts[0].signals[0].rule, STR("q")));
	assert_true(str_eq(b->posts[0].signals[0].title, STR("A title of its own")));
	batch_free(b);
	folder_close(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_poll_is_a_baseline_and_later_ones_bring_only_what_is_new),
		TEST(habits_without_news_are_stored_once_an_hour_across_restarts),
		TEST(what_says_nothing_of_the_past_is_no_baseline),
		TEST(what_is_left_out_of_a_record_is_noted_and_no_drift),
		TEST(damage_where_there_was_none_is_drift),
		TEST(nothing_has_changed_is_no_answer_to_who_knows_nothing),
		TEST(an_empty_feed_is_a_baseline),
		TEST(another_place_is_a_new_source_that_stays_paused),
		TEST(an_answer_that_cannot_be_read_keeps_the_old_validators),
		TEST(errors_are_said_in_plain_words),
		TEST(after_a_gap_older_pages_are_asked_for_and_validators_wait_for_the_last),
		TEST(a_later_page_is_never_one_that_has_not_changed),
		TEST(a_stream_that_ends_after_each_piece_has_not_recovered),
		TEST(only_what_came_well_and_is_not_read_is_another_format),
		TEST(pages_that_lead_in_a_circle_end),
		TEST(a_permanent_redirect_is_believed_after_a_day),
		TEST(a_redirect_that_is_believed_stays_believed_until_it_fails),
		TEST(new_validators_of_an_old_body_are_kept),
		TEST(what_was_published_in_between_is_missing_unless_the_answer_reaches_back),
		TEST(a_gap_ends_with_the_last_page_of_the_poll_after_it),
		TEST(one_item_that_was_edited_is_no_gap),
		TEST(what_a_hub_sends_is_new_once_whichever_way_it_comes_first),
		TEST(nothing_is_taken_of_a_hub_before_the_baseline),
		TEST(what_is_no_content_or_of_anybody_brings_the_next_poll_forward),
		TEST(a_poll_is_put_off_while_a_hub_tells_of_news),
		TEST(a_deleted_post_is_compared_with_nothing),
		TEST(what_was_found_outlives_its_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
