/* How often what was found was worth it, and about how much was missed, by what people judged. */
#include "monitor/leads/reports_in.h"

#include "monitor/leads/precision.h"
#include "monitor/leads/recall.h"

/* ---- precision ---- */

static const struct report_column precision_columns[] = {{"by", "by", REPORT_TEXT, false},
	{"name", "name", REPORT_TEXT, true}, {"n", "verdicts", REPORT_COUNT, false},
	{"relevant", "relevant", REPORT_COUNT, false},
	{"precision", "precision", REPORT_SHARE, false}, {"low", "from", REPORT_SHARE, false},
	{"high", "to", REPORT_SHARE, false}, {"score", "mean score", REPORT_COUNT, false}};

static int make_precision(struct lead_making *m)
{
	static const char *const kinds[] = {[PRECISION_ALL] = "all",
		[PRECISION_RULE] = "rule",
		[PRECISION_ENTRY] = "entry",
		[PRECISION_SOURCE] = "source",
		[PRECISION_SYMBOL] = "symbol"};
	struct report_rows *r = m->rows;
	struct precision_row *v = NULL;
	size_t n = 0;
	int rc = precision_read(m->store, &m->conf->score, m->arena, &v, &n, m->err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct share share = share_of(v[i].good, v[i].n);
		report_text(r, str_c(kinds[v[i].by]));
		report_text(r, v[i].name);
		report_count(r, v[i].n);
		report_count(r, v[i].good);
		report_number(r, share.p);
		report_number(r, share.low);
		report_number(r, share.high);
		report_count(r, v[i].scores / v[i].n);
	}
	return rc;
}

LEAD_REPORT(precision, precision_columns,
	"no verdicts yet: hark leads verdict LEAD relevant, or not-relevant", make_precision);

/* ---- recall ---- */

static const struct report_column recall_columns[] = {{"n", "judged", REPORT_COUNT, false},
	{"relevant", "of them relevant", REPORT_COUNT, false},
	{"samples", "weeks", REPORT_COUNT, false},
	{"near_misses", "near misses", REPORT_COUNT, false},
	{"found", "found", REPORT_COUNT, false}, {"verdicts", "verdicts", REPORT_COUNT, false},
	{"recall", "recall", REPORT_SHARE, false}, {"low", "from", REPORT_SHARE, false},
	{"high", "to", REPORT_SHARE, false}};

static int make_recall(struct lead_making *m)
{
	struct report_rows *rows = m->rows;
	struct recall r;
	int rc = recall_read(m->store, &m->conf->score, m->arena, &r, m->err);
	if (rc != HARK_OK) {
		return rc;
	}
	report_count(rows, r.near.judged);
	report_count(rows, r.near.relevant);
	report_count(rows, r.near.samples);
	report_count(rows, r.near.misses);
	report_count(rows, r.near.found);
	report_count(rows, r.judged);
	const double shares[] = {r.p, r.low, r.high};
	for (size_t i = 0; i < 3; i++) {
		if (r.near.judged > 0) {
			report_number(rows, shares[i]);
		} else {
			report_none(rows);
		}
	}
	return HARK_OK;
}

LEAD_REPORT(recall, recall_columns, "no near miss is judged yet", make_recall);
