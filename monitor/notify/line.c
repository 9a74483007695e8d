#include "monitor/notify/line.h"

#include "monitor/notify/message.h"

#define PART_MAX 300
#define WORDS_MAX 160 /* of the post, around what was found */

static void add_part(struct buf *out, const char *before, struct str text, const char *after)
{
	if (text.n > 0) {
		buf_add_c(out, before);
		message_flat(out, text, PART_MAX);
		buf_add_c(out, after);
	}
}

/* What the post says where it matched, with the words found in «». */
static void add_words(struct buf *out, const struct message_quote *q)
{
	struct buf shown;
	buf_init(&shown, 4 * WORDS_MAX + 8 * EXCERPT_SPANS_MAX);
	buf_add_c(&shown, q->cut_before ? "…" : "");
	excerpt_mark(&shown, q->text, q->from, q->marks, q->marks_n);
	buf_add_c(&shown, q->cut_after ? "…" : "");
	add_part(out, ": \"", q->text.n > 0 ? buf_str(&shown) : q->text, "\"");
	buf_release(&shown);
}

static void add_lead(struct buf *out, const struct message *m)
{
	const struct message_quote none = {0}, *q = m->quotes_n > 0 ? &m->quotes[0] : &none;
	buf_add_c(out, "LEAD");
	if (m->lead > 0) {
		buf_printf(out, " %lld", (long long)m->lead);
	}
	add_part(out, "  ", m->kind, "");
	add_part(out, "  ", m->who.n > 0 ? m->who : m->title, "");
	add_words(out, q);
	add_part(out, "  (", q->marks_n > 0 ? m->title : m->why, ")");
	buf_add_c(out, q->is_private ? "  private" : "");
	add_part(out, "  ", q->url, "");
}

int line_of_alert(struct buf *out, struct str payload, struct hark_err *err)
{
	struct message m;
	int rc = message_read(&m, payload, WORDS_MAX, NULL, err);
	if (rc == HARK_OK && m.is_alarm) {
		buf_add_c(out, "ALARM");
		add_part(out, "  ", m.title, "");
	} else if (rc == HARK_OK && m.is_desk) {
		buf_add_c(out, "REFERENCES");
		add_part(out, "  ", m.title, "");
	} else if (rc == HARK_OK && m.is_digest) {
		buf_add_c(out, "LEADS");
		add_part(out, "  ", m.title, "");
	} else if (rc == HARK_OK) {
		add_lead(out, &m);
	}
	message_release(&m);
	if (rc == HARK_OK && out->rc != HARK_OK) {
		rc = hark_err_set(err, out->rc, "no room for a line");
	}
	return rc;
}
