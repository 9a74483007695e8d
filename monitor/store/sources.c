#include "monitor/store/sources.h"

#include "monitor/store/driver.h"

#define COLUMNS                                                                                       \
	"url, etag, last_modified, (SELECT c.cursor FROM source_cursors c WHERE c.source ="           \
	" sources.name) AS cursor, body_lo, body_hi, seen, polled_ms, changed_ms, due_ms,"            \
	" interval_ms, ttl_ms, failures, error, error_ms, degraded, moved_to, moved_count,"           \
	" moved_since_ms, baseline_done, posts_total, polls_total, paused, place, heard_ms,"          \
	" opted_out, (SELECT h.habits FROM source_habits h WHERE h.source = sources.name) AS habits," \
	" alarms, hub, topic, progress, plain_due_ms, retry_ms, spent_day, spent, noted"
#define COLUMNS_N 36

/* The columns of COLUMNS, borrowed. */
static void read_row(struct db_query *q, struct source_state *out)
{
	*out = (struct source_state){
		.url = db_col_text(q, 0),
		.etag = db_col_text(q, 1),
		.last_modified = db_col_text(q, 2),
		.cursor = db_col_text(q, 3),
		.body_hash = {.lo = (uint64_t)db_col_i64(q, 4), .hi = (uint64_t)db_col_i64(q, 5)},
		.seen = db_col_blob(q, 6),
		.polled_ms = db_col_i64(q, 7),
		.changed_ms = db_col_i64(q, 8),
		.due_ms = db_col_i64(q, 9),
		.interval_ms = db_col_i64(q, 10),
		.ttl_ms = db_col_i64(q, 11),
		.failures = (int)db_col_i64(q, 12),
		.error = db_col_text(q, 13),
		.error_ms = db_col_i64(q, 14),
		.degraded = db_col_text(q, 15),
		.moved_to = db_col_text(q, 16),
		.moved_count = (int)db_col_i64(q, 17),
		.moved_since_ms = db_col_i64(q, 18),
		.baseline_done = db_col_i64(q, 19) != 0,
		.posts_total = db_col_i64(q, 20),
		.polls_total = db_col_i64(q, 21),
		.paused = db_col_i64(q, 22) != 0,
		.place = (uint64_t)db_col_i64(q, 23),
		.heard_ms = db_col_i64(q, 24),
		.opted_out_total = db_col_i64(q, 25),
		.habits = db_col_blob(q, 26),
		.alarms = (int)db_col_i64(q, 27),
		.progress = db_col_text(q, 30),
		.hub = db_col_text(q, 28),
		.topic = db_col_text(q, 29),
		.plain_due_ms = db_col_i64(q, 31),
		.retry_ms = db_col_i64(q, 32),
		.spent_day = db_col_i64(q, 33),
		.spent = db_col_i64(q, 34),
		.noted = db_col_text(q, 35),
	};
}

static void copy_strings(struct db_query *q, struct arena *arena, struct source_state *out)
{
	out->url = db_col_copy(q, 0, arena);
	out->etag = db_col_copy(q, 1, arena);
	out->last_modified = db_col_copy(q, 2, arena);
	out->cursor = db_col_copy(q, 3, arena);
	out->seen = db_col_blob_copy(q, 6, arena);
	out->error = db_col_copy(q, 13, arena);
	out->degraded = db_col_copy(q, 15, arena);
	out->moved_to = db_col_copy(q, 16, arena);
	out->habits = db_col_blob_copy(q, 26, arena);
	out->progress = db_col_copy(q, 30, arena);
	out->hub = db_col_copy(q, 28, arena);
	out->topic = db_col_copy(q, 29, arena);
	out->noted = db_col_copy(q, 35, arena);
}

