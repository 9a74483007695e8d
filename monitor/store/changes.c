#include "monitor/store/changes.h"

#include "monitor/store/driver.h"
#include "monitor/store/posts.h"

#include <stdio.h>

#define EVERYWHERE \
	"SELECT p.id FROM posts_at a JOIN posts p ON p.id = a.post WHERE p.deleted_ms IS NULL"

static void read_ids(
	struct db *db, struct db_query *q, struct arena *arena, int64_t **ids, size_t *n)
{
	size_t cap = 0;
	*ids = NULL;
	*n = 0;
	while (db_step(q)) {
		int64_t *grown = arena_grow(arena, *ids, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for what has changed");
			break;
		}
		*ids = grown;
		grown[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
}

void store_deleted_posts(struct store *s, int64_t source, struct str external_id,
	struct arena *arena, int64_t **ids, size_t *n)
{
	struct db *db = store_db(s);
	struct db_query *q;
	/* "0" follows "/", so what lies between begins with the id. */
	if (str_starts(external_id, STR("move:")) && str_ends(external_id, STR("/"))) {
		q = db_query(db, "SELECT id FROM posts WHERE source = $1 AND external_id > $2"
				 " AND external_id < rtrim($2, '/') || '0' AND deleted_ms IS NULL");
		db_i64(q, source);
		db_text(q, external_id);
	} else if (!post_is_everywhere(external_id)) {
		q = db_query(db, "SELECT id FROM posts WHERE source = $1 AND external_id = $2"
				 " AND deleted_ms IS NULL");
		db_i64(q, source);
		db_text(q, external_id);
	} else if (str_ends(external_id, STR("/"))) {
		q = db_query(db, EVERYWHERE " AND a.external_id > $1"
					    " AND a.external_id < rtrim($1, '/') || '0'");
		db_text(q, external_id);
	} else {
		q = db_query(db, EVERYWHERE " AND a.external_id = $1");
		db_text(q, external_id);
	}
	read_ids(db, q, arena, ids, n);
}

void store_sources_of_person(
	struct store *s, struct str key, struct arena *arena, int64_t **ids, size_t *n)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT id FROM sources WHERE EXISTS (SELECT 1 FROM profiles"
			     " WHERE source = sources.id AND key = $1)");
	db_text(q, key);
	read_ids(db, q, arena, ids, n);
}

size_t store_signals_doubt(struct store *s, int64_t post, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE signals SET gone_ms = $2, spans = NULL WHERE post = $1 AND gone_ms IS NULL");
	db_i64(q, post);
	db_i64(q, now_ms);
	return (size_t)db_run(q);
}

void store_leads_bereft(struct store *s, int64_t post, int64_t now_ms, struct arena *arena,
	int64_t **ids, size_t *n)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT DISTINCT g.lead FROM signals g JOIN posts p ON p.id = g.post"
			     " WHERE g.post = $1 AND g.lead IS NOT NULL"
			     " AND (p.deleted_ms IS NOT NULL OR g.gone_ms = $2)");
	db_i64(q, post);
	db_i64(q, now_ms);
	read_ids(db, q, arena, ids, n);
}

bool store_lead_stands(struct store *s, int64_t lead)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM signals g JOIN posts p ON p.id = g.post WHERE g.lead = $1"
		" AND g.historic = 0 AND g.gone_ms IS NULL AND p.deleted_ms IS NULL LIMIT 1");
	db_i64(q, lead);
	return db_run_i64(q, 0) != 0;
}

bool store_lead_changed(struct store *s, int64_t lead, int64_t since_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM signals g JOIN posts p ON p.id = g.post WHERE g.lead = $1"
		" AND (g.gone_ms IS NOT NULL OR p.deleted_ms IS NOT NULL"
		" OR (p.revisions > 0 AND p.seen_ms > $2)) LIMIT 1");
	db_i64(q, lead);
	db_i64(q, since_ms);
	return db_run_i64(q, 0) != 0;
}

enum lead_state store_lead_state(struct store *s, int64_t lead, int64_t now_ms)
{
	enum lead_state state = LEAD_NEW;
	struct db_query *q = db_query(store_db(s),
		"SELECT CASE WHEN state = 'claimed' AND claim_until <= $2 THEN 'new'"
		" WHEN state = 'snoozed' AND snooze_until <= $2 THEN 'new' ELSE state END"
		" FROM leads WHERE id = $1");
	db_i64(q, lead);
	db_i64(q, now_ms);
	if (db_step(q)) {
		lead_state_parse(db_col_text(q, 0), &state);
	}
	db_done(q);
	return state;
}

static struct hash128 first_content(struct db *db, int64_t post)
{
	struct hash128 h = {0, 0};
	struct db_query *q = db_query(db,
		"SELECT content_lo, content_hi FROM revisions WHERE post = $1 ORDER BY id LIMIT 1");
	db_i64(q, post);
	if (db_step(q)) {
		h = (struct hash128){
			.lo = (uint64_t)db_col_i64(q, 0), .hi = (uint64_t)db_col_i64(q, 1)};
	}
	db_done(q);
	return h;
}

int store_post_change(struct store *s, int64_t post, struct post_change *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT deleted_ms, seen_ms, revisions, content_lo,"
					  " content_hi FROM posts WHERE id = $1");
	*out = (struct post_change){0};
	db_i64(q, post);
	if (db_step(q)) {
		out->deleted_ms = db_col_i64(q, 0);
		out->edits = db_col_i64(q, 2);
		out->edited_ms = out->edits > 0 ? db_col_i64(q, 1) : 0;
		out->after = (struct hash128){
			.lo = (uint64_t)db_col_i64(q, 3), .hi = (uint64_t)db_col_i64(q, 4)};
	}
	db_done(q);
	if (out->edits > 0) {
		out->before = first_content(db, post);
	}
	return db_check(db, err);
}
