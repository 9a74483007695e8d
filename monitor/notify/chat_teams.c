#include "monitor/notify/chat.h"

#include "monitor/base/jsonout.h"

#define TITLE_BYTES 300
#define WHY_BYTES 2000

/* Runs of a RichTextBlock are taken as they are; a TextBlock would read Markdown. */
static void begin_rich(struct jsonout *j, bool apart)
{
	jsonout_object(j);
	jsonout_key_c(j, "type", "RichTextBlock");
	if (apart) {
		jsonout_key_bool(j, "separator", true);
	}
	jsonout_key(j, "inlines");
	jsonout_array(j);
}

static void end_rich(struct jsonout *j)
{
	jsonout_end_array(j);
	jsonout_end_object(j);
}

enum run { RUN_PLAIN, RUN_BOLD, RUN_TITLE, RUN_SUBTLE, RUN_MARKED };

static void write_run(struct jsonout *j, struct str text, enum run run)
{
	if (text.n == 0) {
		return;
	}
	jsonout_object(j);
	jsonout_key_c(j, "type", "TextRun");
	jsonout_key_str(j, "text", text);
	jsonout_key_c(j, "size", run == RUN_TITLE ? "Large" : run == RUN_SUBTLE ? "Small" : NULL);
	jsonout_key_c(j, "weight", run == RUN_TITLE || run == RUN_BOLD ? "Bolder" : NULL);
	if (run == RUN_SUBTLE) {
		jsonout_key_bool(j, "isSubtle", true);
	} else if (run == RUN_MARKED) {
		jsonout_key_bool(j, "highlight", true);
	}
	jsonout_end_object(j);
}

static void write_line(struct jsonout *j, struct str text, enum run run)
{
	if (text.n == 0) {
		return;
	}
	begin_rich(j, false);
	write_run(j, text, run);
	end_rich(j);
}

static void write_facts(struct jsonout *j, const struct message *m)
{
	struct message_fact facts[MESSAGE_FACTS_MAX];
	size_t n = message_facts(m, facts);
	for (size_t i = 0; i < n; i++) {
		begin_rich(j, false);
		write_run(j, str_c(facts[i].name), RUN_BOLD);
		write_run(j, STR(": "), RUN_BOLD);
		write_run(j, str_c(facts[i].value), RUN_PLAIN);
		end_rich(j);
	}
}

static void put_piece(void *ctx, struct str piece, bool marked)
{
	write_run(ctx, piece, marked ? RUN_MARKED : RUN_PLAIN);
}

static void write_quote(struct jsonout *j, const struct message_quote *q)
{
	struct buf by;
	begin_rich(j, true);
	write_run(j, q->cut_before ? STR("…") : STR_NONE, RUN_PLAIN);
	excerpt_pieces(q->text, q->from, q->marks, q->marks_n, put_piece, j);
	write_run(j, q->cut_after ? STR("…") : STR_NONE, RUN_PLAIN);
	write_run(j, q->text.n > 0 ? STR_NONE : STR("(no words are kept)"), RUN_SUBTLE);
	end_rich(j);
	buf_init(&by, 1024);
	message_byline(&by, q);
	write_line(j, buf_str(&by), RUN_SUBTLE);
	buf_release(&by);
}

static void write_digest_line(void *ctx, enum message_line line, struct str text)
{
	write_line(ctx, text,
		line == LINE_GROUP  ? RUN_BOLD
		: line == LINE_NOTE ? RUN_SUBTLE
				    : RUN_PLAIN);
}

static void write_actions(struct jsonout *j, const struct message *m)
{
	bool any = false;
	for (size_t i = 0; i < m->quotes_n; i++) {
		const struct message_quote *q = &m->quotes[i];
		if (q->url.n == 0) {
			continue;
		}
		if (!any) {
			jsonout_key(j, "actions");
			jsonout_array(j);
			any = true;
		}
		jsonout_object(j);
		jsonout_key_c(j, "type", "Action.OpenUrl");
		jsonout_key_c(j, "title", i == 0 ? "Open the post" : "Open another");
		jsonout_key_str(j, "url", q->url);
		jsonout_end_object(j);
	}
	if (any) {
		jsonout_end_array(j);
	}
}

static void write_card(struct jsonout *j, const struct message *m)
{
	struct buf text;
	buf_init(&text, 8192);
	jsonout_object(j);
	jsonout_key_c(j, "$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
	jsonout_key_c(j, "type", "AdaptiveCard");
	jsonout_key_c(j, "version", "1.4");
	jsonout_key(j, "body");
	jsonout_array(j);
	message_subject(&text, m, TITLE_BYTES);
	write_line(j, buf_str(&text), RUN_TITLE);
	buf_clear(&text);
	message_flat(&text, m->why, WHY_BYTES);
	write_line(j, buf_str(&text), RUN_PLAIN);
	write_facts(j, m);
	message_lines(m, write_digest_line, j);
	for (size_t i = 0; i < m->quotes_n; i++) {
		write_quote(j, &m->quotes[i]);
	}
	buf_clear(&text);
	message_footer(&text, m);
	write_line(j, buf_str(&text), RUN_SUBTLE);
	jsonout_end_array(j);
	write_actions(j, m);
	jsonout_end_object(j);
	buf_release(&text);
}

void chat_teams(struct buf *out, const struct message *m)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", "message");
	jsonout_key(&j, "attachments");
	jsonout_array(&j);
	jsonout_object(&j);
	jsonout_key_c(&j, "contentType", "application/vnd.microsoft.card.adaptive");
	jsonout_key(&j, "contentUrl");
	jsonout_null(&j);
	jsonout_key(&j, "content");
	write_card(&j, m);
	jsonout_end_object(&j);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
}
