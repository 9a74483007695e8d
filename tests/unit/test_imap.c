#include "tests/unit/unit.h"

#include "monitor/fetch/imap.h"
#include "monitor/fetch/imap_folder.h"

#include <stdio.h>

/* A server in memory: what it says comes in pieces of `step` bytes, what it hears is kept. */
struct peer {
	struct buf says, hears, body;
	size_t at, step;
	bool ended; /* after what it says the connection is closed */
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
	n = n < p->step ? n : p->step;
	buf_add(&p->hears, bytes, n);
	return (ssize_t)n;
}

#define ROOM 1000
#define MAIL_MAX 100

/* Place "7 100", two mails at a time. */
static struct imap *start(struct peer *p, size_t step)
{
	struct imap *m;
	*p = (struct peer){.step = step};
	buf_init(&p->says, 64u << 20);
	buf_init(&p->hears, 1 << 20);
	buf_init(&p->body, ROOM);
	const struct imap_io io = {peer_read, peer_write, p};
	const struct imap_ask ask = {.folder = STR("Alerts"),
		.validity = 7,
		.after = 100,
		.since = STR("02-Aug-2026"),
		.mails = 2,
		.mail_max = MAIL_MAX};
	assert_int_equal(imap_new(&m, &io, &ask, NULL), HARK_OK);
	return m;
}

static void finish(struct peer *p, struct imap *m)
{
	imap_free(m);
	buf_release(&p->says);
	buf_release(&p->hears);
	buf_release(&p->body);
}

static void hear(struct peer *p, const char *text)
{
	buf_add_c(&p->says, text);
}

/* Runs what the server says to its end. */
static enum imap_state run(struct peer *p, struct imap *m, struct hark_err *err)
{
	enum imap_state state;
	do {
		size_t before = p->at;
		state = imap_step(m, &p->body, err);
		if (before == p->at && state == IMAP_WAITS) {
			break;
		}
	} while (state == IMAP_WAITS);
	return state;
}

/* "Mail=101 0 3 3 date|Place=7 102|…" */
static const char *headers(struct imap *m, char out[2000])
{
	struct buf all;
	buf_init(&all, 100000);
	size_t n = imap_headers(m, &all);
	const char *at = buf_c(&all);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const char *value = at + strlen(at) + 1;
		snprintf(out + strlen(out), 2000 - strlen(out), "%s=%s|", at, value);
		at = value + strlen(value) + 1;
	}
	buf_release(&all);
	return out;
}

#define OPENED                                                                \
	"* 9 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 104] next\r\n" \
	"h1 OK [READ-ONLY] done\r\n"

static void new_mails_are_read_and_nothing_is_changed(void **state)
{
	(void)state;
	static const size_t steps[] = {1, 2, 7, 100000};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct peer p;
		char text[2000];
		struct imap *m = start(&p, steps[i]);
		hear(&p, OPENED);
		hear(&p, "* SEARCH 103 101 100 102 101\r\nh2 OK\r\n");
		hear(&p, "* 1 FETCH (UID 101 RFC822.SIZE 3)\r\n"
			 "* 2 FETCH (RFC822.SIZE 12 UID 102)\r\nh3 OK\r\n");
		hear(&p, "* 2 FETCH (UID 102 INTERNALDATE \"01-Sep-2026 12:02:03 +0200\" "
			 "BODY[]<0> {12}\r\nh4 OK no\r\n\r\n)\r\n"
			 "* 3 FETCH (FLAGS (\\Recent))\r\n"
			 "* 1 FETCH (BODY[] {3}\r\nabc UID 101)\r\nh4 OK\r\n");
		assert_int_equal(run(&p, m, NULL), IMAP_DONE);
		assert_string_equal(buf_c(&p.body), "h4 OK no\r\n\r\nabc");
		assert_string_equal(headers(m, text),
			"Mail=101 12 3 3 |Mail=102 0 12 12 01-Sep-2026 12:02:03 +0200|"
			"End=7 103|Place=7 102|Left=1|");
		assert_string_equal(buf_c(&p.hears),
			"h1 EXAMINE \"Alerts\"\r\nh2 UID SEARCH UID 101:*\r\n"
			"h3 UID FETCH 101:102 (UID RFC822.SIZE)\r\n"
			"h4 UID FETCH 101:102 (UID INTERNALDATE BODY.PEEK[]<0.100>)\r\n"
			"h5 LOGOUT\r\n");
		finish(&p, m);
	}
}

