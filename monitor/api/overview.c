/* How it goes: what was found, by day and kind, how fast it was answered, what became of it, and where it came from. */
#include "monitor/api/api_in.h"

#include "monitor/api/report_view.h"
#include "monitor/store/overview.h"

#include <stdio.h>
#include <time.h>

#define DAYS_DEFAULT 30
#define DAYS_MAX 366
#define OFFSET_MAX 840 /* minutes: UTC-12 to UTC+14 */
#define MINUTE_MS 60000
#define DAY_MS (24 * 3600 * INT64_C(1000))
#define SOURCES_MAX 10
#define SIGNALS_NEWEST 4000 /* that tell the best sources, */
#define LEADS_NEWEST 2000   /* and the clocks: enough for both, however many there are */
#define QUARTERS_MS (15 * MINUTE_MS)
#define BLIND_MAX 100

struct overview {
	struct overview_filter filter;
	struct overview_day *days;
	struct overview_source *sources;
	struct overview_funnel funnel;
	struct clocks_row *clocks;
	struct blind_row *blind;
	size_t days_n, sources_n, clocks_n, blind_n;
	int64_t sources_ms, clocks_ms; /* since when they are told */
};

static int read_all(struct call *c, struct overview *o, struct hark_err *err)
{
	const struct overview_filter *f = &o->filter;
	int rc = store_overview_days(c->store, f, c->arena, &o->days, &o->days_n, err);
	rc = rc == HARK_OK ? store_overview_sources(c->store, f, SIGNALS_NEWEST, SOURCES_MAX, c->arena,
				     &o->sources, &o->sources_n, &o->sources_ms, err)
			   : rc;
	rc = rc == HARK_OK ? store_overview_funnel(c->store, f, &o->funnel, err) : rc;
	o->clocks_ms = f->since_ms;
	rc = rc == HARK_OK ? clocks_read(c->store, &o->clocks_ms, LEADS_NEWEST, c->arena,
				     &o->clocks, &o->clocks_n, err)
			   : rc;
	return rc == HARK_OK ? blind_read(c->store, f->since_ms, c->now_ms, c->arena, &o->blind,
				       &o->blind_n, err)
			     : rc;
}

static void write_days(struct jsonout *j, const struct overview *o)
{
	jsonout_key(j, "signals");
	jsonout_array(j);
	for (size_t i = 0; i < o->days_n; i++) {
		char text[40];
		struct tm day;
		time_t at = (time_t)(o->days[i].day * (DAY_MS / 1000));
		gmtime_r(&at, &day);
		strftime(text, sizeof(text), "%Y-%m-%d", &day);
		jsonout_object(j);
		jsonout_key_c(j, "day", text);
		jsonout_key_str(j, "kind", o->days[i].kind);
		jsonout_key_i64(j, "n", o->days[i].signals);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_funnel(struct jsonout *j, const struct overview_funnel *f)
{
	jsonout_key(j, "funnel");
	jsonout_object(j);
	jsonout_key_i64(j, "raised", f->raised);
	jsonout_key_i64(j, "alerted", f->alerted);
	jsonout_key_i64(j, "claimed", f->claimed);
	jsonout_key_i64(j, "answered", f->answered);
	jsonout_key_i64(j, "won", f->won);
	jsonout_key_i64(j, "lost", f->lost);
	jsonout_key_i64(j, "dismissed", f->dismissed);
	jsonout_end_object(j);
}

static void write_sources(struct jsonout *j, const struct overview *o)
{
	jsonout_key(j, "sources");
	jsonout_array(j);
	for (size_t i = 0; i < o->sources_n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "source", o->sources[i].name);
		jsonout_key_i64(j, "signals", o->sources[i].signals);
		jsonout_key_i64(j, "leads", o->sources[i].leads);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_all(struct call *c, const struct overview *o)
{
	struct jsonout *j = &c->j;
	jsonout_object(j);
	jsonout_key_time(j, "since", o->filter.since_ms);
	jsonout_key_i64(j, "sources_total", (int64_t)c->setup->conf->sources_n);
	jsonout_key_i64(j, "rules_total", (int64_t)ruleset_count(c->setup->rules));
	write_days(j, o);
	write_funnel(j, &o->funnel);
	jsonout_key_time(j, "clocks_since", o->clocks_ms);
	jsonout_key(j, "clocks");
	report_view_clocks(j, o->clocks, o->clocks_n);
	jsonout_key_time(j, "sources_since", o->sources_ms);
	write_sources(j, o);
	jsonout_key(j, "blind");
	report_view_blind(j, o->blind, o->blind_n < BLIND_MAX ? o->blind_n : BLIND_MAX);
	jsonout_end_object(j);
}

void overview_show(struct call *c)
{
	struct hark_err err = {0};
	struct overview o = {0};
	int64_t days, offset;
	if (!call_number(c, "days", 1, DAYS_MAX, DAYS_DEFAULT, &days) ||
		!call_number(c, "offset", -OFFSET_MAX, OFFSET_MAX, 0, &offset)) {
		return;
	}
	o.filter = (struct overview_filter){
		.offset_ms = offset * MINUTE_MS / QUARTERS_MS * QUARTERS_MS, .seen_as = str_c(role_class(c->who.role))};
	/* Whole days, today's as the last. */
	int64_t today = (c->now_ms + o.filter.offset_ms) / DAY_MS;
	o.filter.since_ms = (today - days + 1) * DAY_MS - o.filter.offset_ms;
	if (read_all(c, &o, &err) == HARK_OK) {
		write_all(c, &o);
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}
