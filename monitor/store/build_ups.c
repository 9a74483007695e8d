#include "monitor/store/build_ups.h"

#include "monitor/store/driver.h"

void store_build_up_note(struct store *s, int64_t signal, int64_t account)
{
	struct db_query *q = db_query(store_db(s), "UPDATE signals SET account = $2 WHERE id = $1");
	db_i64(q, signal);
	db_i64(q, account);
	db_run(q);
}

size_t store_build_up_parts(struct store *s, int64_t account, struct str visibility,
	struct arena *arena, struct build_up_part *out)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT g.id, g.story, g.rule, g.kind, g.score, coalesce(p.published, p.seen_ms)"
		" FROM signals g JOIN posts p ON p.id = g.post"
		" WHERE g.account = $1 AND g.lead IS NULL AND g.gone_ms IS NULL"
		" AND g.visibility = $2 AND p.deleted_ms IS NULL ORDER BY g.id DESC LIMIT $3");
	db_i64(q, account);
	db_text(q, visibility);
	db_i64(q, BUILD_UP_PARTS_MAX);
	while (db_step(q)) {
		out[n++] = (struct build_up_part){
			.signal = db_col_i64(q, 0),
			.story = db_col_i64(q, 1),
			.rule = db_col_copy(q, 2, arena),
			.kind = db_col_copy(q, 3, arena),
			.score = (int)db_col_i64(q, 4),
			.said_ms = db_col_i64(q, 5),
		};
	}
	db_done(q);
	return n;
}

void store_build_up_take(struct store *s, int64_t signal, int64_t lead)
{
	struct db_query *q = db_query(store_db(s), "UPDATE signals SET lead = $2 WHERE id = $1");
	db_i64(q, signal);
	db_i64(q, lead);
	db_run(q);
}
