#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/notify/line.h"
#include "monitor/notify/receiver.h"
#include "monitor/notify/sign.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char dir[64], path[128];
	struct conf conf;
	struct conf_receiver receiver;
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/hark-test-XXXXXX");
	if (mkdtemp(p->dir) == NULL) {
		return -1;
	}
	snprintf(p->path, sizeof(p->path), "%s/alerts.jsonl", p->dir);
	p->conf.base_dir = p->dir;
	atomic_init(&p->conf.refs, 1000); /* never freed by a delivery */
	p->receiver =
		(struct conf_receiver){.name = "r", .path = "alerts.jsonl", .timeout_ms = 5000};
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	unlink(p->path);
	rmdir(p->dir);
	free(p);
	return 0;
}

static struct delivery *deliver(struct place *p, const char *payload, struct delivery *next)
{
	struct outbox_row row = {.id = 7,
		.attempt = 2,
		.delivery_id = STR("msg_1"),
		.kind = STR("lead.raised"),
		.payload = str_c(payload)};
	struct delivery *d = delivery_new(&p->conf, &p->receiver, &row);
	assert_non_null(d);
	d->next = next;
	return d;
}

static void file_is(const char *path, const char *text)
{
	struct buf got;
	buf_init(&got, 1 << 20);
	assert_int_equal(file_read(&got, path, NULL), HARK_OK);
	assert_string_equal(buf_c(&got), text);
	buf_release(&got);
}

/* Files */

#define LINE(members) "{\"id\":\"msg_1\"," members "}\n"

static void lines_are_appended_and_half_a_line_gets_its_end(void **state)
{
	struct place *p = *state;
	struct delivery *two = deliver(p, "{\"b\":2}", NULL), *one = deliver(p, "{\"a\":1}", two);
	receiver_file(one);
	assert_int_equal(one->outcome, DELIVERY_SENT);
	assert_int_equal(two->outcome, DELIVERY_SENT);
	file_is(p->path, LINE("\"a\":1") LINE("\"b\":2"));
	FILE *f = fopen(p->path, "a");
	fputs("{\"torn", f);
	fclose(f);
	receiver_file(two);
	file_is(p->path, LINE("\"a\":1") LINE("\"b\":2") "{\"torn\n" LINE("\"b\":2"));
	delivery_free(one);
	delivery_free(two);
}

static void a_full_disk_leaves_no_half_line(void **state)
{
	struct place *p = *state;
	struct rlimit old, small;
	struct delivery *d = deliver(p, "{\"a\":\"0123456789\"}", NULL);
	receiver_file(d);
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){.rlim_cur = 40, .rlim_max = old.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	receiver_file(d);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(d->outcome, DELIVERY_FAILED);
	assert_non_null(strstr(d->error, "alerts.jsonl: cannot append"));
	file_is(p->path, LINE("\"a\":\"0123456789\""));
	delivery_free(d);
}

static void what_is_no_file_is_refused_without_waiting(void **state)
{
	struct place *p = *state;
	struct delivery *d = deliver(p, "{}", NULL);
	assert_int_equal(mkfifo(p->path, 0600), 0);
	receiver_file(d);
	assert_int_equal(d->outcome, DELIVERY_FAILED);
	assert_non_null(strstr(d->error, "not a regular file"));
	p->receiver.path = "/nonexistent/alerts.jsonl";
	receiver_file(d);
	assert_non_null(strstr(d->error, "/nonexistent/alerts.jsonl: cannot open it"));
	delivery_free(d);
}

/* Programs */

static struct delivery *run(struct place *p, const char *script, const char *payload)
{
	const char *command[] = {"sh", "-c", script, NULL};
	p->receiver.command = command;
	struct delivery *d = deliver(p, payload, NULL);
	receiver_exec(d);
	p->receiver.command = NULL;
	return d;
}

