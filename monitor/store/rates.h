/* How full the buckets of shared rates are, kept over a restart: one row for each host, credential or source
 * that has a rate, as small as the number of these. */
#ifndef HARK_STORE_RATES_H
#define HARK_STORE_RATES_H

#include "monitor/store/store.h"

#include <stdbool.h>

/* One bucket; times on the wall clock. The rest as in monitor/pipeline/bucket.c. */
struct rate_fill {
	uint64_t key;
	int64_t due_ms, burst_ms, pace_ms;
	int64_t held_ms; /* nobody may ask before; 0: nothing was said */
};

/* Each row as full as it was, or fuller: what is stored late empties no bucket. */
void store_rates_save(struct store *s, const struct rate_fill *fills, size_t n);
/* Forgets buckets that are empty again and held no more, as if they had never been filled. */
void store_rates_purge(struct store *s, int64_t now_ms);
/* All rows in no order. */
int store_rates_each(struct store *s, void (*fn)(void *ctx, const struct rate_fill *fill),
	void *ctx, struct hark_err *err);

#endif
