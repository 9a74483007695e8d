/* What the files of the reports share. */
#ifndef HARK_REFERENCES_REPORTS_IN_H
#define HARK_REFERENCES_REPORTS_IN_H

#include "monitor/references/reports.h"

/* Rows that are not those of the store one by one. `rows` is initialised with its columns. */
int report_make_value(struct store *s, const struct conf *conf,
	const struct reference_report_filter *f, struct report_rows *rows, struct hark_err *err);
int report_make_cycle(struct store *s, const struct conf *conf,
	const struct reference_report_filter *f, struct report_rows *rows, struct hark_err *err);

#endif
