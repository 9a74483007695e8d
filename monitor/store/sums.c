#include "monitor/store/sums.h"

void sums_add_signal(struct db *db, int64_t created_ms, struct str kind, struct str visibility)
{
	struct db_query *q = db_query(db,
		"INSERT INTO signal_sums (slot, kind, visibility, n) VALUES ($1 / 900000, $2, $3, 1)"
		" ON CONFLICT (slot, kind, visibility) DO UPDATE SET n = signal_sums.n + 1");
	db_i64(q, created_ms);
	db_text(q, kind);
	db_text(q, visibility);
	db_run(q);
}

void sums_add_lead(struct db *db, int64_t created_ms, struct str visibility)
{
	struct db_query *q = db_query(db,
		"INSERT INTO lead_sums (slot, visibility, raised, alerted, claimed, answered, won, lost,"
		" dismissed) VALUES ($1 / 900000, $2, 1, 0, 0, 0, 0, 0, 0)"
		" ON CONFLICT (slot, visibility) DO UPDATE SET raised = lead_sums.raised + 1");
	db_i64(q, created_ms);
	db_text(q, visibility);
	db_run(q);
}
