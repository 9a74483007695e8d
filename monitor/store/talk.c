#include "monitor/store/talk.h"

#include "monitor/base/buf.h"
#include "monitor/store/driver.h"

#include <stdlib.h>

#define KEY_MAX 2000

int store_talk_author(struct store *s, int64_t id, struct arena *arena, struct talk_author *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT handle, display_name, profile_url FROM authors WHERE id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		*out = (struct talk_author){id, db_col_copy(q, 0, arena), db_col_copy(q, 1, arena),
			db_col_copy(q, 2, arena)};
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc != HARK_OK || found
		       ? rc
		       : hark_err_set(err, HARK_ENOENT, "there is no author %lld", (long long)id);
}

/* Sources write "anna", "@anna" or "@anna@social.example". */
static struct str bare(struct str handle)
{
	return str_starts(handle, STR("@")) ? str_n(handle.p + 1, handle.n - 1) : handle;
}

static int64_t author_by_key(struct db *db, struct str source, const char *at, struct str handle)
{
	struct buf key;
	buf_init(&key, KEY_MAX);
	buf_printf(&key, "%.*s:%s%.*s", STR_FMT(source), at, STR_FMT(handle));
	struct db_query *q = db_query(db, "SELECT id FROM authors WHERE key = $1");
	db_text(q, buf_str(&key));
	int64_t id = db_run_i64(q, 0);
	buf_release(&key);
	return id;
}

static int64_t mentioned(struct db *db, struct str source, struct str ref)
{
	struct str handle = bare(ref);
	if (str_empty(handle)) {
		return 0;
	}
	int64_t id = author_by_key(db, source, "", handle);
	id = id != 0 ? id : author_by_key(db, source, "@", handle);
	if (id != 0) {
		return id;
	}
	struct db_query *q = db_query(
		db, "SELECT id FROM authors WHERE handle IN ($1, '@' || $1) ORDER BY id LIMIT 1");
	db_text(q, handle);
	return db_run_i64(q, 0);
}

struct listing {
	struct db *db;
	struct arena *arena;
	struct talk *v;
	struct str *refs, *sources; /* of mentions whose author is not known yet */
	size_t n, cap, max;
};

static bool take(struct listing *l, struct db_query *q, bool by_other)
{
	if (l->n == l->cap) {
		size_t cap = l->cap > 0 ? 2 * l->cap : 64;
		struct talk *v = arena_alloc(l->arena, cap * sizeof(*v));
		struct str *refs = arena_alloc(l->arena, cap * sizeof(*refs));
		struct str *sources = arena_alloc(l->arena, cap * sizeof(*sources));
		if (v == NULL || refs == NULL || sources == NULL) {
			db_fail(l->db, HARK_ENOMEM, "no memory for who spoke to whom");
			return false;
		}
		if (l->n > 0) {
			memcpy(v, l->v, l->n * sizeof(*v));
			memcpy(refs, l->refs, l->n * sizeof(*refs));
			memcpy(sources, l->sources, l->n * sizeof(*sources));
		}
		l->v = v;
		l->refs = refs;
		l->sources = sources;
		l->cap = cap;
	}
	l->v[l->n] = (struct talk){
		.other = db_col_i64(q, 0),
		.by_other = by_other,
		.is_reply = str_eq_c(db_col_text(q, 1), "reply"),
		.post = db_col_i64(q, 2),
		.url = db_col_copy(q, 3, l->arena),
		.at_ms = db_col_i64(q, 4),
	};
	l->refs[l->n] = db_col_copy(q, 5, l->arena);
	l->sources[l->n] = db_col_copy(q, 6, l->arena);
	l->n++;
	return true;
}

#define COLUMNS                                                                                      \
	"e.kind, e.post, p.url, coalesce(e.at_ms, p.published, p.seen_ms) AS said, e.to_ref, o.name" \
	" FROM edges e JOIN posts p ON p.id = e.post JOIN sources o ON o.id = e.source"
#define IN_TIME                                                 \
	" AND p.deleted_ms IS NULL AND p.visibility = 'public'" \
	" AND coalesce(e.at_ms, p.published, p.seen_ms) BETWEEN $2 AND $3"
#define LATEST " ORDER BY said DESC, e.id LIMIT $4"

