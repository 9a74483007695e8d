/* The reports about references, rows of the store (monitor/store/reference_reports.h) by columns: for the command line
 * and the API alike. */
#ifndef HARK_REFERENCES_REPORTS_H
#define HARK_REFERENCES_REPORTS_H

#include "monitor/config/conf.h"
#include "monitor/model/report_rows.h"
#include "monitor/store/reference_reports.h"

#define REFERENCE_REPORTS \
	"funnel, stages, stuck, holds, supporters, outsiders, imports, satisfaction, approvals, at-risk, origins, value or cycle"
#define REFERENCES_STUCK_MS (30 * 24 * 3600 * INT64_C(1000)) /* unless somebody says otherwise */

struct reference_report_kind;

/* NULL: there is none of that name. */
const struct reference_report_kind *reference_report_named(struct str name);
/* What is said where there are no rows. */
const char *reference_report_empty(const struct reference_report_kind *k);
/* `rows` is initialised here; release it whatever comes back. */
int reference_report_read(struct store *s, const struct conf *conf,
	const struct reference_report_kind *k, const struct reference_report_filter *f,
	struct report_rows *rows, struct hark_err *err);

#endif
