#include "tests/unit/rest_unit.h"

#include "connectors/registry.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)
#define MAP "map: { external_id: /id, text: /t, published: /at }\n"

static void a_cursor_of_time_overlaps(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\n"
		"request: { url: \"https://b.example/s\", query: { since: \"x>={since_epoch?}\" } }\n"
		"cursor: { kind: max_time, from: /at, overlap: 15m }\n"
		"items: { pointer: /items }\n" MAP);
	assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
	assert_string_equal(run.request.url, "https://b.example/s");
	assert_int_equal(rest_body(&run, NULL,
				 "{\"items\":[{\"id\":1,\"at\":1788256923},{\"id\":2,\"at\":"
				 "1788250000}]}"),
		HARK_OK);
	assert_str_is(run.got.cursor, "{\"time\":1788256923000}");
	assert_int_equal(rest_plan_at(&run, "{\"time\":1788256923000}"), HARK_OK);
	assert_string_equal(run.request.url, "https://b.example/s?since=x%3E%3D1788256023");
	assert_null(strstr(run.request.url, "x>="));
	rest_end(&run);
}

/* Who asked from the time of an item dated ahead would see nothing until then. */
static void an_item_dated_ahead_hides_nothing(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\n"
		"request: { url: \"https://b.example/s\", query: { since: \"{since_epoch?}\", "
		"c: \"{page_cursor?}\" } }\n"
		"cursor: { kind: stop_at, by: time, from: /at, overlap: 1m }\n"
		"paging: { kind: cursor, next: /next }\n"
		"items: { pointer: /items }\n" MAP);
	assert_int_equal(rest_plan_at(&run, "{\"time\":1788300000000}"), HARK_OK);
	assert_int_equal(
		rest_body(&run, NULL,
			"{\"items\":[{\"id\":3,\"at\":1788390000},{\"id\":2,\"at\":1788300001}]}"),
		HARK_OK);
	assert_str_is(run.got.cursor, "{\"time\":1788307200000}"); /* NOW_MS */
	/* Stored under a clock that has been set back. */
	assert_int_equal(rest_plan_at(&run, "{\"time\":1988390000000}"), HARK_OK);
	assert_string_equal(run.request.url, "https://b.example/s");
	assert_int_equal(
		rest_body(&run, NULL,
			"{\"items\":[{\"id\":5,\"at\":1788307000},{\"id\":4,\"at\":1788306000}],"
			"\"next\":\"x\"}"),
		HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	assert_int_equal(run.got.more_n, 1);
	assert_str_is(run.got.cursor, "{\"time\":1788307000000}");
	rest_end(&run);
}

static void ids_beyond_the_double_stay_exact(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, "id: b\nabout: b\nrequest: { url: \"https://b.example/s\", query: { min: "
			 "\"{cursor?}\" } }\n"
			 "cursor: { kind: max_id, from: /id }\nitems: { pointer: \"\" }\n" MAP);
	assert_int_equal(rest_body(&run, NULL,
				 "[{\"id\":9007199254740993},{\"id\":\"115000000000000000002\"},"
				 "{\"id\":\"99\"}, {\"id\": 18446744073709551616}]"),
		HARK_OK);
	assert_str_is(run.got.posts[0].external_id, "9007199254740993");
	assert_str_is(run.got.posts[1].external_id, "115000000000000000002");
	assert_str_is(run.got.posts[3].external_id, "18446744073709551616");
	assert_str_is(run.got.cursor, "{\"id\":\"115000000000000000002\"}");
	assert_int_equal(rest_plan_at(&run, "{\"id\":\"115000000000000000002\"}"), HARK_OK);
	assert_string_equal(run.request.url, "https://b.example/s?min=115000000000000000002");
	rest_end(&run);
}

/* The same number is the same id, whichever connector reads it. */
static void an_id_that_is_a_real_is_exact_and_the_same_everywhere(void **state)
{
	(void)state;
	static const char *const ids[][2] = {{"12345678901234567.0", "12345678901234567.0"},
		{"1e20", "1e20"}, {"0.1", "0.1"}, {"5.0", "5"}, {"5", "5"},
		{"18446744073709551616", "18446744073709551616"}};
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct rest_run run;
		char body[200];
		const struct hark_connector *feed = connector_find("feed");
		const struct hark_pair url = {"url", "https://board.example/feed"};
		struct hark_reply reply = {.url = url.value, .status = 200};
		void *ctx = NULL;
		rest_start(&run, DEFINITION(MAP));
		snprintf(body, sizeof(body), "{\"items\":[{\"id\":%s}]}", ids[i][0]);
		assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
		assert_str_is(run.got.posts[0].external_id, ids[i][1]);
		snprintf(body, sizeof(body),
			"{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\","
			"\"items\":[{\"id\":%s,\"content_text\":\"x\"}]}",
			ids[i][0]);
		reply.body = body;
		reply.body_bytes = strlen(body);
		assert_int_equal(collect_open(feed, &url, 1, &ctx, &run.err), HARK_OK);
		assert_int_equal(
			collect(&run.got, feed, ctx, STR("f"), &reply, &run.arena, &run.err),
			HARK_OK);
		assert_str_is(run.got.posts[0].external_id, ids[i][1]);
		collect_close(feed, ctx);
		rest_end(&run);
	}
}

