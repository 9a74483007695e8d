#include "monitor/notify/message.h"

#include "monitor/base/clock.h"
#include "monitor/base/recur.h"
#include "monitor/base/utf8.h"
#include "monitor/config/conf.h"
#include "monitor/config/values.h"
#include "monitor/model/id.h"

#include <stdio.h>

#define VALUE_BYTES 120
#define NAME_BYTES 120
#define ROW_BYTES 240
#define NOTE_BYTES 500

void message_flat(struct buf *out, struct str text, size_t max)
{
	struct buf clean;
	bool gap = false;
	buf_init(&clean, 4 * text.n + 4);
	utf8_clean(&clean, str_trim(text));
	struct str s = str_cut_utf8(buf_str(&clean), max);
	for (size_t i = 0; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		if (!blank && gap) {
			buf_add_char(out, ' ');
		}
		if (!blank) {
			buf_add_char(out, s.p[i]);
		}
		gap = blank;
	}
	if (s.n < clean.n) {
		buf_add_c(out, "…");
	}
	buf_release(&clean);
}

/* An address that can be followed, and nothing else. */
static struct str web_address(struct str url)
{
	return value_url(url, NULL) == HARK_OK ? url : STR_NONE;
}

/* What the post says where it matched: its text, or its title where only that did. */
static void take_words(struct message_quote *q, const json_t *evidence, size_t max)
{
	struct str text = json_str(evidence, "text"), title = json_str(evidence, "title");
	const json_t *spans = json_object_get(evidence, "spans");
	bool is_part = true; /* the payload's text may be a part of the post's */
	q->marks_n = excerpt_spans(spans, "text", q->marks);
	if (q->marks_n == 0 || text.n == 0) {
		struct excerpt_span marks[EXCERPT_SPANS_MAX];
		size_t n = excerpt_spans(spans, "title", marks);
		bool use_title = text.n == 0 || (n > 0 && title.n > 0);
		q->marks_n = use_title ? n : 0;
		memcpy(q->marks, marks, q->marks_n * sizeof(*marks));
		text = use_title ? title : text;
		is_part = !use_title;
	}
	q->text = excerpt_cut(text, q->marks_n > 0 ? q->marks[0].start : 0, max, &q->from);
	q->cut_before =
		q->from > 0 || (is_part && json_is_true(json_object_get(evidence, "cut_before")));
	q->cut_after = q->from + q->text.n < text.n ||
		       (is_part && json_is_true(json_object_get(evidence, "cut_after")));
}

static void take_quote(struct message_quote *q, const json_t *evidence, size_t max)
{
	*q = (struct message_quote){0};
	take_words(q, evidence, max);
	q->author = json_str(evidence, "author");
	q->source = json_str(evidence, "source");
	q->url = web_address(json_str(evidence, "url"));
	q->is_private = json_is_true(json_object_get(evidence, "private"));
}

/* Whether another rule found the same post before. */
static bool is_quoted(const struct message *m, const struct message_quote *q)
{
	for (size_t i = 0; i < m->quotes_n; i++) {
		const struct message_quote *other = &m->quotes[i];
		bool same = q->url.n > 0 ? str_eq(q->url, other->url)
					 : str_eq(q->author, other->author) &&
						   str_eq(q->text, other->text);
		if (same && str_eq(q->source, other->source)) {
			return true;
		}
	}
	return false;
}

static void take_evidence(struct message *m, const json_t *list, size_t quote_max)
{
	size_t i;
	json_t *evidence;
	json_array_foreach(list, i, evidence)
	{
		struct message_quote q;
		take_quote(&q, evidence, quote_max);
		if (is_quoted(m, &q)) {
			continue;
		}
		if (m->quotes_n == MESSAGE_QUOTES_MAX) {
			m->left_out++;
			continue;
		}
		m->quotes[m->quotes_n++] = q;
	}
}

static void take_alarms(struct message *m, const json_t *list)
{
	size_t i;
	json_t *alarm;
	json_array_foreach(list, i, alarm)
	{
		if (m->quotes_n == MESSAGE_QUOTES_MAX) {
			m->left_out++;
			continue;
		}
		struct message_quote *q = &m->quotes[m->quotes_n++];
		q->text = json_str(alarm, "text");
		q->source = json_str(alarm, "source");
	}
}

/* The day from which somebody may be asked, where whoever reads it is. */
static void take_day(char out[MESSAGE_DAY_MAX], const json_t *reference, const struct zone *zone)
{
	const struct recur there = {.zone = zone};
	char text[RECUR_TEXT_MAX] = "";
	int64_t free_ms;
	if (clock_parse_rfc3339(json_str(reference, "next_free"), &free_ms)) {
		recur_text(&there, free_ms, text);
	}
	snprintf(out, MESSAGE_DAY_MAX, "%.*s", MESSAGE_DAY_MAX - 1, text);
}

