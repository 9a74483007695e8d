#include "monitor/store/clocks.h"

#include "monitor/store/driver.h"
#include "monitor/store/undone.h"

#define CLAIM_STANDS " e.action = 'claim' AND" STEP_STANDS("lead_events", "lead", "e")

int store_clocks_each(struct store *s, int64_t since_ms, size_t newest,
	bool (*fn)(void *ctx, const struct lead_clocks *c), void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	bool more = true;
	/* Who has it, else who claimed it last and gave it back; and that one's first claim, and when it was given back
	 * last before that. A claim that was taken back is none. */
	struct db_query *q = db_query(db,
		"SELECT l.posted_ms, l.seen_ms, l.alerted_ms, l.claimed_ms, l.answered_ms,"
		" (SELECT o.name FROM signals g JOIN posts p ON p.id = g.post JOIN sources o ON"
		" o.id = p.source WHERE g.lead = l.id ORDER BY g.id LIMIT 1), l.rep, c.at_ms,"
		" (SELECT e.at_ms FROM lead_events e WHERE e.lead = l.id AND e.id < c.id AND"
		" e.action IN ('release', 'lapse') ORDER BY e.id DESC LIMIT 1)"
		" FROM (SELECT id, posted_ms, seen_ms, alerted_ms, claimed_ms, answered_ms,"
		" coalesce(claim_by, (SELECT e.actor FROM lead_events e WHERE e.lead = leads.id AND" CLAIM_STANDS
		" ORDER BY e.id DESC LIMIT 1)) AS rep"
		" FROM leads WHERE historic = 0 AND seen_ms >= $1 ORDER BY seen_ms DESC LIMIT $2) l"
		" LEFT JOIN lead_events c ON c.id = (SELECT min(e.id) FROM lead_events e"
		" WHERE e.lead = l.id AND e.actor = l.rep AND" CLAIM_STANDS ")"
		" ORDER BY l.seen_ms DESC");
	db_i64(q, since_ms);
	db_i64(q, newest < INT64_MAX ? (int64_t)newest : INT64_MAX);
	while (more && db_step(q)) {
		struct lead_clocks c = {
			.posted_ms = db_col_i64(q, 0),
			.seen_ms = db_col_i64(q, 1),
			.alerted_ms = db_col_i64(q, 2),
			.claimed_ms = db_col_i64(q, 3),
			.answered_ms = db_col_i64(q, 4),
			.source = db_col_text(q, 5),
			.rep = db_col_text(q, 6),
			.rep_claimed_ms = db_col_i64(q, 7),
			.rep_free_ms = db_col_i64(q, 8),
		};
		more = fn(ctx, &c);
	}
	db_done(q);
	return db_check(db, err);
}
