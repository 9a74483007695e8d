#include "tests/unit/unit.h"
#include "tests/unit/server.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/fetch/fetch.h"

#include <stdio.h>

/* --- the peer: what it does is said by the path --- */

static void frame(struct buf *out, const char *text)
{
	buf_add_char(out, (char)0x81);
	buf_add_char(out, (char)strlen(text));
	buf_add_c(out, text);
}

static void agree(struct server_conn *c, const struct server_request *r, struct buf *more)
{
	unsigned char sum[CRYPTO_SHA1_BYTES];
	struct buf text;
	char *key = server_header(r, "Sec-WebSocket-Key"),
	     *token = server_header(r, "Authorization");
	buf_init(&text, 1 << 20);
	buf_printf(&text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key != NULL ? key : "");
	crypto_sha1(buf_str(&text), sum);
	buf_clear(&text);
	buf_add_c(&text, "HTTP/1.1 101 Hello\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
			 "Sec-WebSocket-Accept: ");
	crypto_base64(&text, sum, sizeof(sum));
	buf_add_c(&text, "\r\n\r\n");
	frame(&text, token != NULL ? token : "nobody");
	buf_add_str(&text, buf_str(more));
	server_say_bytes(c, text.p, text.n);
	buf_release(&text);
	free(key);
	free(token);
}

static void serve_websocket(struct server_conn *c, const struct server_request *r)
{
	struct buf more;
	buf_init(&more, 1 << 20);
	frame(&more, strstr(r->path, "a=b") != NULL ? "a=b" : "?");
	for (int i = 0; strstr(r->path, "many") != NULL && i < 2000; i++) {
		frame(&more, "and so on and so on and so on");
	}
	if (strstr(r->path, "bye") != NULL) {
		buf_add(&more,
			"\x88\x05\x03\xe9"
			"bye",
			7);
	}
	agree(c, r, &more);
	server_sleep(c, 60000);
	buf_release(&more);
}

static void serve(struct server_conn *c, const struct server_request *r, void *ctx)
{
	(void)ctx;
	if (strncmp(r->path, "/ws", 3) == 0) {
		serve_websocket(c, r);
	} else if (strcmp(r->path, "/lines") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
		server_say(c, "4\r\none\n\r\n4\r\ntwo\n\r\n");
		server_sleep(c, 60000);
	} else if (strcmp(r->path, "/silent") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
		server_sleep(c, 60000);
	} else if (strcmp(r->path, "/endless") == 0) {
		char block[8192];
		memset(block, 'x', sizeof(block));
		server_say(c, "HTTP/1.1 200 OK\r\n\r\n");
		while (server_say_bytes(c, block, sizeof(block))) {
			continue;
		}
	} else if (strcmp(r->path, "/short") == 0) {
		server_answer(c, "200 OK", "", "one\n");
	} else if (strcmp(r->path, "/busy") == 0) {
		server_answer(c, "429 Too Many", "Retry-After: 7\r\n", "later");
	} else {
		server_answer(c, "200 OK", "", "a poll");
	}
}

/* --- one stream and whoever listens to it --- */

struct world {
	struct server *server;
	struct fetch *fetch;
	struct transfer *stream;
	struct buf taken;
	int opened, takes;
	size_t hold_after; /* takes that are enough */
	struct fetch_reply *reply, *poll;
	bool (*done)(struct world *w); /* looked at in every turn */
	int step;
};

static void on_opened(void *user)
{
	((struct world *)user)->opened++;
}

static bool on_take(void *user, struct str bytes)
{
	struct world *w = user;
	buf_add_str(&w->taken, bytes);
	w->takes++;
	return w->hold_after == 0 || (size_t)w->takes < w->hold_after;
}

static void on_end(void *user, struct fetch_reply *reply)
{
	((struct world *)user)->reply = reply;
}

static void on_poll(void *user, struct fetch_reply *reply)
{
	((struct world *)user)->poll = reply;
}

static int64_t tick(void *ctx, int64_t now_ms)
{
	struct world *w = ctx;
	if (w->done(w)) {
		fetch_stop(w->fetch);
	}
	return now_ms + 20;
}

static const struct fetch_stream_ops ops = {on_opened, on_take};

