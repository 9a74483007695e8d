#include "tests/unit/unit.h"

#include "connectors/alert_mail.h"
#include "connectors/parse/base64.h"
#include "connectors/parse/mail.h"
#include "connectors/parse/mail_code.h"

#include <stdio.h>

#define ARENA_MAX (64u << 20)

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_MAX);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct mail read_good(const char *text)
{
	struct mail m;
	struct hark_err err = {0};
	assert_int_equal(mail_read(&m, str_c(text), &arena, &err), HARK_OK);
	return m;
}

static const char *words(const char *value)
{
	struct buf out;
	buf_init(&out, 10000);
	mail_words(str_c(value), &out);
	const char *kept = arena_c(&arena, buf_str(&out));
	buf_release(&out);
	return kept;
}

static const char *decoded(bool (*decode)(struct str, struct buf *), const char *text, bool good)
{
	struct buf out;
	buf_init(&out, 10000);
	assert_int_equal(decode(str_c(text), &out), good);
	const char *kept = arena_c(&arena, buf_str(&out));
	buf_release(&out);
	return kept;
}

static void encoded_words_become_letters(void **state)
{
	(void)state;
	assert_string_equal(words("plain"), "plain");
	assert_string_equal(words("=?utf-8?Q?caf=C3=A9_au_lait?="), "café au lait");
	assert_string_equal(words("=?utf-8?q?a?= =?utf-8?q?b?= c"), "ab c");
	assert_string_equal(words("=?utf-8?q?a?=\r\n\t=?iso-8859-1?q?=E9?="), "aé");
	assert_string_equal(words("=?utf-8*en?B?w6k=?="), "é");
	assert_string_equal(words("Re: =?ISO-2022-JP?B?GyRCJDckJBsoQg==?="), "Re: しい");
	/* a letter of two bytes, cut between two words */
	assert_string_equal(words("=?utf-8?B?w?= =?utf-8?Q?=C3?= =?utf-8?Q?=A9?="), "é");
}

static void what_is_no_encoded_word_stays_as_it_is(void **state)
{
	(void)state;
	assert_string_equal(words("=?utf-8?Q?never ends"), "=?utf-8?Q?never ends");
	assert_string_equal(words("=?utf-8?X?a?="), "=?utf-8?X?a?=");
	assert_string_equal(words("1 =? 2"), "1 =? 2");
	assert_string_equal(words("=?=?=?"), "=?=?=?");
	assert_string_equal(words("=?utf-8?Q?=4?="), "=4");
	assert_string_equal(words("a\r\n  folded\tline"), "a folded line");
	assert_string_equal(words("caf\xe9 raw"), "café raw");
	assert_string_equal(words(""), "");
}

static void a_word_ends_where_its_header_does(void **state)
{
	(void)state;
	static const size_t lengths[] = {1999, 2000, 2001, 2002};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char text[2100];
		struct buf out;
		memset(text, 'a', sizeof(text));
		memcpy(text, "=?utf-8?Q?", 10);
		memcpy(text + lengths[i] - 1, "?=", 2); /* the second is no longer of it */
		buf_init(&out, 3000);
		mail_words(str_n(text, lengths[i]), &out);
		assert_str_is(buf_str(&out), arena_c(&arena, str_n(text, lengths[i])));
		buf_release(&out);
	}
}

static void damaged_encodings_give_what_they_can(void **state)
{
	(void)state;
	assert_string_equal(decoded(base64_read, "aGVsbG8=", true), "hello");
	assert_string_equal(decoded(base64_read, "aGVs\r\nbG8", true), "hello");
	assert_string_equal(decoded(base64_read, "aG!Vs*bG8=", false), "hello");
	assert_string_equal(decoded(base64_read, "aA==aGVsbG8=", false), "hhello");
	assert_string_equal(decoded(base64_read, "a", false), "");
	assert_string_equal(decoded(mail_quoted_printable, "a=20b=3D=\r\nc", true), "a b=c");
	assert_string_equal(decoded(mail_quoted_printable, "a=  \r\nb", true), "ab");
	assert_string_equal(decoded(mail_quoted_printable, "50=% and =ZZ", false), "50=% and =ZZ");
	assert_string_equal(decoded(mail_quoted_printable, "end=", true), "end");
}

