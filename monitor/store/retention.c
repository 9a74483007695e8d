#include "monitor/store/retention.h"

#include "monitor/store/driver.h"
#include "monitor/store/key_rows.h"
#include "monitor/store/marks.h"
#include "monitor/store/outbox_digest.h"
#include "monitor/store/signals.h"
#include "monitor/store/unplaced.h"
#include "monitor/store/words.h"

#define LOOK_MAX 1000000
#define WAIT_MS INT64_C(3600000)
#define SOON_MS INT64_C(30000)
#define FAILED_DOUBLES 4 /* 8 minutes at most */
#define MARK_UNMATCHED "unmatched-until"
#define MARK_MATCHED "matched-until"

/* One retention_turn(). */
struct turn {
	struct store *s;
	struct db *db;
	struct arena arena;
	int64_t now_ms;
	size_t max;
	struct retention_counts *out;
};

/* Rows of a list that is read to its end before anything is changed. */
struct ids {
	int64_t *v;
	size_t n, cap;
};

static bool ids_add(struct turn *t, struct ids *ids, int64_t id)
{
	int64_t *v = arena_grow(&t->arena, ids->v, ids->n, &ids->cap, sizeof(*v));
	if (v == NULL) {
		db_fail(t->db, HARK_ENOMEM, "no memory for what is to be forgotten");
		return false;
	}
	ids->v = v;
	ids->v[ids->n++] = id;
	return true;
}

static int64_t run(struct turn *t, const char *sql, int64_t id)
{
	struct db_query *q = db_query(t->db, sql);
	db_i64(q, id);
	return db_run(q);
}

/* Empties a post, unless a lead still needs it: as evidence, or as the body of a copy that is. */
static void forget_post(struct turn *t, int64_t id)
{
	store_words_leave_post(t->s, id);
	struct db_query *q = db_query(t->db,
		"UPDATE posts SET title = NULL, text = NULL, quoted = NULL, detail = NULL,"
		" original = NULL, purged_ms = $2 WHERE id = $1 AND purged_ms IS NULL AND NOT EXISTS"
		" (SELECT 1 FROM signals WHERE post = $1 AND lead IS NOT NULL) AND NOT EXISTS"
		" (SELECT 1 FROM signals WHERE " SIGNALS_OF_STORY("$1") " AND lead IS NOT NULL)");
	db_i64(q, id);
	db_i64(q, t->now_ms);
	if (db_run(q) > 0) {
		t->out->posts++;
		key_rows_drop_parts(t->s, id);
		run(t, "UPDATE revisions SET title = NULL, text = NULL WHERE post = $1", id);
		run(t, "DELETE FROM posts_edited WHERE post = $1", id);
		store_unplaced_drop(t->s, id);
	}
}

/* What is left of a signal says that its story has raised its rule, and about nobody. */
#define FORGET_SIGNALS                                                                 \
	"UPDATE signals SET lead = NULL, subject_kind = NULL, subject_id = NULL,"      \
	" subject_name = NULL, title = NULL, owner = NULL, emit = NULL, spans = NULL," \
	" entities = NULL, classify = NULL, explain = NULL, lead_key = 'purged:' || id WHERE "

/* --- posts --- */

/* Signals too weak for a lead go with their posts. */
static void forget_all(struct turn *t, const struct ids *ids, bool matched)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (matched) {
			run(t, FORGET_SIGNALS "post = $1 AND lead IS NULL", ids->v[i]);
		}
		forget_post(t, ids->v[i]);
	}
}

/* Empties the posts behind the mark that arrived before `before_ms`: those that matched, or those that
 * did not and were not edited since. */
static void forget_arrived(struct turn *t, const char *mark, bool matched, int64_t before_ms)
{
	int64_t last = mark_of(t->db, mark), from = last;
	struct ids ids = {0};
	size_t seen = 0;
	struct db_query *q = db_query(t->db, "SELECT id, received_ms, matched, revisions FROM posts"
					     " WHERE id > $1 ORDER BY id LIMIT $2");
	db_i64(q, from);
	db_i64(q, (int64_t)t->max);
	while (db_step(q) && db_col_i64(q, 1) <= before_ms) {
		last = db_col_i64(q, 0);
		seen++;
		if ((db_col_i64(q, 2) != 0) == matched && (matched || db_col_i64(q, 3) == 0) &&
			!ids_add(t, &ids, last)) {
			break;
		}
	}
	db_done(q);
	forget_all(t, &ids, matched);
	if (last > from) {
		mark_move(t->db, mark, last);
	}
	t->out->more = t->out->more || seen == t->max;
}

/* Those the marks have passed, because what they say is younger than their arrival. What a lead needs is
 * left to the end of the lead. */
static void forget_edited(struct turn *t, bool matched, int64_t before_ms)
{
	struct ids ids = {0};
	struct db_query *q = db_query(t->db,
		"SELECT p.id FROM posts_edited e JOIN posts p ON p.id = e.post"
		" WHERE e.seen_ms <= $1 AND p.matched = $2 AND NOT EXISTS (SELECT 1 FROM signals g"
		" WHERE (g.post = p.id OR g.story = p.id) AND g.lead IS NOT NULL) LIMIT $3");
	db_i64(q, before_ms);
	db_i64(q, matched);
	db_i64(q, (int64_t)t->max);
	while (db_step(q) && ids_add(t, &ids, db_col_i64(q, 0))) {
	}
	db_done(q);
	forget_all(t, &ids, matched);
	t->out->more = t->out->more || ids.n == t->max;
}

