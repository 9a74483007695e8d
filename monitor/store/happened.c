#include "monitor/store/happened.h"

#include "monitor/store/driver.h"

int64_t store_happened_last(struct store *s)
{
	return db_run_i64(db_query(store_db(s), "SELECT max(id) FROM lead_events"), 0);
}

static void read_row(struct db_query *q, struct arena *arena, struct happened *out)
{
	*out = (struct happened){
		.id = db_col_i64(q, 0),
		.lead = db_col_i64(q, 1),
		.at_ms = db_col_i64(q, 2),
		.action = db_col_copy(q, 3, arena),
		.actor = db_col_copy(q, 4, arena),
		.version = db_col_i64(q, 5),
		.score = (int)db_col_i64(q, 6),
		.kind = db_col_copy(q, 7, arena),
		.state = db_col_copy(q, 8, arena),
		.visibility = db_col_copy(q, 9, arena),
	};
}

int store_happened_after(struct store *s, int64_t after, size_t max, struct arena *arena,
	struct happened **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT e.id, e.lead, e.at_ms, e.action, e.actor, l.version, l.score, l.kind, l.state,"
		" l.visibility FROM lead_events e JOIN leads l ON l.id = e.lead"
		" WHERE e.id > $1 AND l.historic = 0 ORDER BY e.id LIMIT $2");
	db_i64(q, after);
	db_i64(q, (int64_t)max);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct happened *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for what happened");
			break;
		}
		*out = grown;
		read_row(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}
