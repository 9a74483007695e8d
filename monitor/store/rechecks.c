#include "monitor/store/rechecks.h"

#include "monitor/store/driver.h"
#include "monitor/store/marks.h"

#define MARK "rechecks-until"

static int64_t signals_until(struct db *db, size_t max, int64_t *from)
{
	*from = mark_of(db, MARK);
	int64_t last = db_run_i64(db_query(db, "SELECT coalesce(max(id), 0) FROM signals"), 0);
	return last - *from > (int64_t)max ? *from + (int64_t)max : last;
}

/* NULL: no memory, and the transaction knows. */
static struct recheck_row *add_row(
	struct db *db, struct arena *arena, struct recheck_row **rows, size_t *n, size_t *cap)
{
	struct recheck_row *grown = arena_grow(arena, *rows, *n, cap, sizeof(*grown));
	if (grown == NULL) {
		db_fail(db, HARK_ENOMEM, "no memory for links to look at again");
		return NULL;
	}
	*rows = grown;
	grown[*n] = (struct recheck_row){0};
	return &grown[(*n)++];
}

void store_rechecks_new(
	struct store *s, size_t max, struct arena *arena, struct recheck_row **rows, size_t *n)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	int64_t from, until = signals_until(db, max, &from);
	*rows = NULL;
	*n = 0;
	if (until <= from) {
		return;
	}
	/* In this order: what was there before anybody looked needs no post. */
	struct db_query *q = db_query(db,
		"SELECT DISTINCT p.id, p.url, p.seen_ms FROM signals g CROSS JOIN leads l"
		" CROSS JOIN posts p WHERE l.id = g.lead AND p.id = g.post AND g.id > $1 AND g.id <= $2"
		" AND l.historic = 0"
		" AND p.deleted_ms IS NULL AND p.visibility = 'public' AND p.url IS NOT NULL");
	db_i64(q, from);
	db_i64(q, until);
	while (db_step(q)) {
		struct recheck_row *row = add_row(db, arena, rows, n, &cap);
		if (row == NULL) {
			break;
		}
		row->post = db_col_i64(q, 0);
		row->url = arena_str(arena, db_col_text(q, 1));
		row->seen_ms = db_col_i64(q, 2);
	}
	db_done(q);
	mark_move(db, MARK, until);
}

void store_recheck_add(struct store *s, int64_t post, struct str origin, int64_t due_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO rechecks (post, origin, due_ms, gone_ms) VALUES ($1, $2, $3, 0)"
		" ON CONFLICT (post) DO NOTHING");
	db_i64(q, post);
	db_text(q, origin);
	db_i64(q, due_ms);
	db_run(q);
}

/* The first that is due at a site. */
static void read_site(struct db *db, struct recheck_row *row, int64_t now_ms, int64_t robots_ms,
	struct arena *arena)
{
	struct db_query *q = db_query(db,
		"SELECT r.post, p.url, p.seen_ms, s.name, s.url, r.gone_ms, t.text,"
		" CASE WHEN p.deleted_ms IS NULL AND p.purged_ms IS NULL AND EXISTS"
		" (SELECT 1 FROM signals g JOIN leads l ON l.id = g.lead WHERE g.post = p.id"
		" AND l.state IN ('new','claimed','answered','snoozed')) THEN 1 ELSE 0 END,"
		" s.paused, (SELECT max(o.retry_ms) FROM sources o WHERE o.id = s.id"
		" OR substr(o.url || '/', 1, length(r.origin) + 1) = r.origin || '/'),"
		" r.etag, r.last_modified"
		" FROM rechecks r JOIN posts p ON p.id = r.post JOIN sources s ON s.id = p.source"
		" LEFT JOIN robots t ON t.origin = r.origin AND t.read_ms > $3"
		" WHERE r.origin = $1 AND r.due_ms <= $2 ORDER BY r.due_ms, r.post LIMIT 1");
	db_text(q, row->origin);
	db_i64(q, now_ms);
	db_i64(q, robots_ms);
	if (db_step(q)) {
		row->post = db_col_i64(q, 0);
		row->url = arena_str(arena, db_col_text(q, 1));
		row->seen_ms = db_col_i64(q, 2);
		row->source = arena_str(arena, db_col_text(q, 3));
		row->asked = arena_str(arena, db_col_text(q, 4));
		row->gone_ms = db_col_i64(q, 5);
		row->robots = arena_str(arena, db_col_text(q, 6));
		row->is_needed = db_col_i64(q, 7) != 0;
		row->is_paused = db_col_i64(q, 8) != 0;
		row->retry_ms = db_col_i64(q, 9);
		row->etag = arena_str(arena, db_col_text(q, 10));
		row->last_modified = arena_str(arena, db_col_text(q, 11));
	}
	db_done(q);
}

