/* Reports that watch: more than usual, what hark does not hear, whose handles speak for the company. */
#include "monitor/leads/reports_in.h"

#include "monitor/leads/blind.h"

#include <math.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define BASE_DAYS 28 /* what is usual is learned from so many days … */
#define KNOWN_DAYS 7 /* … and not from fewer than these */
#define SPIKE_MIN 5
#define BLIND_DAYS 7 /* unless somebody says otherwise */

/* ---- spikes ---- */

static const struct report_column spikes_columns[] = {{"rule", "rule", REPORT_TEXT, true},
	{"source", "source", REPORT_TEXT, true}, {"last_day", "last 24 h", REPORT_COUNT, false},
	{"usual", "usual a day", REPORT_NUMBER, false}, {"days", "of days", REPORT_COUNT, false},
	{"spike", "spike", REPORT_TEXT, false}};

struct spikes {
	struct report_rows *rows;
	bool all;
	struct str rule, source; /* the group that is summed up */
	struct arena *arena;
	int64_t today, before, oldest;
};

static void end_group(struct spikes *s)
{
	int64_t days = s->oldest > BASE_DAYS ? BASE_DAYS : s->oldest;
	double usual = days > 0 ? (double)s->before / (double)days : 0;
	bool known = days >= KNOWN_DAYS;
	bool spike =
		known && s->today >= SPIKE_MIN && (double)s->today > usual + 3 * sqrt(usual + 1);
	if (s->rule.p != NULL && (spike || s->all)) {
		report_text(s->rows, s->rule);
		report_text(s->rows, s->source);
		report_count(s->rows, s->today);
		report_number(s->rows, usual);
		report_count(s->rows, days);
		report_text(s->rows, !known ? STR("unknown yet") : spike ? STR("yes") : STR("no"));
	}
}

/* Days of a group, today's first. */
static void take_day(void *ctx, const struct store_report_row *row)
{
	struct spikes *s = ctx;
	if (!str_eq(row->text[0], s->rule) || !str_eq(row->text[1], s->source)) {
		end_group(s);
		s->rule = arena_str(s->arena, row->text[0]);
		s->source = arena_str(s->arena, row->text[1]);
		s->today = s->before = s->oldest = 0;
	}
	if (row->n[0] == 0) {
		s->today += row->n[1];
	} else if (row->n[0] <= BASE_DAYS) {
		s->before += row->n[1];
	}
	s->oldest = row->n[0] > s->oldest ? row->n[0] : s->oldest;
}

static int make_spikes(struct lead_making *m)
{
	struct store_report_filter f = m->filter;
	struct spikes s = {.rows = m->rows, .all = m->all, .arena = m->arena};
	f.since_ms = f.now_ms - 2 * BASE_DAYS * DAY_MS;
	int rc = store_report_each(m->store, REPORT_DAYS, &f, take_day, &s, m->err);
	end_group(&s);
	return rc;
}

LEAD_REPORT(spikes, spikes_columns, "nothing is found more often than usual (--all shows all)",
	make_spikes);

/* ---- blind ---- */

static const struct report_column blind_columns[] = {{"source", "source", REPORT_TEXT, true},
	{"from", "from", REPORT_TIME, false}, {"until", "until", REPORT_TIME, false},
	{"cause", "cause", REPORT_TEXT, false}, {"hours", "hours", REPORT_NUMBER, false},
	{"leads_missed", "about leads missed", REPORT_NUMBER, false},
	{"leads", "of leads", REPORT_COUNT, false},
	{"days", "in days heard", REPORT_NUMBER, false}};

static int make_blind(struct lead_making *m)
{
	struct report_rows *r = m->rows;
	struct blind_row *v = NULL;
	size_t n = 0;
	int64_t now_ms = m->filter.now_ms;
	int64_t since_ms =
		m->filter.since_ms != 0 ? m->filter.since_ms : now_ms - BLIND_DAYS * DAY_MS;
	int rc = blind_read(m->store, since_ms, now_ms, m->arena, &v, &n, m->err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		report_text(r, v[i].source);
		report_time(r, v[i].from_ms);
		report_time(r, v[i].until_ms);
		report_text(r, str_c(v[i].cause));
		report_number(r, (double)(v[i].until_ms - v[i].from_ms) / 3600000);
		report_number(r, v[i].missed);
		report_count(r, v[i].leads);
		report_number(r, (double)v[i].heard_ms / (double)DAY_MS);
	}
	return rc;
}

LEAD_REPORT(blind, blind_columns, "no source was blind in this time", make_blind);

/* ---- custody ---- */

static const struct report_column custody_columns[] = {
	{"colleague", "colleague", REPORT_TEXT, true}, {"left", "left", REPORT_TEXT, false},
	{"handle", "handle", REPORT_TEXT, true}, {"belongs_to", "belongs to", REPORT_TEXT, false},
	{"followers", "followers", REPORT_COUNT, false},
	{"people", "people spoken with", REPORT_COUNT, false},
	{"last", "last", REPORT_TIME, false}};

static void take_handle(void *ctx, const struct store_report_row *row)
{
	struct report_rows *r = ctx;
	int64_t shared = 0;
	str_i64(row->text[3], &shared);
	report_text(r, row->text[0]);
	report_text(r, row->text[1]);
	report_text(r, row->text[2]);
	report_text(r, shared > 1 ? STR("company") : STR("person"));
	if (row->n[0] >= 0) {
		report_count(r, row->n[0]);
	} else {
		report_none(r);
	}
	report_count(r, row->n[1]);
	report_time(r, row->n[2]);
}

static int make_custody(struct lead_making *m)
{
	return store_report_each(
		m->store, REPORT_HANDLES, &m->filter, take_handle, m->rows, m->err);
}

LEAD_REPORT(custody, custody_columns,
	"no colleague with a handle has spoken: hark import staff FILE", make_custody);