static void a_program_reads_the_alert_and_knows_what_it_is(void **state)
{
	struct place *p = *state;
	char expected[300];
	setenv("HARK_TEST_SECRET", "s3cret", 1);
	struct delivery *d = run(p,
		"cat > alerts.jsonl; echo \"$HARK_RECEIVER $HARK_DELIVERY_ID $HARK_ATTEMPT "
		"$HARK_KIND [$HARK_TEST_SECRET] $(pwd)\" >> alerts.jsonl",
		"{\"a\":1}");
	assert_int_equal(d->outcome, DELIVERY_SENT);
	snprintf(expected, sizeof(expected), "{\"a\":1}\nr msg_1 2 lead.raised [] %s\n", p->dir);
	file_is(p->path, expected);
	delivery_free(d);
}

static void its_last_words_say_why_it_failed(void **state)
{
	struct place *p = *state;
	struct delivery *d = run(p, "echo first >&2; echo 'mail: queue full' >&2; exit 75", "{}");
	assert_int_equal(d->outcome, DELIVERY_FAILED);
	assert_int_equal(d->status, 75);
	assert_string_equal(d->error, "sh: exit status 75, saying: mail: queue full");
	delivery_free(d);
	d = run(p, "kill -9 $$", "{}");
	assert_non_null(strstr(d->error, "killed by signal 9"));
	delivery_free(d);
}

static void a_program_may_leave_its_input_unread_and_talk_a_lot(void **state)
{
	struct place *p = *state;
	char *big = malloc(300002);
	memset(big, 'x', 300000);
	big[300000] = '\0';
	struct delivery *d = run(p, "exit 0", big);
	assert_int_equal(d->outcome, DELIVERY_SENT);
	delivery_free(d);
	d = run(p, "head -c 200000 /dev/zero | tr '\\0' e >&2; cat > alerts.jsonl; exit 3", big);
	assert_int_equal(d->status, 3);
	strcpy(big + 300000, "\n"); /* the end of its line */
	file_is(p->path, big);
	delivery_free(d);
	free(big);
}

static void a_program_that_hangs_is_ended_with_what_it_started(void **state)
{
	struct place *p = *state;
	int64_t start = clock_steady_ms();
	p->receiver.timeout_ms = 300;
	struct delivery *d = run(p,
		"trap '' TERM; sleep 30 & echo $! > alerts.jsonl; echo busy >&2; wait; sleep 30",
		"{}");
	assert_int_equal(d->outcome, DELIVERY_FAILED);
	assert_non_null(strstr(d->error, "not done within"));
	assert_in_range(clock_steady_ms() - start, 290, 29000); /* less than the sleep */
	struct buf pid;
	buf_init(&pid, 100);
	assert_int_equal(file_read(&pid, p->path, NULL), HARK_OK);
	until(kill(atoi(buf_c(&pid)), 0) != 0); /* somebody has to collect it */
	buf_release(&pid);
	delivery_free(d);
}

static void a_program_that_is_not_there_is_named(void **state)
{
	struct place *p = *state;
	const char *command[] = {"/nonexistent/tell-sales", NULL};
	p->receiver.command = command;
	struct delivery *d = deliver(p, "{}", NULL);
	receiver_exec(d);
	assert_int_equal(d->outcome, DELIVERY_FAILED);
	assert_string_equal(
		d->error, "/nonexistent/tell-sales: cannot run it: No such file or directory");
	delivery_free(d);
}

static void a_program_is_not_waited_for_when_the_daemon_stops(void **state)
{
	struct place *p = *state;
	static atomic_bool abandon = true;
	const char *command[] = {"sleep", "30", NULL};
	p->receiver.command = command;
	struct delivery *d = deliver(p, "{}", NULL);
	d->abandon = &abandon;
	int64_t start = clock_steady_ms();
	receiver_exec(d);
	assert_int_equal(d->outcome, DELIVERY_NOT_TRIED);
	assert_in_range(clock_steady_ms() - start, 0, 29000);
	delivery_free(d);
}

/* Signatures */

