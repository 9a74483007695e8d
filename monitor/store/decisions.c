#include "monitor/store/decisions.h"

#include "monitor/store/driver.h"

void store_decisions_clear(struct store *s, int64_t lead)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM lead_decisions WHERE lead = $1");
	db_i64(q, lead);
	db_run(q);
}

void store_decision_add(struct store *s, int64_t lead, const struct decision *d)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO lead_decisions (lead, stage, cause, receiver, value, threshold, at_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_i64(q, lead);
	db_text(q, d->stage);
	db_text(q, d->cause);
	db_text(q, d->receiver);
	db_text(q, d->value);
	db_text(q, d->threshold);
	db_i64(q, d->at_ms);
	db_run(q);
}

int store_decision_list(struct store *s, int64_t lead, struct arena *arena, struct decision **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db, "SELECT stage, cause, receiver, value, threshold, at_ms"
					  " FROM lead_decisions WHERE lead = $1 ORDER BY id");
	db_i64(q, lead);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct decision *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the decisions");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct decision){db_col_copy(q, 0, arena),
			db_col_copy(q, 1, arena), db_col_copy(q, 2, arena),
			db_col_copy(q, 3, arena), db_col_copy(q, 4, arena), db_col_i64(q, 5)};
	}
	db_done(q);
	return db_check(db, err);
}

void store_lead_set_owner(struct store *s, int64_t lead, struct str owner)
{
	struct db_query *q = db_query(store_db(s), "UPDATE leads SET owner = $2 WHERE id = $1");
	db_i64(q, lead);
	db_text(q, owner);
	db_run(q);
}

int64_t store_alerts_made(struct store *s, struct str receiver, int64_t since_ms, int64_t until_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM outbox WHERE receiver = $1 AND created_ms > $2"
		" AND created_ms <= $3 AND kind = 'lead.raised' AND state <> 'withdrawn'");
	db_text(q, receiver);
	db_i64(q, since_ms);
	db_i64(q, until_ms);
	return db_run_i64(q, 0);
}

bool store_alert_has(struct store *s, int64_t lead, struct str receiver)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM outbox WHERE lead = $1 AND receiver = $2"
		" AND kind = 'lead.raised'");
	db_i64(q, lead);
	db_text(q, receiver);
	return db_run_i64(q, 0) > 0;
}

void store_overflow_add(
	struct store *s, int64_t lead, struct str receiver, int score, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO overflow (lead, receiver, score, at_ms) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (lead, receiver) DO NOTHING");
	db_i64(q, lead);
	db_text(q, receiver);
	db_i64(q, score);
	db_i64(q, now_ms);
	db_run(q);
}

/* What became more urgent while it waited was told by itself. */
#define NOT_TOLD                                                        \
	" AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.lead = o.lead" \
	" AND b.receiver = o.receiver AND b.kind = 'lead.raised')"

/* What is snoozed waits on. */
#define AWAKE " AND NOT EXISTS (SELECT 1 FROM leads l WHERE l.id = o.lead AND l.state = 'snoozed')"

int64_t store_overflow_first(struct store *s, struct str receiver)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT min(at_ms) FROM overflow o WHERE receiver = $1 AND told_ms IS NULL" AWAKE
			NOT_TOLD);
	db_text(q, receiver);
	return db_run_i64(q, 0);
}

int store_overflow_list(struct store *s, struct str receiver, size_t max, struct arena *arena,
	struct overflow_row **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT l.id, l.score, l.kind, l.title, l.subject_kind, l.subject_id, l.subject_name,"
		" o.at_ms"
		" FROM overflow o JOIN leads l ON l.id = o.lead WHERE o.receiver = $1"
		" AND o.told_ms IS NULL AND l.state = 'new'" NOT_TOLD
		" ORDER BY l.score DESC, l.id LIMIT $2");
	db_text(q, receiver);
	db_i64(q, (int64_t)max);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct overflow_row *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the leads over a budget");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct overflow_row){db_col_i64(q, 0), (int)db_col_i64(q, 1),
			db_col_copy(q, 2, arena), db_col_copy(q, 3, arena),
			{db_col_copy(q, 4, arena), db_col_copy(q, 5, arena),
				db_col_copy(q, 6, arena)},
			db_col_i64(q, 7)};
	}
	db_done(q);
	return db_check(db, err);
}

void store_kept_quiet(struct store *s, int64_t since_ms, int64_t *silenced, int64_t *inhibited)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(DISTINCT CASE WHEN d.stage = 'silence' THEN l.id END),"
		" count(DISTINCT CASE WHEN d.stage = 'inhibition' THEN l.id END)"
		" FROM lead_decisions d JOIN leads l ON l.id = d.lead"
		" WHERE d.receiver IS NULL AND d.stage IN ('silence','inhibition') AND d.at_ms > $1"
		" AND l.visibility = 'all'");
	db_i64(q, since_ms);
	*silenced = *inhibited = 0;
	if (db_step(q)) {
		*silenced = db_col_i64(q, 0);
		*inhibited = db_col_i64(q, 1);
	}
	db_done(q);
}

void store_overflow_told(struct store *s, struct str receiver, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE overflow AS o SET told_ms = $2 WHERE receiver = $1 AND told_ms IS NULL" AWAKE);
	db_text(q, receiver);
	db_i64(q, now_ms);
	db_run(q);
}
