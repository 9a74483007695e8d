#include "monitor/store/rates.h"

#include "monitor/store/driver.h"

void store_rates_save(struct store *s, const struct rate_fill *fills, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct db_query *q = db_query(store_db(s),
			"INSERT INTO rates (key, due_ms, burst_ms, pace_ms, held_ms)"
			" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO UPDATE SET"
			" due_ms = CASE WHEN excluded.due_ms > rates.due_ms THEN excluded.due_ms"
			" ELSE rates.due_ms END, burst_ms = excluded.burst_ms,"
			" pace_ms = excluded.pace_ms,"
			" held_ms = CASE WHEN excluded.held_ms > rates.held_ms THEN"
			" excluded.held_ms ELSE rates.held_ms END");
		db_i64(q, (int64_t)fills[i].key);
		db_i64(q, fills[i].due_ms);
		db_i64(q, fills[i].burst_ms);
		db_i64(q, fills[i].pace_ms);
		db_i64(q, fills[i].held_ms);
		db_run(q);
	}
}

void store_rates_purge(struct store *s, int64_t now_ms)
{
	struct db_query *q =
		db_query(store_db(s), "DELETE FROM rates WHERE due_ms < $1 AND held_ms < $1");
	db_i64(q, now_ms);
	db_run(q);
}

int store_rates_each(struct store *s, void (*fn)(void *ctx, const struct rate_fill *fill),
	void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT key, due_ms, burst_ms, pace_ms, held_ms FROM rates");
	while (db_step(q)) {
		const struct rate_fill fill = {.key = (uint64_t)db_col_i64(q, 0),
			.due_ms = db_col_i64(q, 1),
			.burst_ms = db_col_i64(q, 2),
			.pace_ms = db_col_i64(q, 3),
			.held_ms = db_col_i64(q, 4)};
		fn(ctx, &fill);
	}
	db_done(q);
	return db_check(db, err);
}
