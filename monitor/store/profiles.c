#include "monitor/store/profiles.h"

#include "monitor/base/hash.h"
#include "monitor/store/driver.h"

/* Of what would be said again; never 0. */
static int64_t print_of(const struct profile_row *r)
{
	const struct str parts[] = {r->person, r->employer, r->title, r->location};
	return (int64_t)(hash128(parts, 4).lo | 1);
}

/* Whether the last row of the person says the same. Of a change it is the same only if it is the very
 * observation, so that a batch may come twice and somebody may come back. */
static bool is_told(struct db *db, int64_t source, const struct profile_row *r, int64_t print)
{
	struct db_query *q = db_query(db,
		"SELECT print, event, observed_ms FROM profiles WHERE source = $1 AND key = $2"
		" ORDER BY id DESC LIMIT 1");
	db_i64(q, source);
	db_text(q, r->key);
	bool told = db_step(q) && db_col_i64(q, 0) == print;
	if (told && !str_eq(r->event, STR("listed"))) {
		told = str_eq(db_col_text(q, 1), r->event) && db_col_i64(q, 2) == r->observed_ms;
	}
	db_done(q);
	return told;
}

bool store_profile_add(
	struct store *s, int64_t source, const struct profile_row *row, int64_t now_ms)
{
	struct db *db = store_db(s);
	int64_t print = print_of(row);
	if (is_told(db, source, row, print)) {
		return false;
	}
	const struct str texts[] = {row->key, row->person, row->handle, row->url, row->employer,
		row->title, row->location, row->was_employer, row->was_title, row->event,
		row->effective, row->evidence_url};
	struct db_query *q = db_query(db,
		"INSERT INTO profiles (source, print, observed_ms, seen_ms, key, person, handle, url,"
		" employer, title, location, was_employer, was_title, event, effective, evidence_url)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
	db_i64(q, source);
	db_i64(q, print);
	db_i64(q, row->observed_ms);
	db_i64(q, now_ms);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		db_text(q, texts[i]);
	}
	return db_run(q) > 0;
}

void store_profile_forget(struct store *s, int64_t source, struct str key)
{
	struct db_query *q =
		db_query(store_db(s), "DELETE FROM profiles WHERE source = $1 AND key = $2");
	db_i64(q, source);
	db_text(q, key);
	db_run(q);
}

bool profile_name_has_own_key(const struct profile_name *p)
{
	return p->key.n > 0 && !str_eq(p->key, p->url) && !str_eq(p->key, p->handle);
}

static void add_alike(struct db *db, struct db_query *q, struct arena *arena,
	struct profile_name **names, size_t *n, size_t *cap)
{
	while (db_step(q)) {
		const struct profile_name row = {
			db_col_text(q, 0), db_col_text(q, 1), db_col_text(q, 2)};
		struct profile_name *grown = arena_grow(arena, *names, *n, cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for a person's names");
			break;
		}
		*names = grown;
		grown[(*n)++] = (struct profile_name){arena_str(arena, row.key),
			arena_str(arena, row.url), arena_str(arena, row.handle)};
	}
	db_done(q);
}

#define NAMES(column)                                                                 \
	"SELECT key, url, handle FROM profiles WHERE source = $1 AND " column " = $2" \
	" GROUP BY +key, url, handle ORDER BY max(id) DESC"

void store_profile_alike(struct store *s, int64_t source, const struct profile_name *who,
	struct arena *arena, struct profile_name **names, size_t *n)
{
	struct db *db = store_db(s);
	const struct {
		const char *sql;
		struct str text;
	} ways[] = {
		{NAMES("key"), who->key},
		{NAMES("url"), who->url},
		{NAMES("handle"), who->handle},
	};
	size_t cap = 0;
	*names = NULL;
	*n = 0;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].text.n > 0) {
			struct db_query *q = db_query(db, ways[i].sql);
			db_i64(q, source);
			db_text(q, ways[i].text);
			add_alike(db, q, arena, names, n, &cap);
		}
	}
}

int store_profile_count(
	struct store *s, struct str source, struct profile_counts *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT count(DISTINCT key), count(CASE WHEN event <> 'listed' THEN 1 END)"
		" FROM profiles WHERE source = (SELECT id FROM sources WHERE name = $1)");
	*out = (struct profile_counts){0};
	db_text(q, source);
	if (db_step(q)) {
		*out = (struct profile_counts){db_col_i64(q, 0), db_col_i64(q, 1)};
	}
	db_done(q);
	return db_check(db, err);
}