/* It would be sent with every request, and no server takes that. */
static void an_id_too_long_to_ask_for_is_no_cursor(void **state)
{
	(void)state;
	struct rest_run run;
	const size_t n = 1 << 20;
	char *body = malloc(n + 100), *cursor = malloc(n + 100);
	rest_start(&run, "id: b\nabout: b\nrequest: { url: \"https://b.example/s\", query: { min: "
			 "\"{cursor?}\" } }\n"
			 "cursor: { kind: max_id, from: /id }\nitems: { pointer: \"\" }\n" MAP);
	int at = sprintf(body, "[{\"id\":\"5\"},{\"id\":\"");
	memset(body + at, '9', n);
	strcpy(body + at + n, "\"}]");
	assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	assert_str_is(run.got.cursor, "{\"id\":\"5\"}");
	assert_non_null(strstr(run.got.degraded_why.p, "too long, so nothing can be asked"));
	at = sprintf(cursor, "{\"id\":\"");
	memset(cursor + at, '9', n);
	strcpy(cursor + at + n, "\"}");
	assert_int_equal(rest_plan_at(&run, cursor), HARK_OK); /* stored by an older hark */
	assert_string_equal(run.request.url, "https://b.example/s");
	rest_end(&run);
	free(body);
	free(cursor);
}

static void an_id_that_is_no_number_is_no_cursor(void **state)
{
	(void)state;
	static const char *const ids[][2] = {{"zz-not-a-number", "10"}, {"/12345", "10"},
		{"1.2.3", "10"}, {"11", "11"}, {"1a2B", "1a2B"},
		{"1503435956.000247", "1503435956.000247"}};
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct rest_run run;
		char body[100], cursor[60];
		rest_start(&run, DEFINITION(MAP "cursor: { kind: max_id, from: /id }\n"));
		assert_int_equal(rest_plan_at(&run, "{\"id\":\"10\"}"), HARK_OK);
		snprintf(body, sizeof(body), "{\"items\":[{\"id\":\"%s\"},{\"id\":\"9\"}]}",
			ids[i][0]);
		assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
		assert_int_equal(run.got.posts_n, 2);
		snprintf(cursor, sizeof(cursor), "{\"id\":\"%s\"}", ids[i][1]);
		assert_str_is(run.got.cursor, cursor);
		assert_int_equal(run.got.degraded, i < 3);
		assert_true(i >= 3 ||
			    strstr(run.got.degraded_why.p, "neither digits nor base 36") != NULL);
		rest_end(&run);
	}
}

static const char paged[] =
	"id: b\nabout: b\n"
	"request: { url: \"https://b.example/s\", query: { page: \"{page}\" } }\n"
	"paging: { kind: page, start: 1, size: 2, total: /pages, max_pages: 3 }\n"
	"items: { pointer: /items }\n" MAP;

static void pages_end_by_size_total_and_number(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, paged);
	assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
	assert_string_equal(run.request.url, "https://b.example/s?page=1");
	assert_int_equal(
		rest_body(&run, NULL, "{\"pages\":9,\"items\":[{\"id\":1},{\"id\":2}]}"), HARK_OK);
	assert_int_equal(run.got.more_n, 1);
	assert_string_equal(run.got.more[0].url, "https://b.example/s?page=2");
	assert_int_equal(run.got.more[0].more, HARK_MORE_UNLESS_KNOWN);
	assert_int_equal(
		rest_body(&run, "p1", "{\"pages\":9,\"items\":[{\"id\":3},{\"id\":4}]}"), HARK_OK);
	assert_string_equal(run.got.more[0].url, "https://b.example/s?page=3");
	assert_int_equal(
		rest_body(&run, "p2", "{\"pages\":9,\"items\":[{\"id\":5},{\"id\":6}]}"), HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	assert_int_equal(
		rest_body(&run, NULL, "{\"pages\":1,\"items\":[{\"id\":1},{\"id\":2}]}"), HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	assert_int_equal(rest_body(&run, NULL, "{\"items\":[{\"id\":1}]}"), HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	assert_int_equal(rest_body(&run, NULL, "{\"items\":[]}"), HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	rest_end(&run);
}

static void the_next_page_stays_on_its_site(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP "paging: { kind: url_in_body, next: /next }\n"));
	assert_int_equal(
		rest_body(&run, NULL, "{\"items\":[{\"id\":1}],\"next\":\"/list?p=2\"}"), HARK_OK);
	assert_string_equal(run.got.more[0].url, "https://board.example/list?p=2");
	const char *const others[] = {"https://evil.example/x", "http://board.example/list?p=2",
		"https://board.example/list", "http://127.0.0.1/", "javascript:1", ""};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char body[200];
		snprintf(body, sizeof(body), "{\"items\":[{\"id\":1}],\"next\":\"%s\"}", others[i]);
		assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
		assert_int_equal(run.got.more_n, 0);
	}
	rest_end(&run);
}

static void a_link_header_leads_on(void **state)
{
	(void)state;
	struct rest_run run;
	const struct hark_pair link = {"link", "<https://board.example/list?page=1>; rel=\"prev\", "
					       "<https://board.example/list?page=3>; rel=\"next\""};
	const struct hark_reply base = {.headers = &link, .headers_count = 1};
	rest_start(&run, DEFINITION(MAP "paging: { kind: link_header, rel: next }\n"));
	assert_int_equal(rest_reply(&run, &base, "{\"items\":[{\"id\":1}]}", 20), HARK_OK);
	assert_int_equal(run.got.more_n, 1);
	assert_string_equal(run.got.more[0].url, "https://board.example/list?page=3");
	rest_end(&run);
}