void store_rechecks_due(struct store *s, int64_t now_ms, int64_t robots_ms, size_t max,
	struct arena *arena, struct recheck_row **rows, size_t *n)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	*rows = NULL;
	*n = 0;
	/* The + keeps SQLite from reading all links in the order of their sites. */
	struct db_query *q = db_query(db, "SELECT origin FROM rechecks WHERE due_ms <= $1"
					  " GROUP BY +origin ORDER BY min(due_ms), origin LIMIT $2");
	db_i64(q, now_ms);
	db_i64(q, (int64_t)max);
	while (db_step(q)) {
		struct recheck_row *row = add_row(db, arena, rows, n, &cap);
		if (row == NULL) {
			break;
		}
		row->origin = arena_str(arena, db_col_text(q, 0));
	}
	db_done(q);
	for (size_t i = 0; i < *n; i++) {
		read_site(db, &(*rows)[i], now_ms, robots_ms, arena);
	}
}

void store_recheck_later(struct store *s, int64_t post, int64_t due_ms, int64_t gone_ms)
{
	struct db_query *q = db_query(
		store_db(s), "UPDATE rechecks SET due_ms = $2, gone_ms = $3 WHERE post = $1");
	db_i64(q, post);
	db_i64(q, due_ms);
	db_i64(q, gone_ms);
	db_run(q);
}

void store_recheck_validators(
	struct store *s, int64_t post, struct str etag, struct str last_modified)
{
	struct db_query *q = db_query(
		store_db(s), "UPDATE rechecks SET etag = $2, last_modified = $3 WHERE post = $1");
	db_i64(q, post);
	db_text(q, etag);
	db_text(q, last_modified);
	db_run(q);
}

void store_recheck_over(struct store *s, int64_t post)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM rechecks WHERE post = $1");
	db_i64(q, post);
	db_run(q);
}

void store_rechecks_hold(struct store *s, struct str source, int64_t until_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE rechecks SET due_ms = $2 WHERE due_ms < $2 AND (SELECT p.source FROM posts p"
		" WHERE p.id = rechecks.post) = (SELECT id FROM sources WHERE name = $1)");
	db_text(q, source);
	db_i64(q, until_ms);
	db_run(q);
}

int64_t store_rechecks_count(struct store *s, struct str source, int64_t *next_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*), min(r.due_ms) FROM rechecks r JOIN posts p ON p.id = r.post"
		" JOIN sources s ON s.id = p.source WHERE s.name = $1");
	int64_t n = 0;
	*next_ms = 0;
	db_text(q, source);
	while (db_step(q)) {
		n = db_col_i64(q, 0);
		*next_ms = n > 0 ? db_col_i64(q, 1) : 0;
	}
	return n;
}

void store_rechecks_rest(struct store *s, struct str origin, int64_t until_ms)
{
	struct db_query *q = db_query(
		store_db(s), "UPDATE rechecks SET due_ms = $2 WHERE origin = $1 AND due_ms < $2");
	db_text(q, origin);
	db_i64(q, until_ms);
	db_run(q);
}

void store_robots_save(struct store *s, struct str origin, struct str text, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO robots (origin, read_ms, text) VALUES ($1, $2, $3) ON CONFLICT (origin)"
		" DO UPDATE SET read_ms = excluded.read_ms, text = excluded.text");
	db_text(q, origin);
	db_i64(q, now_ms);
	db_text_or_empty(q, text);
	db_run(q);
}

void store_robots_purge(struct store *s, int64_t before_ms)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM robots WHERE read_ms < $1");
	db_i64(q, before_ms);
	db_run(q);
}
