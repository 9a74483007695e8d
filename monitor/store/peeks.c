#include "monitor/store/peeks.h"

#include "monitor/store/driver.h"
#include "monitor/store/grow.h"

int64_t store_peek_add(struct store *s, const struct peek *p)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO peeks (opportunity, deal, who, granted_by, granted_ms, until_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6)");
	db_i64_unless(q, p->opportunity, 0);
	db_text(q, p->deal);
	db_text(q, p->who);
	db_text(q, p->granted_by);
	db_i64(q, p->granted_ms);
	db_i64(q, p->until_ms);
	return db_run_id(q);
}

int store_peek_write(struct store *s, const struct peek *p, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE peeks SET told_ms = $3, revoked_ms = $4, revoked_by = $5, why = $6,"
		" version = version + 1 WHERE id = $1 AND version = $2");
	db_i64(q, p->id);
	db_i64(q, p->version);
	db_i64_unless(q, p->told_ms, 0);
	db_i64_unless(q, p->revoked_ms, 0);
	db_text(q, p->revoked_by);
	db_text(q, p->why);
	bool lost = db_run(q) == 0;
	int rc = db_check(db, err);
	return rc == HARK_OK && lost ? hark_err_set(err, HARK_EAGAIN,
					       "peek_%lld was changed by somebody else just now",
					       (long long)p->id)
				     : rc;
}

#define PEEK                                                                            \
	"SELECT p.id, p.opportunity, p.who, p.deal, coalesce(a.name, o.account_name),"  \
	" o.owner, p.granted_by, p.granted_ms, p.until_ms, p.told_ms, p.revoked_ms,"    \
	" p.revoked_by, p.why, CASE WHEN o.state = 'lost' THEN 1 ELSE 0 END, p.version" \
	" FROM peeks p LEFT JOIN opportunities o ON o.id = p.opportunity LEFT JOIN"     \
	" accounts a ON a.id = o.account "

static void read_peek(struct db_query *q, struct arena *arena, struct peek *p)
{
	*p = (struct peek){
		.id = db_col_i64(q, 0),
		.opportunity = db_col_i64(q, 1),
		.who = db_col_copy(q, 2, arena),
		.deal = db_col_copy(q, 3, arena),
		.account_name = db_col_copy(q, 4, arena),
		.owner = db_col_copy(q, 5, arena),
		.granted_by = db_col_copy(q, 6, arena),
		.granted_ms = db_col_i64(q, 7),
		.until_ms = db_col_i64(q, 8),
		.told_ms = db_col_i64(q, 9),
		.revoked_ms = db_col_i64(q, 10),
		.revoked_by = db_col_copy(q, 11, arena),
		.why = db_col_copy(q, 12, arena),
		.lost = db_col_i64(q, 13) != 0,
		.version = db_col_i64(q, 14),
	};
}

int store_peek_load(
	struct store *s, int64_t id, struct arena *arena, struct peek *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, PEEK "WHERE p.id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		read_peek(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no peek_%lld", (long long)id)
		       : rc;
}

int64_t store_peek_of(struct store *s, struct str who, int64_t opportunity)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT max(id) FROM peeks WHERE lower(who) = lower($1) AND opportunity = $2"
		" AND revoked_ms IS NULL");
	db_text(q, who);
	db_i64(q, opportunity);
	return db_run_i64(q, 0);
}

void store_peek_event(struct store *s, int64_t id, const struct peek_event *e)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO peek_events (peek, at_ms, actor, action, note) VALUES ($1, $2, $3, $4, $5)");
	db_i64(q, id);
	db_i64(q, e->at_ms);
	db_text(q, e->actor);
	db_text(q, e->action);
	db_text(q, e->note);
	db_run(q);
}

bool store_peek_last(struct store *s, int64_t id, struct arena *arena, struct peek_event *out)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT at_ms, actor, action, note FROM peek_events WHERE peek = $1 AND actor IS NOT NULL"
		" AND action NOT LIKE 'refused: %' ORDER BY id DESC LIMIT 1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		*out = (struct peek_event){.at_ms = db_col_i64(q, 0),
			.actor = db_col_copy(q, 1, arena),
			.action = db_col_copy(q, 2, arena),
			.note = db_col_copy(q, 3, arena)};
	}
	db_done(q);
	return found;
}

int store_peeks(struct store *s, const struct peek_filter *f, struct arena *arena,
	struct peek **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db, PEEK
		"WHERE ($1 = 1 OR p.revoked_ms IS NULL) AND ($2 = 0 OR (p.revoked_ms IS NULL AND"
		" (o.state = 'lost' OR p.until_ms <= $4))) AND ($3 = 0 OR p.told_ms IS NULL)"
		" ORDER BY p.until_ms, p.id");
	db_i64(q, f->all);
	db_i64(q, f->due);
	db_i64(q, f->untold);
	db_i64(q, f->now_ms);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		read_peek(q, arena, &(*out)[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}
