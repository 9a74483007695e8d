#include "tests/unit/unit.h"
#include "tests/unit/server.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/fetch.h"
#include "monitor/fetch/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The script: what to answer is said by the path. */

struct world {
	struct server *server, *other; /* `other` is a second host */
	char head[4096];               /* of the last request to "/head" or "/echo" */
	char body[4096];
	int64_t at_ms[64]; /* start of each request to "/spaced" */
	int at_n;
	atomic_size_t sent; /* of an answer that is too much */
	pthread_mutex_t lock;
};

static struct world world = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void keep_request(const struct server_request *r)
{
	pthread_mutex_lock(&world.lock);
	snprintf(world.head, sizeof(world.head), "%s", r->head);
	snprintf(world.body, sizeof(world.body), "%.*s", STR_FMT(r->body));
	pthread_mutex_unlock(&world.lock);
}

static void answer_conditional(struct server_conn *c, const struct server_request *r)
{
	char *etag = server_header(r, "If-None-Match"),
	     *date = server_header(r, "If-Modified-Since");
	keep_request(r);
	if (etag != NULL && strcmp(etag, "W/\"a b;\xc3\xa9\"") == 0 && date != NULL &&
		strcmp(date, "Sun, 6 Nov 1994  08:49:37 +0000") == 0) {
		server_say(c, "HTTP/1.1 304 Not Modified\r\nETag: \"next\"\r\n\r\n");
	} else {
		server_answer(c, "200 OK",
			"ETag: W/\"a b;\xc3\xa9\"\r\nLast-Modified:   Sun, 6 Nov 1994  08:49:37 "
			"+0000 \r\n"
			"Content-Type: application/rss+xml; charset=utf-8\r\nCache-Control: "
			"public, max-age=90\r\n",
			"news");
	}
	free(etag);
	free(date);
}

/* A gzip stream of 16 MiB of zeros, made by hand: one deflate block with fixed Huffman codes, a
 * literal 0 and then "258 bytes, distance 1" again and again, 13 bits each: a ratio of 158. */
struct bits {
	unsigned char *p;
	size_t n;
};

/* Huffman codes are written from their highest bit on. */
static void put_code(struct bits *b, unsigned code, int length)
{
	while (length-- > 0) {
		b->p[b->n / 8] |= (unsigned char)((code >> length & 1) << b->n % 8);
		b->n++;
	}
}

static size_t make_bomb(unsigned char *out)
{
	static const unsigned char head[10] = {0x1f, 0x8b, 8, [9] = 255};
	struct bits b = {.p = out, .n = sizeof(head) * 8};
	memcpy(out, head, sizeof(head));
	put_code(&b, 1, 1);    /* last block */
	put_code(&b, 2, 2);    /* fixed codes: 01, lowest bit first */
	put_code(&b, 0x30, 8); /* literal 0 */
	for (int i = 0; i < (16 << 20) / 258; i++) {
		put_code(&b, 0xc5, 8);
		put_code(&b, 0, 5);
	}
	put_code(&b, 0, 7); /* end of block */
	return (b.n + 7) / 8;
}

