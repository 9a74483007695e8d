/* The sums that an overview reads (schema_leads.c), for rows that are new. In the caller's transaction; failures are its
 * commit's. */
#ifndef HARK_STORE_SUMS_H
#define HARK_STORE_SUMS_H

#include "monitor/base/str.h"
#include "monitor/store/driver.h"

/* A signal that stands and is no history. */
void sums_add_signal(struct db *db, int64_t created_ms, struct str kind, struct str visibility);
/* A lead that is no history, and new. */
void sums_add_lead(struct db *db, int64_t created_ms, struct str visibility);

#endif