static struct message_row row_of(const json_t *lead, const struct zone *zone)
{
	struct message_row row = {.who = json_str(lead, "who"),
		.title = json_str(lead, "title"),
		.kind = json_str(lead, "kind"),
		.score = json_i64(lead, "score", 0)};
	const json_t *reference = json_object_get(lead, "reference");
	struct str account = json_str(lead, "account");
	row.ask_not = json_str(reference, "why").n > 0;
	take_day(row.ask_from, reference, zone);
	row.group = account.n > 0 ? account : row.kind;
	if (!id_parse(ID_LEAD, json_str(lead, "id"), &row.lead)) {
		row.lead = 0;
	}
	return row;
}

/* They come the strongest first: behind the last of its group, so that those of a group stand together. */
static void take_row(struct message *m, const struct message_row *row)
{
	size_t at = m->rows_n;
	while (at > 0 && !str_eq(m->rows[at - 1].group, row->group)) {
		at--;
	}
	at = at > 0 ? at : m->rows_n;
	memmove(&m->rows[at + 1], &m->rows[at], (m->rows_n - at) * sizeof(*row));
	m->rows[at] = *row;
	m->rows_n++;
}

static void take_leads(
	struct message *m, const json_t *data, const json_t *list, const struct zone *zone)
{
	size_t i;
	json_t *entry;
	int64_t all = json_i64(data, "leads_count", 0);
	json_array_foreach(list, i, entry)
	{
		struct message_row row = row_of(entry, zone);
		if (m->rows_n < MESSAGE_ROWS_MAX) {
			take_row(m, &row);
		}
	}
	m->left_out = all > (int64_t)m->rows_n ? (size_t)all - m->rows_n : 0;
	json_array_foreach(json_object_get(data, "notes"), i, entry)
	{
		if (json_is_string(entry) && m->notes_n < MESSAGE_NOTES_MAX) {
			m->notes[m->notes_n++] =
				str_n(json_string_value(entry), json_string_length(entry));
		}
	}
}

static void take_data(
	struct message *m, const json_t *data, size_t quote_max, const struct zone *zone)
{
	struct str who = json_str(json_object_get(data, "subject"), "name");
	const json_t *alarms = json_object_get(data, "alarms");
	m->is_alarm = alarms != NULL;
	m->kind = json_str(data, "kind");
	m->title = json_str(data, "title");
	m->why = json_str(data, "why");
	m->owner = json_str(data, "owner");
	m->level = json_str(data, "level");
	m->privacy = json_str(data, "privacy_contact");
	const json_t *reference = json_object_get(data, "reference");
	m->ask_through = json_str(reference, "ask_through");
	m->ask_not = json_str(reference, "why");
	take_day(m->ask_from, reference, zone);
	m->score = json_i64(data, "score", 0);
	if (!id_parse(ID_LEAD, json_str(data, "id"), &m->lead)) {
		m->lead = 0;
	}
	m->is_desk = str_eq_c(m->kind, CONF_KIND_REFERENCE_DESK);
	if (m->is_alarm) {
		take_alarms(m, alarms);
		return;
	}
	const json_t *leads = json_object_get(data, "leads");
	m->is_digest = leads != NULL;
	if (m->is_digest) {
		m->kind = STR_NONE; /* the title says it */
		take_leads(m, data, leads, zone);
		return;
	}
	take_evidence(m, json_object_get(data, "evidence"), quote_max);
	m->who = who.n > 0 || m->quotes_n == 0 ? who : m->quotes[0].author;
	int64_t all = json_i64(data, "signals_count", 0),
		listed = (int64_t)json_array_size(json_object_get(data, "evidence"));
	m->left_out += all > listed ? (size_t)(all - listed) : 0;
}

int message_read(struct message *m, struct str payload, size_t quote_max, const struct zone *zone,
	struct hark_err *err)
{
	*m = (struct message){0};
	m->root = json_read(payload, err);
	if (m->root == NULL) {
		hark_err_wrap(err, "the alert's payload");
		return HARK_EPARSE;
	}
	const json_t *data = json_object_get(m->root, "data");
	if (!json_is_object(data)) {
		return hark_err_set(err, HARK_EPARSE, "the alert's payload has no \"data\"");
	}
	m->is_test = str_eq_c(json_str(m->root, "type"), "hark.test");
	take_data(m, data, quote_max, zone);
	return HARK_OK;
}

void message_release(struct message *m)
{
	json_decref(m->root);
	m->root = NULL;
}

void message_subject(struct buf *out, const struct message *m, size_t max)
{
	struct buf whole;
	buf_init(&whole, 8192);
	struct str what = m->title.n > 0 ? m->title : m->who;
	if (m->is_alarm) {
		buf_add_c(&whole, "Sources: ");
	} else if (m->is_desk) {
		buf_add_c(&whole, "References: ");
	} else if (m->kind.n > 0) {
		buf_add_str(&whole, m->kind);
		buf_add_c(&whole, ": ");
	}
	buf_add_str(&whole, what.n > 0 ? what : STR("an alert"));
	message_flat(out, buf_str(&whole), max);
	buf_release(&whole);
}

