#include "monitor/store/key_rows.h"

#include "monitor/store/driver.h"

#include <stdlib.h>
#include <string.h>

#define ROW_POSTS 120 /* 7.5 KiB: a quarter of a page */

/* New entries that are not written yet. */
struct key_rows {
	size_t n;
	struct key_entry v[ROW_POSTS];
};

_Static_assert(sizeof(struct key_entry) == 8 * (4 + POST_PARTS), "no gaps in what is stored");

static struct str bytes_of(const struct key_entry *v, size_t n)
{
	return str_n((const char *)v, n * sizeof(*v));
}

void key_rows_save(struct key_rows *rows, struct db *db)
{
	if (rows == NULL || rows->n == 0) {
		return;
	}
	struct db_query *q = db_query(db, "INSERT INTO post_keys (last, keys) VALUES ($1, $2)");
	db_i64(q, rows->v[rows->n - 1].post);
	db_blob(q, bytes_of(rows->v, rows->n));
	db_run(q);
	rows->n = 0;
}

void key_rows_forget(struct key_rows *rows)
{
	if (rows != NULL) {
		rows->n = 0;
	}
}

static void fill(struct key_entry *e, const struct post_keys *keys)
{
	e->url = keys->url;
	e->words = keys->words >= POST_COPY_WORDS ? keys->content.lo : 0;
	memset(e->parts, 0, sizeof(e->parts));
	memcpy(e->parts, keys->parts, keys->parts_n * sizeof(e->parts[0]));
}

void key_rows_add(struct store *s, int64_t post, int64_t author, const struct post_keys *keys)
{
	struct db *db = store_db(s);
	struct key_rows **rows = store_key_rows(s);
	if (*rows == NULL) {
		*rows = calloc(1, sizeof(**rows));
	}
	if (*rows == NULL) {
		db_fail(db, HARK_ENOMEM, "no memory for what posts are found by");
		return;
	}
	struct key_entry *e = &(*rows)->v[(*rows)->n++];
	e->post = post;
	e->author = author;
	fill(e, keys);
	if ((*rows)->n == ROW_POSTS || !db_in_transaction(db)) {
		key_rows_save(*rows, db);
	}
}

static struct key_entry *find(struct key_entry *v, size_t n, int64_t post)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].post == post) {
			return &v[i];
		}
	}
	return NULL;
}

/* The entries of a row; how many. */
static size_t read_row(struct db_query *q, struct key_entry v[ROW_POSTS])
{
	struct str bytes = db_col_blob(q, 1);
	size_t n = bytes.n / sizeof(*v);
	n = n < ROW_POSTS ? n : ROW_POSTS;
	if (n > 0) {
		memcpy(v, bytes.p, n * sizeof(*v));
	}
	return n;
}

typedef void (*edit_fn)(struct key_entry *e, const struct post_keys *keys);

static void edit(struct store *s, int64_t post, edit_fn change, const struct post_keys *keys)
{
	struct key_entry v[ROW_POSTS], before;
	struct key_rows *waiting = *store_key_rows(s);
	struct key_entry *e = waiting != NULL ? find(waiting->v, waiting->n, post) : NULL;
	if (e != NULL) {
		change(e, keys);
		return;
	}
	struct db_query *q = db_query(store_db(s),
		"SELECT last, keys FROM post_keys WHERE last >= $1 ORDER BY last LIMIT 1");
	db_i64(q, post);
	bool found = db_step(q);
	int64_t last = found ? db_col_i64(q, 0) : 0;
	size_t n = found ? read_row(q, v) : 0;
	db_done(q);
	e = find(v, n, post);
	if (e == NULL) {
		return;
	}
	before = *e;
	change(e, keys);
	if (memcmp(&before, e, sizeof(before)) == 0) {
		return;
	}
	q = db_query(store_db(s), "UPDATE post_keys SET keys = $2 WHERE last = $1");
	db_i64(q, last);
	db_blob(q, bytes_of(v, n));
	db_run(q);
}

void key_rows_change(struct store *s, int64_t post, const struct post_keys *keys)
{
	edit(s, post, fill, keys);
}

static void drop_parts(struct key_entry *e, const struct post_keys *keys)
{
	(void)keys;
	memset(e->parts, 0, sizeof(e->parts));
}

void key_rows_drop_parts(struct store *s, int64_t post)
{
	edit(s, post, drop_parts, NULL);
}

static void erase(struct key_entry *e, const struct post_keys *keys)
{
	(void)keys;
	memset(e, 0, sizeof(*e));
}

void key_rows_erase(struct store *s, int64_t post)
{
	edit(s, post, erase, NULL);
}

static void take_all(const struct key_entry *v, size_t n, int64_t after,
	void (*take)(void *ctx, const struct key_entry *e), void *ctx)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].post > after) {
			take(ctx, &v[i]);
		}
	}
}

void key_rows_each(struct store *s, int64_t after,
	void (*take)(void *ctx, const struct key_entry *e), void *ctx)
{
	struct key_entry v[ROW_POSTS];
	const struct key_rows *waiting = *store_key_rows(s);
	struct db_query *q = db_query(
		store_db(s), "SELECT last, keys FROM post_keys WHERE last > $1 ORDER BY last");
	db_i64(q, after);
	while (db_step(q)) {
		take_all(v, read_row(q, v), after, take, ctx);
	}
	db_done(q);
	if (waiting != NULL) {
		take_all(waiting->v, waiting->n, after, take, ctx);
	}
}
