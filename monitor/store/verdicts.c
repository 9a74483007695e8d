#include "monitor/store/verdicts.h"

#include "monitor/store/driver.h"
#include "monitor/store/leads.h"

void store_verdict_add(struct store *s, const struct lead *lead, bool good, struct str reason,
	struct str actor, int64_t now_ms)
{
	struct step event = {.actor = actor,
		.action = good ? STR("relevant") : STR("not-relevant"),
		.note = reason};
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO verdicts (lead, rule, good, reason, actor, at_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6)");
	db_i64(q, lead->id);
	db_text(q, lead->rule);
	db_i64(q, good);
	db_text(q, reason);
	db_text(q, actor);
	db_i64(q, now_ms);
	db_run(q);
	store_lead_event(s, lead->id, now_ms, &event);
}

bool store_verdict_of(struct store *s, int64_t lead, bool *good, int64_t *at_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT good, at_ms FROM verdicts WHERE lead = $1 ORDER BY id DESC LIMIT 1");
	db_i64(q, lead);
	bool found = db_step(q);
	if (found) {
		*good = db_col_i64(q, 0) != 0;
		*at_ms = db_col_i64(q, 1);
	}
	db_done(q);
	return found;
}

int store_judged_each(struct store *s, bool (*fn)(void *ctx, const struct judged *j), void *ctx,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	bool more = true;
	/* Verdicts are few: they lead, or SQLite would read all signals for the sake of their order. */
	struct db_query *q = db_query(db,
		"SELECT l.id, v.good, l.score, l.score_max, l.flags, l.traits, l.posts, l.rule, g.rule,"
		" o.name, g.entities FROM verdicts v CROSS JOIN leads l CROSS JOIN signals g"
		" CROSS JOIN posts p CROSS JOIN sources o WHERE l.id = v.lead AND g.lead = l.id"
		" AND p.id = g.post AND o.id = p.source AND v.id ="
		" (SELECT max(w.id) FROM verdicts w WHERE w.lead = v.lead) ORDER BY l.id, g.id");
	while (more && db_step(q)) {
		struct judged j = {
			.lead = db_col_i64(q, 0),
			.good = db_col_i64(q, 1) != 0,
			.score = (int)db_col_i64(q, 2),
			.score_max = (int)db_col_i64(q, 3),
			.flags = (unsigned)db_col_i64(q, 4),
			.traits = (unsigned)db_col_i64(q, 5),
			.stories = db_col_i64(q, 6),
			.lead_rule = db_col_text(q, 7),
			.rule = db_col_text(q, 8),
			.source = db_col_text(q, 9),
			.entities = db_col_text(q, 10),
		};
		more = fn(ctx, &j);
	}
	db_done(q);
	return db_check(db, err);
}
