/* Rows that hang on records, read beside the records: both in the order of the record's id, so that each table is
 * gone through once. */
#ifndef HARK_STORE_BESIDE_H
#define HARK_STORE_BESIDE_H

#include "monitor/store/driver.h"

struct beside {
	struct db_query *q; /* column 0 is the record's id */
	bool stands;        /* on a row that was not taken yet */
};

/* Takes the query; give it back with db_done(b->q). */
void beside_open(struct beside *b, struct db_query *q);
/* Whether it stands on a row of record `id`; ids only grow from call to call. */
bool beside_is_at(struct beside *b, int64_t id);
void beside_next(struct beside *b);

#endif
