#include "monitor/store/follow.h"

#include "monitor/model/reference.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/references.h"

#include <stdio.h>

struct following {
	struct store *s;
	int64_t review, keep, gone, now_ms;
};

static void run(struct following *f, const char *sql, int64_t a, int64_t b)
{
	struct db_query *q = db_query(store_db(f->s), sql);
	db_i64(q, a);
	db_i64(q, b);
	db_run(q);
}

static void tell(struct following *f, int64_t reference, const char *action, const char *note)
{
	const struct step event = {
		.at_ms = f->now_ms, .action = str_c(action), .note = str_c(note)};
	store_reference_event(f->s, reference, &event);
}

/* Whoever has taken it back has done so under either name; else what was reached holds. */
#define REACHED(p)                                                           \
	" CASE " p ".permission WHEN 'withdrawn' THEN 5 WHEN 'named' THEN 4" \
	" WHEN 'internal-only' THEN 3 WHEN 'asked' THEN 2 WHEN 'expired' THEN 1 ELSE 0 END"

/* Two references at one account. False: there are no more. */
static bool next_pair(struct following *f, int64_t *stays, int64_t *joins)
{
	struct db_query *q = db_query(store_db(f->s),
		"SELECT k.id, g.id," REACHED("g") " >" REACHED(
			"k") " FROM reference_candidates k JOIN reference_candidates g ON g.account ="
			     " k.account AND g.person = $2 AND g.joined IS NULL WHERE k.person = $1 AND"
			     " k.joined IS NULL LIMIT 1");
	db_i64(q, f->keep);
	db_i64(q, f->gone);
	bool found = db_step(q);
	if (found) {
		bool newer = db_col_i64(q, 2) != 0;
		*stays = db_col_i64(q, newer ? 1 : 0);
		*joins = db_col_i64(q, newer ? 0 : 1);
	}
	db_done(q);
	return found;
}

/* Once a record: what it was before anything was changed. */
#define NOTE(place, columns, from)                                                             \
	"INSERT INTO followed (review, place, record, person, reference) SELECT $1, '" place   \
	"', id, person, " columns " FROM " from " = $2 ON CONFLICT (review, place, record) DO" \
	" NOTHING"

/* What keeps one of the two from being asked keeps both; it ends by itself, also if they are two again. */
static void join(struct following *f, int64_t stays, int64_t joins)
{
	char note[60];
	run(f, NOTE("reference", "joined", "reference_candidates WHERE id"), f->review, joins);
	run(f, NOTE("statement", "reference", "statements WHERE reference"), f->review, joins);
	run(f, "UPDATE statements SET reference = $1 WHERE reference = $2", stays, joins);
	run(f,
		"UPDATE reference_candidates SET rest_until = (SELECT o.rest_until FROM"
		" reference_candidates o WHERE o.id = $2) WHERE id = $1 AND coalesce(rest_until, 0) <"
		" (SELECT o.rest_until FROM reference_candidates o WHERE o.id = $2)",
		stays, joins);
	run(f,
		"UPDATE reference_candidates SET (hold_reason, hold_until, held_by) = (SELECT"
		" o.hold_reason, o.hold_until, o.held_by FROM reference_candidates o WHERE o.id = $2)"
		" WHERE id = $1 AND coalesce(hold_until, 0) <"
		" (SELECT o.hold_until FROM reference_candidates o WHERE o.id = $2)",
		stays, joins);
	run(f, "UPDATE reference_candidates SET joined = $1, version = version + 1 WHERE id = $2",
		stays, joins);
	snprintf(note, sizeof(note), "ref_%lld, who is the same person", (long long)joins);
	tell(f, stays, "joined by", note);
	snprintf(note, sizeof(note), "into ref_%lld, who is the same person", (long long)stays);
	tell(f, joins, "joined", note);
}

/* Those that went along alone. */
static void tell_all(struct following *f, const char *action, const char *note)
{
	struct db_query *q = db_query(store_db(f->s),
		"INSERT INTO reference_events (reference, at_ms, action, note) SELECT record, $2, $3, $4"
		" FROM followed WHERE review = $1 AND place = 'reference'");
	db_i64(q, f->review);
	db_i64(q, f->now_ms);
	db_text_c(q, action);
	db_text_c(q, note);
	db_run(q);
}

void store_references_follow(
	struct store *s, int64_t review, int64_t keep, int64_t gone, int64_t now_ms)
{
	struct following f = {s, review, keep, gone, now_ms};
	int64_t stays, joins;
	run(&f, NOTE("reference", "joined", "reference_candidates WHERE person"), review, gone);
	tell_all(&f, "merged", "two records are one person");
	run(&f, NOTE("statement", "reference", "statements WHERE person"), review, gone);
	while (next_pair(&f, &stays, &joins)) {
		join(&f, stays, joins);
	}
	run(&f, "UPDATE reference_candidates SET person = $1, version = version + 1 WHERE person = $2",
		keep, gone);
	run(&f, "UPDATE statements SET person = $1 WHERE person = $2", keep, gone);
}

#define WAS(column, place)                                                                         \
	column " = (SELECT f." column " FROM followed f WHERE f.review = $1 AND f.place = '" place \
	       "' AND f.record = t.id)"
#define OF(place)                                                                                         \
	" WHERE person = $2 AND id IN (SELECT record FROM followed WHERE review = $1 AND place = '" place \
	"')"

void store_references_return(struct store *s, int64_t review, int64_t keep, int64_t now_ms)
{
	struct following f = {s, review, keep, 0, now_ms};
	tell_all(&f, "unmerged", "they are two people after all");
	run(&f,
		"UPDATE statements AS t SET " WAS("reference", "statement") ", " WAS(
			"person", "statement") OF("statement"),
		review, keep);
	/* Whose the other was goes first: of one person at one account one stands for itself. */
	run(&f,
		"UPDATE reference_candidates AS t SET " WAS(
			"person", "reference") ", version = version + 1" OF("reference"),
		review, keep);
	run(&f,
		"UPDATE reference_candidates AS t SET joined = (SELECT f.reference FROM followed f"
		" WHERE f.review = $1 AND f.place = 'reference' AND f.record = t.id) WHERE $2 = $2 AND"
		" EXISTS (SELECT 1 FROM followed f WHERE f.review = $1 AND f.place = 'reference' AND"
		" f.record = t.id AND f.person = t.person)",
		review, keep);
	run(&f, "DELETE FROM followed WHERE review = $1 AND $2 = $2", review, keep);
}

void store_references_of_both(
	struct store *s, int64_t keep, int64_t gone, struct arena *arena, int64_t **ids, size_t *n)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT id FROM reference_candidates WHERE person IN ($1, $2) AND joined IS NULL");
	db_i64(q, keep);
	db_i64(q, gone);
	*ids = NULL;
	*n = 0;
	while (db_step(q) &&
		(*ids = store_grow(db, arena, *ids, *n, &cap, sizeof(**ids))) != NULL) {
		(*ids)[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
}
