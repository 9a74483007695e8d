/* Items whose detail alone says whether their author opts out, and ids whose record does not come. */
#include "tests/unit/rest_unit.h"

#include <stdlib.h>

#define MINUTE_MS INT64_C(60000)

#define WAITING                                                                                      \
	"id: b\nabout: b\nrequest: { url: \"https://b.example/new\" }\nitems: { pointer: /items }\n" \
	"map: { external_id: /id, text: /text, author.handle: /by }\n"                               \
	"detail: { url: \"https://b.example/user/{/by}\", max: 2, map: { author.bio: $detail/bio } }\n"

/* A poll is one or more replies; what is stored of it is its last cursor. */
struct waiting {
	struct rest_run run;
	char *cursor;
	int64_t now_ms;
	char ask[300]; /* the tag of the detail that was asked for last; empty: none */
};

static void wait_start(struct waiting *w, const char *definition)
{
	*w = (struct waiting){.now_ms = NOW_MS};
	rest_start(&w->run, definition);
}

static void wait_end(struct waiting *w)
{
	free(w->cursor);
	rest_end(&w->run);
}

static void keep(struct waiting *w)
{
	const struct collected *got = &w->run.got;
	if (got->cursor.p != NULL) {
		free(w->cursor);
		w->cursor = strndup(got->cursor.p, got->cursor.n);
	}
	snprintf(w->ask, sizeof(w->ask), "%s",
		got->more_n > 0 ? got->more[got->more_n - 1].tag : "");
}

static void answer(struct waiting *w, const char *tag, int status, const char *body)
{
	struct rest_run *run = &w->run;
	const struct hark_reply reply = {.tag = tag,
		.status = status,
		.error = status == 0 ? "no answer within 30 s" : NULL,
		.url = "https://b.example/new",
		.body = body,
		.body_bytes = strlen(body),
		.received_ms = w->now_ms};
	assert_int_equal(collect(&run->got, &run->d->connector, run->ctx, STR("b"), &reply,
				 &run->arena, &run->err),
		HARK_OK);
	keep(w);
}

/* The list, after a restart. */
static void poll_body(struct waiting *w, const char *body)
{
	struct rest_run *run = &w->run;
	collect_close(&run->d->connector, run->ctx);
	assert_int_equal(collect_open(&run->d->connector, NULL, 0, &run->ctx, &run->err), HARK_OK);
	assert_int_equal(collect_plan(&run->d->connector, run->ctx, w->cursor, w->now_ms,
				 &run->request, &run->arena, &run->err),
		HARK_OK);
	answer(w, NULL, 200, body);
}

static void poll(struct waiting *w, const char *items)
{
	char body[2000];
	snprintf(body, sizeof(body), "{\"items\":[%s]}", items);
	poll_body(w, body);
}

static void detail(struct waiting *w, int status, const char *body)
{
	char tag[sizeof(w->ask)];
	memcpy(tag, w->ask, sizeof(tag));
	assert_string_not_equal(tag, "");
	answer(w, tag, status, body);
}

#define ITEM(id, by) "{\"id\":" #id ",\"text\":\"zebrafish\",\"by\":\"" by "\"}"
#define FINE "{\"bio\":\"I paint\"}"

/* The first poll, of one item. */
static void baseline(struct waiting *w)
{
	poll(w, ITEM(1, "ada"));
	assert_int_equal(w->run.got.posts_n, 0);
	assert_int_equal(w->run.got.more[0].more, HARK_MORE_ALWAYS);
	assert_int_equal(w->run.got.more[0].may_fail, 1);
	assert_string_equal(w->run.got.more[0].url, "https://b.example/user/ada");
	detail(w, 200, FINE);
	assert_int_equal(w->run.got.posts_n, 1);
	assert_string_equal(w->ask, "");
}

static void nothing_is_told_before_the_detail_is_there(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob") "," ITEM(1, "ada"));
	assert_int_equal(w.run.got.posts_n, 0);
	assert_int_equal(w.run.got.more_n, 1);
	detail(&w, 200, "{\"bio\":\"please #nobot\"}");
	assert_int_equal(w.run.got.posts_n, 0);
	assert_int_equal(w.run.got.opted_out, 1);
	assert_str_is(w.run.got.withdrawn[0], "2");
	poll(&w, ITEM(3, "cy") "," ITEM(2, "bob") "," ITEM(1, "ada"));
	assert_string_equal(w.run.got.more[0].url, "https://b.example/user/cy");
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 1);
	assert_str_is(w.run.got.posts[0].external_id, "3");
	assert_str_is(w.run.got.posts[0].author.bio, "I paint");
	poll(&w, ITEM(3, "cy") "," ITEM(2, "bob") "," ITEM(1, "ada"));
	assert_int_equal(w.run.got.more_n, 0);
	assert_int_equal(w.run.got.posts_n, 0);
	wait_end(&w);
}

