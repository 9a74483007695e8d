#include "tests/unit/unit.h"

#include "monitor/base/crypto.h"
#include "monitor/fetch/websocket.h"

#include <stdio.h>

/* A peer in memory: what it says comes in pieces of `step` bytes, what it hears is kept. */
struct peer {
	struct buf says, hears, messages, head;
	size_t at, step;
	bool ended; /* after what it says the connection is closed */
	bool hold;  /* whoever takes messages wants no more */
	bool deaf;  /* takes no byte */
	int opened;
};

static ssize_t peer_read(void *ctx, void *bytes, size_t n)
{
	struct peer *p = ctx;
	size_t left = p->says.n - p->at;
	n = n < p->step ? n : p->step;
	n = n < left ? n : left;
	if (n == 0) {
		return p->ended ? HARK_EPIPE : 0;
	}
	memcpy(bytes, p->says.p + p->at, n);
	p->at += n;
	return (ssize_t)n;
}

static ssize_t peer_write(void *ctx, const void *bytes, size_t n)
{
	struct peer *p = ctx;
	n = p->deaf ? 0 : n < p->step ? n : p->step;
	buf_add(&p->hears, bytes, n);
	return (ssize_t)n;
}

static void peer_head(void *ctx, struct str line)
{
	struct peer *p = ctx;
	buf_add_str(&p->head, line);
}

static void peer_opened(void *ctx)
{
	((struct peer *)ctx)->opened++;
}

static bool peer_message(void *ctx, struct str message)
{
	struct peer *p = ctx;
	buf_add_str(&p->messages, message);
	buf_add_char(&p->messages, ';');
	return !p->hold;
}

static struct websocket *start(struct peer *p, size_t step)
{
	*p = (struct peer){.step = step};
	buf_init(&p->says, 1 << 20);
	buf_init(&p->hears, 1 << 20);
	buf_init(&p->messages, 1 << 20);
	buf_init(&p->head, 1 << 20);
	const struct websocket_io io = {
		peer_read, peer_write, peer_head, peer_opened, peer_message, p};
	const struct websocket_request request = {.host = "stream.example:8443",
		.target = "/subscribe?a=b",
		.headers = STR("User-Agent: hark/0\r\n"),
		.message_max = 100};
	struct websocket *w = websocket_new(&io, &request);
	assert_non_null(w);
	return w;
}

static void finish(struct peer *p, struct websocket *w)
{
	websocket_free(w);
	buf_release(&p->says);
	buf_release(&p->hears);
	buf_release(&p->messages);
	buf_release(&p->head);
}