static void conditions_choose_items(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
		"items:\n  pointer: /items\n  skip_if: [ { pointer: /v, ne: public }, { pointer: "
		"/boost } ]\n  keep_if: { pointer: /k, in: [ \"1\", \"2\" ] }\n" MAP);
	assert_int_equal(
		rest_body(&run, NULL,
			"{\"items\":[{\"id\":1,\"v\":\"public\",\"k\":1},"
			"{\"id\":2,\"v\":\"private\",\"k\":1},{\"id\":3,\"boost\":{\"a\":1},"
			"\"k\":1},{\"id\":4,\"k\":3},{\"id\":5,\"boost\":null,\"k\":2}]}"),
		HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	assert_str_is(run.got.posts[1].external_id, "5");
	assert_int_equal(run.got.skips_n, 3);
	assert_str_is(run.got.skips[0].why, "skip_if: /v is not 'public'");
	rest_end(&run);
}

static void lookups_and_parents_are_joined(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
		"lookup: { user: { in: $root/users, key: /id, by: /by } }\n"
		"items: { pointer: [ \"/items\", \"/items/*/replies\" ] }\n"
		"map: { external_id: /id, author.handle: $user/name, thread: $parent/id }\n");
	assert_int_equal(rest_body(&run, NULL,
				 "{\"users\":[{\"id\":7,\"name\":\"ana\"}],\"items\":[{\"id\":1,"
				 "\"by\":7,\"replies\":[{\"id\":2,\"by\":8}]}]}"),
		HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	assert_str_is(run.got.posts[0].author.handle, "ana");
	assert_str_is(run.got.posts[1].thread, "1");
	assert_null(run.got.posts[1].author.handle.p);
	rest_end(&run);
}

static void what_vanished_twice_is_gone(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP "cursor: { kind: snapshot_diff, from: /id, misses: 2 }\n"));
	assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
	assert_int_equal(
		rest_body(&run, NULL, "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}]}"), HARK_OK);
	char cursor[400];
	for (int poll = 1; poll <= 2; poll++) {
		snprintf(cursor, sizeof(cursor), "%.*s", STR_FMT(run.got.cursor));
		assert_int_equal(rest_plan_at(&run, cursor), HARK_OK);
		assert_int_equal(rest_body(&run, NULL, "{\"items\":[{\"id\":\"a\"}]}"), HARK_OK);
		assert_int_equal(run.got.posts_n, poll);
	}
	assert_str_is(run.got.posts[1].external_id, "b");
	assert_true(run.got.posts[1].deleted);
	snprintf(cursor, sizeof(cursor), "%.*s", STR_FMT(run.got.cursor));
	assert_null(strstr(cursor, "\"b\""));
	rest_end(&run);
}

/* Two ids that differ at their ends alone, shorter and longer than an id is kept whole. */
static void a_long_id_that_vanished_is_gone(void **state)
{
	(void)state;
	static const size_t lengths[] = {600, 4000, 9000};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct rest_run run;
		char head[9001], body[20000], gone[4097], *cursor;
		memset(head, 'x', lengths[i]);
		head[lengths[i]] = '\0';
		rest_start(&run,
			DEFINITION(MAP "cursor: { kind: snapshot_diff, from: /id, misses: 1 }\n"));
		assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
		snprintf(body, sizeof(body), "{\"items\":[{\"id\":\"%s1\"},{\"id\":\"%s2\"}]}",
			head, head);
		assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
		snprintf(gone, sizeof(gone), "%.*s", STR_FMT(run.got.posts[1].external_id));
		cursor = strndup(run.got.cursor.p, run.got.cursor.n);
		assert_non_null(cursor);
		assert_int_equal(rest_plan_at(&run, cursor), HARK_OK);
		snprintf(body, sizeof(body), "{\"items\":[{\"id\":\"%s1\"}]}", head);
		assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
		assert_int_equal(run.got.posts_n, 2);
		assert_true(run.got.posts[1].deleted);
		assert_str_is(run.got.posts[1].external_id, gone);
		free(cursor);
		rest_end(&run);
	}
}

#define OFFICERS(more)                                                                  \
	"id: board\nabout: officers\nrecord: profile\n"                                 \
	"request: { url: \"https://board.example/list\" }\nitems: { pointer: \"\" }\n"  \
	"map: { person: /name, employer: /firm, title: /role, url: /url, bio: /bio }\n" \
	"cursor: { kind: snapshot_diff, from: /id, watch: [ /role ], misses: 2" more " }\n"
#define ADA \
	"{\"id\":1,\"name\":\"Ada\",\"firm\":\"Acme\",\"role\":\"CFO\",\"url\":\"https://b.example/1\"}"
#define BOB "{\"id\":2,\"name\":\"Bob\",\"firm\":\"Acme\",\"role\":\"CTO\"}"

/* A poll from the cursor of the one before. */
static void poll_officers(struct rest_run *run, const char *body)
{
	char cursor[1000];
	snprintf(cursor, sizeof(cursor), "%.*s", STR_FMT(run->got.cursor));
	assert_int_equal(rest_plan_at(run, run->got.cursor.p != NULL ? cursor : NULL), HARK_OK);
	assert_int_equal(rest_body(run, NULL, body), HARK_OK);
}

static void a_person_who_vanished_from_a_list_has_left(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, OFFICERS(""));
	poll_officers(&run, "[" ADA "," BOB "]");
	assert_int_equal(run.got.profiles_n, 2);
	poll_officers(&run, "[" BOB "]");
	assert_int_equal(run.got.profiles_n, 0); /* perhaps a page was short */
	poll_officers(&run, "[" BOB "]");
	assert_int_equal(run.got.profiles_n, 1);
	const struct hark_profile *p = &run.got.profiles[0];
	assert_int_equal(p->event, HARK_LEFT);
	assert_string_equal(p->person, "Ada");
	assert_string_equal(p->employer, "Acme");
	assert_string_equal(p->title, "CFO");
	assert_string_equal(p->url, "https://b.example/1");
	poll_officers(&run, "[" BOB "]");
	assert_int_equal(run.got.profiles_n, 0); /* once */
	poll_officers(&run, "[" BOB "," ADA "]");
	assert_int_equal(run.got.profiles[0].event, HARK_JOINED);
	rest_end(&run);
}