static void a_folder_made_anew_is_read_from_a_day_on(void **state)
{
	(void)state;
	static const char *const opened[] = {
		"* OK [UIDVALIDITY 8] x\r\n* OK [UIDNEXT 104] x\r\nh1 OK\r\n",
		/* the same, restored from an old copy */
		"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 50] x\r\nh1 OK\r\n"};
	for (size_t i = 0; i < 2; i++) {
		struct peer p;
		char text[2000];
		struct imap *m = start(&p, 1000);
		hear(&p, opened[i]);
		hear(&p, "* SEARCH\r\nh2 OK\r\n");
		assert_int_equal(run(&p, m, NULL), IMAP_DONE);
		assert_non_null(
			strstr(buf_c(&p.hears), "h2 UID SEARCH SINCE 02-Aug-2026\r\nh3 LOGOUT"));
		assert_string_equal(headers(m, text),
			i == 0 ? "End=8 103|Place=8 103|Left=0|" : "End=7 49|Place=7 49|Left=0|");
		finish(&p, m);
	}
}

static void a_search_that_finds_what_is_no_mail_is_an_error_and_none_is_passed_over(void **state)
{
	(void)state;
	static const char *const found[] = {"banana", "101 banana 102", "0", "101,102",
		"101 4294967296", "{3}\r\n101", "101 {5}\r\n102 3", "12345678901234567890123", "-1",
		"99999999999999999999 101"};
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		struct peer p;
		struct hark_err err = {0};
		struct imap *m = start(&p, 1000);
		hear(&p, OPENED "* SEARCH ");
		hear(&p, found[i]);
		hear(&p, "\r\nh2 OK\r\n");
		assert_int_equal(run(&p, m, &err), IMAP_FAILED);
		assert_non_null(strstr(err.text, "no number of a mail"));
		finish(&p, m);
	}
	struct peer p;
	struct imap *m = start(&p, 1000);
	hear(&p, OPENED "* SEARCH 101 102 (MODSEQ 917162500)\r\nh2 OK\r\n");
	assert_int_equal(run(&p, m, NULL), IMAP_WAITS);
	assert_non_null(strstr(buf_c(&p.hears), "FETCH 101:102 "));
	finish(&p, m);
}

static void without_new_mail_nothing_is_searched(void **state)
{
	(void)state;
	struct peer p;
	char text[2000];
	struct imap *m = start(&p, 1000);
	hear(&p, "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 101] x\r\nh1 OK\r\n");
	assert_int_equal(run(&p, m, NULL), IMAP_DONE);
	assert_string_equal(headers(m, text), "End=7 100|Place=7 100|Left=0|");
	assert_null(strstr(buf_c(&p.hears), "SEARCH"));
	finish(&p, m);
}

static void one_bad_mail_does_not_stop_the_rest(void **state)
{
	(void)state;
	struct peer p;
	char text[2000];
	struct imap *m = start(&p, 1000);
	hear(&p, OPENED "* SEARCH 101 102\r\nh2 OK\r\n");
	hear(&p, "h3 NO cannot tell sizes\r\n");
	hear(&p, "h4 NO [CORRUPTION] mail 1\r\n");
	hear(&p, "h5 NO [CORRUPTION] it is bad\r\n");
	hear(&p, "* 2 FETCH (UID 102 BODY[]<0> {2}\r\nok)\r\nh6 OK\r\n");
	assert_int_equal(run(&p, m, NULL), IMAP_DONE);
	assert_string_equal(buf_c(&p.body), "ok");
	assert_string_equal(headers(m, text),
		"Lost=101 [CORRUPTION] it is bad|Mail=102 0 2 0 |End=7 103|Place=7 103|Left=0|");
	finish(&p, m);
}

static void mails_that_do_not_fit_come_the_next_time(void **state)
{
	(void)state;
	struct peer p;
	char text[2000];
	struct imap *m = start(&p, 1000);
	buf_release(&p.body);
	buf_init(&p.body, 150);
	hear(&p, OPENED "* SEARCH 101 103\r\nh2 OK\r\n");
	hear(&p, "* 1 FETCH (UID 101 RFC822.SIZE 90)\r\n* 1 FETCH (UID 103 RFC822.SIZE "
		 "5000000)\r\nh3 OK\r\n");
	hear(&p, "* 1 FETCH (UID 101 BODY[]<0> {1}\r\nx)\r\nh4 OK\r\n");
	assert_int_equal(run(&p, m, NULL), IMAP_DONE);
	assert_non_null(strstr(buf_c(&p.hears), "h4 UID FETCH 101 ("));
	assert_string_equal(headers(m, text), "Mail=101 0 1 90 |End=7 103|Place=7 101|Left=1|");
	finish(&p, m);
}

