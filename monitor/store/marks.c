#include "monitor/store/marks.h"

int64_t mark_of(struct db *db, const char *name)
{
	struct db_query *q = db_query(db, "SELECT last FROM counters WHERE name = $1");
	db_text_c(q, name);
	return db_run_i64(q, 0);
}

void mark_move(struct db *db, const char *name, int64_t to)
{
	struct db_query *q = db_query(db, "INSERT INTO counters (name, last) VALUES ($1, $2)"
					  " ON CONFLICT (name) DO UPDATE SET last = excluded.last");
	db_text_c(q, name);
	db_i64(q, to);
	db_run(q);
}
