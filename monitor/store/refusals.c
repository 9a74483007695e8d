#include "monitor/store/refusals.h"

#include "monitor/store/driver.h"

void store_refusals_add(struct store *s, struct str source, const struct refusals *more)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO refusals (source, n, last_ms) VALUES ($1, $2, $3)"
		" ON CONFLICT (source) DO UPDATE SET n = refusals.n + excluded.n, last_ms = "
		"excluded.last_ms");
	db_text(q, source);
	db_i64(q, more->n);
	db_i64(q, more->last_ms);
	db_run(q);
}

int store_refusals_load(
	struct store *s, struct str source, struct refusals *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT n, last_ms FROM refusals WHERE source = $1");
	*out = (struct refusals){0};
	db_text(q, source);
	if (db_step(q)) {
		*out = (struct refusals){db_col_i64(q, 0), db_col_i64(q, 1)};
	}
	db_done(q);
	return db_check(db, err);
}
