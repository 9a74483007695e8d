#include "monitor/notify/mail.h"

#include "monitor/base/crypto.h"
#include "monitor/base/markup.h"
#include "monitor/base/utf8.h"

#include <stdio.h>
#include <time.h>

#define SUBJECT_BYTES 140
#define WHY_BYTES 2000
#define WORD_BYTES \
	42 /* of an encoded word: 56 in base64, 68 with its frame (RFC 2047 section 2: at most 75) */

/* Headers */

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] > '~') {
			return false;
		}
	}
	return str_find(s, STR("=?")) == SIZE_MAX;
}

/* As it is or, if there is anything but ASCII in it, as encoded words (RFC 2047), one a line. */
static void add_subject(struct buf *out, struct str s)
{
	if (is_plain(s) && s.n < 70) {
		buf_add_str(out, s);
		return;
	}
	for (size_t at = 0; at < s.n;) {
		struct str word = str_cut_utf8(str_n(s.p + at, s.n - at), WORD_BYTES);
		buf_add_c(out, at > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		crypto_base64(out, word.p, word.n);
		buf_add_c(out, "?=");
		at += word.n > 0 ? word.n : s.n;
	}
}

/* RFC 5322 section 3.3; strftime() would ask the locale for names. */
static void add_date(struct buf *out, int64_t now_ms)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = (time_t)(now_ms / 1000);
	struct tm tm = {0};
	gmtime_r(&now, &tm);
	buf_printf(out, "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
		months[tm.tm_mon], 1900 + tm.tm_year, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static const char *host_of(const char *address)
{
	const char *at = strrchr(address, '@');
	return at != NULL ? at + 1 : "localhost";
}

static void end_line(struct mail *m, size_t *n)
{
	buf_add_char(&m->lines, '\0');
	(*n)++;
}

static void write_headers(struct mail *m, const struct message *about, const struct mail_frame *f)
{
	struct buf subject, *out = &m->lines;
	size_t n = 0;
	buf_init(&subject, 1024);
	message_subject(&subject, about, SUBJECT_BYTES);
	buf_printf(out, "From: hark <%s>", f->from);
	end_line(m, &n);
	buf_printf(out, "To: <%s>", f->to);
	end_line(m, &n);
	buf_add_c(out, "Subject: ");
	add_subject(out, buf_str(&subject));
	end_line(m, &n);
	buf_add_c(out, "Date: ");
	add_date(out, f->now_ms);
	end_line(m, &n);
	buf_printf(out, "Message-ID: <%s@%s>", f->delivery_id, host_of(f->from));
	end_line(m, &n);
	if (about->lead > 0) {
		buf_printf(out, "References: <lead-%lld@%s>", (long long)about->lead,
			host_of(f->from));
		end_line(m, &n);
	}
	buf_printf(out, "List-Id: hark alerts <%s.hark.%s>", f->receiver, host_of(f->from));
	end_line(m, &n);
	if (f->leave != NULL) {
		buf_printf(out, "List-Unsubscribe: <%s>", f->leave);
		end_line(m, &n);
	}
	if (f->leave != NULL && str_starts(str_c(f->leave), STR("https://"))) {
		buf_add_c(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
		end_line(m, &n);
	}
	buf_add_c(out, "Auto-Submitted: auto-generated");
	end_line(m, &n);
	const char *line = buf_c(out);
	for (size_t i = 0; i < n && out->rc == HARK_OK; i++, line += strlen(line) + 1) {
		m->headers[i] = line;
	}
	buf_release(&subject);
}

/* Text */

static void add_marked(void *ctx, struct str piece, bool marked)
{
	struct buf *out = ctx;
	buf_add_c(out, marked ? "«" : "");
	utf8_clean(out, piece);
	buf_add_c(out, marked ? "»" : "");
}

/* Each line of what was said behind "> ". */
static void add_quoted(struct buf *out, struct str said)
{
	buf_add_c(out, "> ");
	for (size_t i = 0; i < said.n; i++) {
		if (said.p[i] == '\n') {
			buf_add_c(out, "\r\n> ");
		} else if (said.p[i] != '\r') {
			buf_add_char(out, said.p[i]);
		}
	}
	buf_add_c(out, "\r\n");
}

static void add_text_line(void *ctx, enum message_line line, struct str text)
{
	struct buf *out = ctx;
	buf_add_c(out, line == LINE_GROUP ? "\r\n" : "  ");
	buf_add_str(out, text);
	buf_add_c(out, "\r\n");
}

static void write_text(struct buf *out, const struct message *m, const char *leave)
{
	struct message_fact facts[MESSAGE_FACTS_MAX];
	size_t n = message_facts(m, facts);
	struct buf said;
	buf_init(&said, 65536);
	message_subject(out, m, SUBJECT_BYTES);
	buf_add_c(out, "\r\n\r\n");
	message_flat(out, m->why, WHY_BYTES);
	buf_add_c(out, m->why.n > 0 ? "\r\n\r\n" : "");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s: %s\r\n", facts[i].name, facts[i].value);
	}
	message_lines(m, add_text_line, out);
	for (size_t i = 0; i < m->quotes_n; i++) {
		const struct message_quote *q = &m->quotes[i];
		buf_clear(&said);
		buf_add_c(&said, q->cut_before ? "…" : "");
		excerpt_pieces(q->text, q->from, q->marks, q->marks_n, add_marked, &said);
		buf_add_c(&said, q->cut_after ? "…" : "");
		buf_add_c(out, "\r\n");
		add_quoted(out, buf_str(&said));
		message_byline(out, q);
		buf_add_c(out, "\r\n");
		buf_add_str(out, q->url);
		buf_add_c(out, q->url.n > 0 ? "\r\n" : "");
	}
	buf_clear(&said);
	message_footer(&said, m);
	if (said.n > 0 || leave != NULL) {
		buf_add_c(out, "\r\n-- \r\n");
		buf_add_str(out, buf_str(&said));
		buf_add_c(out, said.n > 0 ? "\r\n" : "");
	}
	if (leave != NULL) {
		buf_printf(out, "Stop these mails: %s\r\n", leave);
	}
	buf_release(&said);
}

/* HTML */

/* Its lines stay lines. */
static void add_escaped(struct buf *out, struct str text)
{
	struct buf clean;
	buf_init(&clean, 4 * text.n + 4);
	utf8_clean(&clean, text);
	for (struct str rest = buf_str(&clean); rest.n > 0;) {
		size_t end = str_find(rest, STR("\n"));
		bool last = end == SIZE_MAX;
		struct str line = str_n(rest.p, last ? rest.n : end);
		if (line.n > 0 && line.p[line.n - 1] == '\r') {
			line.n--;
		}
		markup_escape(out, line);
		buf_add_c(out, last ? "" : "<br>\r\n");
		rest = last ? STR_NONE : str_n(rest.p + end + 1, rest.n - end - 1);
	}
	buf_release(&clean);
}

static void add_html_piece(void *ctx, struct str piece, bool marked)
{
	struct buf *out = ctx;
	buf_add_c(out, marked ? "<mark>" : "");
	add_escaped(out, piece);
	buf_add_c(out, marked ? "</mark>" : "");
}

/* Empties `line`. */
static void add_html_line(struct buf *out, const char *before, struct buf *line, const char *after)
{
	buf_add_c(out, before);
	add_escaped(out, buf_str(line));
	buf_add_c(out, after);
	buf_add_c(out, "\r\n");
	buf_clear(line);
}

static void add_html_quote(struct buf *out, const struct message_quote *q, struct buf *line)
{
	buf_add_c(out, "<blockquote style=\"margin:16px 0 4px;padding-left:12px;"
		       "border-left:3px solid #767676\">");
	buf_add_c(out, q->cut_before ? "…" : "");
	excerpt_pieces(q->text, q->from, q->marks, q->marks_n, add_html_piece, out);
	buf_add_c(out, q->cut_after ? "…</blockquote>\r\n" : "</blockquote>\r\n");
	message_byline(line, q);
	add_html_line(out, "<p style=\"margin:0 0 8px\">", line, "");
	if (q->url.n > 0) {
		buf_add_c(out, " <a rel=\"noopener noreferrer\" href=\"");
		add_escaped(out, q->url);
		buf_add_c(out, "\">open the post</a>");
	}
	buf_add_c(out, "</p>\r\n");
}

static void add_html_digest(void *ctx, enum message_line line, struct str text)
{
	static const char *const before[] = {
		[LINE_GROUP] = "<h2 style=\"font-size:1.1em;margin:16px 0 4px\">",
		[LINE_LEAD] = "<p style=\"margin:0 0 4px;padding-left:12px\">",
		[LINE_NOTE] = "<p style=\"margin:8px 0 0\">",
	};
	struct buf *out = ctx;
	buf_add_c(out, before[line]);
	add_escaped(out, text);
	buf_add_c(out, line == LINE_GROUP ? "</h2>\r\n" : "</p>\r\n");
}

static void write_html(struct buf *out, const struct message *m, const char *leave)
{
	struct message_fact facts[MESSAGE_FACTS_MAX];
	size_t n = message_facts(m, facts);
	struct buf line;
	buf_init(&line, 8192);
	buf_add_c(out, "<!DOCTYPE html>\r\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
	message_subject(&line, m, SUBJECT_BYTES);
	add_html_line(out, "<title>", &line, "</title></head>");
	buf_add_c(
		out, "<body style=\"font-family:sans-serif;line-height:1.5;max-width:40em\">\r\n");
	message_subject(&line, m, SUBJECT_BYTES);
	add_html_line(out, "<h1 style=\"font-size:1.2em\">", &line, "</h1>");
	message_flat(&line, m->why, WHY_BYTES);
	if (line.n > 0) {
		add_html_line(out, "<p>", &line, "</p>");
	}
	for (size_t i = 0; i < n; i++) {
		buf_add_c(out, "<p style=\"margin:0\"><b>");
		add_escaped(out, str_c(facts[i].name));
		buf_add_c(out, ":</b> ");
		add_escaped(out, str_c(facts[i].value));
		buf_add_c(out, "</p>\r\n");
	}
	message_lines(m, add_html_digest, out);
	for (size_t i = 0; i < m->quotes_n; i++) {
		add_html_quote(out, &m->quotes[i], &line);
	}
	message_footer(&line, m);
	if (line.n > 0) {
		add_html_line(out, "<hr><p style=\"font-size:0.9em\">", &line, "</p>");
	}
	if (leave != NULL) {
		buf_add_c(out, "<p style=\"font-size:0.9em\"><a rel=\"noopener noreferrer\" href=\"");
		add_escaped(out, str_c(leave));
		buf_add_c(out, "\">Stop these mails</a></p>\r\n");
	}
	buf_add_c(out, "</body></html>\r\n");
	buf_release(&line);
}

int mail_write(struct mail *out, const struct message *m, const struct mail_frame *frame)
{
	*out = (struct mail){0};
	buf_init(&out->lines, 16384);
	buf_init(&out->text, 1 << 20);
	buf_init(&out->html, 1 << 20);
	write_headers(out, m, frame);
	write_text(&out->text, m, frame->leave);
	write_html(&out->html, m, frame->leave);
	return out->lines.rc != HARK_OK  ? out->lines.rc
	       : out->text.rc != HARK_OK ? out->text.rc
					 : out->html.rc;
}

void mail_release(struct mail *m)
{
	buf_release(&m->lines);
	buf_release(&m->text);
	buf_release(&m->html);
}