static void the_head_says_who_when_and_what(void **state)
{
	(void)state;
	struct mail m = read_good("From MAILER Tue Sep  1\n"
				  "Message-ID:  <a.b@example.com> \n"
				  "References: <one@example.com>\n <two@example.com>\n"
				  "In-Reply-To: <two@example.com>\n"
				  "FROM: \"Ro, Ana\" <ana@example.com>\n"
				  "Date: Tue, 1 Sep 2026 12:02:03 +0200 (CEST)\n"
				  "Archived-At: <https://lists.example.com/7>\n"
				  "Subject: First\nSubject: Second\n\nHello\n");
	assert_str_is(m.id, "a.b@example.com");
	assert_str_is(m.thread, "one@example.com");
	assert_str_is(m.in_reply_to, "two@example.com");
	assert_str_is(m.from_name, "Ro, Ana");
	assert_str_is(m.from_address, "ana@example.com");
	assert_str_is(m.archived_at, "https://lists.example.com/7");
	assert_str_is(m.subject, "First");
	assert_str_is(m.text, "Hello");
	assert_int_equal(m.sent_ms, INT64_C(1788256923000));
	assert_null(m.damage);
}

static void a_sender_is_found_however_it_is_written(void **state)
{
	(void)state;
	static const char *const from[][3] = {
		{"ana@example.com", "ana@example.com", ""},
		{"ana@example.com (Ana (of Acme) Ro)", "ana@example.com", "Ana of Acme Ro"},
		{"(a) (b) ana@example.com", "ana@example.com", "a"},
		{"Ana (x) (y) Ro <ana@example.com>", "ana@example.com", "Ana Ro"},
		{"Ana <ana@example.com>, Bo <bo@example.com>", "ana@example.com", "Ana"},
		{"ana@example.com, bo@example.com", "ana@example.com", ""},
		{"=?utf-8?q?=C3=85sa?= <asa@example.com>", "asa@example.com", "Åsa"},
		{"\"a\\\"<b>\" <c@example.com>", "c@example.com", "a\"<b>"},
		{"(all of it", "", "all of it"},
		{"<", "<", ""},
	};
	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
		char text[200];
		snprintf(text, sizeof(text), "From: %s\n\nx", from[i][0]);
		struct mail m = read_good(text);
		assert_int_equal(m.from_address.n, strlen(from[i][1]));
		if (m.from_address.n > 0) {
			assert_str_is(m.from_address, from[i][1]);
		}
		assert_int_equal(m.from_name.n, strlen(from[i][2]));
		if (m.from_name.n > 0) {
			assert_str_is(m.from_name, from[i][2]);
		}
	}
}

static void of_alternatives_plain_text_is_read_and_links_of_html(void **state)
{
	(void)state;
	struct mail m = read_good(
		"Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\n"
		"Content-Type: multipart/alternative;\n boundary*0=in; boundary*1=ner\n\n"
		"--inner\n\nplain\n--inner\nContent-Type: text/html\n\n"
		"<p>rich <a href=https://example.com/x>x</a></p>\n--inner--\n"
		"--a b\nContent-Disposition: attachment\n\nnot this\n--a b--\nnor this\n");
	assert_str_is(m.text, "plain");
	assert_int_equal(m.links.n, 1);
	assert_str_is(m.links.v[0], "https://example.com/x");
	assert_null(m.damage);
}

static void html_alone_becomes_text(void **state)
{
	(void)state;
	struct mail m = read_good("Content-Type: text/html; charset=\"iso-8859-1\"\n"
				  "Content-Transfer-Encoding: BASE64\n\n"
				  "PHA+Y2Fm6TwvcD48c2NyaXB0PngoKTwvc2NyaXB0Pg==\n");
	assert_str_is(m.text, "café");
	m = read_good("Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\n"
		      "Content-Type: text/html\n\n<b>only</b> here\n--b--\n");
	assert_str_is(m.text, "only here"); /* the plain part is empty */
}

static void a_mail_in_a_mail_is_read(void **state)
{
	(void)state;
	struct mail m = read_good("Subject: Fwd\nContent-Type: message/rfc822\n\n"
				  "Subject: inner\nContent-Type: text/plain\n\nforwarded\n");
	assert_str_is(m.subject, "Fwd");
	assert_str_is(m.text, "forwarded");
	m = read_good("Content-Type: multipart/digest; boundary=d\n\n--d\n\n"
		      "Subject: inner\n\nof a digest\n--d--\n");
	assert_str_is(m.text, "of a digest");
}