static void answer_bomb(struct server_conn *c)
{
	unsigned char *bomb = calloc(1, 1 << 20);
	size_t n = make_bomb(bomb);
	server_say(
		c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", n);
	server_say_bytes(c, bomb, n);
	free(bomb);
}

/* "hello" and a newline, packed by gzip(1), its head without a name and a date. */
static const unsigned char hello[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9,
	0xc9, 0xe7, 0x02, 0, 0x20, 0x30, 0x3a, 0x36, 6, 0, 0, 0};

/* So many bytes of it, as if that were all; 52: it comes twice; 6: its middle part alone. */
static void answer_packed(struct server_conn *c, const char *bytes)
{
	size_t n = (size_t)strtol(bytes, NULL, 10);
	bool is_bare = strstr(bytes, "bare") != NULL;
	server_say(c,
		"HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Encoding: %s\r\n"
		"Content-Length: %zu\r\n\r\n",
		is_bare ? "deflate" : "GZip", n);
	for (size_t at = is_bare ? 10 : 0; n > 0; n--, at++) {
		server_say_bytes(c, &hello[at % sizeof(hello)], 1);
	}
}

static void answer_endless(struct server_conn *c)
{
	char block[8192];
	memset(block, 'x', sizeof(block));
	server_say(c, "HTTP/1.1 200 OK\r\n\r\n");
	while (server_say_bytes(c, block, sizeof(block))) {
		atomic_fetch_add(&world.sent, sizeof(block));
	}
}

static void answer_slow(struct server_conn *c, int n)
{
	server_say(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", n);
	for (int i = 0; i < n && server_say_bytes(c, "x", 1); i++) {
		if (!server_sleep(c, 100)) {
			break;
		}
	}
}

static void answer_header_bomb(struct server_conn *c, bool many)
{
	char value[8000];
	memset(value, 'h', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	server_say(c, "HTTP/1.1 200 OK\r\n");
	size_t line = many ? 6 : 8000;
	for (int i = 0; server_say(c, "X-%d: %s\r\n", i, many ? "" : value); i++) {
		atomic_fetch_add(&world.sent, line);
	}
}

__attribute__((format(printf, 3, 4))) static void redirect(
	struct server_conn *c, const char *status, const char *fmt, ...)
{
	char to[300], line[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(to, sizeof(to), fmt, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "Location: %s\r\n", to);
	server_answer(c, status, line, "moved");
}

static bool answer_redirects(struct server_conn *c, const char *path)
{
	int n;
	if (sscanf(path, "/hops/%d", &n) == 1) {
		n > 0 ? redirect(c, "302 Found", "/hops/%d", n - 1)
		      : (void)server_answer(c, "200 OK", "", "end");
	} else if (strcmp(path, "/moved") == 0) {
		redirect(c, "301 Moved Permanently", "/hops/1");
	} else if (strcmp(path, "/moved-twice") == 0) {
		redirect(c, "301 Moved Permanently", "/moved");
	} else if (strcmp(path, "/see-other") == 0) {
		redirect(c, "303 See Other", "/head");
	} else if (strcmp(path, "/keep-method") == 0) {
		redirect(c, "307 Temporary Redirect", "/head");
	} else if (strncmp(path, "/again/", 7) == 0) {
		redirect(c, "307 Temporary Redirect", "%s", path + 7);
	} else if (strcmp(path, "/away") == 0) {
		redirect(c, "302 Found", "http://127.0.0.1:%d/head?x=1", server_port(world.other));
	} else if (strncmp(path, "/repeat/", 8) == 0) {
		redirect(c, "302 Found", "%s://127.0.0.1:1/s3cr3t", path + 8);
	} else if (strncmp(path, "/to/", 4) == 0) {
		redirect(c, "302 Found", "%s", path + 4);
	} else if (strcmp(path, "/endless-redirect") == 0) {
		server_say(c, "HTTP/1.1 302 Found\r\nLocation: /hops/0\r\n\r\n");
		while (server_say(c, "%01000d", 0)) {
			continue;
		}
	} else {
		return false;
	}
	return true;
}

static bool answer_damage(struct server_conn *c, const char *path)
{
	if (strcmp(path, "/truncated") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
	} else if (strcmp(path, "/truncated-head") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Ty");
	} else if (strcmp(path, "/truncated-line") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\n");
	} else if (strcmp(path, "/truncated-fold") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\n \r\nLast-Mod");
	} else if (strcmp(path, "/truncated-chunk") == 0) {
		server_say(
			c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nonly this");
	} else if (strcmp(path, "/silent") == 0) {
		server_hang_up(c);
	} else if (strcmp(path, "/no-http") == 0) {
		server_say(c, "220 mail.example.com ESMTP\r\n");
	} else if (strncmp(path, "/packed", 7) == 0) {
		answer_packed(c, path + 7);
	} else if (strcmp(path, "/brotli") == 0) {
		server_answer(c, "200 OK", "Content-Encoding: br\r\n", "who knows");
	} else if (strcmp(path, "/not-gzip") == 0) {
		server_answer(c, "200 OK", "Content-Encoding: gzip\r\n", "plain text");
	} else {
		return false;
	}
	server_hang_up(c);
	return true;
}

static bool answer_oddly(struct server_conn *c, const char *path)
{
	if (strcmp(path, "/trailer") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nTransfer-Encoding: chunked\r\n\r\n"
			      "0\r\nETag: \"2\"\r\nHTTP/x: y\r\n\r\n");
	} else if (strcmp(path, "/named-http") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nHTTP/x: y\r\n\r\n");
	} else if (strcmp(path, "/folded") == 0) {
		server_say(c, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\n \r\nX: y\r\n\r\n");
	} else if (strcmp(path, "/hints") == 0) {
		server_say(c, "HTTP/1.1 103 Early Hints\r\nETag: \"0\"\r\n\r\n"
			      "HTTP/1.1 200\r\nETag: \"1\"\r\n\r\n");
	} else {
		return false;
	}
	server_hang_up(c);
	return true;
}

static void script(struct server_conn *c, const struct server_request *r, void *ctx)
{
	const char *path = r->path;
	(void)ctx;
	if (strcmp(path, "/conditional") == 0) {
		answer_conditional(c, r);
	} else if (strncmp(path, "/head", 5) == 0) {
		keep_request(r);
		server_answer(c, "200 OK", "", "head");
	} else if (strcmp(path, "/bomb") == 0) {
		answer_bomb(c);
	} else if (strcmp(path, "/endless") == 0) {
		answer_endless(c);
	} else if (strcmp(path, "/slow") == 0) {
		answer_slow(c, 100);
	} else if (strcmp(path, "/hang") == 0) {
		server_sleep(c, 30000);
	} else if (strcmp(path, "/big-headers") == 0 || strcmp(path, "/many-headers") == 0) {
		answer_header_bomb(c, path[1] == 'm');
	} else if (strcmp(path, "/busy") == 0) {
		server_answer(c, "429 Too Many Requests", "Retry-After: 120\r\n", "slow down");
	} else if (strcmp(path, "/busy-date") == 0) {
		server_answer(c, "503 Service Unavailable",
			"Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n", "");
	} else if (strcmp(path, "/spaced") == 0) {
		pthread_mutex_lock(&world.lock);
		world.at_ms[world.at_n++ % 64] = r->at_ms;
		pthread_mutex_unlock(&world.lock);
		server_answer(c, "200 OK", "", "x");
	} else if (strcmp(path, "/pause") == 0) {
		server_sleep(c, 30);
		server_answer(c, "200 OK", "", "x");
	} else if (!answer_redirects(c, path) && !answer_damage(c, path) &&
		   !answer_oddly(c, path)) {
		server_answer(c, "404 Not Found", "", "nothing here\n");
	}
}

static int set_up(void **state)
{
	(void)state;
	world.server = server_new(NULL, script, NULL);
	world.other = server_new(NULL, script, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	server_free(world.server);
	server_free(world.other);
	return 0;
}

/* Asking */

static struct fetch_options plain_options(void)
{
	return (struct fetch_options){.user_agent = "hark/test (+mailto:ops@example.com)",
		.parallel = 20,
		.per_host = 4,
		.timeout_ms = 5000,
		.connect_timeout_ms = 1000,
		.max_bytes = 1u << 20};
}

static const char *url_of(const struct server *s, const char *path)
{
	static _Thread_local char url[4][512];
	static _Thread_local unsigned turn;
	char *out = url[turn++ % 4];
	snprintf(out, sizeof(url[0]), "http://127.0.0.1:%d%s", server_port(s), path);
	return out;
}

static struct fetch_reply *ask_with(const struct fetch_options *o, const struct fetch_request *r)
{
	struct hark_err err = {0};
	struct fetch *f = fetch_new(o, &err);
	assert_non_null(f);
	struct fetch_reply *reply = fetch_once(f, r, &err);
	if (reply == NULL) {
		fail_msg("%s", err.text);
	}
	fetch_free(f);
	return reply;
}

static struct fetch_reply *ask(const char *path)
{
	struct fetch_options o = plain_options();
	return ask_with(&o,
		&(struct fetch_request){
			.url = url_of(world.server, path), .internal = true, .redirects_max = 5});
}

static void validators_go_back_byte_for_byte(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_reply *first = ask("/conditional");
	assert_int_equal(first->rc, HARK_OK);
	assert_int_equal(first->status, 200);
	assert_string_equal(buf_c(&first->body), "news");
	assert_string_equal(first->etag, "W/\"a b;\xc3\xa9\"");
	assert_string_equal(first->last_modified, "Sun, 6 Nov 1994  08:49:37 +0000");
	assert_string_equal(first->content_type, "application/rss+xml; charset=utf-8");
	assert_int_equal(first->max_age_ms, 90000);
	assert_null(first->moved_to);
	struct fetch_reply *second =
		ask_with(&o, &(struct fetch_request){.url = url_of(world.server, "/conditional"),
				     .internal = true,
				     .etag = first->etag,
				     .last_modified = first->last_modified});
	assert_int_equal(second->status, 304);
	assert_string_equal(second->etag, "\"next\"");
	assert_int_equal(second->body.n, 0);
	fetch_reply_free(first);
	fetch_reply_free(second);
}

static void we_say_who_we_are_and_carry_nothing_along(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	const struct fetch_header headers[] = {
		{"Authorization", "Bearer s3cret"}, {"Accept", "application/xml"}, {"X-Empty", ""}};
	struct fetch_reply *r =
		ask_with(&o, &(struct fetch_request){.url = url_of(world.server, "/head"),
				     .internal = true,
				     .headers = headers,
				     .headers_n = 3});
	unsetenv("http_proxy");
	assert_int_equal(r->status, 200);
	assert_non_null(
		strstr(world.head, "\r\nUser-Agent: hark/test (+mailto:ops@example.com)\r\n"));
	assert_non_null(strstr(world.head, "\r\nAccept-Encoding: "));
	assert_non_null(strstr(world.head, "gzip"));
	assert_non_null(strstr(world.head, "\r\nAuthorization: Bearer s3cret\r\n"));
	assert_non_null(strstr(world.head, "\r\nAccept: application/xml\r\n"));
	assert_non_null(strstr(world.head, "\r\nX-Empty:\r\n"));
	assert_null(strstr(world.head, "Cookie"));
	fetch_reply_free(r);
}

static void a_body_is_posted_with_its_headers(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	const struct fetch_header type = {"Content-Type", "application/json"};
	struct fetch_reply *r =
		ask_with(&o, &(struct fetch_request){.url = url_of(world.server, "/head"),
				     .internal = true,
				     .headers = &type,
				     .headers_n = 1,
				     .body = STR("{\"a\":1}")});
	assert_int_equal(r->status, 200);
	assert_int_equal(strncmp(world.head, "POST /head ", 11), 0);
	assert_non_null(strstr(world.head, "\r\nContent-Type: application/json\r\n"));
	assert_string_equal(world.body, "{\"a\":1}");
	fetch_reply_free(r);
}

static void redirects_are_followed_and_permanent_ones_noted(void **state)
{
	(void)state;
	char target[100];
	struct fetch_reply *r = ask("/moved");
	assert_int_equal(r->rc, HARK_OK);
	assert_string_equal(buf_c(&r->body), "end");
	snprintf(target, sizeof(target), "%s", url_of(world.server, "/hops/1"));
	assert_string_equal(r->moved_to, target);
	assert_string_equal(r->url, url_of(world.server, "/hops/0"));
	fetch_reply_free(r);
	r = ask("/moved-twice"); /* to where both lead, not to where only the first does */
	assert_string_equal(r->moved_to, target);
	fetch_reply_free(r);
	r = ask("/hops/5");
	assert_int_equal(r->status, 200);
	assert_null(r->moved_to);
	fetch_reply_free(r);
	r = ask("/hops/6");
	assert_int_equal(r->rc, HARK_ENET);
	assert_non_null(strstr(r->error, "redirects more than 5 times"));
	fetch_reply_free(r);
	r = ask("/endless-redirect");
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
}

static void a_redirect_is_an_answer_when_none_are_followed(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_reply *r = ask_with(&o,
		&(struct fetch_request){.url = url_of(world.server, "/moved"), .internal = true});
	assert_int_equal(r->rc, HARK_OK);
	assert_int_equal(r->status, 301);
	fetch_reply_free(r);
}

static void a_redirect_stays_at_its_host_when_that_is_asked(void **state)
{
	(void)state;
	char path[100];
	struct fetch_options o = plain_options();
	struct fetch_request q = {.internal = true, .redirects_max = 5, .same_host = true};
	q.url = url_of(world.server, "/away"); /* another port of the same */
	struct fetch_reply *r = ask_with(&o, &q);
	assert_int_equal(r->rc, HARK_OK);
	fetch_reply_free(r);
	snprintf(path, sizeof(path), "/to/http://localhost:%d/head", server_port(world.other));
	q.url = url_of(world.server, path);
	r = ask_with(&o, &q);
	assert_int_equal(r->rc, HARK_ENET);
	assert_non_null(strstr(r->error, "redirects to another host, localhost"));
	fetch_reply_free(r);
}

static void methods_change_on_redirects_as_in_browsers(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_request q = {.url = url_of(world.server, "/see-other"),
		.internal = true,
		.redirects_max = 1,
		.body = STR("b")};
	struct fetch_reply *r = ask_with(&o, &q);
	assert_int_equal(r->status, 200);
	assert_int_equal(strncmp(world.head, "GET ", 4), 0);
	fetch_reply_free(r);
	q.url = url_of(world.server, "/keep-method");
	r = ask_with(&o, &q);
	assert_int_equal(strncmp(world.head, "POST ", 5), 0);
	assert_string_equal(world.body, "b");
	fetch_reply_free(r);
}

/* Another port may be another's: it sees nothing of a form with a secret in it. */
static void what_is_sent_stays_with_its_origin(void **state)
{
	(void)state;
	char path[100];
	struct fetch_options o = plain_options();
	struct fetch_request q = {
		.internal = true, .redirects_max = 2, .same_host = true, .body = STR("s3cret=1")};
	for (int same_host = 0; same_host < 2; same_host++) {
		q.same_host = same_host;
		snprintf(path, sizeof(path), "/again/http://127.0.0.1:%d/head",
			server_port(world.other));
		q.url = url_of(world.server, path);
		int before = server_requests(world.other);
		struct fetch_reply *r = ask_with(&o, &q);
		assert_int_equal(r->rc, HARK_ENET);
		assert_non_null(strstr(
			r->error, "redirects what was sent to another server, http://127.0.0.1:"));
		fetch_reply_free(r);
		assert_int_equal(server_requests(world.other), before);
	}
}

static void what_is_sent_may_go_on_by_https(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
		bool may;
	} cases[] = {
		{"https://a.example", "https://A.example:443/x", true},
		{"http://a.example:8080", "http://a.example:8080", true},
		{"http://a.example", "https://a.example", true},
		{"https://a.example", "http://a.example", false},
		{"http://a.example", "https://a.example:8443", false},
		{"http://a.example:8080", "https://a.example", false},
		{"https://a.example", "https://a.example:444", false},
		{"https://a.example", "https://b.a.example", false},
		{"http://a.example", "https://b.example", false},
		{"http://[::1]", "https://[::1]", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf from, to;
		buf_init(&from, 100);
		buf_init(&to, 100);
		assert_null(url_origin_why(&from, cases[i].from));
		assert_null(url_origin_why(&to, cases[i].to));
		if (url_may_repeat(buf_str(&from), buf_str(&to)) != cases[i].may) {
			fail_msg("%s to %s", cases[i].from, cases[i].to);
		}
		buf_release(&from);
		buf_release(&to);
	}
}

static void secrets_stay_with_their_origin(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	const struct fetch_header headers[] = {
		{"Authorization", "Bearer s3cret"}, {"X-Api-Key", "s3cret"}, {"Accept", "a/b"}};
	struct fetch_request q = {.url = url_of(world.server, "/see-other"),
		.internal = true,
		.redirects_max = 2,
		.headers = headers,
		.headers_n = 3,
		.etag = "\"e\""};
	struct fetch_reply *r = ask_with(&o, &q);
	assert_non_null(strstr(world.head, "s3cret")); /* same origin: still there */
	fetch_reply_free(r);
	q.url = url_of(world.server, "/away");
	r = ask_with(&o, &q);
	assert_int_equal(r->status, 200);
	assert_null(strstr(world.head, "s3cret"));
	assert_non_null(strstr(world.head, "\r\nAccept: a/b\r\n"));
	assert_non_null(strstr(world.head, "\r\nIf-None-Match: \"e\"\r\n"));
	fetch_reply_free(r);
}

static void refused(const char *path, const char *part)
{
	struct fetch_reply *r = ask(path);
	assert_int_equal(r->rc, HARK_ENET);
	if (strstr(r->error, part) == NULL) {
		fail_msg("%s: '%s' does not say '%s'", path, r->error, part);
	}
	assert_int_equal(r->status, 0);
	assert_int_equal(r->body.n, 0);
	assert_null(r->moved_to);
	fetch_reply_free(r);
}

static void redirects_lead_to_http_only(void **state)
{
	(void)state;
	refused("/to/file:///etc/passwd", "only http and https");
	refused("/to/gopher://127.0.0.1:70/x", "only http and https");
	refused("/to/ftp://127.0.0.1/x", "only http and https");
	refused("/to/http://", "cannot be fetched");
}

static void what_a_redirect_repeats_is_not_repeated_in_its_error(void **state)
{
	(void)state;
	static const char *const paths[] = {"/repeat/ftp", "/repeat/file", "/repeat/http"};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct fetch_reply *r = ask(paths[i]);
		assert_int_not_equal(r->rc, HARK_OK);
		assert_non_null(strstr(r->error, "http://127.0.0.1:"));
		assert_null(strstr(r->error, "s3cr3t"));
		fetch_reply_free(r);
	}
}

static void too_much(const char *path, const char *part)
{
	atomic_store(&world.sent, 0);
	struct fetch_reply *r = ask(path);
	assert_int_equal(r->rc, HARK_ELIMIT);
	if (strstr(r->error, part) == NULL) {
		fail_msg("%s: '%s' does not say '%s'", path, r->error, part);
	}
	assert_false(r->network);
	assert_int_equal(r->body.n, 0);
	assert_in_range(
		atomic_load(&world.sent), 1, 32 << 20); /* most of it in the sockets' buffers */
	fetch_reply_free(r);
}

static void bombs_and_endless_answers_are_cut(void **state)
{
	(void)state;
	too_much("/endless", "larger than 1048576 bytes");
	too_much("/big-headers", "headers exceed");
	too_much("/many-headers", "headers exceed");
	struct fetch_options o = plain_options();
	o.max_bytes = 64u << 20; /* so the ratio has to stop it */
	struct fetch_reply *r = ask_with(&o,
		&(struct fetch_request){.url = url_of(world.server, "/bomb"), .internal = true});
	assert_int_equal(r->rc, HARK_ELIMIT);
	assert_non_null(strstr(r->error, "bomb"));
	fetch_reply_free(r);
}

static void unpacked(const char *path, const char *text)
{
	struct fetch_reply *r = ask(path);
	assert_int_equal(r->rc, HARK_OK);
	assert_string_equal(buf_c(&r->body), text);
	fetch_reply_free(r);
}

static void a_body_is_unpacked_to_its_end_or_is_none(void **state)
{
	(void)state;
	unpacked("/packed26", "hello\n");
	unpacked("/packed52", "hello\nhello\n");
	unpacked("/packed0", "");
	unpacked("/packed8-bare", "hello\n"); /* as some servers understand deflate */
	char path[20];
	for (int n = 1; n < 26; n++) {
		snprintf(path, sizeof(path), "/packed%d", n);
		refused(path, "in the middle of its compression");
		snprintf(path, sizeof(path), "/packed%d", 26 + n);
		refused(path, "in the middle of its compression");
	}
	refused("/packed7-bare", "in the middle of its compression");
	refused("/brotli", "was not asked for");
}

static void damaged_answers_are_failures_not_answers(void **state)
{
	(void)state;
	refused("/truncated", "ended early, after 9 bytes");
	refused("/truncated-head", "ended in the middle of its headers");
	refused("/truncated-line", "ended in the middle of its headers");
	refused("/truncated-fold", "ended in the middle of its headers");
	struct fetch_reply *r = ask("/truncated-line");
	assert_int_equal(r->cut_status, 200);
	fetch_reply_free(r);
	refused("/truncated-chunk", "127.0.0.1");
	refused("/silent", "without an answer");
	refused("/no-http", "127.0.0.1");
	refused("/not-gzip", "compressed");
}

static void what_is_odd_about_a_head_does_not_change_what_it_says(void **state)
{
	(void)state;
	static const char *const paths[] = {"/trailer", "/named-http", "/folded", "/hints"};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct fetch_reply *r = ask(paths[i]);
		assert_int_equal(r->rc, HARK_OK);
		assert_int_equal(r->status, 200);
		assert_string_equal(r->etag, "\"1\"");
		fetch_reply_free(r);
	}
}

static void waiting_times_come_in_both_forms(void **state)
{
	(void)state;
	struct fetch_reply *r = ask("/busy");
	assert_int_equal(r->status, 429);
	assert_int_equal(r->retry_after_ms, 120000);
	assert_string_equal(buf_c(&r->body), "slow down");
	fetch_reply_free(r);
	r = ask("/busy-date");
	assert_int_equal(r->status, 503);
	assert_true(r->retry_after_ms > 86400000);
	fetch_reply_free(r);
}

static void slow_answers_time_out(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_reply *r = ask_with(
		&o, &(struct fetch_request){.url = url_of(world.server, "/slow?key=s3cret"),
			    .internal = true,
			    .timeout_ms = 300});
	assert_int_equal(r->status, 404); /* the query is part of the path: another page */
	fetch_reply_free(r);
	r = ask_with(&o,
		&(struct fetch_request){
			.url = url_of(world.server, "/slow"), .internal = true, .timeout_ms = 300});
	assert_int_equal(r->rc, HARK_ENET);
	assert_non_null(strstr(r->error, "no complete answer within"));
	assert_false(r->network);
	assert_in_range(r->took_ms, 290, 9000); /* the peer takes ten seconds */
	fetch_reply_free(r);
}

static void a_kept_connection_that_stays_silent_is_one(void **state)
{
	(void)state;
	struct hark_err err = {0};
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, &err);
	assert_non_null(f);
	struct fetch_request q = {.url = url_of(world.server, "/head-kept"), .internal = true};
	struct fetch_reply *r = fetch_once(f, &q, &err);
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
	int accepts = server_accepts(world.server);
	q.url = url_of(world.server, "/hang");
	q.timeout_ms = 200;
	r = fetch_once(f, &q, &err);
	assert_int_equal(server_accepts(world.server), accepts); /* the same connection */
	assert_int_equal(r->rc, HARK_ENET);
	assert_non_null(strstr(r->error, "no complete answer within"));
	assert_false(r->network); /* the host is there: our own network is well */
	fetch_reply_free(r);
	fetch_free(f);
}

static void sentences_hide_what_may_be_secret(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_request q = {
		.url = "http://user:s3cret@127.0.0.1:1/feed/s3cret?token=s3cret#s3cret",
		.internal = true};
	struct fetch_reply *r = ask_with(&o, &q);
	assert_int_equal(r->rc, HARK_ENET);
	assert_non_null(strstr(
		r->error, "http://127.0.0.1:1/feed/s3cret: cannot connect: Connection refused"));
	assert_null(strstr(r->error, "user"));
	assert_null(strstr(r->error, "token"));
	fetch_reply_free(r);
	q.secret_url = true;
	r = ask_with(&o, &q);
	assert_null(strstr(r->error, "s3cret"));
	assert_non_null(strstr(r->error, "http://127.0.0.1:1: cannot connect"));
	fetch_reply_free(r);
}

static void our_own_network_is_told_from_the_peers_faults(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_reply *r = ask_with(
		&o, &(struct fetch_request){.url = "http://nosuch.invalid/", .timeout_ms = 3000});
	assert_int_equal(r->rc, HARK_ENET);
	assert_true(r->network);
	fetch_reply_free(r);
	r = ask_with(&o, &(struct fetch_request){.url = "http://127.0.0.1:1/", .internal = true});
	assert_true(r->network);
	fetch_reply_free(r);
	r = ask("/silent");
	assert_false(r->network);
	fetch_reply_free(r);
}

static void what_cannot_be_sent_is_refused_at_once(void **state)
{
	(void)state;
	static const char *const urls[] = {"", "feed.xml", "example.com/feed", "file:///etc/passwd",
		"ftp://example.com/", "gopher://127.0.0.1/", "http://", "https://exa mple.com/",
		"http://example.com/\r\nX: y", "http://[::1", "http://example.com:99999/",
		"dict://127.0.0.1:1/", "unix:///run/x.sock", "//example.com/"};
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, NULL);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct hark_err err = {0};
		struct fetch_reply *r = fetch_once(
			f, &(struct fetch_request){.url = urls[i], .internal = true}, &err);
		if (r != NULL || err.code != HARK_EINVAL || err.text[0] == '\0') {
			fail_msg("'%s' was not refused: %d %s", urls[i], err.code, err.text);
		}
	}
	struct fetch_header bad[] = {{"X-A", "b\r\nX-C: d"}, {"X A", "b"}, {"", "b"}, {"X:", "b"}};
	for (size_t i = 0; i < 4; i++) {
		assert_null(fetch_once(f,
			&(struct fetch_request){
				.url = "http://127.0.0.1:1/", .headers = &bad[i], .headers_n = 1},
			NULL));
	}
	assert_null(fetch_once(f,
		&(struct fetch_request){.url = "http://127.0.0.1:1/", .method = "GET / HTTP/1.0"},
		NULL));
	assert_int_equal(fetch_pending(f), 0);
	fetch_free(f);
}

/* Guard */

/* 127.0.0.2 plays the internet. */
static enum guard_class test_guard(const struct sockaddr *a, const char **range)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)a;
	if (a->sa_family == AF_INET && in->sin_addr.s_addr == htonl(0x7f000002)) {
		return GUARD_PUBLIC;
	}
	return guard_address(a, range);
}

