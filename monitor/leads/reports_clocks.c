/* How fast leads are answered, a step of the way after the other. */
#include "monitor/leads/reports_in.h"

#include "monitor/leads/clocks.h"

/* Of each step: leads that have both ends, the median, and what 95 of 100 do not exceed. */
#define STEP(key, title)                                                       \
	{key "_n", title ": leads", REPORT_COUNT, false},                      \
		{key "_p50_ms", title ": median, in ms", REPORT_COUNT, false}, \
	{                                                                      \
		key "_p95_ms", title ": 95 of 100, in ms", REPORT_COUNT, false \
	}

static const struct report_column clocks_columns[] = {{"by", "by", REPORT_TEXT, false},
	{"name", "name", REPORT_TEXT, true}, {"leads", "leads", REPORT_COUNT, false},
	STEP("post_to_seen", "post to seen"), STEP("seen_to_alert", "seen to alert"),
	STEP("alert_to_claim", "alert to claim"), STEP("claim_to_answer", "claim to answer"),
	STEP("post_to_answer", "post to answer")};

static void add_step(struct report_rows *rows, const struct clock_times *t)
{
	report_count(rows, (int64_t)t->n);
	if (t->n > 0) {
		report_count(rows, t->p50_ms);
		report_count(rows, t->p95_ms);
	} else {
		report_none(rows);
		report_none(rows);
	}
}

static int make_clocks(struct lead_making *m)
{
	static const char *const kinds[] = {
		[CLOCKS_ALL] = "all", [CLOCKS_SOURCE] = "source", [CLOCKS_REP] = "rep"};
	struct clocks_row *v = NULL;
	int64_t since_ms = m->filter.since_ms;
	size_t n = 0;
	int rc = clocks_read(m->store, &since_ms, SIZE_MAX, m->arena, &v, &n, m->err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		report_text(m->rows, str_c(kinds[v[i].by]));
		report_text(m->rows, v[i].name);
		report_count(m->rows, v[i].leads);
		for (size_t k = 0; k < CLOCK_STEPS; k++) {
			add_step(m->rows, &v[i].steps[k]);
		}
	}
	return rc;
}

LEAD_REPORT(
	clocks, clocks_columns, "no leads yet: the clocks start with the first one", make_clocks);
