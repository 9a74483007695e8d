/* Reports on colleagues who have left: what passes on, and what they say to customers. */
#include "monitor/leads/reports_in.h"

#include "monitor/base/clock.h"
#include "monitor/store/optouts.h"
#include "rules/classify/parting.h"
#include "rules/fold.h"

#include <stdio.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define BEFORE_DAYS 14 /* goodbyes are said before the last day, too */

/* ---- handover ---- */

static const struct report_column handover_columns[] = {
	{"colleague", "colleague", REPORT_TEXT, true}, {"left", "left", REPORT_TEXT, false},
	{"what", "what", REPORT_TEXT, false}, {"number", "number", REPORT_COUNT, false},
	{"name", "name", REPORT_TEXT, true}, {"more", "more", REPORT_TEXT, true},
	{"last", "last", REPORT_TIME, false}};

static void take_owned(void *ctx, const struct store_report_row *row)
{
	struct report_rows *r = ctx;
	for (int i = 0; i < 3; i++) {
		report_text(r, row->text[i]);
	}
	if (row->n[0] != 0) {
		report_count(r, row->n[0]);
	} else {
		report_none(r);
	}
	report_text(r, row->text[3]);
	report_text(r, row->text[4]);
	report_time(r, row->n[1]);
}

static int make_handover(struct lead_making *m)
{
	return store_report_each(
		m->store, REPORT_HANDOVER, &m->filter, take_owned, m->rows, m->err);
}

LEAD_REPORT(handover, handover_columns,
	"nothing is to be handed over: no colleague who has left has anything", make_handover);

/* ---- leavers ---- */

static const struct report_column leavers_columns[] = {
	{"colleague", "colleague", REPORT_TEXT, true}, {"left", "left", REPORT_TEXT, false},
	{"at", "at", REPORT_TIME, false}, {"label", "label", REPORT_TEXT, false},
	{"words", "words", REPORT_TEXT, true}, {"link", "link", REPORT_TEXT, true}};

struct said {
	struct str name, left, link, title, text;
	int64_t person, at_ms, moved_ms;
};

struct sayings {
	struct lead_making *m;
	struct said *v;
	size_t n, cap;
	int rc;
};

static void take_said(void *ctx, const struct store_report_row *row)
{
	struct sayings *s = ctx;
	struct arena *arena = s->m->arena;
	struct said *grown = arena_grow(arena, s->v, s->n, &s->cap, sizeof(*grown));
	if (grown == NULL) {
		s->rc = hark_err_set(s->m->err, HARK_ENOMEM, "no memory for the report");
		return;
	}
	s->v = grown;
	grown[s->n++] = (struct said){.name = arena_str(arena, row->text[0]),
		.left = arena_str(arena, row->text[1]),
		.link = arena_str(arena, row->text[2]),
		.title = arena_str(arena, row->text[3]),
		.text = arena_str(arena, row->text[4]),
		.person = row->n[0],
		.at_ms = row->n[1],
		.moved_ms = row->n[2]};
}

/* Since when what they say counts: some time before the day they left, as far as that is known. */
static int64_t counts_from(const struct said *s)
{
	char text[CLOCK_TEXT_MAX];
	int64_t left_ms = 0;
	snprintf(text, sizeof(text), "%.*s%sT00:00:00Z", STR_FMT(str_cut_utf8(s->left, 10)),
		s->left.n == 4   ? "-01-01"
		: s->left.n == 7 ? "-01"
				 : "");
	if (!clock_parse_rfc3339(str_c(text), &left_ms)) {
		left_ms = s->moved_ms;
	}
	return left_ms - BEFORE_DAYS * DAY_MS;
}

static int add_said(
	struct report_rows *rows, struct parting_reader *reader, const struct said *s, bool all)
{
	struct post post;
	enum parting parting;
	struct str words;
	post_init(&post);
	post.author.display_name = s->name;
	post.title = s->title;
	post.text = s->text;
	int rc = parting_read(reader, &post, &parting, &words);
	if (rc == HARK_OK && (all || parting != PARTING_NONE)) {
		report_text(rows, s->name);
		report_text(rows, s->left);
		report_time(rows, s->at_ms);
		report_text(rows, str_c(parting_name(parting)));
		report_text(rows, words);
		report_text(rows, s->link);
	}
	return rc;
}

static int make_leavers(struct lead_making *m)
{
	struct sayings s = {.m = m};
	struct parting_reader *reader = NULL;
	bool listed = false;
	int rc = fold_init();
	rc = rc == HARK_OK ? parting_new(&reader, m->err) : rc;
	rc = rc == HARK_OK ? store_report_each(
				     m->store, REPORT_PARTINGS, &m->filter, take_said, &s, m->err)
			   : rc;
	rc = rc == HARK_OK ? s.rc : rc;
	for (size_t i = 0; i < s.n && rc == HARK_OK; i++) {
		if (i == 0 || s.v[i].person != s.v[i - 1].person) {
			listed = store_person_opted_out(m->store, s.v[i].person);
		}
		if (!listed && s.v[i].at_ms >= counts_from(&s.v[i])) {
			rc = add_said(m->rows, reader, &s.v[i], m->all);
		}
	}
	parting_free(reader);
	return rc;
}

LEAD_REPORT(leavers, leavers_columns,
	"no colleague who has left has said anything of it (--all shows all)", make_leavers);