/* The vector of the reference implementations. */
static void signatures_are_those_of_standard_webhooks(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	assert_int_equal(sign_add(&b, STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
				 STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), STR("1614265330"),
				 STR("{\"test\": 2432232314}"), NULL),
		HARK_OK);
	assert_string_equal(buf_c(&b), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	assert_int_equal(
		sign_add(&b, STR("plain key"), STR("id"), STR("1"), STR("{}"), NULL), HARK_OK);
	assert_int_equal(strncmp(buf_c(&b) + 47, " v1,", 4), 0);
	buf_release(&b);
}

static void a_broken_secret_is_an_error_that_does_not_repeat_it(void **state)
{
	(void)state;
	struct buf b;
	struct hark_err err = {0};
	buf_init(&b, 1000);
	assert_int_equal(
		sign_add(&b, STR("whsec_n?tb64"), STR("i"), STR("1"), STR(""), &err), HARK_EPARSE);
	assert_null(strstr(err.text, "n?tb64"));
	assert_int_equal(
		sign_add(&b, STR("whsec_"), STR("i"), STR("1"), STR(""), &err), HARK_EPARSE);
	assert_int_equal(sign_add(&b, STR(""), STR("i"), STR("1"), STR(""), &err), HARK_EPARSE);
	assert_int_equal(b.n, 0);
	buf_release(&b);
}

static const char *header_of(const struct webhook *w, const char *name)
{
	for (size_t i = 0; i < w->request.headers_n; i++) {
		if (strcmp(w->headers[i].name, name) == 0) {
			return w->headers[i].value;
		}
	}
	return NULL;
}

static void both_keys_sign_while_they_change_over(void **state)
{
	struct place *p = *state;
	struct webhook w;
	struct delivery *d = deliver(p, "{}", NULL);
	setenv("HARK_TEST_NEW", "whsec_bmV3IGtleQ==", 1);
	setenv("HARK_TEST_OLD", "old key", 1);
	p->receiver.type = RECEIVER_WEBHOOK;
	p->receiver.url = "https://hooks.example.com/s3cret";
	p->receiver.secret = (struct conf_secret){SECRET_ENV, "HARK_TEST_NEW"};
	p->receiver.old_secret = (struct conf_secret){SECRET_ENV, "HARK_TEST_OLD"};
	assert_true(webhook_init(&w, d, 1614265330999));
	struct buf expected;
	buf_init(&expected, 1000);
	sign_add(&expected, STR("new key"), STR("msg_1"), STR("1614265330"), STR("{}"), NULL);
	sign_add(&expected, STR("old key"), STR("msg_1"), STR("1614265330"), STR("{}"), NULL);
	assert_string_equal(header_of(&w, "webhook-signature"), buf_c(&expected));
	assert_string_equal(header_of(&w, "webhook-id"), "msg_1");
	assert_string_equal(header_of(&w, "webhook-timestamp"), "1614265330");
	assert_true(w.request.urgent && w.request.secret_url && !w.request.internal);
	assert_int_equal(w.request.redirects_max, 0);
	buf_release(&expected);
	webhook_release(&w);
	unsetenv("HARK_TEST_NEW");
	assert_false(webhook_init(&w, d, 0));
	assert_non_null(strstr(d->error, "HARK_TEST_NEW"));
	webhook_release(&w);
	delivery_free(d);
}

