/* How many messages sent to a source were refused, for a wrong token or signature. Beside the source's own
 * row, which belongs to its polls. */
#ifndef HARK_STORE_REFUSALS_H
#define HARK_STORE_REFUSALS_H

#include "monitor/store/store.h"

struct refusals {
	int64_t n;
	int64_t last_ms; /* wall clock; 0: none yet */
};

/* Inside a transaction; a failure is the transaction's. */
void store_refusals_add(struct store *s, struct str source, const struct refusals *more);
int store_refusals_load(
	struct store *s, struct str source, struct refusals *out, struct hark_err *err);

#endif