/* The answer RFC 6455 asks for, made from the key in what was heard. */
static void agree(struct peer *p)
{
	unsigned char sum[CRYPTO_SHA1_BYTES];
	struct buf text, accept;
	const char *key = strstr(buf_c(&p->hears), "Sec-WebSocket-Key: ");
	assert_non_null(key);
	buf_init(&text, 100);
	buf_init(&accept, 100);
	buf_add(&text, key + 19, 24);
	buf_add_c(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	crypto_sha1(buf_str(&text), sum);
	crypto_base64(&accept, sum, sizeof(sum));
	buf_printf(&p->says,
		"HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, "
		"Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		buf_c(&accept));
	buf_release(&text);
	buf_release(&accept);
}

/* A frame as servers send it: not masked. */
static void frame(struct peer *p, int first, const void *bytes, size_t n)
{
	buf_add_char(&p->says, (char)first);
	if (n < 126) {
		buf_add_char(&p->says, (char)n);
	} else {
		buf_add_char(&p->says, 126);
		buf_add_char(&p->says, (char)(n >> 8));
		buf_add_char(&p->says, (char)(n & 255));
	}
	buf_add(&p->says, bytes, n);
}

#define TEXT 0x81
#define BEGIN_TEXT 0x01
#define MORE 0x00
#define END 0x80
#define BINARY 0x82
#define CLOSE 0x88
#define PING 0x89
#define PONG 0x8a

static struct websocket *open_one(struct peer *p, size_t step)
{
	struct hark_err err;
	struct websocket *w = start(p, step);
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	agree(p);
	return w;
}

static void it_asks_as_the_standard_says(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err;
	struct websocket *w = start(&p, 7);
	assert_true(websocket_wants_write(w));
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	assert_false(websocket_wants_write(w));
	const char *heard = buf_c(&p.hears);
	assert_non_null(
		strstr(heard, "GET /subscribe?a=b HTTP/1.1\r\nHost: stream.example:8443\r\n"));
	assert_non_null(strstr(heard, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"));
	assert_non_null(
		strstr(heard, "\r\nSec-WebSocket-Version: 13\r\nUser-Agent: hark/0\r\n\r\n"));
	finish(&p, w);
}

static void messages_come_whole_however_the_bytes_come(void **state)
{
	(void)state;
	for (size_t step = 1; step < 200; step += step < 20 ? 1 : 37) {
		struct peer p;
		struct hark_err err;
		struct websocket *w = open_one(&p, step);
		frame(&p, TEXT, "one", 3);
		frame(&p, BEGIN_TEXT, "tw", 2);
		frame(&p, PING, "hi", 2);
		frame(&p, MORE, "", 0);
		frame(&p, END, "o", 1);
		frame(&p, PONG, "", 0);
		frame(&p, TEXT, "", 0);
		frame(&p, TEXT, "gr\xc3\xb6\xc3\x9f", 6);
		assert_int_equal(websocket_step(w, &err), HARK_OK);
		while (websocket_wants_write(w)) {
			assert_int_equal(websocket_step(w, &err), HARK_OK);
		}
		assert_int_equal(p.opened, 1);
		assert_string_equal(buf_c(&p.messages), "one;two;;gr\xc3\xb6\xc3\x9f;");
		assert_non_null(strstr(buf_c(&p.head), "HTTP/1.1 101"));
		/* The pong: masked, with what the ping said. */
		const unsigned char *pong = (const unsigned char *)p.hears.p + p.hears.n - 8;
		assert_int_equal(pong[0], PONG);
		assert_int_equal(pong[1], 0x82);
		assert_int_equal(pong[6] ^ pong[2], 'h');
		assert_int_equal(pong[7] ^ pong[3], 'i');
		finish(&p, w);
	}
}

static void one_too_large_or_no_text_is_left_out(void **state)
{
	(void)state;
	char big[300];
	struct peer p;
	struct hark_err err;
	struct websocket *w = open_one(&p, 50);
	memset(big, 'x', sizeof(big));
	frame(&p, TEXT, big, 300);
	frame(&p, BEGIN_TEXT, big, 60);
	frame(&p, END, big, 60);
	frame(&p, BINARY, "\1\2", 2);
	frame(&p, TEXT, big, 100);
	frame(&p, TEXT, "ok", 2);
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	assert_int_equal(websocket_left_out(w), 3);
	assert_int_equal(p.messages.n, 101 + 3);
	finish(&p, w);
}

static void what_is_held_comes_after_it_goes_on(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err;
	struct websocket *w = open_one(&p, 9); /* pieces smaller than a frame */
	frame(&p, TEXT, "one........", 11);
	frame(&p, TEXT, "two........", 11);
	frame(&p, TEXT, "three......", 11);
	p.hold = true;
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	size_t before = p.messages.n;
	assert_true(before < 3 * 12);
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	assert_int_equal(p.messages.n, before);
	p.hold = false;
	websocket_go_on(w);
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	assert_string_equal(buf_c(&p.messages), "one........;two........;three......;");
	finish(&p, w);
}

static void a_close_is_answered_and_its_reason_told(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err = {0};
	struct websocket *w = open_one(&p, 1000);
	frame(&p, TEXT, "last", 4);
	frame(&p, CLOSE, "\x03\xe9going\naway", 12);
	assert_int_equal(websocket_step(w, &err), HARK_EPIPE);
	assert_string_equal(err.text, "the peer closed the stream (going away)");
	assert_string_equal(buf_c(&p.messages), "last;");
	assert_int_equal((unsigned char)p.hears.p[p.hears.n - 18], CLOSE);
	assert_int_equal(websocket_step(w, &err), HARK_OK); /* over: nothing happens any more */
	assert_false(websocket_wants_write(w));
	finish(&p, w);
}

static void an_end_without_a_close_is_one_too(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err = {0};
	struct websocket *w = open_one(&p, 1000);
	frame(&p, TEXT, "last", 4);
	buf_add(&p.says, "\x81\x05ha", 4); /* half a frame */
	p.ended = true;
	assert_int_equal(websocket_step(w, &err), HARK_EPIPE);
	assert_string_equal(err.text, "the peer closed the connection");
	assert_string_equal(buf_c(&p.messages), "last;");
	finish(&p, w);
}

static void whoever_breaks_the_rules_is_left(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t n;
		const char *says;
	} cases[] = {
		{"\xc1\x01x", 3, "rules"},          /* a reserved bit */
		{"\x83\x01x", 3, "rules"},          /* an unknown kind */
		{"\x80\x01x", 3, "rules"},          /* the rest of nothing */
		{"\x01\x01x\x81\x01x", 6, "rules"}, /* a message within a message */
		{"\x09\x00", 2, "rules"},           /* a ping in pieces */
		{"\x89\x7e\x00\x80", 4, "rules"},   /* a long ping */
		{"\x81\x7e\x00\x01x", 5, "rules"},  /* a length written too long */
		{"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10, "rules"},
		{"\x81\x02\xc3\x28", 4, "no UTF-8"},
		{"\x81\x01\xff", 3, "no UTF-8"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct peer p;
		struct hark_err err = {0};
		struct websocket *w = open_one(&p, 1000);
		buf_add(&p.says, cases[i].bytes, cases[i].n);
		assert_int_equal(websocket_step(w, &err), HARK_EPARSE);
		assert_non_null(strstr(err.text, cases[i].says));
		finish(&p, w);
	}
}

static void an_answer_that_is_no_agreement_ends_it(void **state)
{
	(void)state;
	static const struct {
		const char *answer;
		int rc;
	} cases[] = {
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", HARK_ESTATE},
		{"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\n\r\n", HARK_ESTATE},
		{"nonsense\r\n\r\n", HARK_ESTATE},
		{"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
			HARK_EPARSE},
		{"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
			HARK_EPARSE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct peer p;
		struct hark_err err = {0};
		struct websocket *w = start(&p, 1000);
		buf_add_c(&p.says, cases[i].answer);
		assert_int_equal(websocket_step(w, &err), cases[i].rc);
		assert_int_equal(p.opened, 0);
		assert_string_equal(buf_c(&p.head), cases[i].answer);
		finish(&p, w);
	}
}

static void a_head_without_end_is_a_bounded_one(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err = {0};
	struct websocket *w = start(&p, 1000);
	for (int i = 0; i < 1000; i++) {
		buf_printf(&p.says, "X-%d: and so on and so on and so on\r\n", i);
	}
	assert_int_equal(websocket_step(w, &err), HARK_EPARSE);
	assert_non_null(strstr(err.text, "larger than 16384 bytes"));
	finish(&p, w);
}

static void a_sign_of_life_is_asked_for(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err;
	struct websocket *w = open_one(&p, 1000);
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	size_t before = p.hears.n;
	websocket_ping(w);
	assert_true(websocket_wants_write(w));
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	assert_int_equal(p.hears.n, before + 6);
	assert_int_equal((unsigned char)p.hears.p[before], PING);
	finish(&p, w);
}

static void a_peer_that_never_pauses_is_read_in_steps(void **state)
{
	(void)state;
	char big[30000];
	struct peer p;
	struct hark_err err;
	struct websocket *w = open_one(&p, 5000);
	memset(big, 'x', sizeof(big));
	for (int i = 0; i < 30; i++) {
		frame(&p, BINARY, big, sizeof(big));
	}
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	assert_true(p.at < 300000);
	assert_true(websocket_wants_more(w));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(websocket_step(w, &err), HARK_OK);
	}
	assert_false(websocket_wants_more(w));
	assert_int_equal(websocket_left_out(w), 30);
	finish(&p, w);
}

static void a_flood_of_frames_that_say_nothing_ends_it(void **state)
{
	(void)state;
	static const int kinds[] = {PING, PONG, MORE, BINARY};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct peer p;
		struct hark_err err = {0};
		struct websocket *w = open_one(&p, 5000);
		if (kinds[i] == MORE) {
			frame(&p, BEGIN_TEXT, "a", 1);
		}
		for (int k = 0; k < 9000; k++) {
			frame(&p, kinds[i], "", 0);
		}
		assert_int_equal(websocket_step(w, &err), HARK_OK);
		websocket_new_window(w);
		for (int k = 0; k < 10000; k++) {
			frame(&p, kinds[i], "", 0);
		}
		assert_int_equal(websocket_step(w, &err), HARK_OK);
		frame(&p, kinds[i], "", 0);
		assert_int_equal(websocket_step(w, &err), HARK_EPARSE);
		assert_non_null(strstr(err.text, "floods"));
		assert_false(websocket_wants_more(w));
		finish(&p, w);
	}
}

static void pings_whose_answers_are_not_taken_end_it(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err = {0};
	struct websocket *w = open_one(&p, 5000);
	p.deaf = true;
	for (int k = 0; k < 200; k++) {
		frame(&p, PING, "hi", 2);
	}
	assert_int_equal(websocket_step(w, &err), HARK_OK);
	for (int k = 0; k < 100; k++) {
		frame(&p, PING, "hi", 2);
	}
	assert_int_equal(websocket_step(w, &err), HARK_EPARSE);
	assert_non_null(strstr(err.text, "does not take the answers"));
	finish(&p, w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_asks_as_the_standard_says),
		cmocka_unit_test(messages_come_whole_however_the_bytes_come),
		cmocka_unit_test(one_too_large_or_no_text_is_left_out),
		cmocka_unit_test(what_is_held_comes_after_it_goes_on),
		cmocka_unit_test(a_close_is_answered_and_its_reason_told),
		cmocka_unit_test(an_end_without_a_close_is_one_too),
		cmocka_unit_test(whoever_breaks_the_rules_is_left),
		cmocka_unit_test(an_answer_that_is_no_agreement_ends_it),
		cmocka_unit_test(a_head_without_end_is_a_bounded_one),
		cmocka_unit_test(a_sign_of_life_is_asked_for),
		cmocka_unit_test(a_peer_that_never_pauses_is_read_in_steps),
		cmocka_unit_test(a_flood_of_frames_that_say_nothing_ends_it),
		cmocka_unit_test(pings_whose_answers_are_not_taken_end_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