static void private_addresses_are_never_connected(void **state)
{
	(void)state;
	static const char *const hosts[] = {"127.0.0.1", "127.1", "2130706433", "0x7f000001",
		"0x7f.1", "017700000001", "0177.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST",
		"localhost.", "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
		"[2002:7f00:1::]", "127.0.0.3", "127.255.255.254", "ip6-localhost",
		"%31%32%37.0.0.1", "user@127.0.0.1", "example.com@127.0.0.1",
		"\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1"};
	struct fetch_options o = plain_options();
	o.guard = test_guard;
	o.connect_timeout_ms = 300;
	struct fetch *f = fetch_new(&o, NULL);
	int before = server_accepts(world.server);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		char url[200];
		struct hark_err err = {0};
		snprintf(
			url, sizeof(url), "http://%s:%d/head", hosts[i], server_port(world.server));
		struct fetch_reply *r = fetch_once(f,
			&(struct fetch_request){.url = url, .redirects_max = 5, .timeout_ms = 2000},
			&err);
		if (r != NULL && r->rc == HARK_OK) {
			fail_msg("%s was fetched", url);
		}
		fetch_reply_free(r);
	}
	assert_int_equal(server_accepts(world.server), before);
	fetch_free(f);
}

static void a_public_page_cannot_redirect_into_the_network(void **state)
{
	(void)state;
	static const char *const targets[] = {
		"127.0.0.1", "localhost", "[::1]", "2130706433", "[::ffff:127.0.0.1]"};
	struct server *public = server_new("127.0.0.2", script, NULL);
	struct fetch_options o = plain_options();
	o.guard = test_guard;
	struct fetch *f = fetch_new(&o, NULL);
	int before = server_accepts(world.server);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		char url[200];
		snprintf(url, sizeof(url), "http://127.0.0.2:%d/to/http://%s:%d/head",
			server_port(public), targets[i], server_port(world.server));
		struct fetch_reply *r = fetch_once(
			f, &(struct fetch_request){.url = url, .redirects_max = 5}, NULL);
		assert_int_equal(r->rc, strcmp(targets[i], "[::1]") == 0 && r->rc == HARK_ENET
						? HARK_ENET
						: HARK_EAUTH);
		assert_false(r->rc == HARK_EAUTH && r->network);
		fetch_reply_free(r);
	}
	assert_int_equal(server_accepts(world.server), before);
	assert_true(server_accepts(public) > 0);
	fetch_free(f);
	server_free(public);
}

