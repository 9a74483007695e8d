/* Mailboxes over the fetcher, and a server that says what a test lets it. */
#include "tests/unit/unit.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"
#include "monitor/fetch/fetch.h"
#include "monitor/fetch/url.h"
#include "monitor/pipeline/mailbox.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

/* One connection: a line of the client's, then the next answer, to the last of them. */
struct server {
	int listener, port;
	const char *const *answers; /* the first is the greeting; end with NULL */
	pthread_t thread;
	char heard[4000];
};

static bool hear_line(int fd, struct server *s)
{
	char c = 0;
	while (c != '\n') {
		size_t n = strlen(s->heard);
		if (n + 2 > sizeof(s->heard) || read(fd, &c, 1) != 1) {
			return false;
		}
		s->heard[n] = c;
		s->heard[n + 1] = '\0';
	}
	return true;
}

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd = accept(s->listener, NULL, NULL);
	for (size_t i = 0; fd >= 0 && s->answers[i] != NULL; i++) {
		size_t n = strlen(s->answers[i]);
		if ((i > 0 && !hear_line(fd, s)) || send(fd, s->answers[i], n, MSG_NOSIGNAL) < 0) {
			break;
		}
	}
	while (fd >= 0 && hear_line(fd, s)) {
	}
	close(fd);
	return NULL;
}

static void start(struct server *s, const char *const *answers)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	*s = (struct server){
		.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .answers = answers};
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->listener, 1), 0);
	assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &n), 0);
	s->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void stop(struct server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
}

static enum guard_class all_public(const struct sockaddr *address, const char **range)
{
	(void)address;
	*range = "public";
	return GUARD_PUBLIC;
}

static struct fetch_reply *ask(const struct server *s, const char *scheme, bool internal)
{
	char url[100];
	struct hark_err err = {0};
	const struct fetch_options options = {.guard = internal ? NULL : all_public};
	struct fetch_mailbox box = {.user = "ana@example.org",
		.password = "sesame-4711",
		.validity = 7,
		.after = 100,
		.since = "02-Aug-2026",
		.mails = 10,
		.mail_max = 1000};
	const struct fetch_request request = {.url = url,
		.timeout_ms = 30000,
		.internal = internal,
		.keep_headers = true,
		.mailbox = &box};
	struct fetch *f = fetch_new(&options, &err);
	assert_non_null(f);
	snprintf(url, sizeof(url), "%s://127.0.0.1:%d/Alerts", scheme, s->port);
	struct fetch_reply *reply = fetch_once(f, &request, &err);
	assert_non_null(reply);
	fetch_free(f);
	return reply;
}

#define NO_TLS "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nA001 OK\r\n"

static void a_password_goes_to_others_only_over_tls(void **state)
{
	(void)state;
	static const char *const answers[] = {"* OK ready\r\n", NO_TLS, NULL};
	struct server s;
	start(&s, answers);
	struct fetch_reply *r = ask(&s, "imap", false);
	assert_int_equal(r->rc, HARK_EAUTH);
	assert_non_null(strstr(r->error, "has no TLS"));
	stop(&s);
	assert_null(strstr(s.heard, "AUTHENTICATE"));
	assert_null(strstr(s.heard, "LOGIN"));
	fetch_reply_free(r);
}

static void an_own_server_may_do_without(void **state)
{
	(void)state;
	static const char *const answers[] = {"* OK ready\r\n", NO_TLS, "A002 OK in\r\n",
		"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 102] x\r\nh1 OK\r\n",
		"* SEARCH 101\r\nh2 OK\r\n", "* 1 FETCH (UID 101 RFC822.SIZE 5)\r\nh3 OK\r\n",
		"* 1 FETCH (UID 101 BODY[]<0> {5}\r\nA: b\n)\r\nh4 OK\r\n", NULL};
	struct server s;
	start(&s, answers);
	struct fetch_reply *r = ask(&s, "imap", true);
	assert_int_equal(r->rc, HARK_OK);
	assert_int_equal(r->status, 200);
	assert_string_equal(buf_c(&r->body), "A: b\n");
	assert_int_equal(r->headers_n, 4);
	assert_string_equal(buf_c(&r->headers), "Mail");
	stop(&s);
	assert_non_null(strstr(s.heard, "EXAMINE \"Alerts\""));
	fetch_reply_free(r);
}