static void url_of(const struct world *w, const char *scheme, const char *path, char out[200])
{
	snprintf(out, 200, "%s://127.0.0.1:%d%s", scheme, server_port(w->server), path);
}

/* Runs until `done` says so. */
static void run(struct world *w, struct fetch_request request, bool (*done)(struct world *w))
{
	const struct fetch_options options = {.user_agent = "hark/0", .tick = tick, .tick_ctx = w};
	struct hark_err err = {0};
	w->server = server_new(NULL, serve, NULL);
	w->fetch = fetch_new(&options, &err);
	w->done = done;
	buf_init(&w->taken, 64u << 20);
	char url[200];
	url_of(w, request.websocket ? "ws" : "http", request.url, url);
	request.url = url;
	request.stream = &ops;
	int rc = fetch_stream_open(w->fetch, &request, on_end, w, &w->stream, &err);
	assert_int_equal(rc, HARK_OK);
	fetch_run(w->fetch);
	server_free(w->server);
}

static void end(struct world *w)
{
	fetch_free(w->fetch);
	fetch_reply_free(w->reply);
	fetch_reply_free(w->poll);
	buf_release(&w->taken);
}

static bool has_two(struct world *w)
{
	return w->taken.n == 8;
}

static void bytes_come_as_they_are_sent(void **state)
{
	(void)state;
	struct world w = {0};
	run(&w, (struct fetch_request){.url = "/lines", .internal = true}, has_two);
	assert_string_equal(buf_c(&w.taken), "one\ntwo\n");
	assert_int_equal(w.opened, 1);
	assert_int_equal(w.reply->rc, HARK_EPIPE); /* it went on until the program stopped */
	end(&w);
}

static bool is_over(struct world *w)
{
	return w->reply != NULL;
}

static void an_end_and_a_refusal_are_told(void **state)
{
	(void)state;
	struct world w = {0};
	run(&w, (struct fetch_request){.url = "/short", .internal = true}, is_over);
	assert_int_equal(w.opened, 1);
	assert_string_equal(buf_c(&w.taken), "one\n");
	assert_int_equal(w.reply->rc, HARK_OK);
	assert_int_equal(w.reply->status, 200);
	assert_int_equal(w.reply->body.n, 0);
	end(&w);
	w = (struct world){0};
	run(&w, (struct fetch_request){.url = "/busy", .internal = true}, is_over);
	assert_int_equal(w.opened, 0);
	assert_int_equal(w.reply->status, 429);
	assert_int_equal(w.reply->retry_after_ms, 7000);
	assert_str_is(buf_str(&w.reply->body), "later");
	end(&w);
}

static void a_private_address_is_refused_here_too(void **state)
{
	(void)state;
	for (int websocket = 0; websocket < 2; websocket++) {
		struct world w = {0};
		run(&w, (struct fetch_request){.url = "/lines", .websocket = websocket != 0},
			is_over);
		assert_int_equal(w.opened, 0);
		assert_int_equal(w.reply->rc, HARK_EAUTH);
		end(&w);
	}
}

static void silence_is_the_end_of_it(void **state)
{
	(void)state;
	struct world w = {0};
	run(&w, (struct fetch_request){.url = "/silent", .internal = true, .idle_ms = 50}, is_over);
	assert_int_equal(w.opened, 1);
	assert_int_equal(w.reply->rc, HARK_ENET);
	assert_non_null(strstr(w.reply->error, "nothing was heard of it"));
	end(&w);
}

static bool polls_beside(struct world *w)
{
	struct hark_err err;
	char url[200];
	if (w->step == 0 && w->taken.n == 8) {
		url_of(w, "http", "/poll", url);
		const struct fetch_request request = {.url = url, .internal = true};
		assert_int_equal(fetch_submit(w->fetch, &request, on_poll, w, &err), HARK_OK);
		w->step++;
	}
	return w->poll != NULL;
}

static void it_does_not_keep_its_host_from_others(void **state)
{
	(void)state;
	struct world w = {0};
	run(&w, (struct fetch_request){.url = "/lines", .internal = true}, polls_beside);
	assert_str_is(buf_str(&w.poll->body), "a poll");
	end(&w);
}

