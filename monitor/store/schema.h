/* The tables, as numbered steps. A step never changes once it has been released; what comes later is
 * a step of its own. Those that are missing run in one transaction, and each leaves its number behind. */
#ifndef HARK_STORE_SCHEMA_H
#define HARK_STORE_SCHEMA_H

#include "monitor/store/driver.h"

/* The newest step this program knows. */
int schema_version(void);
/* Brings the database up to step `to` (schema_version() in the program, less in tests).
 * HARK_ESTATE: it was written by a newer hark, or belongs to another program. */
int schema_upgrade(struct db *db, int to, int64_t now_ms, struct hark_err *err);
/* As above for a reader, who cannot upgrade: HARK_ESTATE when the version is not this program's. */
int schema_check(struct db *db, struct hark_err *err);

#endif
