/* What the files of the lists share: each list, its columns and what fills them. */
#ifndef HARK_REFERENCES_LISTS_IN_H
#define HARK_REFERENCES_LISTS_IN_H

#include "monitor/references/lists.h"

struct list_kind {
	const struct sheet_column *columns;
	size_t columns_n;
	const char *empty;
	bool leaves;
	/* There is a store. */
	int (*fill)(const struct reader *who, const struct list_filter *f, struct sheet *out,
		struct hark_err *err);
};
#define LIST_COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

extern const struct list_kind list_tasks, list_service, list_peeks, list_values, list_value_sums;
extern const struct list_kind list_clock, list_late, list_lent;
extern const struct list_kind list_quotes, list_proof, list_prospect, list_coach;

#endif