static void who_has_left_has_the_key_they_had(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: board\nabout: officers\nrecord: profile\n"
		"request: { url: \"https://board.example/list\" }\nitems: { pointer: \"\" }\n"
		"map: { key: /id, person: /name, employer: /firm }\n"
		"cursor: { kind: snapshot_diff, from: /id, misses: 1 }\n");
	poll_officers(&run, "[" ADA "," BOB "]");
	assert_string_equal(run.got.profiles[1].key, "2");
	poll_officers(&run, "[" ADA "]");
	assert_int_equal(run.got.profiles_n, 1);
	assert_int_equal(run.got.profiles[0].event, HARK_LEFT);
	assert_string_equal(run.got.profiles[0].person, "Bob");
	assert_string_equal(run.got.profiles[0].key, "2");
	rest_end(&run);
}

static void who_opts_out_has_not_left(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, OFFICERS(""));
	poll_officers(&run, "[" ADA "," BOB "]");
	for (int i = 0; i < 3; i++) {
		poll_officers(&run, "[{\"id\":1,\"name\":\"Ada\",\"bio\":\"#nobot\"}," BOB "]");
		assert_int_equal(run.got.profiles_n, 0);
		assert_int_equal(run.got.opted_out, 1);
		assert_int_equal(str_find(run.got.cursor, STR("Ada")), SIZE_MAX);
	}
	rest_end(&run);
}

#define CUT_LIST(paging, more)                                                                     \
	"id: board\nabout: b\n"                                                                    \
	"request: { url: \"https://board.example/l\", query: { p: \"{page}\" } }\n"                \
	"items: { pointer: /items }\npaging: { kind: page, size: 2, whole_list: true" paging "}\n" \
	"cursor: { kind: snapshot_diff, from: /id, misses: 1 }\n" more

static void poll_cut(struct rest_run *run, const char *body, bool is_cut, const char *why)
{
	poll_officers(run, body);
	assert_int_equal(run->got.degraded, is_cut);
	assert_true(!is_cut || strstr(run->got.degraded_why.p, why) != NULL);
}

static void what_lies_behind_a_cut_list_is_not_gone(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, CUT_LIST(", max_pages: 1", MAP));
	poll_cut(&run, "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", true, "raise max_pages");
	for (int i = 0; i < 4; i++) {
		poll_cut(
			&run, "{\"items\":[{\"id\":\"c\"},{\"id\":\"a\"}]}", true, "behind 1 page");
		assert_int_equal(run.got.posts_n, 2);
		assert_false(run.got.posts[1].deleted);
	}
	poll_cut(&run, "{\"items\":[{\"id\":\"c\"}]}", false, ""); /* whole again */
	assert_int_equal(run.got.posts_n, 3);
	assert_true(run.got.posts[1].deleted && run.got.posts[2].deleted);
	rest_end(&run);

	/* The budget ends on the way. */
	rest_start(&run,
		CUT_LIST("", "record: profile\nmap: { person: /id, employer: { const: Acme } }\n"
			     "rate: { budget: { per_day: 3, an_item: 1 } }\n"));
	poll_cut(&run, "{\"items\":[{\"id\":\"Ada\"}]}", false, "");
	poll_cut(&run, "{\"items\":[{\"id\":\"Bob\"},{\"id\":\"Cid\"}]}", true, "raise the budget");
	assert_int_equal(run.got.profiles_n, 2);
	assert_int_equal(run.got.profiles[1].event, HARK_JOINED);
	rest_end(&run);
}

#define OFFICERS_BY_PAGE(paging)                                                      \
	"id: board\nabout: b\nrecord: profile\n"                                      \
	"request: { url: \"https://board.example/l\", query: { p: \"{page}\" } }\n"   \
	"items: { pointer: \"\" }\nmap: { person: /id, employer: { const: Acme } }\n" \
	"paging: { kind: page, size: 1" paging " }\n"                                 \
	"cursor: { kind: snapshot_diff, from: /id, misses: 1 }\n"

static void a_list_that_is_compared_is_read_to_its_end(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, OFFICERS_BY_PAGE(""));
	for (int i = 0; i < 2; i++) { /* its first page has nothing new the second time */
		poll_officers(&run, "[{\"id\":\"Ada\"}]");
		assert_int_equal(run.got.more_n, 1);
		assert_int_equal(run.got.more[0].more, HARK_MORE_ALWAYS);
		assert_int_equal(rest_body(&run, "p1", "[{\"id\":\"Bob\"}]"), HARK_OK);
		assert_int_equal(run.got.profiles_n, i == 0);
		assert_int_equal(rest_body(&run, "p2", "[]"), HARK_OK);
		assert_int_equal(run.got.profiles_n, 0); /* nobody has left */
	}
	rest_end(&run);
	assert_int_equal(rest_read(&run, OFFICERS_BY_PAGE(", whole_list: false")), HARK_EPARSE);
	rest_end(&run);
}

