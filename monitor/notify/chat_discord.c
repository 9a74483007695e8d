#include "monitor/notify/chat.h"

#include "monitor/base/jsonout.h"

#define TITLE_BYTES 120 /* at most 256 with every sign escaped */
#define WHY_BYTES 500
#define NOTES_BYTES 800        /* of those, for what a digest says beside its leads */
#define DESCRIPTION_BYTES 4000 /* with every sign escaped, still below the chat's ceiling */

/* Signs that Discord's Markdown reads. */
static void add_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c != '\0' && strchr("\\*_~`|>#-+.!()[]<@:", c) != NULL) {
			buf_add_char(out, '\\');
		}
		buf_add_char(out, c);
	}
}

static void put_piece(void *ctx, struct str piece, bool marked)
{
	struct buf *out = ctx, flat;
	buf_init(&flat, 4 * piece.n + 16);
	message_flat(&flat, piece, piece.n);
	bool space_before = piece.n > 0 && (unsigned char)piece.p[0] <= ' ';
	bool space_behind = piece.n > 1 && (unsigned char)piece.p[piece.n - 1] <= ' ';
	buf_add_c(out, space_before ? " " : "");
	buf_add_c(out, marked && flat.n > 0 ? "**" : "");
	add_escaped(out, buf_str(&flat));
	buf_add_c(out, marked && flat.n > 0 ? "**" : "");
	buf_add_c(out, space_behind ? " " : "");
	buf_release(&flat);
}

static void add_quote(struct buf *out, const struct message_quote *q)
{
	struct buf by;
	if (q->text.n > 0) {
		buf_add_c(out, q->cut_before ? "\n> …" : "\n> ");
		excerpt_pieces(q->text, q->from, q->marks, q->marks_n, put_piece, out);
		buf_add_c(out, q->cut_after ? "…" : "");
	}
	buf_init(&by, 1024);
	message_byline(&by, q);
	buf_add_char(out, '\n');
	add_escaped(out, buf_str(&by));
	buf_release(&by);
}

struct digest_text {
	struct buf *out;
	bool full;  /* a lead did not fit; notes still may */
	size_t cut; /* leads that did not */
};

/* As many lines as fit whole, with room for what was not heard. */
static void add_digest_line(void *ctx, enum message_line line, struct str text)
{
	struct digest_text *d = ctx;
	size_t most = line == LINE_NOTE ? DESCRIPTION_BYTES : DESCRIPTION_BYTES - NOTES_BYTES;
	struct buf one;
	buf_init(&one, 65536);
	buf_add_c(&one, line == LINE_GROUP ? "\n**" : "\n");
	add_escaped(&one, text);
	buf_add_c(&one, line == LINE_GROUP ? "**" : "");
	bool fits = d->out->n + one.n <= most && !(d->full && line != LINE_NOTE);
	if (fits) {
		buf_add_str(d->out, buf_str(&one));
	}
	d->full |= !fits;
	d->cut += !fits && line == LINE_LEAD;
	buf_release(&one);
}

/* As many quotes as fit whole. Returns how many of them, or leads of a digest, are left out. */
static size_t write_description(struct jsonout *j, const struct message *m)
{
	struct buf text, one;
	buf_init(&text, 65536);
	buf_init(&one, 65536);
	message_flat(&one, m->why, WHY_BYTES);
	add_escaped(&text, buf_str(&one));
	struct digest_text digest = {.out = &text};
	message_lines(m, add_digest_line, &digest);
	size_t cut = digest.cut;
	for (size_t i = 0; i < m->quotes_n; i++) {
		buf_clear(&one);
		add_quote(&one, &m->quotes[i]);
		bool fits = text.n + one.n <= DESCRIPTION_BYTES;
		if (fits) {
			buf_add_str(&text, buf_str(&one));
		}
		cut += !fits;
	}
	if (text.n > 0) {
		jsonout_key_str(j, "description", buf_str(&text));
	}
	buf_release(&one);
	buf_release(&text);
	return cut;
}

static void write_facts(struct jsonout *j, const struct message *m)
{
	struct message_fact facts[MESSAGE_FACTS_MAX];
	size_t n = message_facts(m, facts);
	jsonout_key(j, "fields");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		struct buf value;
		buf_init(&value, 1024);
		add_escaped(&value, str_c(facts[i].value));
		jsonout_object(j);
		jsonout_key_c(j, "name", facts[i].name);
		jsonout_key_str(j, "value", buf_str(&value));
		jsonout_key_bool(j, "inline", true);
		jsonout_end_object(j);
		buf_release(&value);
	}
	jsonout_end_array(j);
}

static void write_embed(struct jsonout *j, const struct message *m)
{
	struct buf text, title;
	buf_init(&text, 4096);
	buf_init(&title, 4096);
	jsonout_object(j);
	message_subject(&text, m, TITLE_BYTES);
	add_escaped(&title, buf_str(&text));
	jsonout_key_str(j, "title", buf_str(&title));
	buf_release(&title);
	if (m->quotes_n > 0 && m->quotes[0].url.n > 0) {
		jsonout_key_str(j, "url", m->quotes[0].url);
	}
	struct message whole = *m; /* with what does not fit counted as left out */
	whole.left_out += write_description(j, m);
	write_facts(j, m);
	buf_clear(&text);
	message_footer(&text, &whole);
	if (text.n > 0) {
		jsonout_key(j, "footer");
		jsonout_object(j);
		jsonout_key_str(j, "text", buf_str(&text));
		jsonout_end_object(j);
	}
	jsonout_end_object(j);
	buf_release(&text);
}

void chat_discord(struct buf *out, const struct message *m)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key(&j, "allowed_mentions");
	jsonout_object(&j);
	jsonout_key(&j, "parse");
	jsonout_array(&j);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	jsonout_key(&j, "embeds");
	jsonout_array(&j);
	write_embed(&j, m);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
}