static void a_refusal_says_what_to_do(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch_reply *r =
		ask_with(&o, &(struct fetch_request){.url = url_of(world.server, "/head")});
	assert_int_equal(r->rc, HARK_EAUTH);
	assert_non_null(strstr(r->error, "127.0.0.1 is in 127.0.0.0/8"));
	assert_non_null(strstr(r->error, "internal: yes"));
	fetch_reply_free(r);
	r = ask_with(&o,
		&(struct fetch_request){.url = "http://169.254.169.254/latest", .internal = true});
	assert_int_equal(r->rc, HARK_EAUTH);
	fetch_reply_free(r);
}

static void a_kept_internal_connection_does_not_serve_public_requests(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, NULL);
	struct fetch_request q = {.url = url_of(world.server, "/head"), .internal = true};
	fetch_reply_free(fetch_once(f, &q, NULL));
	int accepts = server_accepts(world.server), requests = server_requests(world.server);
	struct fetch_reply *r = fetch_once(f, &q, NULL);
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
	assert_int_equal(server_accepts(world.server), accepts); /* kept */
	q.internal = false;
	r = fetch_once(f, &q, NULL);
	assert_int_equal(r->rc, HARK_EAUTH);
	fetch_reply_free(r);
	assert_int_equal(server_requests(world.server), requests + 1);
	fetch_free(f);
}