int store_source_load(struct store *s, struct str name, struct arena *arena,
	struct source_state *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS " FROM sources WHERE name = $1");
	db_text(q, name);
	bool found = db_step(q);
	if (found) {
		read_row(q, out);
		copy_strings(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	if (rc == HARK_OK && !found) {
		return hark_err_set(
			err, HARK_ENOENT, "source '%.*s' has never been polled", STR_FMT(name));
	}
	return rc;
}

/* False: there is no row of that name yet. */
static bool update_row(struct db *db, struct str name, const struct source_state *state)
{
	struct db_query *q = db_query(db,
		"UPDATE sources SET url = $2, etag = $3, last_modified = $4, body_lo = "
		"$5, body_hi = $6, seen = $7, polled_ms = $8, changed_ms = $9, due_ms = $10,"
		" interval_ms = $11, ttl_ms = $12, failures = $13, error = $14, error_ms = $15,"
		" degraded = $16, moved_to = $17, moved_count = $18, moved_since_ms = $19,"
		" baseline_done = $20, posts_total = $21, polls_total = $22, place = $23,"
		" heard_ms = $24, opted_out = $25, alarms = $26, hub = $27, topic = $28,"
		" progress = $29, plain_due_ms = $30, retry_ms = $31, spent_day = $32, spent = $33,"
		" noted = $34, first_ms = coalesce(first_ms, CASE WHEN $21 > 0 THEN nullif($24, 0) END)"
		" WHERE name = $1");
	db_text(q, name);
	db_text(q, state->url);
	db_text(q, state->etag);
	db_text(q, state->last_modified);
	db_i64(q, (int64_t)state->body_hash.lo);
	db_i64(q, (int64_t)state->body_hash.hi);
	db_blob(q, state->seen);
	db_i64(q, state->polled_ms);
	db_i64(q, state->changed_ms);
	db_i64(q, state->due_ms);
	db_i64(q, state->interval_ms);
	db_i64(q, state->ttl_ms);
	db_i64(q, state->failures);
	db_text(q, state->error);
	db_i64(q, state->error_ms);
	db_text(q, state->degraded);
	db_text(q, state->moved_to);
	db_i64(q, state->moved_count);
	db_i64(q, state->moved_since_ms);
	db_i64(q, state->baseline_done);
	db_i64(q, state->posts_total);
	db_i64(q, state->polls_total);
	db_i64(q, (int64_t)state->place);
	db_i64(q, state->heard_ms);
	db_i64(q, state->opted_out_total);
	db_i64(q, state->alarms);
	db_text(q, state->hub);
	db_text(q, state->topic);
	db_text(q, state->progress);
	db_i64(q, state->plain_due_ms);
	db_i64(q, state->retry_ms);
	db_i64(q, state->spent_day);
	db_i64(q, state->spent);
	db_text(q, state->noted);
	return db_run(q) > 0;
}

static int64_t hash_of(struct str cursor)
{
	return (int64_t)(hash64(cursor, 0) | 1);
}

static void save_cursor(struct db *db, struct str name, struct str cursor)
{
	struct db_query *q;
	if (cursor.p == NULL) {
		q = db_query(db, "DELETE FROM source_cursors WHERE source = $1");
		db_text(q, name);
		db_run(q);
		return;
	}
	q = db_query(db, "SELECT hash FROM source_cursors WHERE source = $1");
	db_text(q, name);
	if (db_run_i64(q, 0) == hash_of(cursor)) {
		return;
	}
	q = db_query(db, "INSERT INTO source_cursors (source, hash, cursor) VALUES ($1, $2, $3)"
			 " ON CONFLICT (source) DO UPDATE SET hash = excluded.hash, cursor = "
			 "excluded.cursor");
	db_text(q, name);
	db_i64(q, hash_of(cursor));
	db_text(q, cursor);
	db_run(q);
}

int store_source_save(
	struct store *s, struct str name, const struct source_state *state, struct hark_err *err)
{
	struct db *db = store_db(s);
	if (!update_row(db, name, state)) { /* only once in the life of a source */
		store_source_id(s, name);
		update_row(db, name, state);
	}
	save_cursor(db, name, state->cursor);
	return db_check(db, err);
}

void store_source_save_habits(struct store *s, struct str name, struct str habits)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO source_habits (source, habits) VALUES ($1, $2)"
		" ON CONFLICT (source) DO UPDATE SET habits = excluded.habits");
	db_text(q, name);
	db_blob(q, habits);
	db_run(q);
}

int store_source_save_spent(
	struct store *s, struct str name, const struct source_state *state, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"INSERT INTO sources (name, spent_day, spent) VALUES ($1, $2, $3) ON CONFLICT (name)"
		" DO UPDATE SET spent_day = excluded.spent_day, spent = excluded.spent");
	db_text(q, name);
	db_i64(q, state->spent_day);
	db_i64(q, state->spent);
	db_run(q);
	return db_check(db, err);
}

int store_source_set_paused(struct store *s, struct str name, bool paused, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "INSERT INTO sources (name, paused) VALUES ($1, $2)"
			     " ON CONFLICT (name) DO UPDATE SET paused = excluded.paused");
	db_text(q, name);
	db_i64(q, paused);
	db_run(q);
	return db_check(db, err);
}

int store_source_each(struct store *s,
	bool (*fn)(void *ctx, struct str name, const struct source_state *state), void *ctx,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS ", name FROM sources");
	struct source_state state;
	bool more = true;
	while (more && db_step(q)) {
		read_row(q, &state);
		more = fn(ctx, db_col_text(q, COLUMNS_N), &state);
	}
	db_done(q);
	return db_check(db, err);
}

static void read_glance(struct db_query *q, struct arena *arena, struct source_glance *out)
{
	int64_t seen[9];
	for (int i = 0; i < 9; i++) {
		seen[i] = db_col_i64(q, i);
	}
	*out = (struct source_glance){
		.id = seen[0],
		.polled_ms = seen[1],
		.changed_ms = seen[2],
		.due_ms = seen[3],
		.posts = seen[4],
		.failures = (int)seen[5],
		.paused = seen[6] != 0,
		.name = db_col_copy(q, 9, arena),
		.mark = hash64(str_n((const char *)seen, sizeof(seen)), 0),
	};
}

int store_source_glance(struct store *s, struct arena *arena, struct source_glance **out, size_t *n,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT id, polled_ms, changed_ms, due_ms, posts_total, failures, paused, error_ms,"
		" alarms, name FROM sources ORDER BY id");
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct source_glance *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for how the sources stand");
			break;
		}
		*out = grown;
		read_glance(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}

int64_t store_source_id(struct store *s, struct str name)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT id FROM sources WHERE name = $1");
	db_text(q, name);
	int64_t id = db_run_i64(q, 0);
	if (id != 0) {
		return id;
	}
	q = db_query(db, "INSERT INTO sources (name) VALUES ($1)");
	db_text(q, name);
	return db_run_id(q);
}