static void list(struct listing *l, const char *sql, int64_t author, int64_t from_ms,
	int64_t until_ms, bool by_other)
{
	struct db_query *q = db_query(l->db, sql);
	db_i64(q, author);
	db_i64(q, from_ms);
	db_i64(q, until_ms - 1);
	db_i64(q, (int64_t)l->max);
	while (db_step(q) && take(l, q, by_other)) {
	}
	db_done(q);
}

/* Mentions of the handle whose author nobody has looked for. */
static void list_mentions(
	struct listing *l, const struct talk_author *who, int64_t from_ms, int64_t until_ms)
{
	struct str handle = bare(who->handle);
	if (str_empty(handle)) {
		return;
	}
	struct db_query *q = db_query(l->db,
		"SELECT e.from_author, " COLUMNS " WHERE e.source IN (SELECT id FROM sources)"
		" AND e.to_ref IN ($1, '@' || $1) AND e.to_author IS NULL AND e.kind = 'mention'"
		" AND e.from_author IS NOT NULL" IN_TIME LATEST);
	db_text(q, handle);
	db_i64(q, from_ms);
	db_i64(q, until_ms - 1);
	db_i64(q, (int64_t)l->max);
	while (db_step(q) && take(l, q, true)) {
	}
	db_done(q);
}

static void find_mentioned(struct listing *l, int64_t self)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->n; i++) {
		struct talk *t = &l->v[i];
		if (t->other == 0) {
			t->other = mentioned(l->db, l->sources[i], l->refs[i]);
		}
		if (t->other != 0 && t->other != self) {
			l->v[kept++] = *t;
		}
	}
	l->n = kept;
}

static int latest_first(const void *a, const void *b)
{
	const struct talk *x = a, *y = b;
	if (x->at_ms != y->at_ms) {
		return x->at_ms > y->at_ms ? -1 : 1;
	}
	if (x->post != y->post) {
		return x->post < y->post ? -1 : 1;
	}
	return x->other < y->other ? -1 : x->other > y->other;
}

int store_talk_list(struct store *s, const struct talk_author *who, int64_t from_ms,
	int64_t until_ms, size_t max, struct arena *arena, struct talk **out, size_t *n,
	struct hark_err *err)
{
	struct listing l = {.db = store_db(s), .arena = arena, .max = max};
	list(&l,
		"SELECT e.to_author, " COLUMNS " WHERE e.from_author = $1"
		" AND (e.to_author IS NOT NULL OR e.kind = 'mention')" IN_TIME LATEST,
		who->id, from_ms, until_ms, false);
	list(&l,
		"SELECT e.from_author, " COLUMNS " WHERE e.to_author = $1"
		" AND e.from_author IS NOT NULL" IN_TIME LATEST,
		who->id, from_ms, until_ms, true);
	list_mentions(&l, who, from_ms, until_ms);
	find_mentioned(&l, who->id);
	if (l.n > 1) {
		qsort(l.v, l.n, sizeof(*l.v), latest_first);
	}
	*out = l.v;
	*n = l.n < max ? l.n : max;
	return db_check(l.db, err);
}

int store_talk_of_lead(struct store *s, int64_t lead, struct arena *arena, int64_t **authors,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q =
		db_query(db, "SELECT DISTINCT p.author FROM signals g JOIN posts p ON p.id = g.post"
			     " WHERE g.lead = $1 AND p.author IS NOT NULL AND p.deleted_ms IS NULL"
			     " ORDER BY p.author");
	db_i64(q, lead);
	*authors = NULL;
	*n = 0;
	while (db_step(q)) {
		int64_t *grown = arena_grow(arena, *authors, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the authors of a lead");
			break;
		}
		*authors = grown;
		grown[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
	return db_check(db, err);
}

int store_staff_each(struct store *s,
	void (*take_one)(void *ctx, int64_t person, struct str kind, struct str value), void *ctx,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT p.id, p.id AS row, 'name', p.name FROM people p WHERE p.kind = 'staff' UNION ALL"
		" SELECT p.id, i.id, i.kind, i.value FROM people p JOIN identities i ON i.person = p.id"
		" WHERE p.kind = 'staff' ORDER BY 1, 3 DESC, 2");
	while (db_step(q)) {
		take_one(ctx, db_col_i64(q, 0), db_col_text(q, 2), db_col_text(q, 3));
	}
	db_done(q);
	return db_check(db, err);
}