/* Keys of 4,000 bytes, of which 10 MiB are remembered. */
static void poll_many(struct rest_run *run, size_t n)
{
	struct buf body;
	char filler[3990];
	memset(filler, 'x', sizeof(filler));
	buf_init(&body, 64u << 20);
	for (size_t i = 0; i < n; i++) {
		buf_printf(&body, "%s{\"id\":\"%08zu%.*s\"}", i == 0 ? "[" : ",", i,
			(int)sizeof(filler), filler);
	}
	buf_add_c(&body, "]");
	assert_int_equal(body.rc, HARK_OK);
	char *cursor = run->got.cursor.p != NULL ? strdup(run->got.cursor.p) : NULL;
	assert_int_equal(rest_plan_at(run, cursor), HARK_OK);
	assert_int_equal(rest_body(run, NULL, buf_c(&body)), HARK_OK);
	free(cursor);
	buf_release(&body);
}

static void of_a_list_too_long_to_remember_the_rest_is_said_to_be_left_out(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: board\nabout: b\nrecord: profile\nrequest: { url: \"https://board.example/l\" }\n"
		"items: { pointer: \"\" }\nmap: { person: /id, employer: { const: Acme } }\n"
		"cursor: { kind: snapshot_diff, from: /id, misses: 1 }\n");
	poll_many(&run, 2640);
	size_t taken = run.got.profiles_n;
	assert_in_range(taken, 2600, 2639);
	assert_true(run.got.degraded);
	assert_non_null(strstr(run.got.degraded_why.p, "longer than can be remembered"));
	for (int i = 0; i < 2; i++) { /* they are not taken for new ones, and push nobody out */
		poll_many(&run, 2640);
		assert_int_equal(run.got.profiles_n, 0);
		assert_true(run.got.degraded);
	}
	poll_many(&run, taken - 1); /* who is missing has left all the same */
	assert_int_equal(run.got.profiles_n, 1);
	assert_int_equal(run.got.profiles[0].event, HARK_LEFT);
	assert_false(run.got.degraded);
	rest_end(&run);
}

static void another_account_under_the_same_name_is_no_move(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, OFFICERS(", account: true"));
	poll_officers(&run, ADA);
	assert_int_equal(run.got.profiles[0].event, HARK_LISTED);
	for (int i = 0; i < 4; i++) {
		poll_officers(&run, BOB);
		assert_int_equal(run.got.profiles_n, i == 0);
		assert_true(i > 0 || run.got.profiles[0].event == HARK_LISTED);
	}
	rest_end(&run);
}

static void an_error_under_200_is_one(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		DEFINITION(
			MAP "errors:\n  - { if: { pointer: /error_id }, action: backoff, message: "
			    "/error_message, seconds: /wait }\n"));
	assert_int_equal(
		rest_body(&run, NULL, "{\"error_id\":502,\"error_message\":\"slow\",\"wait\":30}"),
		HARK_EPARSE);
	assert_string_equal(run.err.text, "slow");
	assert_int_equal(run.got.refusal, HARK_REFUSED_QUOTA);
	assert_int_equal(run.got.wait_until_ms, NOW_MS + 30000);
	rest_end(&run);
}

static void statuses_mean_something_without_rules(void **state)
{
	(void)state;
	static const struct {
		int status;
		enum hark_refusal refusal;
	} cases[] = {{401, HARK_REFUSED_AUTH}, {403, HARK_REFUSED_AUTH}, {404, HARK_REFUSED},
		{410, HARK_REFUSED_GONE}, {429, HARK_REFUSED}, {500, HARK_REFUSED}};
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct hark_reply base = {.status = cases[i].status};
		assert_int_equal(rest_reply(&run, &base, "{\"items\":[]}", 12), HARK_EPARSE);
		assert_int_equal(run.got.refusal, cases[i].refusal);
	}
	rest_end(&run);
}

static void all_kinds_of_reset_headers_are_waited_for(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *value;
		int64_t until;
	} cases[] = {{"epoch", "1788307260", NOW_MS + 60000}, {"delta", "59.5", NOW_MS + 59500},
		{"iso8601", "2026-09-02T00:01:00.000Z", NOW_MS + 60000}, {"epoch", "1", 0},
		{"epoch", "99999999999999", NOW_MS + DAY_MS},
		{"epoch", "99999999999999999999999999999999999", NOW_MS + DAY_MS},
		{"delta", "99999999999999999", NOW_MS + DAY_MS}, {"delta", "1e999", NOW_MS + DAY_MS},
		{"delta", "2592000", NOW_MS + 30 * DAY_MS}, {"delta", "inf", 0}, {"delta", "nan", 0},
		{"iso8601", "9999-01-01T00:00:00Z", NOW_MS + DAY_MS}, {"delta", "-5", 0},
		{"iso8601", "soon", 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rest_run run;
		char text[500];
		const struct hark_pair headers[] = {{"x-left", "0"}, {"X-Reset", cases[i].value}};
		const struct hark_reply base = {.headers = headers, .headers_count = 2};
		snprintf(text, sizeof(text),
			DEFINITION(MAP "rate: { headers: { remaining: X-Left, reset: X-Reset, "
				       "reset_kind: %s } }\n"),
			cases[i].kind);
		rest_start(&run, text);
		assert_int_equal(rest_reply(&run, &base, "{\"items\":[]}", 12), HARK_OK);
		assert_int_equal(run.got.wait_until_ms, cases[i].until);
		rest_end(&run);
	}
}

static void an_interval_too_long_to_believe_is_a_day(void **state)
{
	(void)state;
	static const struct {
		const char *value;
		int64_t until;
	} cases[] = {{"60", NOW_MS + 60000}, {"99999999999999", NOW_MS + DAY_MS},
		{"99999999999999999999999999999999999", NOW_MS + DAY_MS}, {"soon", 0}, {"", 0}};
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP "rate: { poll_interval_header: X-Poll-Interval }\n"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct hark_pair header = {"X-Poll-Interval", cases[i].value};
		const struct hark_reply base = {.headers = &header, .headers_count = 1};
		assert_int_equal(rest_reply(&run, &base, "{\"items\":[]}", 12), HARK_OK);
		assert_int_equal(run.got.wait_until_ms, cases[i].until);
	}
	rest_end(&run);
}