static void add_fact(struct message_fact *f, size_t *n, const char *name, struct str value)
{
	struct buf flat;
	if (value.n == 0) {
		return;
	}
	buf_init(&flat, sizeof(f->value));
	message_flat(&flat, value, VALUE_BYTES);
	f[*n].name = name;
	snprintf(f[*n].value, sizeof(f->value), "%s", buf_c(&flat));
	(*n)++;
	buf_release(&flat);
}

/* Whoever reads of praise is told before they speak with whoever gave it. */
static void add_asking(struct message_fact *f, size_t *n, const struct message *m)
{
	struct buf text;
	buf_init(&text, 4 * VALUE_BYTES);
	if (m->ask_not.n > 0) {
		bool ends = m->ask_from[0] != '\0';
		buf_printf(&text, "do not ask them for more%s%s: %.*s", ends ? " before " : "",
			m->ask_from, STR_FMT(str_cut_utf8(m->ask_not, VALUE_BYTES)));
	} else if (m->ask_through.n > 0) {
		buf_printf(&text, "ask them for more through %.*s",
			STR_FMT(str_cut_utf8(m->ask_through, VALUE_BYTES)));
	}
	add_fact(f, n, "Reference", buf_str(&text));
	buf_release(&text);
}

size_t message_facts(const struct message *m, struct message_fact out[MESSAGE_FACTS_MAX])
{
	size_t n = 0;
	char score[64];
	if (m->is_alarm || m->is_test || m->is_digest || m->is_desk) {
		return 0;
	}
	add_fact(out, &n, "Who", m->who);
	snprintf(score, sizeof(score), "%lld%s%.*s", (long long)m->score,
		m->level.n > 0 ? ", " : "", (int)(m->level.n < 20 ? m->level.n : 20),
		m->level.n > 0 ? m->level.p : "");
	add_fact(out, &n, "Score", str_c(score));
	add_fact(out, &n, "Owner", m->owner.n > 0 ? m->owner : STR("nobody yet"));
	add_asking(out, &n, m);
	return n;
}

/* "80  Cy asks where to get a zebrafish (Cy, question, lead 12)". */
static void add_row(struct buf *line, const struct message_row *row)
{
	buf_printf(line, "%lld  ", (long long)row->score);
	message_flat(line, row->title.n > 0 ? row->title : row->who, ROW_BYTES);
	buf_add_c(line, " (");
	if (row->title.n > 0 && row->who.n > 0) {
		message_flat(line, row->who, NAME_BYTES);
		buf_add_c(line, ", ");
	}
	message_flat(line, row->kind, NAME_BYTES);
	if (row->lead > 0) {
		buf_printf(line, ", lead %lld", (long long)row->lead);
	}
	if (row->ask_not) {
		buf_printf(line, ", not to be asked %s%s",
			row->ask_from[0] != '\0' ? "before " : "now", row->ask_from);
	}
	buf_add_c(line, ")");
}

void message_lines(const struct message *m,
	void (*fn)(void *ctx, enum message_line line, struct str text), void *ctx)
{
	struct buf line;
	buf_init(&line, 8192);
	for (size_t i = 0; i < m->rows_n; i++) {
		if (i == 0 || !str_eq(m->rows[i].group, m->rows[i - 1].group)) {
			buf_clear(&line);
			message_flat(&line, m->rows[i].group, NAME_BYTES);
			fn(ctx, LINE_GROUP, buf_str(&line));
		}
		buf_clear(&line);
		add_row(&line, &m->rows[i]);
		fn(ctx, LINE_LEAD, buf_str(&line));
	}
	if (m->rows_n > 0 && m->notes_n > 0) {
		fn(ctx, LINE_GROUP, STR("Also"));
	}
	for (size_t i = 0; i < m->notes_n; i++) {
		buf_clear(&line);
		message_flat(&line, m->notes[i], NOTE_BYTES);
		fn(ctx, LINE_NOTE, buf_str(&line));
	}
	buf_release(&line);
}

void message_byline(struct buf *out, const struct message_quote *q)
{
	if (q->author.n > 0) {
		message_flat(out, q->author, NAME_BYTES);
		buf_add_c(out, q->source.n > 0 ? ", " : "");
	}
	message_flat(out, q->source, NAME_BYTES);
	buf_add_c(out, q->is_private ? ", private: do not quote" : "");
}

void message_footer(struct buf *out, const struct message *m)
{
	const char *gap = "";
	if (m->lead > 0) {
		buf_printf(out, "Lead %lld: hark leads show %lld", (long long)m->lead,
			(long long)m->lead);
		gap = ". ";
	} else if (m->is_alarm || m->is_digest) {
		buf_add_c(out, m->is_alarm ? "hark sources list" : "hark leads list");
		gap = ". ";
	}
	if (m->left_out > 0) {
		buf_printf(out, "%s%zu more %s", gap, m->left_out,
			m->is_alarm    ? (m->left_out == 1 ? "source" : "sources")
			: m->is_digest ? (m->left_out == 1 ? "lead" : "leads")
				       : (m->left_out == 1 ? "finding" : "findings"));
		gap = ". ";
	}
	if (m->privacy.n > 0) {
		buf_printf(out, "%sPeople ask what is known of them at ", gap);
		message_flat(out, m->privacy, NAME_BYTES);
	}
}