static void flowed_lines_are_joined(void **state)
{
	(void)state;
	struct mail m = read_good("Content-Type: text/plain; format=flowed\n\n"
				  "one \ntwo\n-- \nAna\n");
	assert_str_is(m.text, "one two\n-- \nAna");
}

static void damage_is_told_and_what_is_left_is_read(void **state)
{
	(void)state;
	static const char *const mails[][3] = {
		{"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ncut o", "cut o", "no end"},
		{"Content-Type: multipart/mixed\n\nno boundary", "no boundary", "where they begin"},
		{"Content-Transfer-Encoding: base64\n\naGVs*bG8=", "hello", "encoding"},
		{"Subject: x\nno header\nX: y\n\nstill", "still", "no header"},
		{"Content-Type: multipart/mixed; boundary=b\n\nno parts\n--b--\n", NULL, NULL},
		{"Content-Type: text/plain; charset=nonsense\n\ncaf\xc3\xa9", "café", NULL},
		{"Date: never\nContent-Type: ;;;=\n\n(text)", "(text)", NULL},
		{"Content-Type: application/pdf\n\n%PDF", NULL, NULL},
		{"Subject: alone", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		struct mail m = read_good(mails[i][0]);
		if (mails[i][1] != NULL) {
			assert_str_is(m.text, mails[i][1]);
		} else {
			assert_null(m.text.p);
		}
		if (mails[i][2] != NULL) {
			assert_non_null(m.damage);
			assert_non_null(strstr(m.damage, mails[i][2]));
		} else {
			assert_null(m.damage);
		}
	}
}

static void what_has_no_headers_is_no_mail(void **state)
{
	(void)state;
	static const char *const others[] = {"", "\n\n", "hello\n", "<html><body>x</body></html>",
		"{\"a\":1}", "From x\n\nSubject: late\n"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct mail m;
		struct hark_err err;
		assert_int_equal(mail_read(&m, str_c(others[i]), &arena, &err), HARK_EPARSE);
		assert_non_null(strstr(err.text, "no mail"));
	}
}

/* --- mails made to hurt --- */

static struct mail read_many(const char *head, const char *each, size_t n, const char *tail)
{
	struct buf text;
	struct mail m;
	struct hark_err err = {0};
	buf_init(&text, 128u << 20);
	buf_add_c(&text, head);
	for (size_t i = 0; i < n; i++) {
		buf_add_c(&text, each);
	}
	buf_add_c(&text, tail);
	assert_int_equal(text.rc, HARK_OK);
	assert_int_equal(mail_read(&m, buf_str(&text), &arena, &err), HARK_OK);
	buf_release(&text);
	return m;
}

static void ten_thousand_parts_are_not_all_looked_at(void **state)
{
	(void)state;
	struct mail m = read_many("Content-Type: multipart/mixed; boundary=q\n\n",
		"--q\nContent-Type: text/html\n\nx\n", 10000, "--q--\n");
	assert_str_is(m.text, "x");
	assert_non_null(strstr(m.damage, "more parts"));
}

static void nesting_is_not_followed_for_ever(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, 8u << 20);
	buf_add_c(&text, "Subject: deep\n");
	for (int i = 0; i < 50000; i++) {
		buf_printf(&text, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	}
	struct mail m = read_many(buf_c(&text), "\n", 1, "hi\n");
	buf_release(&text);
	assert_non_null(strstr(m.damage, "deeper"));
	m = read_many("", "Content-Type: message/rfc822\n\nSubject: x\n", 50000, "\nhi\n");
	assert_non_null(strstr(m.damage, "deeper"));
	m = read_many("From: ", "(", 1000000, "\n\nx");
	assert_str_is(m.text, "x");
	m = read_many("From: ", "a:", 300000, "\n\nx");
	assert_str_is(m.text, "x");
}

static void long_heads_are_cut(void **state)
{
	(void)state;
	struct mail m = read_many("Subject: a\n", "X-Y: z\n", 100000, "\ntext");
	assert_non_null(strstr(m.damage, "more headers"));
	assert_str_is(m.text, "text");
	m = read_many("Subject: ", "=?utf-8?Q?abc?= ", 300000, "\n\nx");
	assert_true(m.subject.n > 1000 && m.subject.n < 100000);
	m = read_many("Subject: ", "=?a?q?", 300000, "\n\nx");
	assert_true(m.subject.n < 100000);
	m = read_many("Content-Type: text/plain", "; a*1*=utf-8''x", 100000, "\n\nx");
	assert_str_is(m.text, "x");
}

static void a_mail_of_fifty_megabytes_is_cut(void **state)
{
	(void)state;
	struct mail m = read_many("Subject: big\n\n", "hello world, line\n", 2900000, "");
	assert_true(m.text.n <= MAIL_TEXT_MAX && m.text.n > MAIL_TEXT_MAX / 2);
	m = read_many(
		"Subject: big\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n",
		"aGVsbG8g", 2000000, "");
	assert_true(m.text.n <= MAIL_TEXT_MAX && m.text.n > MAIL_TEXT_MAX / 2);
}

/* --- alert mails --- */

static struct mail alert(const char *html)
{
	char text[2000];
	snprintf(text, sizeof(text),
		"From: Google Alerts <googlealerts-noreply@google.com>\n"
		"Content-Type: text/html\n\n%s",
		html);
	return read_good(text);
}

static void an_alert_names_pages(void **state)
{
	(void)state;
	struct alert_item items[ALERT_ITEMS_MAX];
	struct mail m = alert(
		"<A class=x HREF='https://www.google.com/url?sa=t&amp;url=https://a.example/1%3Fx%3D2"
		"&amp;ct=ga'>First <b>title</b></A> <a>Site</a> excerpt &amp; more"
		"<a href='https://www.google.com/alerts/share?x'>Share</a>"
		"<a href='https://www.google.com/url?q=https://b.example/2'><img src=x></a>"
		"<a href='https://www.google.com/url?q=https://b.example/2'>Second</a> its text"
		"<a href='https://www.google.com/url?url=https://a.example/1%3Fx%3D2'>again</a>"
		"<a href='https://c.example/direct'>no alert</a>"
		"<a href='https://www.google.com/url?url=https://www.google.com/alerts/edit'>e</a>"
		"<a href='https://www.google.com/url?url=javascript:x'>j</a>"
		"<a href='https://www.google.com/url?url=https://d.example/3'>Third");
	assert_int_equal(alert_mail_items(&m, &arena, items), 2);
	assert_str_is(items[0].url, "https://a.example/1?x=2");
	assert_str_is(items[0].title, "First title");
	assert_str_is(items[0].text, "Site excerpt & more");
	assert_str_is(items[1].url, "https://b.example/2");
	assert_str_is(items[1].title, "Second");
	assert_str_is(items[1].text, "its text");
}

static void other_mails_are_no_alerts(void **state)
{
	(void)state;
	struct alert_item items[ALERT_ITEMS_MAX];
	struct mail m = alert("<p>Your alert was changed</p>");
	assert_int_equal(alert_mail_items(&m, &arena, items), 0);
	m = read_good("From: x@example.com\nContent-Type: text/html\n\n"
		      "<a href='https://www.google.com/url?url=https://a.example/'>A</a>");
	assert_int_equal(alert_mail_items(&m, &arena, items), 0);
	assert_str_is(alert_mail_unwrap(STR("https://www.google.com/url?a=b"), &arena),
		"https://www.google.com/url?a=b");
	assert_str_is(
		alert_mail_unwrap(STR("https://x.example/url?url=https://a.example/"), &arena),
		"https://x.example/url?url=https://a.example/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(encoded_words_become_letters, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_no_encoded_word_stays_as_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(a_word_ends_where_its_header_does, setup, teardown),
		cmocka_unit_test_setup_teardown(
			damaged_encodings_give_what_they_can, setup, teardown),
		cmocka_unit_test_setup_teardown(the_head_says_who_when_and_what, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_sender_is_found_however_it_is_written, setup, teardown),
		cmocka_unit_test_setup_teardown(
			of_alternatives_plain_text_is_read_and_links_of_html, setup, teardown),
		cmocka_unit_test_setup_teardown(html_alone_becomes_text, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mail_in_a_mail_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(flowed_lines_are_joined, setup, teardown),
		cmocka_unit_test_setup_teardown(
			damage_is_told_and_what_is_left_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(what_has_no_headers_is_no_mail, setup, teardown),
		cmocka_unit_test_setup_teardown(
			ten_thousand_parts_are_not_all_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(nesting_is_not_followed_for_ever, setup, teardown),
		cmocka_unit_test_setup_teardown(long_heads_are_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mail_of_fifty_megabytes_is_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(an_alert_names_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(other_mails_are_no_alerts, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