static void answers_are_judged(void **state)
{
	struct place *p = *state;
	static const struct {
		int status;
		enum delivery_outcome outcome;
		const char *says;
	} cases[] = {{200, DELIVERY_SENT, ""}, {204, DELIVERY_SENT, ""}, {299, DELIVERY_SENT, ""},
		{301, DELIVERY_FAILED, "follows no redirects"},
		{400, DELIVERY_FAILED, "answered 400, saying: no such hook"},
		{410, DELIVERY_GONE, "410"}, {429, DELIVERY_FAILED, "429"},
		{404, DELIVERY_FAILED, "404"}, {503, DELIVERY_FAILED, "503"}};
	p->receiver.type = RECEIVER_WEBHOOK;
	struct delivery *d = deliver(p, "{}", NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fetch_reply reply = {.status = cases[i].status, .retry_after_ms = 5000};
		buf_init(&reply.body, 1000);
		buf_add_c(&reply.body, "\n no such hook\x1b[2J\nmore");
		webhook_judge(d, &reply);
		assert_int_equal(d->outcome, cases[i].outcome);
		assert_int_equal(d->status, cases[i].status);
		assert_non_null(strstr(d->error, cases[i].says));
		assert_null(strchr(d->error, '\x1b'));
		assert_int_equal(d->retry_after_ms, 5000);
		buf_release(&reply.body);
	}
	struct fetch_reply cut = {.rc = HARK_ENET, .error = "in its headers", .cut_status = 200};
	webhook_judge(d, &cut);
	assert_int_equal(d->outcome, DELIVERY_SENT);
	assert_int_equal(d->status, 200);
	cut.cut_status = 503;
	webhook_judge(d, &cut);
	assert_int_equal(d->outcome, DELIVERY_FAILED);
	assert_non_null(strstr(d->error, "in its headers"));
	struct fetch_reply gone = {.rc = HARK_EPIPE, .error = "stops"};
	webhook_judge(d, &gone);
	assert_int_equal(d->outcome, DELIVERY_NOT_TRIED);
	delivery_free(d);
}

/* The line for people */

static void an_alert_is_one_line_whatever_strangers_wrote(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 5000);
	assert_int_equal(
		line_of_alert(&b,
			STR("{\"type\":\"lead.raised\",\"data\":{\"id\":\"lead_72\",\"kind\":"
			    "\"purchase-intent\","
			    "\"subject\":{\"kind\":\"person\",\"name\":\"Jane "
			    "Doe\"},\"why\":\"asks for a product\","
			    "\"evidence\":[{\"url\":\"https://forum.example.com/t/"
			    "1\",\"text\":\"looking\\n\\n for "
			    "\\u001b[31m an alternative\"}]}}"),
			NULL),
		HARK_OK);
	assert_string_equal(buf_c(&b),
		"LEAD 72  purchase-intent  Jane Doe: \"looking for [31m an alternative\"  "
		"(asks for a product)  https://forum.example.com/t/1");
	buf_clear(&b);
	assert_int_equal(
		line_of_alert(&b,
			STR("{\"data\":{\"evidence\":[{\"title\":\"Leaving Globex\","
			    "\"text\":\"On to new shores\",\"spans\":[{\"field\":\"title\","
			    "\"start\":8,\"end\":14}]}]}}"),
			NULL),
		HARK_OK);
	assert_string_equal(buf_c(&b), "LEAD: \"Leaving «Globex»\"");
	buf_clear(&b);
	assert_int_equal(line_of_alert(&b, STR("{\"data\":{}}"), NULL), HARK_OK);
	assert_string_equal(buf_c(&b), "LEAD");
	assert_int_equal(line_of_alert(&b, STR("{"), NULL), HARK_EPARSE);
	assert_int_equal(line_of_alert(&b, STR("[]"), NULL), HARK_EPARSE);
	buf_release(&b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_are_appended_and_half_a_line_gets_its_end),
		TEST(a_full_disk_leaves_no_half_line),
		TEST(what_is_no_file_is_refused_without_waiting),
		TEST(a_program_reads_the_alert_and_knows_what_it_is),
		TEST(its_last_words_say_why_it_failed),
		TEST(a_program_may_leave_its_input_unread_and_talk_a_lot),
		TEST(a_program_that_hangs_is_ended_with_what_it_started),
		TEST(a_program_that_is_not_there_is_named),
		TEST(a_program_is_not_waited_for_when_the_daemon_stops),
		TEST(signatures_are_those_of_standard_webhooks),
		TEST(a_broken_secret_is_an_error_that_does_not_repeat_it),
		TEST(both_keys_sign_while_they_change_over),
		TEST(answers_are_judged),
		TEST(an_alert_is_one_line_whatever_strangers_wrote),
	};
	signal(SIGPIPE, SIG_IGN); /* the notifier blocks it in its threads */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
