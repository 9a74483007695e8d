/* Alerts as mails, where no server is needed to see what is right. */
#include "tests/unit/unit.h"

#include "monitor/base/file.h"
#include "monitor/notify/mail.h"

#include <stdio.h>
#include <stdlib.h>

static const struct mail_frame frame = {
	.from = "hark@acme.example",
	.to = "ana@acme.example",
	.receiver = "ana",
	.delivery_id = "msg_1",
	.now_ms = INT64_C(1709285400000), /* 2024-03-01 09:30 */
};

static const char *header(const struct mail *m, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; m->headers[i] != NULL; i++) {
		if (strncmp(m->headers[i], name, n) == 0 && m->headers[i][n] == ':') {
			return m->headers[i] + n + 2;
		}
	}
	return NULL;
}

static void write_mail(struct mail *out, const char *payload)
{
	struct message m;
	assert_int_equal(
		message_read(&m, str_c(payload), MESSAGE_QUOTE_BYTES, NULL, NULL), HARK_OK);
	assert_int_equal(mail_write(out, &m, &frame), HARK_OK);
	message_release(&m);
}

static void headers_are_as_the_rfcs_have_them(void **state)
{
	(void)state;
	struct mail m;
	write_mail(
		&m, "{\"data\":{\"id\":\"lead_72\",\"kind\":\"praise\",\"title\":\"Cy is glad\"}}");
	assert_string_equal(header(&m, "From"), "hark <hark@acme.example>");
	assert_string_equal(header(&m, "Subject"), "praise: Cy is glad");
	assert_string_equal(header(&m, "Date"), "Fri, 1 Mar 2024 09:30:00 +0000");
	assert_string_equal(header(&m, "Message-ID"), "<msg_1@acme.example>");
	assert_string_equal(header(&m, "References"), "<lead-72@acme.example>");
	assert_string_equal(header(&m, "List-Id"), "hark alerts <ana.hark.acme.example>");
	mail_release(&m);
}

static void a_subject_is_encoded_in_words_that_end_with_a_character(void **state)
{
	(void)state;
	struct mail m;
	write_mail(&m, "{\"data\":{\"title\":\"Gr\u00fc\u00dfe "
		       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u2603 bbbbbbbbbbbbbbbbbbbbbbbbb\"}}");
	assert_string_equal(header(&m, "Subject"),
		"=?UTF-8?B?R3LDvMOfZSBhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n"
		" =?UTF-8?B?4piDIGJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=?=");
	mail_release(&m);
	write_mail(&m, "{\"data\":{\"title\":\"=?UTF-8?Q?x?= \\r\\nBcc: a@b.example\"}}");
	assert_null(header(&m, "Bcc"));
	assert_true(str_starts(str_c(header(&m, "Subject")), STR("=?UTF-8?B?")));
	mail_release(&m);
}

static void what_strangers_wrote_is_text_in_both_forms(void **state)
{
	(void)state;
	struct mail m;
	write_mail(&m,
		"{\"data\":{\"id\":\"lead_1\",\"title\":\"<b>\",\"why\":\"a & b\",\"evidence\":[{"
		"\"author\":\"\\\"><img src=x>\",\"url\":\"https://a.example/?q=1&r=2\","
		"\"text\":\"one <i>\\ntwo\\u0007\",\"spans\":[{\"field\":\"text\",\"start\":0,"
		"\"end\":3}]},{\"url\":\"javascript:alert(1)\",\"text\":\"x\"}]}}");
	const char *html = buf_c(&m.html), *text = buf_c(&m.text);
	assert_non_null(strstr(html, "<mark>one</mark> &lt;i&gt;<br>\r\ntwo</blockquote>"));
	assert_non_null(strstr(html, "&quot;&gt;&lt;img src=x&gt;"));
	assert_non_null(strstr(html, "href=\"https://a.example/?q=1&amp;r=2\""));
	assert_null(strstr(html, "javascript:"));
	assert_non_null(strstr(text, "> «one» <i>\r\n> two\r\n"));
	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++) {
		assert_int_equal(p[-1], '\r');
	}
	mail_release(&m);
}

static void a_post_that_two_rules_found_is_quoted_once(void **state)
{
	(void)state;
	struct mail m;
	write_mail(&m,
		"{\"data\":{\"title\":\"x\",\"evidence\":[{\"source\":\"a\",\"url\":"
		"\"https://a.example/1\",\"text\":\"once\"},{\"source\":\"a\",\"url\":"
		"\"https://a.example/1\",\"text\":\"once\"},{\"source\":\"a\",\"text\":\"other\"},"
		"{\"source\":\"a\",\"text\":\"other\"},{\"source\":\"b\",\"text\":\"other\"}]}}");
	const char *first = strstr(buf_c(&m.text), "> once");
	assert_non_null(first);
	assert_null(strstr(first + 1, "> once"));
	const char *other = strstr(buf_c(&m.text), "> other");
	assert_non_null(other);
	other = strstr(other + 1, "> other");
	assert_non_null(other);
	assert_null(strstr(other + 1, "> other"));
	assert_null(strstr(buf_c(&m.text), "more"));
	mail_release(&m);
}

