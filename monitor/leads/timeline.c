#include "monitor/leads/timeline.h"

#include "monitor/base/cell.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/leads/outward.h"
#include "monitor/model/id.h"

#define DAY (sizeof("2026-01-31") - 1)
#define LINE_MAX_BYTES (16u << 10)

static void add_day(struct buf *out, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	buf_add(out, clock_rfc3339(at_ms, text), DAY);
}

void timeline_head(const struct timeline *t, struct buf *out)
{
	char span[CLOCK_TEXT_MAX];
	if (t->first_ms == 0) {
		buf_add_c(out, "no signal ");
	} else {
		buf_add_c(out, "first signal ");
		add_day(out, t->first_ms);
		buf_printf(out, ", %s ", clock_span(t->until_ms - t->first_ms, span));
	}
	buf_add_c(out, t->contacted ? "before the first answer (" : "before today (");
	add_day(out, t->until_ms);
	buf_printf(out, "); %s", COUNT(t->signals, "signal"));
}

/* " by Ana Lopez in forum" */
static void add_origin(const struct timeline_row *r, struct buf *out)
{
	if (!str_empty(r->who)) {
		buf_printf(
			out, r->kind == TIMELINE_SIGNAL ? " by %.*s" : " of %.*s", STR_FMT(r->who));
	}
	if (!str_empty(r->source)) {
		buf_printf(out, " in %.*s", STR_FMT(r->source));
	}
}

/* "praise", "job", "lead_3 purchase-intent", "move 4", "ref_2 asked" */
static void add_what(const struct timeline_row *r, struct buf *out)
{
	char id[ID_TEXT_MAX];
	switch (r->kind) {
	case TIMELINE_SIGNAL:
		buf_add_str(out, r->what);
		break;
	case TIMELINE_JOB:
		buf_add_c(out, "job");
		break;
	case TIMELINE_MOVE:
		buf_printf(out, "move %lld", (long long)r->number);
		break;
	case TIMELINE_LEAD:
		buf_printf(out, "%s %.*s", id_text(ID_LEAD, r->number, id), STR_FMT(r->what));
		break;
	case TIMELINE_TIE:
		buf_add_c(out, "tie");
		break;
	case TIMELINE_REFERENCE:
		buf_printf(out, "%s %.*s", id_text(ID_REFERENCE, r->number, id), STR_FMT(r->what));
		break;
	}
}

/* Behind the day. */
static void add_rest(const struct timeline_row *r, struct buf *out)
{
	add_what(r, out);
	add_origin(r, out);
	if (r->is_private) {
		buf_add_c(out, ": a private post");
	} else if (!str_empty(r->text)) {
		buf_printf(out, ": %.*s", STR_FMT(r->text));
	}
}

void timeline_line(const struct timeline_row *r, struct buf *out)
{
	add_day(out, r->at_ms);
	buf_add_char(out, ' ');
	add_rest(r, out);
	if (!str_empty(r->url)) {
		buf_printf(out, "  %.*s", STR_FMT(r->url));
	}
}

static size_t line_bytes(const struct timeline_row *r, struct buf *scratch)
{
	buf_clear(scratch);
	timeline_line(r, scratch);
	return scratch->n + 1;
}

void timeline_text(const struct timeline *t, size_t max, struct buf *out)
{
	struct buf line;
	size_t from = t->n, room = max;
	buf_init(&line, LINE_MAX_BYTES);
	timeline_head(t, &line);
	size_t head = line.n + sizeof("\n(1000000000 earlier ones left out)");
	room = room > head ? room - head : 0;
	while (from > 0) {
		size_t bytes = line_bytes(&t->v[from - 1], &line);
		if (bytes > room) {
			break;
		}
		room -= bytes;
		from--;
	}
	timeline_head(t, out);
	if (from + t->left_out > 0) {
		buf_printf(out, "\n(%zu earlier left out)", from + t->left_out);
	}
	for (size_t i = from; i < t->n; i++) {
		buf_add_char(out, '\n');
		timeline_line(&t->v[i], out);
	}
	buf_release(&line);
}

/* ---- Markdown ---- */

