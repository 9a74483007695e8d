#include "monitor/store/favours.h"

#include "monitor/model/post.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"

bool favour_side(struct str side)
{
	return str_eq_c(side, "asked") || str_eq_c(side, "offered") || str_eq_c(side, "agreed");
}

int store_favour_add(struct store *s, const struct favour *f, int64_t *id, struct hark_err *err)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT count(*) FROM reference_candidates WHERE id = $1");
	db_i64(q, f->reference);
	if (db_run_i64(q, 0) == 0) {
		return hark_err_set(
			err, HARK_ENOENT, "there is no ref_%lld", (long long)f->reference);
	}
	q = db_query(store_db(s),
		"INSERT INTO reference_favours (reference, side, what, cents, currency, at_ms, until_ms,"
		" actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
	db_i64(q, f->reference);
	db_text(q, f->side);
	db_text(q, f->what);
	db_i64_unless(q, f->cents, COUNT_NONE);
	db_text(q, f->currency);
	db_i64(q, f->at_ms);
	db_i64_unless(q, f->until_ms, 0);
	db_text(q, f->actor);
	*id = db_run_id(q);
	return HARK_OK;
}

int store_favour_actor(
	struct store *s, int64_t id, struct arena *arena, struct str *actor, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT actor FROM reference_favours WHERE id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	*actor = found ? arena_str(arena, db_col_text(q, 0)) : STR_NONE;
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no entry %lld: `hark references values`", (long long)id)
		       : rc;
}

int store_favour_undo(
	struct store *s, int64_t id, struct str actor, int64_t now_ms, struct hark_err *err)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE reference_favours SET undone_ms = $2, undone_by = $3 WHERE id = $1"
		" AND undone_ms IS NULL");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_text(q, actor);
	if (db_run(q) > 0) {
		return HARK_OK;
	}
	q = db_query(store_db(s), "SELECT count(*) FROM reference_favours WHERE id = $1");
	db_i64(q, id);
	return db_run_i64(q, 0) > 0
		       ? hark_err_set(err, HARK_ESTATE, "entry %lld is taken back already",
				 (long long)id)
		       : hark_err_set(err, HARK_ENOENT,
				 "there is no entry %lld: `hark references values`", (long long)id);
}

int store_favour_list(struct store *s, const struct favour_filter *f, struct arena *arena,
	struct favour **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT v.id, v.reference, v.side, v.what, v.cents, v.currency, v.at_ms, v.until_ms, v.actor,"
		" v.undone_ms, v.undone_by, p.name, a.name FROM reference_favours v JOIN reference_candidates r"
		" ON r.id = v.reference JOIN people p ON p.id = r.person JOIN accounts a ON a.id = r.account"
		" WHERE ($1 = 0 OR v.reference = $1) AND ($2 = '' OR lower(a.name) = lower($2))"
		" AND ($3 = 1 OR v.undone_ms IS NULL) ORDER BY a.name, a.id, v.reference, v.at_ms, v.id");
	db_i64(q, f->reference);
	db_text_or_empty(q, f->account);
	db_i64(q, f->all);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = (struct favour){
			.id = db_col_i64(q, 0),
			.reference = db_col_i64(q, 1),
			.side = db_col_copy(q, 2, arena),
			.what = db_col_copy(q, 3, arena),
			.cents = db_col_i64_or(q, 4, COUNT_NONE),
			.currency = db_col_copy(q, 5, arena),
			.at_ms = db_col_i64(q, 6),
			.until_ms = db_col_i64(q, 7),
			.actor = db_col_copy(q, 8, arena),
			.undone_ms = db_col_i64(q, 9),
			.undone_by = db_col_copy(q, 10, arena),
			.person_name = db_col_copy(q, 11, arena),
			.account_name = db_col_copy(q, 12, arena),
		};
	}
	db_done(q);
	return db_check(db, err);
}