/* The loop */

struct crowd {
	pthread_mutex_t lock;
	pthread_cond_t all;
	int answers, ok, stopped, want;
	int threads_wrong;
	pthread_t loop;
};

static void count_reply(void *user, struct fetch_reply *reply)
{
	struct crowd *c = user;
	pthread_mutex_lock(&c->lock);
	c->answers++;
	c->ok += reply->rc == HARK_OK && reply->status == 200;
	c->stopped += reply->rc == HARK_EPIPE;
	c->threads_wrong += !pthread_equal(c->loop, pthread_self());
	if (c->answers == c->want) {
		pthread_cond_broadcast(&c->all);
	}
	pthread_mutex_unlock(&c->lock);
	fetch_reply_free(reply);
}

static void *run_loop(void *arg)
{
	fetch_run(arg);
	return NULL;
}

static void wait_for(struct crowd *c)
{
	pthread_mutex_lock(&c->lock);
	while (c->answers < c->want) {
		pthread_cond_wait(&c->all, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
}

static void start_crowd(struct crowd *c, struct fetch *f, int want)
{
	*c = (struct crowd){
		.lock = PTHREAD_MUTEX_INITIALIZER, .all = PTHREAD_COND_INITIALIZER, .want = want};
	pthread_mutex_lock(&c->lock);
	assert_int_equal(pthread_create(&c->loop, NULL, run_loop, f), 0);
	pthread_mutex_unlock(&c->lock);
}

static void requests_share_few_connections_and_keep_the_hosts_limit(void **state)
{
	(void)state;
	struct server *s = server_new(NULL, script, NULL);
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, NULL);
	struct crowd c;
	start_crowd(&c, f, 200);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(
			fetch_submit(f,
				&(struct fetch_request){
					.url = url_of(s, i % 10 == 0 ? "/pause" : "/spaced"),
					.internal = true},
				count_reply, &c, NULL),
			HARK_OK);
	}
	wait_for(&c);
	assert_int_equal(c.ok, 200);
	assert_int_equal(c.threads_wrong, 0);
	assert_in_range(server_accepts(s), 1, 4);
	assert_in_range(server_busiest(s), 2, 4);
	struct fetch_stats stats;
	fetch_get_stats(f, &stats);
	assert_int_equal(stats.pending, 0);
	fetch_stop(f);
	pthread_join(c.loop, NULL);
	fetch_free(f);
	server_free(s);
}