/* What strangers wrote is text: no markup, no link. */
static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("\\`*_{}[]<>#|!~&", s.p[i]) != NULL && s.p[i] != '\0') {
			buf_add_char(out, '\\');
		}
		buf_add_char(out, s.p[i]);
	}
}

void timeline_markdown(const struct lead *lead, const struct timeline *t, struct buf *out)
{
	char id[ID_TEXT_MAX];
	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	buf_printf(out, "# %s ", id_text(ID_LEAD, lead->id, id));
	add_escaped(out, outward_lead(lead, NULL).title);
	buf_add_c(out, "\n\n");
	add_escaped(out, t->person_name);
	buf_add_c(out, t->person != 0 && t->account != 0 ? ", " : "");
	add_escaped(out, t->account_name);
	buf_add_c(out, t->person != 0 || t->account != 0 ? ": " : "");
	timeline_head(t, out);
	buf_add_c(out, "\n\n");
	if (t->left_out > 0) {
		buf_printf(out, "%zu earlier left out\n\n", t->left_out);
	}
	for (size_t i = 0; i < t->n; i++) {
		buf_clear(&line);
		add_rest(&t->v[i], &line);
		buf_add_c(out, "- **");
		add_day(out, t->v[i].at_ms);
		buf_add_c(out, "** ");
		add_escaped(out, buf_str(&line));
		if (str_starts(t->v[i].url, STR("http"))) {
			buf_add_c(out, " <");
			buf_add_str(out, t->v[i].url);
			buf_add_char(out, '>');
		}
		buf_add_char(out, '\n');
	}
	buf_release(&line);
}

/* ---- for programs ---- */

static void row_json(const struct timeline_row *r, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_time(j, "at", r->at_ms);
	jsonout_key_c(j, "kind", timeline_kind_name(r->kind));
	jsonout_key_str(j, "what", r->what);
	if (r->kind == TIMELINE_MOVE) {
		jsonout_key_i64(j, "move", r->number);
	} else if (r->kind == TIMELINE_LEAD) {
		jsonout_key_c(j, "lead", id_text(ID_LEAD, r->number, id));
	} else if (r->kind == TIMELINE_REFERENCE) {
		jsonout_key_c(j, "reference", id_text(ID_REFERENCE, r->number, id));
	}
	jsonout_key_str(j, "who", r->who);
	jsonout_key_str(j, "text", r->text);
	jsonout_key_str(j, "rule", r->rule);
	jsonout_key_str(j, "source", r->source);
	jsonout_key_str(j, "url", r->url);
	if (r->is_private) {
		jsonout_key_bool(j, "private", true);
	}
	jsonout_end_object(j);
}

void timeline_json(const struct lead *lead, const struct timeline *t, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "lead", id_text(ID_LEAD, lead->id, id));
	jsonout_key_str(j, "person", t->person_name);
	jsonout_key_str(j, "account", t->account_name);
	jsonout_key_time(j, "first_signal", t->first_ms);
	jsonout_key_time(j, "until", t->until_ms);
	jsonout_key_bool(j, "answered", t->contacted);
	jsonout_key_i64(j, "signals", t->signals);
	jsonout_key_i64(j, "left_out", (int64_t)t->left_out);
	jsonout_key(j, "rows");
	jsonout_array(j);
	for (size_t i = 0; i < t->n; i++) {
		row_json(&t->v[i], j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

void timeline_csv(const struct timeline *t, struct buf *out)
{
	char at[CLOCK_TEXT_MAX];
	buf_add_c(out, "at,kind,what,number,who,source,text,url\r\n");
	for (size_t i = 0; i < t->n; i++) {
		const struct timeline_row *r = &t->v[i];
		const struct str cells[] = {
			r->who, r->source, r->is_private ? STR("a private post") : r->text, r->url};
		buf_printf(out, "%s,%s,", clock_rfc3339(r->at_ms, at), timeline_kind_name(r->kind));
		cell_write_shown(out, r->what);
		buf_add_char(out, ',');
		if (r->number != 0) {
			buf_printf(out, "%lld", (long long)r->number);
		}
		for (size_t k = 0; k < sizeof(cells) / sizeof(cells[0]); k++) {
			buf_add_char(out, ',');
			cell_write_shown(out, cells[k]);
		}
		buf_add_c(out, "\r\n");
	}
}