static void a_refused_log_in_is_an_answer_and_a_passing_trouble_another(void **state)
{
	(void)state;
	static const struct {
		const char *said;
		int status;
	} cases[] = {
		{"[AUTHENTICATIONFAILED] wrong", 401},
		{"[ALERT] Invalid credentials", 401},
		{"[ALERT] [AUTHENTICATIONFAILED] wrong, and no more connections", 401},
		{"no connections for you", 401},
		{"[UNAVAILABLE] try later", 503},
		{"[inuse] another reads it", 503},
		{"[LIMIT] too many of yours", 503},
		{"[ALERT] Too many simultaneous connections. (Failure)", 503},
		{"[ALERT] Temporary problem", 503},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[200];
		const char *answers[] = {"* OK ready\r\n", NO_TLS, line, NULL};
		struct server s;
		snprintf(line, sizeof(line), "A002 NO %s\r\n", cases[i].said);
		start(&s, answers);
		struct fetch_reply *r = ask(&s, "imap", true);
		assert_int_equal(r->rc, HARK_OK);
		assert_int_equal(r->status, cases[i].status);
		assert_string_equal(buf_c(&r->body), cases[i].said);
		stop(&s);
		fetch_reply_free(r);
	}
}

static void no_known_way_to_log_in_is_told(void **state)
{
	(void)state;
	static const char *const answers[] = {"* OK ready\r\n",
		"* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=X-OWN\r\nA001 OK\r\n", NULL};
	struct server s;
	start(&s, answers);
	struct fetch_reply *r = ask(&s, "imap", true);
	assert_int_equal(r->rc, HARK_EAUTH);
	assert_non_null(strstr(r->error, "no way to log in"));
	stop(&s);
	fetch_reply_free(r);
}

static void what_is_no_mailbox_is_not_asked(void **state)
{
	(void)state;
	static const char *const urls[] = {
		"https://mail.example.com/A", "imaps://mail.example.com/", "imaps://", "x"};
	const struct fetch_options options = {.parallel = 1};
	struct fetch_mailbox box = {.user = "a", .since = "02-Aug-2026", .mails = 1, .mail_max = 1};
	struct hark_err err;
	struct fetch *f = fetch_new(&options, NULL);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		const struct fetch_request request = {.url = urls[i], .mailbox = &box};
		assert_int_equal(fetch_submit(f, &request, NULL, NULL, &err), HARK_EINVAL);
	}
	const struct fetch_request plain = {.url = "imaps://mail.example.com/A"};
	assert_int_equal(fetch_submit(f, &plain, NULL, NULL, &err), HARK_EINVAL);
	fetch_free(f);
}

/* What `hark check` takes can be asked for, and what it does not take is told in a sentence. */
static void an_impossible_mailbox_is_refused_before_it_is_asked(void **state)
{
	(void)state;
	static const struct {
		const char *url, *why;
	} bad[] = {
		{"imaps://mail.example.com", "write imaps://HOST/FOLDER"},
		{"imap://mail.example.com/", "write imaps://HOST/FOLDER"},
		{"imaps:///Alerts", "write imaps://HOST/FOLDER"},
		{"imaps://ma il.example.com/Alerts", "no host"},
		{"imaps://-mail/Alerts", "no host"},
		{"imaps://[::1/Alerts", "no ']'"},
		{"imaps://[]/Alerts", "no host"},
		{"imaps://[::1]x/Alerts", "no host"},
		{"imaps://mail.example.com:/Alerts", "port"},
		{"imaps://mail.example.com:0/Alerts", "port"},
		{"imaps://mail.example.com:99999/Alerts", "port"},
		{"imaps://mail.example.com:imap/Alerts", "port"},
		{"imaps://mail.example.com/My Alerts", "%20"},
		{"imaps://mail.example.com/A\tB", "%20"},
		{"imaps://mail.example.com/A?b", "%3F"},
		{"imaps://mail.example.com/A#b", "%23"},
		{"imaps://mail.example.com/100%", "%25"},
		{"imaps://mail.example.com/100%zz", "%25"},
		{"imaps://mail.example.com/A%00B", "no folder"},
	};
	static const char *const good[] = {"imaps://mail.example.com/Alerts",
		"imap://[::1]:143/A/B", "imaps://mail:993/My%20Alerts",
		"imaps://10.0.0.5/INBOX.a-b_c", "imaps://m/\xc3\x9c"};
	struct hark_err err;
	void *ctx;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct hark_pair pairs[] = {{"user", "ana"}, {"mailbox", bad[i].url}};
		assert_int_equal(
			collect_open(&hark_connector_imap, pairs, 2, &ctx, &err), HARK_EINVAL);
		assert_non_null(strstr(err.text, bad[i].why));
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct hark_pair pairs[] = {{"user", "ana"}, {"mailbox", good[i]}};
		struct buf key, folder;
		buf_init(&key, URL_MAX);
		buf_init(&folder, URL_MAX);
		assert_int_equal(collect_open(&hark_connector_imap, pairs, 2, &ctx, &err), HARK_OK);
		assert_int_equal(url_mailbox(&key, &folder, good[i], &err), HARK_OK);
		collect_close(&hark_connector_imap, ctx);
		buf_release(&key);
		buf_release(&folder);
	}
}