static void what_the_payload_cut_off_is_shown_as_cut(void **state)
{
	(void)state;
	struct mail m;
	write_mail(&m,
		"{\"data\":{\"title\":\"x\",\"evidence\":[{\"source\":\"a\",\"text\":\"middle\","
		"\"cut_before\":true,\"cut_after\":true},{\"source\":\"b\",\"text\":\"end\","
		"\"cut_before\":true,\"cut_after\":false},{\"source\":\"c\",\"title\":\"whole\","
		"\"cut_after\":true}]}}");
	assert_non_null(strstr(buf_c(&m.text), "> …middle…\r\n"));
	assert_non_null(strstr(buf_c(&m.text), "> …end\r\n"));
	assert_non_null(strstr(buf_c(&m.text), "> whole\r\n"));
	assert_non_null(strstr(buf_c(&m.html), ">…middle…</blockquote>"));
	mail_release(&m);
}

static void a_test_mail_ends_without_an_empty_signature(void **state)
{
	(void)state;
	struct mail m;
	write_mail(&m, "{\"type\":\"hark.test\",\"data\":{\"title\":\"Test\"}}");
	assert_null(strstr(buf_c(&m.text), "-- "));
	assert_null(strstr(buf_c(&m.html), "<hr>"));
	mail_release(&m);
}

static void a_link_to_end_them_is_a_header_and_in_both_bodies(void **state)
{
	(void)state;
	struct message m;
	struct mail mail;
	struct mail_frame with = frame;
	static const struct {
		const char *link, *post;
	} cases[] = {{"https://hark.example/unsubscribe/ana.0f", "List-Unsubscribe=One-Click"},
		{"http://hark.example/unsubscribe/ana.0f", NULL}};
	for (size_t i = 0; i < 2; i++) {
		char wrapped[100];
		with.leave = cases[i].link;
		assert_int_equal(
			message_read(&m, STR("{\"data\":{\"title\":\"x\"}}"), 100, NULL, NULL),
			HARK_OK);
		assert_int_equal(mail_write(&mail, &m, &with), HARK_OK);
		snprintf(wrapped, sizeof(wrapped), "<%s>", cases[i].link);
		assert_string_equal(header(&mail, "List-Unsubscribe"), wrapped);
		const char *post = header(&mail, "List-Unsubscribe-Post");
		assert_true(post == NULL ? cases[i].post == NULL
					 : strcmp(post, cases[i].post) == 0);
		assert_non_null(strstr(buf_c(&mail.text), cases[i].link));
		assert_non_null(strstr(buf_c(&mail.html), cases[i].link));
		mail_release(&mail);
		message_release(&m);
	}
}

static struct buf alert_file(const char *name)
{
	struct buf b;
	char path[300];
	snprintf(path, sizeof(path), "%s/tests/fixtures/alerts/%s", getenv("top_srcdir"), name);
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(&b, path, NULL), HARK_OK);
	return b;
}

/* The file has the line ends of files. */
static void reads_as(const struct buf *got, const char *name)
{
	struct buf file = alert_file(name), want;
	buf_init(&want, 1 << 20);
	for (size_t i = 0; i < file.n; i++) {
		buf_add_c(&want, file.p[i] == '\n' ? "\r" : "");
		buf_add_char(&want, file.p[i]);
	}
	if (strcmp(buf_c(got), buf_c(&want)) != 0) {
		fprintf(stderr, "%s should be:\n%s\n", name, buf_c(got));
	}
	assert_string_equal(buf_c(got), buf_c(&want));
	buf_release(&want);
	buf_release(&file);
}

static void a_digest_stands_by_account_in_both_forms(void **state)
{
	(void)state;
	struct mail m;
	struct buf payload = alert_file("digest.json");
	write_mail(&m, buf_c(&payload));
	reads_as(&m.text, "digest.mail.txt");
	reads_as(&m.html, "digest.mail.html");
	mail_release(&m);
	buf_release(&payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_as_the_rfcs_have_them),
		cmocka_unit_test(a_subject_is_encoded_in_words_that_end_with_a_character),
		cmocka_unit_test(what_strangers_wrote_is_text_in_both_forms),
		cmocka_unit_test(a_post_that_two_rules_found_is_quoted_once),
		cmocka_unit_test(what_the_payload_cut_off_is_shown_as_cut),
		cmocka_unit_test(a_link_to_end_them_is_a_header_and_in_both_bodies),
		cmocka_unit_test(a_digest_stands_by_account_in_both_forms),
		cmocka_unit_test(a_test_mail_ends_without_an_empty_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
