/* The sums that an overview reads (schema_leads.c), for rows that are new. Those of a transaction wait in memory until
 * its end: its rows are nearly all of one quarter of an hour, and of few kinds. The thread of the store's connection. */
#ifndef HARK_STORE_SUMS_H
#define HARK_STORE_SUMS_H

#include "monitor/base/str.h"
#include "monitor/store/store.h"

/* A signal that stands and is no history. Written by store_commit(), outside a transaction at once. */
void store_sum_signal(struct store *s, int64_t created_ms, struct str kind, struct str visibility);
/* A lead that is no history, and new; as above. */
void store_sum_lead(struct store *s, int64_t created_ms, struct str visibility);

/* For store.c: what waits, NULL when nothing does. */
struct sum;
struct db;
/* Writes it into the open transaction and forgets it; a failure is the connection's. */
void sums_save(struct sum **sums, struct db *db);
void sums_drop(struct sum **sums);

#endif
