/* What the files of the reports share. */
#ifndef HARK_LEADS_REPORTS_IN_H
#define HARK_LEADS_REPORTS_IN_H

#include "monitor/leads/reports.h"
#include "monitor/store/reports.h"

/* What a report has in hand while it is made. */
struct lead_making {
	struct store *store;
	const struct conf *conf;
	struct store_report_filter filter;
	bool all;
	struct report_rows *rows;
	struct arena *arena; /* of the rows */
	struct hark_err *err;
};

struct lead_report_kind {
	const char *empty;
	const struct report_column *columns;
	size_t columns_n;
	int (*make)(struct lead_making *m);
};

/* One each, in the file that makes it. */
extern const struct lead_report_kind lead_report_clocks, lead_report_precision, lead_report_recall,
	lead_report_reps, lead_report_venues, lead_report_authors, lead_report_lead_time,
	lead_report_lift, lead_report_questions, lead_report_spikes, lead_report_blind,
	lead_report_custody, lead_report_handover, lead_report_leavers;

#define LEAD_REPORT(var, columns_, empty_, make_)                                 \
	const struct lead_report_kind lead_report_##var = {.columns = (columns_), \
		.columns_n = sizeof(columns_) / sizeof((columns_)[0]),            \
		.empty = (empty_),                                                \
		.make = (make_)}

#endif
