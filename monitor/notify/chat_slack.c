#include "monitor/notify/chat.h"

#include "monitor/base/jsonout.h"
#include "monitor/base/utf8.h"

/* Bytes, after escaping, of what is at most 150 and 3,000 characters there. */
#define HEADER_BYTES 150
#define WHY_BYTES 3000

/* Text objects have three signs of their own. At most `max` bytes. */
static void write_escaped(struct jsonout *j, struct str text, size_t max)
{
	struct buf escaped;
	buf_init(&escaped, max + 8);
	for (size_t i = 0, n; i < text.n; i += n) {
		char c = text.p[i];
		n = utf8_sequence(str_n(text.p + i, text.n - i));
		n = n > 0 ? n : 1;
		struct str shown = c == '&'   ? STR("&amp;")
				   : c == '<' ? STR("&lt;")
				   : c == '>' ? STR("&gt;")
					      : str_n(text.p + i, n);
		if (escaped.n + shown.n > max) {
			break;
		}
		buf_add_str(&escaped, shown);
	}
	jsonout_str(j, buf_str(&escaped));
	buf_release(&escaped);
}

static void write_plain(struct jsonout *j, struct str text, size_t max)
{
	jsonout_object(j);
	jsonout_key_c(j, "type", "plain_text");
	jsonout_key(j, "text");
	write_escaped(j, text, max);
	jsonout_key_bool(j, "emoji", false);
	jsonout_end_object(j);
}

static void write_block(struct jsonout *j, const char *type, struct str text, size_t max)
{
	if (text.n == 0) {
		return;
	}
	jsonout_object(j);
	jsonout_key_c(j, "type", type);
	jsonout_key(j, "text");
	write_plain(j, text, max);
	jsonout_end_object(j);
}

static void write_facts(struct jsonout *j, const struct message *m)
{
	struct message_fact facts[MESSAGE_FACTS_MAX];
	size_t n = message_facts(m, facts);
	if (n == 0) {
		return;
	}
	jsonout_object(j);
	jsonout_key_c(j, "type", "section");
	jsonout_key(j, "fields");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		struct buf both;
		buf_init(&both, 400);
		buf_printf(&both, "%s: %s", facts[i].name, facts[i].value);
		write_plain(j, buf_str(&both), WHY_BYTES);
		buf_release(&both);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

/* Rich text is taken as it is. */
static void write_run(struct jsonout *j, struct str text, bool bold)
{
	if (text.n == 0) {
		return;
	}
	jsonout_object(j);
	jsonout_key_c(j, "type", "text");
	jsonout_key_str(j, "text", text);
	if (bold) {
		jsonout_key(j, "style");
		jsonout_object(j);
		jsonout_key_bool(j, "bold", true);
		jsonout_end_object(j);
	}
	jsonout_end_object(j);
}

static void put_piece(void *ctx, struct str piece, bool marked)
{
	write_run(ctx, piece, marked);
}

static void begin_elements(struct jsonout *j, const char *type)
{
	jsonout_object(j);
	jsonout_key_c(j, "type", type);
	jsonout_key(j, "elements");
	jsonout_array(j);
}

static void end_elements(struct jsonout *j)
{
	jsonout_end_array(j);
	jsonout_end_object(j);
}

static void write_quote(struct jsonout *j, const struct message_quote *q)
{
	struct buf by;
	begin_elements(j, "rich_text");
	if (q->text.n > 0) {
		begin_elements(j, "rich_text_quote");
		write_run(j, q->cut_before ? STR("…") : STR_NONE, false);
		excerpt_pieces(q->text, q->from, q->marks, q->marks_n, put_piece, j);
		write_run(j, q->cut_after ? STR("…") : STR_NONE, false);
		end_elements(j);
	}
	begin_elements(j, "rich_text_section");
	buf_init(&by, 1024);
	message_byline(&by, q);
	buf_add_c(&by, by.n == 0 ? "somewhere" : "");
	buf_add_c(&by, q->url.n > 0 ? " " : "");
	write_run(j, buf_str(&by), false);
	buf_release(&by);
	if (q->url.n > 0) {
		jsonout_object(j);
		jsonout_key_c(j, "type", "link");
		jsonout_key_str(j, "url", q->url);
		jsonout_key_c(j, "text", "open");
		jsonout_end_object(j);
	}
	end_elements(j);
	end_elements(j);
}

/* One section of rich text for all: groups bold, one line each. */
static void write_digest_line(void *ctx, enum message_line line, struct str text)
{
	struct jsonout *j = ctx;
	write_run(j, text, line == LINE_GROUP);
	write_run(j, STR("\n"), false);
}

static void write_digest(struct jsonout *j, const struct message *m)
{
	if (m->rows_n + m->notes_n == 0) {
		return;
	}
	begin_elements(j, "rich_text");
	begin_elements(j, "rich_text_section");
	message_lines(m, write_digest_line, j);
	end_elements(j);
	end_elements(j);
}

static void write_footer(struct jsonout *j, const struct message *m)
{
	struct buf footer;
	buf_init(&footer, 2048);
	message_footer(&footer, m);
	if (footer.n > 0) {
		begin_elements(j, "context");
		write_plain(j, buf_str(&footer), WHY_BYTES);
		end_elements(j);
	}
	buf_release(&footer);
}

void chat_slack(struct buf *out, const struct message *m)
{
	struct jsonout j;
	struct buf text;
	buf_init(&text, 8192);
	jsonout_init(&j, out);
	message_subject(&text, m, HEADER_BYTES - 10);
	jsonout_object(&j);
	jsonout_key(&j, "text"); /* what a notification shows */
	write_escaped(&j, buf_str(&text), HEADER_BYTES);
	jsonout_key(&j, "blocks");
	jsonout_array(&j);
	write_block(&j, "header", buf_str(&text), HEADER_BYTES);
	buf_clear(&text);
	message_flat(&text, m->why, WHY_BYTES / 4);
	write_block(&j, "section", buf_str(&text), WHY_BYTES);
	write_facts(&j, m);
	write_digest(&j, m);
	for (size_t i = 0; i < m->quotes_n; i++) {
		write_quote(&j, &m->quotes[i]);
	}
	write_footer(&j, m);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	buf_release(&text);
}
