#include "monitor/leads/alert.h"

#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/excerpt.h"
#include "monitor/model/id.h"

#define EXCERPT_MAX 600
#define LINE_MAX_BYTES 300
#define URL_BYTES_MAX 2000
/* The payload so far, with the piece to be added. */
#define EVIDENCE_BYTES 12000
#define FIRST_EVIDENCE_BYTES 18000
#define EMIT_BYTES_MAX 1500
#define SPANS_MAX 32

static struct str line(struct str s)
{
	return s.p != NULL ? str_cut_utf8(s, LINE_MAX_BYTES) : s;
}

static void write_title(struct jsonout *j, struct str title)
{
	struct buf shown;
	struct str part = line(title);
	if (part.n == title.n) {
		jsonout_key_str(j, "title", title);
		return;
	}
	buf_init(&shown, LINE_MAX_BYTES * 2);
	buf_add_str(&shown, part);
	buf_add_c(&shown, "…");
	jsonout_key_str(j, "title", buf_str(&shown));
	buf_release(&shown);
}

/* The sentence without offsets: the spans have them. */
static void write_why(struct jsonout *j, struct str why)
{
	struct buf plain;
	buf_init(&plain, LINE_MAX_BYTES * 64);
	excerpt_why(&plain, why);
	jsonout_key_str(j, "why", why.p != NULL ? line(buf_str(&plain)) : why);
	buf_release(&plain);
}

/* A link that is cut leads nowhere. */
static struct str link_of(struct str s)
{
	return s.n <= URL_BYTES_MAX ? s : STR_NONE;
}

/* Where the first match in the text is, 0 if there is none. */
static size_t first_match(const json_t *spans)
{
	size_t i;
	json_t *span;
	json_array_foreach(spans, i, span)
	{
		if (str_eq_c(json_str(span, "field"), "text")) {
			int64_t start = json_i64(span, "start", 0);
			return start > 0 ? (size_t)start : 0;
		}
	}
	return 0;
}