static void the_root_of_a_detail_is_its_document(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, "id: b\nabout: b\nrequest: { url: \"https://b.example/new\" }\n"
		       "items: { pointer: /items }\n"
		       "map: { external_id: /id, text: /text, author.handle: /by }\n"
		       "detail: { url: \"https://b.example/user/{/by}\", max: 2,\n"
		       "  map: { author.bio: $root/bio, title: $root/name } }\n");
	poll_body(&w, "{\"name\":\"the list\",\"items\":[" ITEM(1, "ada") "]}");
	detail(&w, 200, "{\"name\":\"the author\",\"bio\":\"I paint\"}");
	assert_str_is(w.run.got.posts[0].title, "the author");
	assert_str_is(w.run.got.posts[0].author.bio, "I paint");
	wait_end(&w);
}

static void what_is_edited_is_asked_for_again(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, "{\"id\":1,\"text\":\"another\",\"by\":\"ada\"}");
	assert_int_equal(w.run.got.more_n, 1);
	detail(&w, 200, FINE);
	assert_str_is(w.run.got.posts[0].text, "another");
	wait_end(&w);
}

/* Four times it is put off, ever longer; the fifth is the last. */
static void a_detail_that_fails_is_asked_for_again_and_given_up_in_the_end(void **state)
{
	(void)state;
	static const int64_t pauses[] = {0, 15, 60, 360};
	static const int statuses[] = {500, 0, 429, 403};
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob"));
	for (size_t i = 0; i < 4; i++) {
		detail(&w, statuses[i], "");
		assert_int_equal(w.run.got.posts_n, 0);
		assert_true(w.run.got.degraded);
		assert_non_null(strstr(w.run.got.degraded_why.p, "no detail yet of 1 item, asked"));
		if (pauses[i] > 0) {
			w.now_ms += pauses[i] * MINUTE_MS - 1;
			poll(&w, "");
			assert_false(w.run.request.tells_unchanged); /* only what has changed */
			assert_int_equal(w.run.got.more_n, 0);
			assert_true(w.run.got.degraded);
		}
		w.now_ms++;
		poll(&w, ""); /* it is not listed any more */
		assert_true(w.run.request.tells_unchanged);
		assert_int_equal(w.run.got.more_n, 1);
	}
	detail(&w, 500, "");
	assert_int_equal(w.run.got.posts_n, 0);
	assert_non_null(strstr(w.run.got.degraded_why.p, "no detail of 1 item, left out"));
	w.now_ms += 1000 * MINUTE_MS;
	poll(&w, ITEM(2, "bob"));
	assert_int_equal(w.run.got.more_n, 0);
	assert_false(w.run.request.tells_unchanged);
	assert_false(w.run.got.degraded);
	wait_end(&w);
}

static void poll_unchanged(struct waiting *w)
{
	struct rest_run *run = &w->run;
	assert_int_equal(collect_plan(&run->d->connector, run->ctx, w->cursor, w->now_ms,
				 &run->request, &run->arena, &run->err),
		HARK_OK);
	answer(w, NULL, 304, "");
}

/* The list says that nothing has changed; what is due is asked for without it. */
static void what_waits_needs_no_list(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob"));
	detail(&w, 500, "");
	poll_unchanged(&w);
	assert_true(w.run.request.tells_unchanged);
	assert_false(w.run.request.whole);
	assert_int_equal(w.run.got.more_n, 1);
	detail(&w, 304, ""); /* that is no detail */
	assert_int_equal(w.run.got.posts_n, 0);
	w.now_ms += 15 * MINUTE_MS;
	poll_unchanged(&w);
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 1);
	assert_str_is(w.run.got.posts[0].external_id, "2");
	poll_unchanged(&w);
	assert_false(w.run.request.tells_unchanged);
	assert_int_equal(w.run.got.more_n, 0);
	assert_false(w.run.got.degraded);
	wait_end(&w);
}