static bool closes(struct world *w)
{
	if (w->step == 0 && w->taken.n == 8) {
		fetch_stream_close(w->fetch, w->stream);
		w->step++;
	}
	return w->reply != NULL;
}

static void whoever_opened_it_may_close_it(void **state)
{
	(void)state;
	struct world w = {0};
	run(&w, (struct fetch_request){.url = "/lines", .internal = true}, closes);
	assert_int_equal(w.reply->rc, HARK_EPIPE);
	assert_non_null(strstr(w.reply->error, "not wanted any more"));
	end(&w);
}

/* Waits some turns in which nothing may come, then goes on. */
static bool holds_and_goes_on(struct world *w)
{
	if (w->takes < 3) {
		return false;
	}
	if (w->step < 10) {
		w->step++;
		assert_true(w->taken.n < 1 << 20);
	} else if (w->hold_after != 0) {
		w->hold_after = 0;
		fetch_stream_go_on(w->fetch, w->stream);
	}
	return w->taken.n > 4u << 20;
}

static void a_reader_that_is_full_is_not_given_more(void **state)
{
	(void)state;
	struct world w = {.hold_after = 3};
	run(&w, (struct fetch_request){.url = "/endless", .internal = true}, holds_and_goes_on);
	end(&w);
}

/* --- WebSockets --- */

static bool has_hello(struct world *w)
{
	return strstr(buf_c(&w->taken), "a=b") != NULL;
}

static void a_websocket_is_opened_over_the_same_way(void **state)
{
	(void)state;
	const struct fetch_header headers[] = {{"Authorization", "Bearer x"}};
	struct world w = {0};
	run(&w,
		(struct fetch_request){.url = "/ws?a=b",
			.internal = true,
			.websocket = true,
			.headers = headers,
			.headers_n = 1},
		has_hello);
	assert_int_equal(w.opened, 1);
	assert_string_equal(buf_c(&w.taken), "Bearer xa=b");
	end(&w);
}

static void its_close_its_refusal_and_its_absence_are_told(void **state)
{
	(void)state;
	struct world w = {0};
	run(&w, (struct fetch_request){.url = "/ws/bye", .internal = true, .websocket = true},
		is_over);
	assert_int_equal(w.reply->rc, HARK_ENET);
	assert_non_null(strstr(w.reply->error, "the peer closed the stream (bye)"));
	end(&w);
	w = (struct world){0};
	run(&w, (struct fetch_request){.url = "/busy", .internal = true, .websocket = true},
		is_over);
	assert_int_equal(w.reply->rc, HARK_OK);
	assert_int_equal(w.reply->status, 429);
	assert_int_equal(w.reply->retry_after_ms, 7000);
	end(&w);
	w = (struct world){0};
	run(&w, (struct fetch_request){.url = "/short", .internal = true, .websocket = true},
		is_over);
	assert_int_equal(w.reply->rc, HARK_ENET);
	assert_non_null(strstr(w.reply->error, "does not open a WebSocket"));
	end(&w);
}

static bool holds_messages(struct world *w)
{
	if (w->takes < 3) {
		return false;
	}
	if (w->step < 10) {
		w->step++;
		assert_true(w->takes < 1000);
	} else if (w->hold_after != 0) {
		w->hold_after = 0;
		fetch_stream_go_on(w->fetch, w->stream);
	}
	return w->takes == 2002;
}

static void messages_wait_for_whoever_is_full(void **state)
{
	(void)state;
	struct world w = {.hold_after = 3};
	run(&w, (struct fetch_request){.url = "/ws/many", .internal = true, .websocket = true},
		holds_messages);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_as_they_are_sent),
		cmocka_unit_test(an_end_and_a_refusal_are_told),
		cmocka_unit_test(a_private_address_is_refused_here_too),
		cmocka_unit_test(silence_is_the_end_of_it),
		cmocka_unit_test(it_does_not_keep_its_host_from_others),
		cmocka_unit_test(whoever_opened_it_may_close_it),
		cmocka_unit_test(a_reader_that_is_full_is_not_given_more),
		cmocka_unit_test(a_websocket_is_opened_over_the_same_way),
		cmocka_unit_test(its_close_its_refusal_and_its_absence_are_told),
		cmocka_unit_test(messages_wait_for_whoever_is_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