/* Spans of title and text, those of the text moved to the excerpt or left out. */
static void write_spans(const json_t *spans, size_t from, size_t n, struct jsonout *j)
{
	size_t i;
	json_t *span;
	jsonout_key(j, "spans");
	jsonout_array(j);
	json_array_foreach(spans, i, span)
	{
		struct str field = json_str(span, "field");
		bool text = str_eq_c(field, "text");
		int64_t move = text ? (int64_t)from : 0;
		int64_t start = json_i64(span, "start", 0) - move,
			end = json_i64(span, "end", 0) - move;
		if (i >= SPANS_MAX || start < 0 || end < start || (text && end > (int64_t)n)) {
			continue;
		}
		jsonout_object(j);
		jsonout_key_str(j, "field", field);
		jsonout_key_i64(j, "start", start);
		jsonout_key_i64(j, "end", end);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_text(const struct lead_evidence *e, struct jsonout *j)
{
	size_t from = 0;
	json_t *spans = e->spans.n > 0 ? json_read(e->spans, NULL) : NULL;
	struct str excerpt = STR_NONE;
	if (e->text.p != NULL) {
		excerpt = excerpt_cut(e->text, first_match(spans), EXCERPT_MAX, &from);
	}
	jsonout_key_str(j, "text", excerpt);
	jsonout_key_bool(j, "cut_before", from > 0);
	jsonout_key_bool(j, "cut_after", from + excerpt.n < e->text.n);
	write_spans(spans, from, excerpt.n, j);
	json_decref(spans);
}

static void write_evidence(const struct lead_evidence *e, struct buf *out)
{
	struct jsonout j;
	char id[ID_TEXT_MAX];
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "signal", id_text(ID_SIGNAL, e->signal, id));
	jsonout_key_str(&j, "rule", line(e->rule));
	jsonout_key_i64(&j, "score", e->score);
	jsonout_key_bool(&j, "historic", e->historic);
	write_why(&j, e->explain);
	jsonout_key_str(&j, "source", line(e->source));
	jsonout_key_str(&j, "url", link_of(e->url));
	jsonout_key_str(
		&j, "author", line(str_empty(e->author_name) ? e->author_handle : e->author_name));
	jsonout_key_str(&j, "handle", line(e->author_handle));
	jsonout_key_time(&j, "published", e->published);
	write_title(&j, e->title);
	jsonout_key_bool(&j, "private", e->is_private);
	write_text(e, &j);
	if (e->emit.n > 0 && e->emit.n <= EMIT_BYTES_MAX) {
		jsonout_key(&j, "emit");
		jsonout_raw(&j, e->emit);
	}
	jsonout_key_i64(&j, "copies", e->copies);
	jsonout_end_object(&j);
}

static void write_subject(const struct subject *s, struct jsonout *j)
{
	jsonout_key(j, "subject");
	jsonout_object(j);
	jsonout_key_str(j, "kind", line(s->kind));
	jsonout_key_str(j, "id", line(s->id));
	jsonout_key_str(j, "name", line(s->name));
	jsonout_end_object(j);
}

/* `face`: the evidence that speaks for the lead, NULL: the lead itself. */
static void write_lead(const struct lead *l, const struct lead_evidence *face, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_key_c(j, "id", id_text(ID_LEAD, l->id, id));
	jsonout_key_str(j, "kind", l->kind);
	write_subject(&l->subject, j);
	lead_known_json(&l->known, j);
	lead_ties_json(l, j);
	lead_referrals_json(l, j);
	lead_guard_json(&l->around.guard, j);
	write_title(j, face != NULL ? face->headline : l->title);
	write_why(j, face != NULL ? face->explain : l->why);
	jsonout_key_i64(j, "score", l->score);
	jsonout_key_c(j, "level", lead_urgency(l));
	jsonout_key_str(j, "rule", line(face != NULL ? face->rule : l->rule));
	jsonout_key_str(j, "owner", line(l->owner));
	jsonout_key_str(j, "route", line(l->route));
	jsonout_key_c(j, "state", lead_state_name(l->state));
	jsonout_key_str(j, "visibility", line(l->visibility));
	jsonout_key_str(j, "lawful_basis", line(l->lawful_basis));
	jsonout_key_time(j, "posted", l->posted_ms);
	jsonout_key_time(j, "seen", l->seen_ms);
	jsonout_key_i64(j, "signals_count", l->signals);
}

/* The first always, then as many as fit. */
static void write_list(const struct lead_evidence *evidence, size_t n, struct jsonout *j)
{
	struct buf one;
	buf_init(&one, ALERT_BYTES_MAX);
	jsonout_key(j, "evidence");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&one);
		write_evidence(&evidence[i], &one);
		if (one.rc == HARK_OK &&
			j->out->n + one.n <= (i == 0 ? FIRST_EVIDENCE_BYTES : EVIDENCE_BYTES)) {
			jsonout_raw(j, buf_str(&one));
		}
	}
	jsonout_end_array(j);
	buf_release(&one);
}

static void write_all(const struct lead *lead, const struct lead_evidence *evidence, size_t n,
	struct str privacy, int64_t now_ms, struct buf *out)
{
	struct jsonout j;
	buf_clear(out);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", ALERT_RAISED);
	jsonout_key_time(&j, "timestamp", now_ms);
	jsonout_key(&j, "data");
	jsonout_object(&j);
	write_lead(lead, n > 0 ? &evidence[0] : NULL, &j);
	jsonout_key_str(&j, "privacy_contact", privacy);
	write_list(evidence, n, &j);
	jsonout_end_object(&j);
	jsonout_end_object(&j);
}

int alert_write(const struct lead *lead, const struct lead_evidence *evidence, size_t n,
	struct str privacy, int64_t now_ms, struct buf *out)
{
	write_all(lead, evidence, n, privacy, now_ms, out);
	if (out->rc == HARK_ELIMIT || out->n >= ALERT_BYTES_MAX) {
		write_all(lead, NULL, 0, privacy, now_ms, out); /* texts made of escapes */
	}
	if (out->rc == HARK_ELIMIT || out->n >= ALERT_BYTES_MAX) {
		struct lead bare = *lead;
		bare.referrals_n = 0;
		write_all(&bare, NULL, 0, privacy, now_ms, out);
	}
	return out->rc;
}