static void one_that_comes_in_the_end_is_told(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob"));
	detail(&w, 503, "");
	poll(&w, "");
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 1);
	assert_str_is(w.run.got.posts[0].text, "zebrafish");
	assert_false(w.run.got.degraded);
	wait_end(&w);
}

/* A page that is no detail says nothing of who opts out; one that is not there never will. */
static void nothing_and_nonsense_are_no_detail(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "null", "7", "<html></html>"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct waiting w;
		wait_start(&w, WAITING);
		baseline(&w);
		poll(&w, ITEM(2, "bob"));
		detail(&w, 200, bad[i]);
		assert_int_equal(w.run.got.posts_n, 0);
		poll(&w, "");
		assert_int_equal(w.run.got.more_n, 1);
		detail(&w, 404, "");
		assert_int_equal(w.run.got.posts_n, 0);
		poll(&w, "");
		assert_int_equal(w.run.got.more_n, 0);
		wait_end(&w);
	}
}

/* The answer to a detail of a new post, and how many posts are told and ask again in the next poll. */
static void says(const char *definition, const char *body, size_t posts)
{
	struct waiting w;
	wait_start(&w, definition);
	poll(&w, ITEM(1, "ada"));
	detail(&w, 200, "{\"bio\":\"I paint\",\"noindex\":false}");
	assert_int_equal(w.run.got.posts_n, 1);
	poll(&w, ITEM(2, "bob"));
	detail(&w, 200, body);
	assert_int_equal(w.run.got.posts_n, posts);
	assert_int_equal(w.run.got.opted_out, 0);
	poll(&w, "");
	assert_int_equal(w.run.got.more_n, 1 - posts);
	wait_end(&w);
}

#define FLAGGED                                                                           \
	"id: b\nabout: b\nrequest: { url: \"https://b.example/new\" }\n"                  \
	"items: { pointer: /items, opt_out: [{ pointer: $detail/noindex, eq: true }] }\n" \
	"map: { external_id: /id, text: /text }\n"                                        \
	"detail: { url: \"https://b.example/user/{/by}\", max: 2 }\n"

static void what_does_not_say_who_opts_out_is_no_detail(void **state)
{
	(void)state;
	static const char *const silent[] = {"{\"error\":\"rate limit exceeded\"}", "[]",
		"[{\"bio\":\"x\"}]", "{\"errors\":[{\"message\":\"no\"}],\"bio\":null}",
		"{\"bio\":{}}", "{\"bio\":7}", "{\"bio\":[\"#nobot\"]}", "{\"bio\":false}"};
	static const char *const fine[] = {"{}", "{\"bio\":null}", "{\"bio\":\"\"}",
		"{\"error\":\"my band\",\"bio\":\"tea\"}"};
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		says(WAITING, silent[i], 0);
	}
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		says(WAITING, fine[i], 1);
	}
	says(FLAGGED, "{\"noindex\":{}}", 0);
	says(FLAGGED, "{\"noindex\":\"perhaps\"}", 0);
	says(FLAGGED, "{\"noindex\":null}", 1);
	says(FLAGGED, "{\"noindex\":false}", 1);
	says(FLAGGED, "{}", 1);
}

static void a_poll_asks_for_no_more_than_its_share_and_keeps_the_rest(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob") "," ITEM(3, "cy") "," ITEM(4, "dan") "," ITEM(1, "ada"));
	assert_int_equal(w.run.got.more_n, 1); /* one after the other */
	detail(&w, 200, FINE);
	detail(&w, 200, FINE);
	assert_string_equal(w.ask, "");
	poll(&w, "");
	detail(&w, 200, FINE);
	assert_str_is(w.run.got.posts[0].external_id, "4");
	/* Where the source has trouble the others wait for the next poll. */
	poll(&w, ITEM(5, "eve") "," ITEM(6, "fay"));
	detail(&w, 503, "");
	assert_string_equal(w.ask, "");
	poll(&w, "");
	detail(&w, 200, FINE);
	detail(&w, 200, FINE);
	wait_end(&w);
}

static void one_address_is_asked_once_for_all_who_wait_for_it(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob") "," ITEM(3, "bob") "," ITEM(1, "ada"));
	assert_int_equal(w.run.got.more_n, 1);
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 2);
	assert_string_equal(w.ask, "");
	wait_end(&w);
}

