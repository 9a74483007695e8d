#include "monitor/store/silences.h"

#include "monitor/store/driver.h"

static void read_row(struct db_query *q, struct arena *arena, struct silence *out)
{
	*out = (struct silence){
		.id = db_col_i64(q, 0),
		.what = db_col_copy(q, 1, arena),
		.value = db_col_copy(q, 2, arena),
		.reason = db_col_copy(q, 3, arena),
		.actor = db_col_copy(q, 4, arena),
		.from_ms = db_col_i64(q, 5),
		.until_ms = db_col_i64(q, 6),
		.hits = db_col_i64(q, 7),
	};
}

int store_silence_list(struct store *s, int64_t now_ms, bool all, struct arena *arena,
	struct silence **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT id, what, value, reason, actor, from_ms, until_ms, hits FROM silences"
		" WHERE until_ms > $1 ORDER BY id");
	db_i64(q, all ? 0 : now_ms);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct silence *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the silences");
			break;
		}
		*out = grown;
		read_row(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}

int64_t store_silence_add(struct store *s, const struct silence *silence)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO silences (what, value, reason, actor, from_ms, until_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6)");
	db_text(q, silence->what);
	db_text(q, silence->value);
	db_text(q, silence->reason);
	db_text(q, silence->actor);
	db_i64(q, silence->from_ms);
	db_i64(q, silence->until_ms);
	return db_run_id(q);
}

int store_silence_end(struct store *s, int64_t id, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "UPDATE silences SET until_ms = $2 WHERE id = $1 AND until_ms > $2");
	db_i64(q, id);
	db_i64(q, now_ms);
	int64_t changed = db_run(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && changed == 0 ? hark_err_set(err, HARK_ENOENT,
						       "no silence %lld is in force", (long long)id)
					     : rc;
}

void store_silence_hit(struct store *s, int64_t id)
{
	struct db_query *q =
		db_query(store_db(s), "UPDATE silences SET hits = hits + 1 WHERE id = $1");
	db_i64(q, id);
	db_run(q);
}
