/* The reports about what was found, who speaks and what colleagues did with it, by columns: for the command line and
 * the API alike. */
#ifndef HARK_LEADS_REPORTS_H
#define HARK_LEADS_REPORTS_H

#include "monitor/config/conf.h"
#include "monitor/model/report_rows.h"
#include "monitor/store/store.h"

#define LEAD_REPORTS \
	"clocks, precision, recall, reps, venues, authors, lead-time, lift, questions, spikes, blind, custody, handover or leavers"

struct lead_report_filter {
	int64_t since_ms, now_ms;
	struct str kind, rule; /* absent: any */
	bool all;              /* of spikes what is as usual, of leavers what is neither, too */
};

struct lead_report_kind;

/* NULL: there is none of that name. */
const struct lead_report_kind *lead_report_named(struct str name);
/* What is said where there are no rows. */
const char *lead_report_empty(const struct lead_report_kind *k);
/* `rows` with its columns and none of theirs, released by the caller. */
void lead_report_init(const struct lead_report_kind *k, struct report_rows *rows);
/* Adds the rows. They tell of leads of every class: whoever asks must be somebody who sees all. */
int lead_report_read(struct store *s, const struct conf *conf, const struct lead_report_kind *k,
	const struct lead_report_filter *f, struct report_rows *rows, struct hark_err *err);

#endif