/* What was there before we came is no news later. */
static void of_the_first_poll_the_rest_is_left_out_for_good(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	poll(&w, ITEM(4, "dan") "," ITEM(3, "cy") "," ITEM(2, "bob") "," ITEM(1, "ada"));
	detail(&w, 500, "");
	assert_string_equal(w.ask, "");
	poll(&w, ITEM(4, "dan") "," ITEM(3, "cy") "," ITEM(2, "bob") "," ITEM(1, "ada"));
	assert_int_equal(w.run.got.more_n, 0);
	assert_int_equal(w.run.got.posts_n, 0);
	wait_end(&w);
}

static void an_id_whose_record_does_not_come_is_asked_for_again(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/new\" }\n"
		"cursor: { kind: max_id, from: [ $item, /id ] }\nitems: { pointer: /items }\n"
		"map: { external_id: /id, text: /text }\n"
		"detail: { url: \"https://b.example/{$item}\", list_is_ids: true, max: 2 }\n");
	poll(&w, "7");
	detail(&w, 200, ITEM(7, "ada"));
	poll(&w, "8, 7");
	detail(&w, 500, "");
	assert_int_equal(w.run.got.posts_n, 0);
	poll(&w, "8, 7");
	assert_int_equal(w.run.got.more_n, 1);
	detail(&w, 200, ITEM(8, "bob"));
	assert_int_equal(w.run.got.posts_n, 1);
	poll(&w, "8, 7");
	assert_int_equal(w.run.got.more_n, 0);
	wait_end(&w);
}

static void a_list_of_which_all_is_new_does_not_reach_back(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob") "," ITEM(1, "ada"));
	assert_false(w.run.got.missed);
	detail(&w, 200, FINE);
	poll(&w, ITEM(3, "cy") "," ITEM(4, "dan"));
	assert_true(w.run.got.missed);
	wait_end(&w);
}

/* What the list said of an author beside its posts is there when the detail comes, after a restart too. */
static void what_lookups_found_is_kept_with_the_item(void **state)
{
	(void)state;
	static const char first[] =
		"{\"items\":[{\"id\":2,\"by\":\"u1\"}],\"users\":[{\"id\":\"u1\","
		"\"acct\":\"ada\",\"name\":\"Ada\"}]}";
	struct waiting w;
	wait_start(&w, "id: b\nabout: b\nrequest: { url: \"https://b.example/new\" }\n"
		       "lookup: { user: { in: $root/users, key: /id, by: /by } }\n"
		       "items: { pointer: /items }\n"
		       "map: { external_id: /id, text: /id, author.handle: $user/acct }\n"
		       "detail: { url: \"https://b.example/user/{$user/acct}\", max: 2,\n"
		       "  map: { author.display_name: $user/name, author.bio: $detail/bio } }\n");
	poll(&w, "{\"id\":1}"); /* nobody's */
	poll_body(&w, first);
	assert_int_equal(w.run.got.more_n, 1);
	assert_string_equal(w.run.got.more[0].url, "https://b.example/user/ada");
	detail(&w, 500, "");
	poll(&w, "");
	assert_int_equal(w.run.got.more_n, 1);
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 1);
	assert_str_is(w.run.got.posts[0].author.handle, "ada");
	assert_str_is(w.run.got.posts[0].author.display_name, "Ada");
	wait_end(&w);
}

static void one_that_is_listed_without_its_address_stays_as_it_was(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob"));
	detail(&w, 403, "");
	poll(&w, ITEM(3, "cy") ",{\"id\":2,\"text\":\"bare\"}");
	assert_string_equal(w.run.got.more[0].url, "https://b.example/user/bob");
	detail(&w, 403, "");
	assert_string_equal(w.ask, "whttps://b.example/user/cy");
	detail(&w, 200, FINE);
	assert_str_is(w.run.got.posts[0].external_id, "3");
	w.now_ms += 15 * MINUTE_MS;
	poll(&w, "");
	detail(&w, 200, FINE);
	assert_str_is(w.run.got.posts[0].text, "zebrafish");
	wait_end(&w);
}