/* --- leads --- */

/* The posts that are a lead's evidence, and those whose body stands for them. */
static struct ids evidence_of(struct turn *t, int64_t lead)
{
	struct ids ids = {0};
	struct db_query *q = db_query(t->db, "SELECT post FROM signals WHERE lead = $1"
					     " UNION SELECT story FROM signals WHERE lead = $1");
	db_i64(q, lead);
	while (db_step(q) && ids_add(t, &ids, db_col_i64(q, 0))) {
	}
	db_done(q);
	return ids;
}

/* Its events, slot and alerts go with it. */
static void forget_lead(struct turn *t, int64_t id)
{
	struct ids posts = evidence_of(t, id);
	run(t, FORGET_SIGNALS "lead = $1", id);
	for (size_t i = 0; i < posts.n; i++) {
		forget_post(t, posts.v[i]);
	}
	outbox_forget_lead(t->db, id);
	t->out->leads += (size_t)run(t, "DELETE FROM leads WHERE id = $1", id);
}

void retention_forget_lead(struct store *s, int64_t id, int64_t now_ms)
{
	struct retention_counts counts = {0};
	struct turn t = {.s = s, .db = store_db(s), .now_ms = now_ms, .out = &counts};
	arena_init(&t.arena, 0);
	forget_lead(&t, id);
	arena_release(&t.arena);
}

void retention_forget_signals(struct store *s, int64_t post)
{
	struct turn t = {.s = s, .db = store_db(s)};
	run(&t, FORGET_SIGNALS "post = $1", post);
}

static void forget_leads(struct turn *t, int64_t before_ms)
{
	struct ids ids = {0};
	size_t seen = 0;
	struct db_query *q =
		db_query(t->db, "SELECT id, created_ms FROM leads ORDER BY id LIMIT $1");
	db_i64(q, (int64_t)t->max);
	while (db_step(q) && db_col_i64(q, 1) <= before_ms && ids_add(t, &ids, db_col_i64(q, 0))) {
		seen++;
	}
	db_done(q);
	for (size_t i = 0; i < ids.n; i++) {
		forget_lead(t, ids.v[i]);
	}
	t->out->more = t->out->more || seen == t->max;
}

/* In the order they came, so that the turn ends at the first that is young. */
static void forget_profiles(struct turn *t, int64_t before_ms)
{
	struct ids ids = {0};
	struct db_query *q =
		db_query(t->db, "SELECT id, seen_ms FROM profiles ORDER BY id LIMIT $1");
	db_i64(q, (int64_t)t->max);
	while (db_step(q) && db_col_i64(q, 1) <= before_ms && ids_add(t, &ids, db_col_i64(q, 0))) {
	}
	db_done(q);
	for (size_t i = 0; i < ids.n; i++) {
		run(t, "DELETE FROM profiles WHERE id = $1", ids.v[i]);
	}
	t->out->more = t->out->more || ids.n == t->max;
}

/* What was told of people nobody knows is kept no longer than the posts that told it. */
static void forget_strangers(struct turn *t, int64_t before_ms)
{
	struct db_query *q = db_query(t->db,
		"DELETE FROM moves WHERE id IN (SELECT id FROM moves WHERE person IS NULL AND seen_ms <= $1"
		" ORDER BY seen_ms LIMIT $2)");
	db_i64(q, before_ms);
	db_i64(q, (int64_t)t->max);
	t->out->more = db_run(q) == (int64_t)t->max || t->out->more;
}

int retention_turn(struct store *s, const struct retention *r, int64_t now_ms, size_t max,
	struct retention_counts *out, struct hark_err *err)
{
	struct turn t = {.s = s, .db = store_db(s), .now_ms = now_ms, .max = max, .out = out};
	out->more = false;
	arena_init(&t.arena, 0);
	if (r->leads_ms > 0) { /* first: what they let go of is matched */
		forget_leads(&t, now_ms - r->leads_ms);
		forget_profiles(&t, now_ms - r->leads_ms);
		forget_arrived(&t, MARK_MATCHED, true, now_ms - r->leads_ms);
		forget_edited(&t, true, now_ms - r->leads_ms);
	}
	if (r->unmatched_ms > 0) {
		forget_arrived(&t, MARK_UNMATCHED, false, now_ms - r->unmatched_ms);
		forget_edited(&t, false, now_ms - r->unmatched_ms);
		forget_strangers(&t, now_ms - r->unmatched_ms);
	}
	arena_release(&t.arena);
	return db_check(t.db, err);
}

int64_t retention_wait_ms(bool more, int failures)
{
	if (failures > 0) {
		int doubles = failures - 1 < FAILED_DOUBLES ? failures - 1 : FAILED_DOUBLES;
		return SOON_MS << doubles;
	}
	return more ? SOON_MS : WAIT_MS;
}

int retention_all(struct store *s, const struct retention *r, int64_t now_ms,
	struct retention_counts *out, struct hark_err *err)
{
	int rc;
	do {
		rc = retention_turn(s, r, now_ms, LOOK_MAX, out, err);
	} while (rc == HARK_OK && out->more);
	return rc;
}
