/* Reports that watch: more than usual, what hark does not hear, whose handles speak for the company. */
#include "monitor/cli/report_desk.h"
#include "monitor/cli/report_watch.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/report_print.h"
#include "monitor/leads/blind.h"
#include "monitor/store/reports.h"

#include <math.h>
#include <stdio.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define BASE_DAYS 28 /* what is usual is learned from so many days … */
#define KNOWN_DAYS 7 /* … and not from fewer than these */
#define SPIKE_MIN 5

static int open_desk(struct cli *cli, int argc, struct desk *d, int *code)
{
	if (argc > 0) {
		*code = cli_usage(cli, "this takes no arguments");
		return HARK_EINVAL;
	}
	return desk_open(d, cli, STORE_READ_ONLY, code);
}

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

int report_spikes(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct report_rows rows;
	int code = EXIT_DONE;
	(void)argv;
	report_rows_init(&rows, spikes_columns, sizeof(spikes_columns) / sizeof(spikes_columns[0]));
	int rc = open_desk(cli, argc, &d, &code);
	if (rc == HARK_EINVAL && code == EXIT_USAGE) {
		report_rows_release(&rows);
		return code;
	}
	if (rc == HARK_OK && d.store != NULL) {
		int64_t now_ms = clock_wall_ms();
		struct store_report_filter f = {
			.since_ms = now_ms - 2 * BASE_DAYS * DAY_MS, .now_ms = now_ms};
		struct spikes s = {.rows = &rows, .all = cli_given(cli, "all"), .arena = &d.arena};
		rc = store_report_each(d.store, REPORT_DAYS, &f, take_day, &s, &d.err);
		end_group(&s);
	}
	rc = rc == HARK_OK ? desk_note_table(&d) : rc;
	code = rc == HARK_OK ? report_rows_print(&rows, cli,
				       "nothing is found more often than usual (--all shows all)")
			     : desk_fail(&d, code);
	desk_close(&d);
	report_rows_release(&rows);
	return code;
}

/* ---- blind ---- */

static const struct report_column blind_columns[] = {{"source", "source", REPORT_TEXT, true},
	{"from", "from", REPORT_TIME, false}, {"until", "until", REPORT_TIME, false},
	{"cause", "cause", REPORT_TEXT, false}, {"hours", "hours", REPORT_NUMBER, false},
	{"leads_missed", "about leads missed", REPORT_NUMBER, false},
	{"leads", "of leads", REPORT_COUNT, false},
	{"days", "in days heard", REPORT_NUMBER, false}};

int report_blind(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct report_rows rows;
	struct blind_row *v = NULL;
	size_t n = 0;
	int64_t since_ms = 0, now_ms = clock_wall_ms();
	(void)argv;
	int code =
		argc > 0 ? cli_usage(cli, "this takes no arguments") : report_since(cli, &since_ms);
	if (code != EXIT_DONE) {
		return code;
	}
	since_ms = since_ms != 0 ? since_ms : now_ms - 7 * DAY_MS;
	report_rows_init(&rows, blind_columns, sizeof(blind_columns) / sizeof(blind_columns[0]));
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = blind_read(d.store, since_ms, now_ms, &d.arena, &v, &n, &d.err);
	}
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		report_text(&rows, v[i].source);
		report_time(&rows, v[i].from_ms);
		report_time(&rows, v[i].until_ms);
		report_text(&rows, str_c(v[i].cause));
		report_number(&rows, (double)(v[i].until_ms - v[i].from_ms) / 3600000);
		report_number(&rows, v[i].missed);
		report_count(&rows, v[i].leads);
		report_number(&rows, (double)v[i].heard_ms / (double)DAY_MS);
	}
	rc = rc == HARK_OK ? desk_note_table(&d) : rc;
	code = rc == HARK_OK ? report_rows_print(&rows, cli, "no source was blind in this time")
			     : desk_fail(&d, code);
	desk_close(&d);
	report_rows_release(&rows);
	return code;
}

void report_blind_short(struct cli *cli)
{
	struct desk d;
	struct blind_row *v = NULL;
	size_t n = 0;
	int code = EXIT_DONE;
	int64_t now_ms = clock_wall_ms();
	if (desk_open(&d, cli, STORE_READ_ONLY, &code) == HARK_OK && d.store != NULL &&
		blind_read(d.store, now_ms - 7 * DAY_MS, now_ms, &d.arena, &v, &n, &d.err) ==
			HARK_OK &&
		n > 0) {
		int64_t blind_ms = 0;
		double missed = 0;
		char span[CLOCK_TEXT_MAX];
		for (size_t i = 0; i < n; i++) {
			blind_ms += v[i].until_ms - v[i].from_ms;
			missed += v[i].missed;
		}
		printf("blind      %s of 7 days, all sources together, about %.0f %s missed: hark report blind\n",
			clock_span(blind_ms, span), missed,
			missed > 0.5 && missed < 1.5 ? "lead" : "leads");
	}
	desk_close(&d);
}

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

int report_custody(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct report_rows rows;
	int code = EXIT_DONE;
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	report_rows_init(
		&rows, custody_columns, sizeof(custody_columns) / sizeof(custody_columns[0]));
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		struct store_report_filter f = {.now_ms = clock_wall_ms()};
		rc = store_report_each(d.store, REPORT_HANDLES, &f, take_handle, &rows, &d.err);
	}
	rc = rc == HARK_OK ? desk_note_table(&d) : rc;
	code = rc == HARK_OK
		       ? report_rows_print(&rows, cli,
				 "no colleague with a handle has spoken: hark import staff FILE")
		       : desk_fail(&d, code);
	desk_close(&d);
	report_rows_release(&rows);
	return code;
}