static void one_that_has_grown_beyond_the_room_stays_as_it_was(void **state)
{
	(void)state;
	enum { LARGE = 600000 };
	char *body = malloc(LARGE + 200);
	struct waiting w;
	assert_non_null(body);
	wait_start(&w, WAITING);
	baseline(&w);
	poll(&w, ITEM(2, "bob") "," ITEM(3, "bob"));
	detail(&w, 403, "");
	for (int id = 2; id <= 3; id++) {
		snprintf(body, LARGE + 200,
			"{\"items\":[{\"id\":%d,\"by\":\"bob\",\"text\":\"%0*d\"}]}", id, LARGE, 7);
		poll_body(&w, body);
		assert_true(strlen(w.cursor) < LARGE + 2000);
	}
	w.now_ms += 15 * MINUTE_MS;
	poll(&w, "");
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 2);
	assert_int_equal(
		w.run.got.posts[0].text.n + w.run.got.posts[1].text.n, LARGE + strlen("zebrafish"));
	free(body);
	wait_end(&w);
}

/* Whatever is on a long list at the first poll is no news in the second. */
static void a_long_list_is_remembered_as_a_whole(void **state)
{
	(void)state;
	enum { ITEMS = 6000 };
	struct buf body;
	struct waiting w;
	buf_init(&body, 1 << 20);
	buf_add_c(&body, "{\"items\":[");
	for (int i = 0; i < ITEMS; i++) {
		buf_printf(&body, "%s{\"id\":%d,\"by\":\"ada\"}", i > 0 ? "," : "", i);
	}
	buf_add_c(&body, "]}");
	assert_int_equal(body.rc, HARK_OK);
	wait_start(&w, WAITING);
	poll_body(&w, buf_c(&body));
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 2);
	poll_body(&w, buf_c(&body));
	assert_int_equal(w.run.got.more_n, 0);
	assert_false(w.run.got.degraded);
	buf_release(&body);
	wait_end(&w);
}

/* A stream that says nothing is asked about now and then: what is due does not wait for its next event. */
static void a_stream_that_is_silent_asks_for_what_is_due(void **state)
{
	(void)state;
	struct waiting w;
	wait_start(&w,
		"id: b\nabout: b\nstream: { url: \"https://b.example/live\", format: lines }\n"
		"items: { pointer: \"\" }\nmap: { external_id: /id, text: /text, author.handle: /by }\n"
		"detail: { url: \"https://b.example/user/{/by}\", max: 2, map: { author.bio: "
		"$detail/bio } }\n");
	answer(&w, NULL, 200, ITEM(1, "ada") "\n");
	detail(&w, 503, "");
	assert_string_equal(w.ask, "");
	answer(&w, NULL, 200, "");
	assert_string_equal(w.run.got.more[0].url, "https://b.example/user/ada");
	detail(&w, 503, "");
	answer(&w, NULL, 200, "");
	assert_int_equal(w.run.got.more_n, 0);
	w.now_ms += 15 * MINUTE_MS;
	answer(&w, NULL, 200, "");
	detail(&w, 200, FINE);
	assert_int_equal(w.run.got.posts_n, 1);
	wait_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_told_before_the_detail_is_there),
		cmocka_unit_test(the_root_of_a_detail_is_its_document),
		cmocka_unit_test(what_is_edited_is_asked_for_again),
		cmocka_unit_test(a_detail_that_fails_is_asked_for_again_and_given_up_in_the_end),
		cmocka_unit_test(what_waits_needs_no_list),
		cmocka_unit_test(one_that_comes_in_the_end_is_told),
		cmocka_unit_test(nothing_and_nonsense_are_no_detail),
		cmocka_unit_test(what_does_not_say_who_opts_out_is_no_detail),
		cmocka_unit_test(a_poll_asks_for_no_more_than_its_share_and_keeps_the_rest),
		cmocka_unit_test(one_address_is_asked_once_for_all_who_wait_for_it),
		cmocka_unit_test(of_the_first_poll_the_rest_is_left_out_for_good),
		cmocka_unit_test(an_id_whose_record_does_not_come_is_asked_for_again),
		cmocka_unit_test(what_lookups_found_is_kept_with_the_item),
		cmocka_unit_test(one_that_is_listed_without_its_address_stays_as_it_was),
		cmocka_unit_test(one_that_has_grown_beyond_the_room_stays_as_it_was),
		cmocka_unit_test(a_long_list_is_remembered_as_a_whole),
		cmocka_unit_test(a_list_of_which_all_is_new_does_not_reach_back),
		cmocka_unit_test(a_stream_that_is_silent_asks_for_what_is_due),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