static void spacing_is_kept_between_requests_to_a_host(void **state)
{
	(void)state;
	struct server *s = server_new(NULL, script, NULL);
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, NULL);
	struct crowd c;
	world.at_n = 0;
	int64_t start = clock_steady_ms();
	start_crowd(&c, f, 6);
	for (int i = 0; i < 6; i++) {
		fetch_submit(f,
			&(struct fetch_request){
				.url = url_of(s, "/spaced"), .internal = true, .spacing_ms = 60},
			count_reply, &c, NULL);
	}
	wait_for(&c);
	fetch_stop(f);
	pthread_join(c.loop, NULL);
	assert_int_equal(world.at_n, 6);
	for (int i = 0; i < 6; i++) {
		assert_true(world.at_ms[i] - start >= i * 60); /* read when it was sent, or later */
	}
	fetch_free(f);
	server_free(s);
}

static void stopping_answers_everything_at_once(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, NULL);
	struct crowd c;
	start_crowd(&c, f, 30);
	for (int i = 0; i < 30; i++) {
		const char *url = i % 3 == 0 ? "http://black-hole.invalid/"
					     : url_of(world.server, i % 3 == 1 ? "/hang" : "/slow");
		fetch_submit(f,
			&(struct fetch_request){
				.url = url, .internal = true, .spacing_ms = i % 3 == 0 ? 60000 : 0},
			count_reply, &c, NULL);
	}
	usleep(100000);
	int64_t start = clock_steady_ms();
	fetch_stop(f);
	pthread_join(c.loop, NULL);
	assert_in_range(clock_steady_ms() - start, 0, 9000); /* the peers take ten and more */
	assert_int_equal(c.answers, 30);
	assert_true(c.stopped >= 29); /* the first look-up may have failed already */
	assert_int_equal(fetch_pending(f), 0);
	assert_int_equal(fetch_submit(f, &(struct fetch_request){.url = "http://127.0.0.1:1/"},
				 count_reply, &c, NULL),
		HARK_EPIPE);
	fetch_free(f);
}

