/* What was missed while a source was not heard: an estimate from how many leads it gave while it was. */
#ifndef HARK_LEADS_BLIND_H
#define HARK_LEADS_BLIND_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct blind_row {
	struct str source;
	const char *cause; /* of gap_cause_name() */
	int64_t from_ms, until_ms;
	int64_t leads;    /* that the source gave in … */
	int64_t heard_ms; /* … the part of the last 28 days in which it was heard */
	double missed;    /* as many in its time */
};

/* Gaps that nothing has filled, of which a part lies behind `since_ms`, the newest first. Strings in `arena`. */
int blind_read(struct store *s, int64_t since_ms, int64_t now_ms, struct arena *arena,
	struct blind_row **out, size_t *n, struct hark_err *err);
/* leads / heard_ms × (until_ms − from_ms); 0 for a source that was never heard. Pure. */
double blind_estimate(const struct blind_row *row);

#endif
