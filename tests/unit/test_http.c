/* The HTTP server wrapper over real loopback sockets. */
#include "monitor/api/http.h"

#include "monitor/base/buf.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static struct http_server *server;
static int port;
static struct http_exchange *held;
static struct http_stream *stream;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void echo(struct http_exchange *x)
{
	struct buf b;
	struct str q = http_query(x, "q"), h = http_request_header(x, "x-mark");
	buf_init(&b, 4096);
	buf_printf(&b, "%.*s %.*s q=%.*s mark=%.*s body=%.*s", STR_FMT(http_method(x)),
		STR_FMT(http_path(x)), STR_FMT(q), STR_FMT(h), STR_FMT(http_body(x)));
	http_header(x, "Content-Type", "text/plain");
	http_header(x, "X-Split", "a\r\nInjected: yes");
	http_answer(x, 200, buf_str(&b));
	buf_release(&b);
}

static void serve(void *ctx, struct http_exchange *x)
{
	(void)ctx;
	pthread_mutex_lock(&lock);
	if (str_eq_c(http_path(x), "/hold")) {
		http_hold(x);
		held = x;
	} else if (str_eq_c(http_path(x), "/stream")) {
		stream = http_stream(x, 200, 64);
	} else if (!str_eq_c(http_path(x), "/nothing")) {
		echo(x);
	}
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void admit(void *ctx, struct http_exchange *x)
{
	(void)ctx;
	if (str_eq_c(http_path(x), "/small")) {
		http_body_max(x, 4);
	} else if (str_eq_c(http_path(x), "/forbidden")) {
		http_problem(x, 403, "%s", "nobody may");
	}
}

static int dial(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct timeval limit = {.tv_sec = 5};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Until the peer closes, the text `until` has come, or five seconds are over. */
static char *hear(int fd, const char *until)
{
	static char got[65536];
	size_t n = 0;
	got[0] = '\0';
	while (n < sizeof(got) - 1) {
		ssize_t k = recv(fd, got + n, sizeof(got) - 1 - n, 0);
		if (k <= 0) {
			break;
		}
		n += (size_t)k;
		got[n] = '\0';
		if (until != NULL && strstr(got, until) != NULL) {
			break;
		}
	}
	return got;
}

static char *ask(const char *request)
{
	int fd = dial();
	say(fd, request);
	shutdown(fd, SHUT_WR);
	char *got = hear(fd, NULL);
	close(fd);
	return got;
}

static const char *const headers[] = {"X-Guard", "here", NULL};

static int setup(void **state)
{
	struct hark_err err;
	struct http_options options = {
		.handler = serve, .admit = admit, .body_max = 1000, .connections = 8, .headers = headers};
	(void)state;
	held = NULL;
	stream = NULL;
	server = http_server_new(&options, &err);
	assert_non_null(server);
	port = http_server_listen(server, "127.0.0.1:0", &err);
	assert_true(port > 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	http_server_free(server);
	return 0;
}

static void a_request_reaches_the_handler_decoded(void **state)
{
	(void)state;
	const char *got = ask("GET /a%20b?q=x%2Fy%3D HTTP/1.1\r\nHost: h\r\nX-Mark: "
			      "7\r\nConnection: close\r\n\r\n");
	assert_non_null(strstr(got, "HTTP/1.1 200"));
	assert_non_null(strstr(got, "GET /a b q=x/y= mark=7 body="));
}

static void a_header_value_cannot_split_the_answer(void **state)
{
	(void)state;
	assert_null(
		strstr(ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), "Injected"));
}

static void a_body_arrives_whole_in_either_framing(void **state)
{
	(void)state;
	assert_non_null(strstr(ask("POST /p HTTP/1.1\r\nHost: h\r\nConnection: "
				   "close\r\nContent-Length: 5\r\n\r\nhello"),
		"body=hello"));
	assert_non_null(strstr(ask("POST /p HTTP/1.1\r\nHost: h\r\nConnection: "
				   "close\r\nTransfer-Encoding: chunked\r\n\r\n"
				   "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
		"body=hello"));
}

static void a_body_over_the_ceiling_is_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(
		ask("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n"), " 413 "));
	struct buf b;
	buf_init(&b, 8192);
	buf_add_c(&b, "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n");
	for (int i = 0; i < 2000; i++) {
		buf_add_char(&b, 'x');
	}
	buf_add_c(&b, "\r\n0\r\n\r\n");
	assert_null(strstr(ask(buf_c(&b)), "200"));
	buf_release(&b);
}

static void the_sender_of_a_body_over_the_ceiling_hears_why(void **state)
{
	(void)state;
	const char *got = ask("POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
			      "chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
	assert_non_null(strstr(got, "HTTP/1.1 413"));
	assert_non_null(strstr(got, "application/problem+json"));
	assert_non_null(strstr(got, "\"detail\":\"the body is larger"));
	assert_non_null(strstr(ask("POST /small HTTP/1.1\r\nHost: h\r\nConnection: "
				   "close\r\nContent-Length: 4\r\n\r\nabcd"),
		"body=abcd"));
}

static void who_sends_a_large_body_whole_hears_why_it_is_refused(void **state)
{
	static char part[1u << 16];
	(void)state;
	int fd = dial();
	say(fd, "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4194304\r\n\r\n");
	for (size_t i = 0; i < 64; i++) {
		assert_int_equal(send(fd, part, sizeof(part), MSG_NOSIGNAL), sizeof(part));
	}
	const char *got = hear(fd, NULL);
	close(fd);
	assert_non_null(strstr(got, "HTTP/1.1 413"));
	assert_non_null(strstr(got, "\"detail\":\"the body is larger"));
}

static void who_is_not_let_in_sends_no_body(void **state)
{
	(void)state;
	int fd = dial();
	say(fd, "POST /forbidden HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n");
	const char *got = hear(fd, NULL); /* returns because the server closes */
	close(fd);
	assert_non_null(strstr(got, "HTTP/1.1 403"));
	assert_non_null(strstr(got, "\"detail\":\"nobody may\""));
}

static void clients_that_send_nothing_keep_nobody_out(void **state)
{
	int slow[40];
	(void)state;
	for (size_t i = 0; i < 40; i++) {
		slow[i] = dial();
		say(slow[i],
			i % 2 == 0
				? "GET /slow HTTP/1.1\r\nHo"
				: "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n1");
	}
	for (int i = 0; i < 20; i++) {
		assert_non_null(
			strstr(ask("GET /quick HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
				"GET /quick"));
	}
	for (size_t i = 0; i < 40; i++) {
		close(slow[i]);
	}
}

static void a_request_that_is_held_does_not_give_way(void **state)
{
	int fd = dial(), slow[20];
	(void)state;
	say(fd, "GET /hold HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	pthread_mutex_lock(&lock);
	while (held == NULL) {
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	for (size_t i = 0; i < 20; i++) {
		slow[i] = dial();
		say(slow[i], "GET /slow");
	}
	assert_non_null(
		strstr(ask("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), "GET /x"));
	http_answer(held, 202, STR("later"));
	assert_non_null(strstr(hear(fd, NULL), "HTTP/1.1 202"));
	close(fd);
	for (size_t i = 0; i < 20; i++) {
		close(slow[i]);
	}
}

static void a_handler_that_says_nothing_is_a_500(void **state)
{
	(void)state;
	assert_non_null(strstr(ask("GET /nothing HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
		"HTTP/1.1 500"));
}

static const char *const hostile[] = {
	"GET / HTTP/1.0\r\nHost: h\r\n\r\n",
	"GET / HTTP/1.2\r\nHost: h\r\n\r\n",
	"GET / HTTP/1.1\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\nhello",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\nhello",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: "
	"chunked\r\n\r\n0\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
	"chunked\r\n\r\n0\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\nhello",
	"GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: h\r\nName : x\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: h\r\nX: a\001b\r\n\r\n",
	"GET //evil/ HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a/../b HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a/%2e%2e/b HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a%2Fb HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a%5cb HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a?q=%00 HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a?q=%ff HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a?q=%1b[31m HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a?%c3=1 HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a%ffb HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET /a%1bb HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
};

static void what_two_parsers_could_read_in_two_ways_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		const char *got = ask(hostile[i]);
		if (strstr(got, "200 OK") != NULL) {
			fail_msg("accepted: %s", hostile[i]);
		}
		if (got[0] != '\0' && strstr(got, "\r\nX-Guard: here\r\n") == NULL) {
			fail_msg("answered without the headers of every answer: %s", hostile[i]);
		}
	}
}

static void every_answer_has_the_headers_also_those_of_the_library(void **state)
{
	static const struct {
		const char *request, *status;
	} cases[] = {
		{"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "HTTP/1.1 200"},
		{"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
		{"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "HTTP/1.1 505"},
		{"GET / HTTP/1.1\r\nHost: h\r\nX: %s\r\n\r\n", "HTTP/1.1 431"},
		{"GET /%s HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 414"},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
			"HTTP/1.1 413"},
	};
	static char much[40000], request[50000];
	(void)state;
	memset(much, 'y', sizeof(much) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = strstr(cases[i].request, "%s");
		size_t before = at != NULL ? (size_t)(at - cases[i].request) : 0;
		snprintf(request, sizeof(request), "%.*s%s%s", (int)before, cases[i].request,
			at != NULL ? much : "", at != NULL ? at + 2 : cases[i].request);
		const char *got = ask(request);
		if (strncmp(got, cases[i].status, strlen(cases[i].status)) != 0 ||
			strstr(got, "\r\nX-Guard: here\r\n") == NULL) {
			fail_msg("%.60s is answered: %.200s", request, got);
		}
	}
}

/* As many as leave libmicrohttpd without memory for them, and as many as do not. */
static void a_query_of_many_parts_is_answered_at_once(void **state)
{
	static const size_t counts[] = {150, 600, 2000, 9000};
	static char request[50000];
	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t n = (size_t)snprintf(request, sizeof(request), "GET /?");
		for (size_t part = 0; part < counts[i]; part++) {
			n += (size_t)snprintf(request + n, sizeof(request) - n, "a&");
		}
		snprintf(request + n, sizeof(request) - n, "q=1 HTTP/1.1\r\nHost: h\r\n\r\n");
		int fd = dial();
		say(fd, request);
		const char *got = hear(fd, NULL); /* returns because the server closes */
		close(fd);
		if (strstr(got, "HTTP/1.1 414 ") != got || strstr(got, "\r\nX-Guard: here\r\n") == NULL ||
			strstr(got, "too many parts") == NULL || strstr(got + 1, "HTTP/1.1") != NULL) {
			fail_msg("%zu parts are answered: %.200s", counts[i], got);
		}
	}
	assert_non_null(strstr(ask("GET /?a&b&c&q=7 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), "q=7"));
}

/* libmicrohttpd says nothing of it, neither to them nor to us: the sanitizers do. */
static void cookies_that_fill_the_memory_end_the_connection(void **state)
{
	static char request[8000];
	(void)state;
	size_t n =
		(size_t)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\nHost: h\r\nCookie: ");
	for (size_t i = 0; i < 900; i++) {
		n += (size_t)snprintf(request + n, sizeof(request) - n, "a=b; ");
	}
	snprintf(request + n, sizeof(request) - n, "c=d\r\n\r\n");
	for (size_t i = 0; i < 3; i++) {
		int fd = dial();
		say(fd, request);
		hear(fd, NULL); /* returns because the server closes */
		close(fd);
	}
	assert_non_null(
		strstr(ask("GET /?q=7 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), "q=7"));
}

static void a_refused_request_ends_the_connection(void **state)
{
	(void)state;
	int fd = dial();
	say(fd, "GET //x HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
	const char *got = hear(fd, NULL); /* returns because the server closes */
	close(fd);
	assert_non_null(strstr(got, "HTTP/1.1 400"));
	assert_null(strstr(got, "smuggled"));
}

static void a_held_request_is_answered_from_another_thread(void **state)
{
	(void)state;
	int fd = dial();
	say(fd, "GET /hold HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	pthread_mutex_lock(&lock);
	while (held == NULL) {
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	/* The server's only thread serves others meanwhile. */
	assert_non_null(
		strstr(ask("GET /meanwhile HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
			"/meanwhile"));
	http_answer(held, 202, STR("later"));
	const char *got = hear(fd, NULL);
	close(fd);
	assert_non_null(strstr(got, "HTTP/1.1 202"));
	assert_non_null(strstr(got, "later"));
}

static void a_stream_is_read_while_it_is_written(void **state)
{
	(void)state;
	int fd = dial();
	say(fd, "GET /stream HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	pthread_mutex_lock(&lock);
	while (stream == NULL) {
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	assert_int_equal(http_stream_write(stream, STR("first")), HARK_OK);
	assert_non_null(strstr(hear(fd, "first"), "first"));
	assert_int_equal(http_stream_write(stream, STR("second")), HARK_OK);
	assert_non_null(strstr(hear(fd, "second"), "second"));
	char big[65] = {0};
	memset(big, 'x', 65);
	assert_int_equal(http_stream_write(stream, str_n(big, 65)), HARK_ELIMIT);
	http_stream_end(stream);
	hear(fd, NULL);
	close(fd);
}

static void stopping_lets_nobody_wait(void **state)
{
	(void)state;
	int a = dial(), b = dial();
	say(a, "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
	say(b, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
	pthread_mutex_lock(&lock);
	while (held == NULL || stream == NULL) {
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	http_server_free(server);
	server = NULL;
	assert_int_equal(http_stream_write(stream, STR("x")), HARK_EPIPE);
	http_stream_end(stream);
	close(a);
	close(b);
}

static void a_bad_or_taken_address_is_one_sentence(void **state)
{
	struct hark_err err;
	char at[32];
	(void)state;
	assert_int_equal(http_server_listen(server, "localhost", &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "'localhost' is no address to listen on"));
	assert_int_equal(http_server_listen(server, "127.0.0.1:65536", &err), HARK_EINVAL);
	assert_int_equal(http_server_listen(server, "0.0.0.0:0", &err), HARK_EAUTH);
	snprintf(at, sizeof(at), "127.0.0.1:%d", port);
	assert_int_equal(http_server_listen(server, at, &err), HARK_EBUSY);
	assert_non_null(strstr(err.text, at));
}

static void a_unix_socket_serves_and_is_removed(void **state)
{
	struct hark_err err;
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	char at[120], dir[] = "/tmp/hark-http-XXXXXX";
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(to.sun_path, sizeof(to.sun_path), "%s/s", dir);
	snprintf(at, sizeof(at), "unix:%s/s", dir);
	assert_int_equal(http_server_listen(server, at, &err), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	say(fd, "GET /u HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	assert_non_null(strstr(hear(fd, NULL), "GET /u"));
	close(fd);
	http_server_free(server);
	server = NULL;
	assert_int_equal(rmdir(dir), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_request_reaches_the_handler_decoded),
		T(a_header_value_cannot_split_the_answer),
		T(a_body_arrives_whole_in_either_framing),
		T(a_body_over_the_ceiling_is_refused),
		T(the_sender_of_a_body_over_the_ceiling_hears_why),
		T(who_sends_a_large_body_whole_hears_why_it_is_refused),
		T(who_is_not_let_in_sends_no_body),
		T(clients_that_send_nothing_keep_nobody_out),
		T(a_request_that_is_held_does_not_give_way),
		T(a_handler_that_says_nothing_is_a_500),
		T(what_two_parsers_could_read_in_two_ways_is_refused),
		T(every_answer_has_the_headers_also_those_of_the_library),
		T(a_query_of_many_parts_is_answered_at_once),
		T(cookies_that_fill_the_memory_end_the_connection),
		T(a_refused_request_ends_the_connection),
		T(a_held_request_is_answered_from_another_thread),
		T(a_stream_is_read_while_it_is_written),
		T(stopping_lets_nobody_wait),
		T(a_bad_or_taken_address_is_one_sentence),
		T(a_unix_socket_serves_and_is_removed),
	};
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