static void a_refused_token_is_tried_again_a_refused_password_waits_for_an_admin(void **state)
{
	(void)state;
	static const char *const logins[] = {"xoauth2", "password"};
	static const enum hark_refusal refusals[] = {HARK_REFUSED, HARK_REFUSED_AUTH};
	for (size_t i = 0; i < 2; i++) {
		const struct hark_pair pairs[] = {{"user", "ana"}, {"login", logins[i]},
			{"mailbox", "imaps://mail.example.com/Alerts"}};
		const struct hark_reply reply = {
			.status = 401, .body = "expired", .body_bytes = 7, .received_ms = 1};
		struct collected got;
		struct arena arena;
		struct hark_err err;
		void *ctx;
		arena_init(&arena, 0);
		assert_int_equal(collect_open(&hark_connector_imap, pairs, 3, &ctx, &err), HARK_OK);
		assert_int_equal(
			collect(&got, &hark_connector_imap, ctx, STR("m"), &reply, &arena, &err),
			HARK_EPARSE);
		assert_int_equal(got.refusal, refusals[i]);
		assert_non_null(
			strstr(err.text, i == 0 ? "refuses the token" : "refuses the log-in"));
		assert_non_null(strstr(err.text, "(expired)"));
		collect_close(&hark_connector_imap, ctx);
		arena_release(&arena);
	}
}

static int made(const char *body, const char *name, const char *value, struct fetch_mailbox *out)
{
	struct arena arena;
	struct fetch_request request = {.max_bytes = 500};
	const struct hark_pair headers[] = {{"Since", "02-Aug-2026"}, {name, value}};
	const struct hark_request planned = {.transport = HARK_TRANSPORT_IMAP,
		.headers = headers,
		.headers_count = 2,
		.body = body,
		.body_bytes = body != NULL ? strlen(body) : 0};
	arena_init(&arena, 0);
	int rc = mailbox_request(&planned, &request, &arena, NULL);
	*out = rc == HARK_OK ? *request.mailbox : (struct fetch_mailbox){.after = 1};
	arena_release(&arena);
	return rc;
}

static void what_a_connector_says_is_checked(void **state)
{
	(void)state;
	static const char *const bad[][3] = {{"7", "Mails", "1"}, {"7 -1", "Mails", "1"},
		{"7 4294967296", "Mails", "1"}, {"x 1", "Mails", "1"}, {"7 1 2", "Mails", "1"},
		{NULL, "Mails", "0"}, {NULL, "Mails", "many"}, {NULL, "Bytes", "-1"}};
	struct fetch_mailbox box;
	assert_int_equal(made("7 100", "Bytes", "400", &box), HARK_OK);
	assert_int_equal(box.validity, 7);
	assert_int_equal(box.after, 100);
	assert_int_equal(box.mail_max, 400);
	assert_int_equal(made(NULL, "Bytes", "4000", &box), HARK_OK);
	assert_int_equal(box.validity, 0);
	assert_int_equal(box.mail_max, 500); /* one has to fit */
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(made(bad[i][0], bad[i][1], bad[i][2], &box), HARK_EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_goes_to_others_only_over_tls),
		cmocka_unit_test(an_own_server_may_do_without),
		cmocka_unit_test(a_refused_log_in_is_an_answer_and_a_passing_trouble_another),
		cmocka_unit_test(no_known_way_to_log_in_is_told),
		cmocka_unit_test(what_is_no_mailbox_is_not_asked),
		cmocka_unit_test(an_impossible_mailbox_is_refused_before_it_is_asked),
		cmocka_unit_test(
			a_refused_token_is_tried_again_a_refused_password_waits_for_an_admin),
		cmocka_unit_test(what_a_connector_says_is_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
