#include "monitor/store/beside.h"

void beside_open(struct beside *b, struct db_query *q)
{
	*b = (struct beside){.q = q};
	b->stands = db_step(q);
}

bool beside_is_at(struct beside *b, int64_t id)
{
	while (b->stands && db_col_i64(b->q, 0) < id) {
		b->stands = db_step(b->q);
	}
	return b->stands && db_col_i64(b->q, 0) == id;
}

void beside_next(struct beside *b)
{
	b->stands = db_step(b->q);
}
