#include "monitor/store/near_misses.h"

#include "monitor/store/driver.h"

int64_t store_near_sample_add(struct store *s, const struct near_sample *sample, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO near_samples (from_ms, until_ms, misses, found, made_ms)"
		" VALUES ($1, $2, $3, $4, $5)");
	db_i64(q, sample->from_ms);
	db_i64(q, sample->until_ms);
	db_i64(q, sample->misses);
	db_i64(q, sample->found);
	db_i64(q, now_ms);
	return db_run_id(q);
}

void store_near_add(struct store *s, int64_t sample, struct str rule, int64_t post)
{
	struct db_query *q = db_query(
		store_db(s), "INSERT INTO near_misses (sample, rule, post) VALUES ($1, $2, $3)");
	db_i64(q, sample);
	db_text(q, rule);
	db_i64(q, post);
	db_run(q);
}

int64_t store_near_found(struct store *s, int64_t from_ms, int64_t until_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM signals WHERE lead IS NOT NULL AND historic = 0"
		" AND created_ms > $1 AND created_ms <= $2");
	db_i64(q, from_ms);
	db_i64(q, until_ms);
	return db_run_i64(q, 0);
}

int store_near_last(struct store *s, struct near_sample *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT id, from_ms, until_ms, misses, found"
					  " FROM near_samples ORDER BY id DESC LIMIT 1");
	*out = (struct near_sample){0};
	if (db_step(q)) {
		*out = (struct near_sample){db_col_i64(q, 0), db_col_i64(q, 1), db_col_i64(q, 2),
			db_col_i64(q, 3), db_col_i64(q, 4)};
	}
	db_done(q);
	return db_check(db, err);
}

static void read_row(struct db_query *q, struct arena *arena, struct near_row *out)
{
	*out = (struct near_row){
		.id = db_col_i64(q, 0),
		.sample = db_col_i64(q, 1),
		.post = db_col_i64(q, 2),
		.rule = db_col_copy(q, 3, arena),
		.verdict = db_is_null(q, 4)        ? NEAR_OPEN
			   : db_col_i64(q, 4) != 0 ? NEAR_RELEVANT
						   : NEAR_NOT_RELEVANT,
		.reason = db_col_copy(q, 5, arena),
		.actor = db_col_copy(q, 6, arena),
		.judged_ms = db_col_i64(q, 7),
		.url = db_col_copy(q, 8, arena),
		.title = db_col_copy(q, 9, arena),
		.text = db_col_copy(q, 10, arena),
		.is_private = str_eq_c(db_col_text(q, 11), "private"),
	};
}

int store_near_list(struct store *s, int64_t sample, struct arena *arena, struct near_row **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT m.id, m.sample, m.post, m.rule, m.good, m.reason, m.actor, m.judged_ms, p.url,"
		" p.title, p.text, p.visibility FROM near_misses m JOIN posts p ON p.id = m.post WHERE m.sample = $1"
		" ORDER BY m.id");
	db_i64(q, sample);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct near_row *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the near misses");
			break;
		}
		*out = grown;
		read_row(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}

int store_near_judge(struct store *s, int64_t id, bool relevant, struct str reason,
	struct str actor, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "UPDATE near_misses SET good = $2, reason = $3, actor = $4,"
			     " judged_ms = $5 WHERE id = $1");
	db_i64(q, id);
	db_i64(q, relevant);
	db_text(q, reason);
	db_text(q, actor);
	db_i64(q, now_ms);
	int64_t changed = db_run(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && changed == 0
		       ? hark_err_set(err, HARK_ENOENT, "there is no near miss %lld", (long long)id)
		       : rc;
}

int store_near_totals(struct store *s, struct near_totals *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT count(*), sum(judged), sum(relevant), sum(misses), sum(found) FROM"
		" (SELECT s.misses, s.found, count(m.good) AS judged, sum(m.good) AS relevant"
		" FROM near_samples s JOIN near_misses m ON m.sample = s.id AND m.good IS NOT NULL"
		" GROUP BY s.id, s.misses, s.found) t");
	*out = (struct near_totals){0};
	if (db_step(q)) {
		*out = (struct near_totals){db_col_i64(q, 0), db_col_i64(q, 1), db_col_i64(q, 2),
			db_col_i64(q, 3), db_col_i64(q, 4)};
	}
	db_done(q);
	return db_check(db, err);
}