struct ticker {
	struct fetch *f;
	struct crowd c;
	int turns, left;
};

static int64_t tick(void *ctx, int64_t now_ms)
{
	struct ticker *t = ctx;
	t->turns++;
	if (t->left > 0) {
		t->left--;
		assert_int_equal(
			fetch_submit(t->f,
				&(struct fetch_request){
					.url = url_of(world.server, "/head"), .internal = true},
				count_reply, &t->c, NULL),
			HARK_OK);
		return now_ms + 20;
	}
	return INT64_MAX;
}

static void the_tick_starts_what_is_due(void **state)
{
	(void)state;
	struct ticker t = {.left = 3};
	struct fetch_options o = plain_options();
	o.tick = tick;
	o.tick_ctx = &t;
	t.f = fetch_new(&o, NULL);
	start_crowd(&t.c, t.f, 3);
	wait_for(&t.c);
	assert_int_equal(t.c.ok, 3);
	usleep(50000);
	fetch_stop(t.f);
	pthread_join(t.c.loop, NULL);
	assert_in_range(t.turns, 3, 40); /* it does not spin */
	fetch_free(t.f);
}

static void a_reload_changes_who_we_are_and_our_limits(void **state)
{
	(void)state;
	struct fetch_options o = plain_options();
	struct fetch *f = fetch_new(&o, NULL);
	struct fetch_request q = {.url = url_of(world.server, "/head"), .internal = true};
	fetch_reply_free(fetch_once(f, &q, NULL));
	char agent[] = "hark/test (+https://example.com/other)";
	o.user_agent = agent;
	o.max_bytes = 2;
	o.timeout_ms = 200;
	assert_int_equal(fetch_set_options(f, &o), HARK_OK);
	assert_int_equal(fetch_set_options(f, &o), HARK_OK);
	memset(agent, 'x', sizeof(agent) - 1); /* it was copied */
	q.url = url_of(world.server, "/nothing");
	fetch_reply_free(fetch_once(f, &q, NULL)); /* the loop turns */
	q.url = url_of(world.server, "/head");
	struct fetch_reply *r = fetch_once(f, &q, NULL);
	assert_int_equal(r->rc, HARK_ELIMIT); /* "head" has four bytes */
	assert_non_null(
		strstr(world.head, "\r\nUser-Agent: hark/test (+https://example.com/other)\r\n"));
	fetch_reply_free(r);
	q.url = url_of(world.server, "/hang");
	r = fetch_once(f, &q, NULL);
	assert_non_null(strstr(r->error, "no complete answer"));
	fetch_reply_free(r);
	fetch_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(validators_go_back_byte_for_byte),
		cmocka_unit_test(we_say_who_we_are_and_carry_nothing_along),
		cmocka_unit_test(a_body_is_posted_with_its_headers),
		cmocka_unit_test(redirects_are_followed_and_permanent_ones_noted),
		cmocka_unit_test(a_redirect_is_an_answer_when_none_are_followed),
		cmocka_unit_test(a_redirect_stays_at_its_host_when_that_is_asked),
		cmocka_unit_test(methods_change_on_redirects_as_in_browsers),
		cmocka_unit_test(what_is_sent_stays_with_its_origin),
		cmocka_unit_test(what_is_sent_may_go_on_by_https),
		cmocka_unit_test(secrets_stay_with_their_origin),
		cmocka_unit_test(redirects_lead_to_http_only),
		cmocka_unit_test(what_a_redirect_repeats_is_not_repeated_in_its_error),
		cmocka_unit_test(bombs_and_endless_answers_are_cut),
		cmocka_unit_test(a_body_is_unpacked_to_its_end_or_is_none),
		cmocka_unit_test(damaged_answers_are_failures_not_answers),
		cmocka_unit_test(what_is_odd_about_a_head_does_not_change_what_it_says),
		cmocka_unit_test(waiting_times_come_in_both_forms),
		cmocka_unit_test(slow_answers_time_out),
		cmocka_unit_test(a_kept_connection_that_stays_silent_is_one),
		cmocka_unit_test(sentences_hide_what_may_be_secret),
		cmocka_unit_test(our_own_network_is_told_from_the_peers_faults),
		cmocka_unit_test(what_cannot_be_sent_is_refused_at_once),
		cmocka_unit_test(private_addresses_are_never_connected),
		cmocka_unit_test(a_public_page_cannot_redirect_into_the_network),
		cmocka_unit_test(a_refusal_says_what_to_do),
		cmocka_unit_test(a_kept_internal_connection_does_not_serve_public_requests),
		cmocka_unit_test(requests_share_few_connections_and_keep_the_hosts_limit),
		cmocka_unit_test(spacing_is_kept_between_requests_to_a_host),
		cmocka_unit_test(stopping_answers_everything_at_once),
		cmocka_unit_test(the_tick_starts_what_is_due),
		cmocka_unit_test(a_reload_changes_who_we_are_and_our_limits),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