/* Two mails of 80 bytes, said to be of 40, where there is room for 150. */
static void larger_mails_than_said_come_the_next_time_too(void **state)
{
	(void)state;
	/* What comes out of order cannot be kept: it would leave a gap. */
	static const int orders[][2] = {{101, 102}, {102, 101}};
	for (size_t i = 0; i < 2; i++) {
		struct peer p;
		char text[2000];
		struct imap *m = start(&p, 1000);
		buf_release(&p.body);
		buf_init(&p.body, 150);
		hear(&p, OPENED "* SEARCH 101 102\r\nh2 OK\r\n");
		hear(&p, "* 1 FETCH (UID 101 RFC822.SIZE 40)\r\n"
			 "* 2 FETCH (UID 102 RFC822.SIZE 40)\r\nh3 OK\r\n");
		for (int n = 0; n < 2; n++) {
			buf_printf(&p.says, "* 1 FETCH (UID %d BODY[]<0> {80}\r\n%80d)\r\n",
				orders[i][n], orders[i][n]);
		}
		hear(&p, "h4 OK\r\n");
		assert_int_equal(run(&p, m, NULL), IMAP_DONE);
		assert_string_equal(
			headers(m, text), "Mail=101 0 80 40 |End=7 103|Place=7 101|Left=1|");
		assert_int_equal(p.body.n, 80);
		assert_string_equal(buf_c(&p.body) + 77, "101");
		assert_non_null(strstr(buf_c(&p.hears), "h5 LOGOUT"));
		finish(&p, m);
	}
}

static void what_a_server_refuses_is_told_in_its_words(void **state)
{
	(void)state;
	static const struct {
		const char *says;
		enum imap_state state;
		const char *sentence;
	} cases[] = {
		{"h1 NO [NONEXISTENT] no such box\r\n", IMAP_NO_FOLDER,
			"[NONEXISTENT] no such box"},
		{"h1 NO [UNAVAILABLE] later\x01\r\n", IMAP_FAILED, "later"},
		{"h1 BAD what\r\n", IMAP_FAILED, "BAD what"},
		{"* BYE idle too long\r\n", IMAP_FAILED, "idle too long"},
		{"h1 OK\r\n", IMAP_FAILED, "UIDVALIDITY"},
		{OPENED "h2 NO [LIMIT] not so fast\r\n", IMAP_FAILED, "not so fast"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct peer p;
		struct hark_err err = {0};
		struct imap *m = start(&p, 1000);
		hear(&p, cases[i].says);
		assert_int_equal(run(&p, m, &err), cases[i].state);
		assert_non_null(strstr(err.text, cases[i].sentence));
		assert_null(strchr(err.text, '\x01'));
		finish(&p, m);
	}
}

static void lies_about_sizes_are_found_out(void **state)
{
	(void)state;
	static const char *const says[] = {
		"* 1 FETCH (UID 101 BODY[]<0> {101}\r\n",                  /* more than asked for */
		"* 1 FETCH (UID 101 BODY[]<0> {99999999999999999999}\r\n", /* than there is */
		"* 1 FETCH (UID 101 BODY[HEADER] {99999999}\r\n",
		"* 1 FETCH (UID 101 X {99999999}\r\n",
	};
	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		struct peer p;
		struct hark_err err = {0};
		struct imap *m = start(&p, 1000);
		hear(&p, OPENED "* SEARCH 101\r\nh2 OK\r\nh3 OK\r\n");
		hear(&p, says[i]);
		assert_int_equal(run(&p, m, &err), IMAP_FAILED);
		finish(&p, m);
	}
}

static void mails_nobody_asked_for_are_left_out(void **state)
{
	(void)state;
	struct peer p;
	char text[2000];
	struct imap *m = start(&p, 1000);
	hear(&p, OPENED "* SEARCH 101\r\nh2 OK\r\n* 1 FETCH (UID 101 RFC822.SIZE 5)\r\nh3 OK\r\n");
	hear(&p, "* 1 FETCH (UID 999 BODY[]<0> {5}\r\nfalse)\r\n");
	hear(&p, "* LIST BODY[] {5}\r\nfalse\r\n");
	hear(&p, "* 1 FETCH (BODY[]<0> {5}\r\nfalse)\r\n");
	hear(&p, "* 1 FETCH (UID 101 BODY[1] {5}\r\nfalse)\r\n");
	hear(&p, "* 1 FETCH (UID 101 BODY[]<0> {5}\r\ntruth)\r\n");
	hear(&p, "* 1 FETCH (UID 101 BODY[]<0> {5}\r\nfalse)\r\nh4 OK\r\n");
	assert_int_equal(run(&p, m, NULL), IMAP_DONE);
	assert_string_equal(buf_c(&p.body), "truth");
	assert_string_equal(headers(m, text), "Mail=101 0 5 5 |End=7 103|Place=7 103|Left=0|");
	finish(&p, m);
}

