/* How far something has come through the rows of a table: a number by name, in `counters`. In the caller's transaction;
 * failures are its commit's. */
#ifndef HARK_STORE_MARKS_H
#define HARK_STORE_MARKS_H

#include "monitor/store/driver.h"

/* 0: nowhere yet. */
int64_t mark_of(struct db *db, const char *name);
void mark_move(struct db *db, const char *name, int64_t to);

#endif
