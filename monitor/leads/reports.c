#include "monitor/leads/reports.h"

#include "monitor/leads/reports_in.h"

static const struct {
	const char *name;
	const struct lead_report_kind *kind;
} reports[] = {
	{"clocks", &lead_report_clocks},
	{"precision", &lead_report_precision},
	{"recall", &lead_report_recall},
	{"reps", &lead_report_reps},
	{"venues", &lead_report_venues},
	{"authors", &lead_report_authors},
	{"lead-time", &lead_report_lead_time},
	{"lift", &lead_report_lift},
	{"questions", &lead_report_questions},
	{"spikes", &lead_report_spikes},
	{"blind", &lead_report_blind},
	{"custody", &lead_report_custody},
	{"handover", &lead_report_handover},
	{"leavers", &lead_report_leavers},
};

const struct lead_report_kind *lead_report_named(struct str name)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		if (str_eq_c(name, reports[i].name)) {
			return reports[i].kind;
		}
	}
	return NULL;
}

const char *lead_report_empty(const struct lead_report_kind *k)
{
	return k->empty;
}

void lead_report_init(const struct lead_report_kind *k, struct report_rows *rows)
{
	report_rows_init(rows, k->columns, k->columns_n);
}

int lead_report_read(struct store *s, const struct conf *conf, const struct lead_report_kind *k,
	const struct lead_report_filter *f, struct report_rows *rows, struct hark_err *err)
{
	struct lead_making m = {.store = s,
		.conf = conf,
		.filter = {.since_ms = f->since_ms,
			.now_ms = f->now_ms,
			.kind = f->kind,
			.rule = f->rule},
		.all = f->all,
		.rows = rows,
		.arena = &rows->arena,
		.err = err};
	int rc = k->make(&m);
	return rc == HARK_OK && rows->no_memory
		       ? hark_err_set(
				 err, HARK_ENOMEM, "no memory for the report: ask for less time")
		       : rc;
}