static void a_day_has_its_budget(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/s\", query: { p: \"{page}\" } }\n"
		"paging: { kind: page, size: 2 }\nitems: { pointer: /items }\n" MAP
		"rate: { budget: { per_day: 4, an_item: 1 } }\n");
	assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
	assert_int_equal(run.request.cost.per_day, 4);
	assert_int_equal(run.request.cost.request, 0);
	assert_int_equal(run.request.cost.reply_at_least, 1);
	assert_int_equal(rest_body(&run, NULL, "{\"items\":[{\"id\":1},{\"id\":2}]}"), HARK_OK);
	assert_int_equal(run.got.spent, 2);
	assert_int_equal(run.got.more_n, 1);
	assert_int_equal(rest_body(&run, "p1", "{\"items\":[{\"id\":3},{\"id\":4}]}"), HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	assert_int_equal(run.got.spent, 2);
	assert_int_equal(run.got.wait_until_ms,
		0); /* others who use the credential have days of their own */
	rest_end(&run);
}

static void a_detail_completes_its_item(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		DEFINITION("map: { external_id: /id, title: /title }\n"
			   "detail: { url: \"https://board.example/item/{/id}\", map: { text: "
			   "{ pointer: $detail/body, do: [html_to_text] } } }\n"));
	assert_int_equal(
		rest_body(&run, NULL, "{\"items\":[{\"id\":12345678901234567,\"title\":\"x\"}]}"),
		HARK_OK);
	assert_int_equal(run.got.more_n, 1);
	assert_int_equal(run.got.more[0].more, HARK_MORE_IF_NEW);
	assert_string_equal(run.got.more[0].item, "12345678901234567");
	assert_string_equal(run.got.more[0].url, "https://board.example/item/12345678901234567");
	char tag[200];
	snprintf(tag, sizeof(tag), "%s", run.got.more[0].tag);
	assert_int_equal(rest_body(&run, tag, "{\"body\":\"<p>whole</p>\"}"), HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_str_is(run.got.posts[0].external_id, "12345678901234567");
	assert_str_is(run.got.posts[0].title, "x");
	assert_str_is(run.got.posts[0].text, "whole");
	/* One that fails costs only itself. */
	const struct hark_reply base = {.tag = tag, .status = 404};
	assert_int_equal(rest_reply(&run, &base, "", 0), HARK_OK);
	assert_int_equal(run.got.posts_n, 0);
	rest_end(&run);
}

/* What the list said of an author beside its posts is there with the detail, too; what it found nothing for is not. */
static void what_lookups_found_is_there_with_the_detail(void **state)
{
	(void)state;
	struct rest_run run;
	char tags[2][200];
	rest_start(&run,
		DEFINITION("lookup: { user: { in: $root/users, key: /id, by: /by } }\n"
			   "map: { external_id: /id, author.handle: $user/acct }\n"
			   "detail: { url: \"https://board.example/item/{/id}\", map: { text: "
			   "$detail/body, author.display_name: $user/name } }\n"));
	assert_int_equal(rest_body(&run, NULL,
				 "{\"items\":[{\"id\":1,\"by\":7},{\"id\":2,\"by\":8}],"
				 "\"users\":[{\"id\":7,\"acct\":\"ada\",\"name\":\"Ada\"}]}"),
		HARK_OK);
	assert_int_equal(run.got.more_n, 2);
	for (size_t i = 0; i < 2; i++) {
		snprintf(tags[i], sizeof(tags[i]), "%s", run.got.more[i].tag);
	}
	assert_int_equal(rest_body(&run, tags[0], "{\"body\":\"whole\"}"), HARK_OK);
	assert_str_is(run.got.posts[0].text, "whole");
	assert_str_is(run.got.posts[0].author.handle, "ada");
	assert_str_is(run.got.posts[0].author.display_name, "Ada");
	assert_int_equal(rest_body(&run, tags[1], "{\"body\":\"whole\"}"), HARK_OK);
	assert_str_is(run.got.posts[0].external_id, "2");
	assert_null(run.got.posts[0].author.handle.p);
	rest_end(&run);
}

static void of_many_new_ids_the_oldest_go_first(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/new\" }\n"
		"cursor: { kind: max_id, from: [ $item, /id ] }\nitems: { pointer: \"\" }\n"
		"detail: { url: \"https://b.example/{$item}\", list_is_ids: true, max: 2 }\n" MAP);
	assert_int_equal(rest_plan_at(&run, "{\"id\":\"10\"}"), HARK_OK);
	assert_int_equal(rest_body(&run, NULL, "[14, 13, 12, 11, 10, 9]"), HARK_OK);
	assert_int_equal(run.got.more_n, 2);
	assert_string_equal(run.got.more[0].url, "https://b.example/12");
	assert_string_equal(run.got.more[1].url, "https://b.example/11");
	assert_str_is(run.got.cursor, "{\"id\":\"12\"}");
	char newer[40], older[40];
	snprintf(newer, sizeof(newer), "%s", run.got.more[0].tag);
	snprintf(older, sizeof(older), "%s", run.got.more[1].tag);
	assert_int_equal(rest_body(&run, older, "{\"id\":11,\"t\":\"x\"}"), HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_int_equal(rest_body(&run, newer, "null"), HARK_OK);
	assert_int_equal(run.got.posts_n, 0);
	rest_end(&run);
}

/* --- bad input --- */

