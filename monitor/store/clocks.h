/* When things happened to leads, read back for reports. */
#ifndef HARK_STORE_CLOCKS_H
#define HARK_STORE_CLOCKS_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"
#include "monitor/store/store.h"

/* One raised lead. Milliseconds, 0: it has not happened. Slices are borrowed until the next one. */
struct lead_clocks {
	int64_t posted_ms, seen_ms, alerted_ms, claimed_ms, answered_ms;
	struct str source;      /* of its first finding */
	struct str rep;         /* who has or had it last; absent: nobody */
	int64_t rep_claimed_ms; /* for the first time */
	int64_t rep_free_ms;    /* before that, when others had given it back */
};

/* The `newest` of those seen at `since_ms` or later, the last first, what first polls found left out; false ends it.
 * Must not use the store. */
int store_clocks_each(struct store *s, int64_t since_ms, size_t newest,
	bool (*fn)(void *ctx, const struct lead_clocks *c), void *ctx, struct hark_err *err);

#endif