static void a_server_that_never_comes_to_an_end_is_left(void **state)
{
	(void)state;
	struct peer p;
	struct hark_err err = {0};
	struct imap *m = start(&p, 100000);
	for (size_t i = 0; i < 1000000; i++) {
		hear(&p, "* 12 EXISTS\r\n");
	}
	assert_int_equal(run(&p, m, &err), IMAP_FAILED);
	assert_int_equal(err.code, HARK_ELIMIT);
	finish(&p, m);
	m = start(&p, 100000);
	for (size_t i = 0; i < 1000000; i++) {
		hear(&p, "a line without an end");
	}
	assert_int_equal(run(&p, m, &err), IMAP_FAILED);
	finish(&p, m);
}

static void a_connection_that_breaks_is_an_error_wherever_it_does(void **state)
{
	(void)state;
	const char *whole = OPENED "* SEARCH 101\r\nh2 OK\r\n* 1 FETCH (UID 101 RFC822.SIZE 3)\r\n"
				   "h3 OK\r\n* 1 FETCH (UID 101 BODY[]<0> {3}\r\nabc)\r\nh4 OK\r\n";
	for (size_t n = 0; n < strlen(whole); n++) {
		struct peer p;
		struct hark_err err = {0};
		struct imap *m = start(&p, 1000);
		buf_add(&p.says, whole, n);
		p.ended = true;
		assert_int_equal(run(&p, m, &err), IMAP_FAILED);
		finish(&p, m);
	}
}

static void names_of_folders_are_spelled_as_the_protocol_has_them(void **state)
{
	(void)state;
	static const char *const names[][2] = {
		{"INBOX", "\"INBOX\""},
		{"a \"b\" \\c", "\"a \\\"b\\\" \\\\c\""},
		{"R&D", "\"R&-D\""},
		{"Entwürfe", "\"Entw&APw-rfe\""},
		{"台北/日本語", "\"&U,BTFw-/&ZeVnLIqe-\""},
		{"🔔", "\"&2D3dFA-\""},
	};
	struct buf out;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buf_clear(&out);
		assert_true(imap_folder(str_c(names[i][0]), &out));
		assert_string_equal(buf_c(&out), names[i][1]);
	}
	assert_false(imap_folder(STR("a\r\nh1 DELETE b"), &out));
	assert_false(imap_folder(STR("\xff"), &out));
	buf_release(&out);
}

static void what_cannot_be_sent_is_not_begun(void **state)
{
	(void)state;
	struct imap *m;
	const struct imap_io io = {peer_read, peer_write, NULL};
	struct imap_ask ask = {.folder = STR("A"), .since = STR("1\r\nh2 DELE"), .mails = 1};
	assert_int_equal(imap_new(&m, &io, &ask, NULL), HARK_EINVAL);
	ask.since = STR("02-Aug-2026");
	ask.folder = STR("A\n");
	assert_int_equal(imap_new(&m, &io, &ask, NULL), HARK_EINVAL);
	ask.folder = STR("A");
	ask.mails = IMAP_MAILS_MAX + 1;
	ask.mail_max = 1;
	assert_int_equal(imap_new(&m, &io, &ask, NULL), HARK_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_mails_are_read_and_nothing_is_changed),
		cmocka_unit_test(a_folder_made_anew_is_read_from_a_day_on),
		cmocka_unit_test(
			a_search_that_finds_what_is_no_mail_is_an_error_and_none_is_passed_over),
		cmocka_unit_test(without_new_mail_nothing_is_searched),
		cmocka_unit_test(one_bad_mail_does_not_stop_the_rest),
		cmocka_unit_test(mails_that_do_not_fit_come_the_next_time),
		cmocka_unit_test(larger_mails_than_said_come_the_next_time_too),
		cmocka_unit_test(what_a_server_refuses_is_told_in_its_words),
		cmocka_unit_test(lies_about_sizes_are_found_out),
		cmocka_unit_test(mails_nobody_asked_for_are_left_out),
		cmocka_unit_test(a_server_that_never_comes_to_an_end_is_left),
		cmocka_unit_test(a_connection_that_breaks_is_an_error_wherever_it_does),
		cmocka_unit_test(names_of_folders_are_spelled_as_the_protocol_has_them),
		cmocka_unit_test(what_cannot_be_sent_is_not_begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