static void bad_replies_are_refused_with_a_sentence(void **state)
{
	(void)state;
	static const struct {
		const char *body, *says;
	} cases[] = {
		{"<!DOCTYPE html><html><head><title>Blocked</title></head></html>", "(Blocked)"},
		{"<?xml version=\"1.0\"?>\n<feed><title>News</title></feed>", "XML (<feed>)"},
		{"{\"items\":[{\"id\":1},", "not valid JSON"},
		{"", "it is empty"},
		{" \r\n", "it is empty"},
		{"\x01\x02\xff", "not valid JSON"},
		{"items", "not valid JSON"},
		{"7", "the single value 7 instead of data"},
		{"\"closed for today\"", "the single value \"closed for today\""},
		{" true\n", "the single value true"},
	};
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(rest_body(&run, NULL, cases[i].body), HARK_EPARSE);
		assert_non_null(strstr(run.err.text, cases[i].says));
	}
	rest_end(&run);
}

/* Nothing is new, or the items have moved? Many answer with an empty object where there is nothing. */
static void a_reply_without_items_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *pointer, *body, *says; /* NULL: nothing is wrong */
		bool whole_says;                   /* of a whole list: refused */
	} cases[] = {{"/items", "null", "null instead of items at /items", true},
		{"\"\"", "null", "null instead of items at /", true},
		{"/items", "{\"posts\":[]}", "nothing at /items", true},
		{"/items", "[{\"id\":1}]", "nothing at /items", true}, {"/items", "{}", NULL, true},
		{"/items", "[]", NULL, true}, {"/items", "{\"items\":[]}", NULL, false},
		{"/items", "{\"items\":null}", NULL, false}, {"\"\"", "[]", NULL, false}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rest_run run;
		char text[400];
		for (int whole = 0; whole < 2; whole++) {
			snprintf(text, sizeof(text),
				"id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n%s"
				"items: { pointer: %s }\n" MAP,
				whole ? "cursor: { kind: snapshot_diff, from: /id }\n" : "",
				cases[i].pointer);
			rest_start(&run, text);
			int rc = rest_body(&run, NULL, cases[i].body);
			const char *says = whole              ? run.err.text
					   : run.got.degraded ? run.got.degraded_why.p
							      : "";
			assert_int_equal(rc, whole && cases[i].whole_says ? HARK_EPARSE : HARK_OK);
			assert_int_equal(run.got.degraded, !whole && cases[i].says != NULL);
			if (cases[i].says != NULL) {
				assert_non_null(strstr(says, cases[i].says));
			}
			rest_end(&run);
		}
	}
}

static void items_beyond_the_ceiling_are_told(void **state)
{
	(void)state;
	static const char *const rows[] = {"[", "{\"id\":["};
	for (int columns = 0; columns < 2; columns++) {
		struct rest_run run;
		struct buf body;
		char text[300];
		snprintf(text, sizeof(text),
			"id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
			"items: { pointer: \"\"%s }\n" MAP,
			columns ? ", parallel_arrays: true" : "");
		buf_init(&body, 1 << 20);
		buf_add_c(&body, rows[columns]);
		for (int i = 0; i < 20003; i++) {
			buf_printf(&body, columns ? "%s%d" : "%s{\"id\":%d}", i > 0 ? "," : "", i);
		}
		buf_add_c(&body, columns ? "]}" : "]");
		rest_start(&run, text);
		assert_int_equal(rest_body(&run, NULL, buf_c(&body)), HARK_OK);
		assert_int_equal(run.got.posts_n, 20000);
		assert_non_null(
			strstr(run.got.degraded_why.p, "of its 20003 items the first 20000"));
		rest_end(&run);
		buf_release(&body);
	}
}

static void odd_fields_are_absent(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP));
	assert_int_equal(
		rest_body(&run, NULL,
			"\xef\xbb\xbf{\"items\":[null, 3, \"x\", [], {}, {\"id\":null}, "
			"{\"id\":{\"a\":1}}, {\"id\":[1]}, {\"id\":\"\"}, "
			"{\"id\":\"1\\ud83d\\u0000z\",\"t\":{\"a\":1},\"at\":\"soon\"},"
			"{\"id\":\"2\",\"t\":[\"a\"],\"at\":-1}, {\"id\":\"3\",\"t\":7}]}"),
		HARK_OK);
	assert_int_equal(run.got.posts_n, 3);
	assert_str_is(run.got.posts[0].external_id, "1\xef\xbf\xbdz");
	assert_null(run.got.posts[0].text.p);
	assert_int_equal(run.got.posts[0].published, 0);
	assert_int_equal(run.got.posts[1].published, 0);
	assert_str_is(run.got.posts[2].text, "7");
	rest_end(&run);
}

static void a_list_of_one_may_be_an_object(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP));
	assert_int_equal(rest_body(&run, NULL, "{\"items\":{\"id\":1}}"), HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_int_equal(rest_body(&run, NULL, "{\"posts\":[]}"), HARK_OK);
	assert_true(run.got.degraded);
	rest_end(&run);
}

