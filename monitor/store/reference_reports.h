/* Rows of the reports about references, added up from raw rows each time they are asked for. */
#ifndef HARK_STORE_REFERENCE_REPORTS_H
#define HARK_STORE_REFERENCE_REPORTS_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"
#include "monitor/store/store.h"

enum reference_report {
	/* step, when: the first time each reference was found, nominated, asked, permitted and used */
	REFERENCES_STEPS,
	/* permission, references, mean age, greatest age, how many are stuck */
	REFERENCES_STAGES,
	/* reference, who, account, permission, owner, waits for, age */
	REFERENCES_STUCK,
	/* owner, reason, references, first end, last end: of holds that are not over */
	REFERENCES_HOLDS,
	/* who, handle, answers, praise, complaints, first seen, last seen: of private sources, those who have
	 * opted out apart */
	REFERENCES_SUPPORTERS,
	/* reference, who, account, permission, statements, last, thanked, by: praise outside the program, of
	 * nobody who has opted out */
	REFERENCES_OUTSIDERS,
	/* what, system, file, records, when, age: the last import of each that stands */
	REFERENCES_IMPORTS,
	/* account, measure, number, hundredths, of (hundredths), first, last (each a date or ms) */
	REFERENCES_SATISFACTION,
	/* owner, asked, granted, refused, expired, waiting, mean time to the answer: by who was asked */
	REFERENCES_APPROVALS,
	/* reference, who, account, permission, why, since: somebody has moved */
	REFERENCES_AT_RISK,
	/* origin, references, asked, permitted, refused, used */
	REFERENCES_ORIGINS,
	/* deal, by (rule, source, reference), what, when, created, closes (dates), cents, currency, channel: each
	 * touch of a won deal, by deal, the earliest first */
	REFERENCES_VALUE,
	/* created, closes (dates), 1 if a reference was named or used: of each won deal */
	REFERENCES_CYCLE,
};

#define REFERENCE_REPORT_CELLS 9

struct reference_report_cell {
	bool is_there;
	struct str text; /* borrowed until the callback returns */
	int64_t n;       /* of numbers; times and ages in ms */
};

struct reference_report_filter {
	int64_t since_ms, now_ms, stuck_ms;
	struct str seen_as; /* a role: nothing of moves of other classes is told; absent: whoever looks sees all */
};

/* The callback must not use the store. */
int store_reference_report(struct store *s, enum reference_report report,
	const struct reference_report_filter *f,
	void (*take)(void *ctx, const struct reference_report_cell *row), void *ctx,
	struct hark_err *err);

#endif