static void other_formats_become_items(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, "id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
			 "items: { format: ndjson, pointer: \"\" }\n" MAP);
	assert_int_equal(rest_body(&run, NULL, "{\"id\":1}\n\n{\"id\":2}\r\n"), HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	rest_end(&run);
	rest_start(&run, "id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
			 "items: { format: xml, pointer: /feed/entry }\n"
			 "map: { external_id: /@id, title: /title, text: /body/#text }\n");
	assert_int_equal(rest_body(&run, NULL,
				 "<feed><entry id='1'><title>a</title><body x='1'>b &amp; c</body>"
				 "</entry></feed>"),
		HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_str_is(run.got.posts[0].title, "a");
	assert_str_is(run.got.posts[0].text, "b & c");
	rest_end(&run);
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
		"items: { format: csv, pointer: \"\" }\nmap: { external_id: /Id, title: /Name }\n");
	assert_int_equal(rest_body(&run, NULL, "Id,Name\n1,\"a, b\"\n2,c\n"), HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	assert_str_is(run.got.posts[0].title, "a, b");
	rest_end(&run);
}

static void a_cursor_nobody_wrote_is_the_first_poll(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP "cursor: { kind: max_id, from: /id }\n"));
	const char *const cursors[] = {
		"", "x", "[]", "{\"id\":3}", "{\"id\":null,\"known\":[1],\"anchors\":{}}"};
	for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
		assert_int_equal(rest_plan_at(&run, cursors[i]), HARK_OK);
		assert_int_equal(rest_body(&run, NULL, "{\"items\":[{\"id\":1}]}"), HARK_OK);
		assert_int_equal(run.got.posts_n, 1);
	}
	rest_end(&run);
}

static void a_tag_is_taken_with_its_sign_or_without_and_checked(void **state)
{
	(void)state;
	static const struct {
		const char *tag, *url; /* NULL: refused */
	} cases[] = {
		{"crm", "https://b.example/tag/crm"},
		{"#crm", "https://b.example/tag/crm"},
		{"#b_2b", "https://b.example/tag/b_2b"},
		{"größe", "https://b.example/tag/gr%C3%B6%C3%9Fe"},
		{"\xe6\x97\xa5\xe6\x9c\xac", "https://b.example/tag/%E6%97%A5%E6%9C%AC"},
		{"#x y", NULL},
		{"x\xc2\xa0y", NULL},                /* a blank that does not break */
		{"\xe3\x80\x80", NULL},              /* one as wide as a sign */
		{"\xef\xbb\xbfx", NULL},             /* a byte order mark */
		{"\xe2\x80\x9cx\xe2\x80\x9d", NULL}, /* quotes as printed */
		{"##crm", NULL},
		{"#", NULL},
		{"a,b", NULL},
		{"a/b", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rest_run run;
		const struct hark_pair tag = {"tag", cases[i].tag};
		assert_int_equal(
			rest_read(&run,
				"id: b\nabout: b\n"
				"vars: { tag: { type: tag, about: t, required: true, example: widgets } }\n"
				"request: { url: \"https://b.example/tag/{tag}\" }\n"
				"items: { pointer: \"\" }\nmap: { external_id: /id }\n"),
			HARK_OK);
		int rc = collect_open(&run.d->connector, &tag, 1, &run.ctx, &run.err);
		assert_int_equal(rc, cases[i].url != NULL ? HARK_OK : HARK_EINVAL);
		if (cases[i].url != NULL) {
			assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
			assert_string_equal(run.request.url, cases[i].url);
		} else {
			assert_non_null(strstr(run.err.text, "one hashtag, as widgets"));
		}
		rest_end(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tag_is_taken_with_its_sign_or_without_and_checked),
		cmocka_unit_test(a_cursor_of_time_overlaps),
		cmocka_unit_test(an_item_dated_ahead_hides_nothing),
		cmocka_unit_test(an_id_that_is_no_number_is_no_cursor),
		cmocka_unit_test(ids_beyond_the_double_stay_exact),
		cmocka_unit_test(an_id_that_is_a_real_is_exact_and_the_same_everywhere),
		cmocka_unit_test(an_id_too_long_to_ask_for_is_no_cursor),
		cmocka_unit_test(pages_end_by_size_total_and_number),
		cmocka_unit_test(the_next_page_stays_on_its_site),
		cmocka_unit_test(a_link_header_leads_on),
		cmocka_unit_test(conditions_choose_items),
		cmocka_unit_test(lookups_and_parents_are_joined),
		cmocka_unit_test(what_vanished_twice_is_gone),
		cmocka_unit_test(a_person_who_vanished_from_a_list_has_left),
		cmocka_unit_test(a_long_id_that_vanished_is_gone),
		cmocka_unit_test(who_has_left_has_the_key_they_had),
		cmocka_unit_test(who_opts_out_has_not_left),
		cmocka_unit_test(what_lies_behind_a_cut_list_is_not_gone),
		cmocka_unit_test(a_list_that_is_compared_is_read_to_its_end),
		cmocka_unit_test(of_a_list_too_long_to_remember_the_rest_is_said_to_be_left_out),
		cmocka_unit_test(another_account_under_the_same_name_is_no_move),
		cmocka_unit_test(an_error_under_200_is_one),
		cmocka_unit_test(statuses_mean_something_without_rules),
		cmocka_unit_test(all_kinds_of_reset_headers_are_waited_for),
		cmocka_unit_test(an_interval_too_long_to_believe_is_a_day),
		cmocka_unit_test(a_day_has_its_budget),
		cmocka_unit_test(a_detail_completes_its_item),
		cmocka_unit_test(what_lookups_found_is_there_with_the_detail),
		cmocka_unit_test(of_many_new_ids_the_oldest_go_first),
		cmocka_unit_test(bad_replies_are_refused_with_a_sentence),
		cmocka_unit_test(a_reply_without_items_is_told),
		cmocka_unit_test(items_beyond_the_ceiling_are_told),
		cmocka_unit_test(odd_fields_are_absent),
		cmocka_unit_test(a_list_of_one_may_be_an_object),
		cmocka_unit_test(other_formats_become_items),
		cmocka_unit_test(a_cursor_nobody_wrote_is_the_first_poll),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
