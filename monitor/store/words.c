#include "monitor/store/words.h"

#include "monitor/base/fold.h"
#include "monitor/store/driver.h"
#include "monitor/store/marks.h"

#define MARK_POSTS "words-posts"
#define MARK_AUTHORS "words-authors"
#define WORDS_MAX ((size_t)256 << 20)
#define TURN_BYTES ((size_t)1 << 20) /* of words; a post may be longer than many */
#define CLEAN_POSTS 500              /* in one step, beside a daemon that writes */
#define WAITING_MAX 100000
#define MERGE_PAGES 64 /* of the index, in one step: a megabyte */

struct turn {
	struct db *db;
	struct buf words;
	size_t max, done, bytes;
	bool more;
};

/* ---- what changes ---- */

static void leave(struct store *s, const char *sql, const char *mark, int64_t id)
{
	struct db_query *q = db_query(store_db(s), sql);
	db_i64(q, id);
	db_text_c(q, mark);
	db_run(q);
}

/* What is noted already are the words that are in the index. */
void store_words_leave_post(struct store *s, int64_t id)
{
	leave(s,
		"INSERT INTO stale_posts (post, title, text, author, source) SELECT id, title, text,"
		" author, source FROM posts WHERE id = $1 AND id <= (SELECT last FROM counters WHERE"
		" name = $2) ON CONFLICT (post) DO NOTHING",
		MARK_POSTS, id);
}

void store_words_leave_author(struct store *s, int64_t id)
{
	leave(s,
		"INSERT INTO stale_authors (author, handle, display_name) SELECT id, handle,"
		" display_name FROM authors WHERE id = $1 AND id <= (SELECT last FROM counters WHERE"
		" name = $2) ON CONFLICT (author) DO NOTHING",
		MARK_AUTHORS, id);
}

/* ---- the index ---- */

/* The words of two texts; with none there is nothing to index. */
static bool read_words(struct turn *t, struct str a, struct str b)
{
	buf_clear(&t->words);
	fold_words(&t->words, a);
	fold_words(&t->words, b);
	t->bytes += t->words.n;
	return t->words.n > 0;
}

static void tag_post(struct turn *t, int64_t author, int64_t source)
{
	if (author != 0) {
		buf_printf(&t->words, WORDS_AUTHOR "%lld ", (long long)author);
	}
	buf_printf(&t->words, WORDS_SOURCE "%lld", (long long)source);
}

static void write(struct turn *t, const char *sql, int64_t id)
{
	if (t->words.rc != HARK_OK) {
		db_fail(t->db, t->words.rc, "no memory for the words of a post");
		return;
	}
	struct db_query *q = db_query(t->db, sql);
	db_i64(q, id);
	db_text(q, buf_str(&t->words));
	db_run(q);
}

#define ADD(table) "INSERT INTO " table " (rowid, words) VALUES ($1, $2)"
#define TAKE_OUT(table) "INSERT INTO " table " (" table ", rowid, words) VALUES ('delete', $1, $2)"

/* Columns: id, title, text, author, source. */
static void write_post(struct turn *t, struct db_query *q, const char *sql)
{
	if (read_words(t, db_col_text(q, 1), db_col_text(q, 2))) {
		tag_post(t, db_col_i64(q, 3), db_col_i64(q, 4));
		write(t, sql, db_col_i64(q, 0));
	}
}

/* Columns: id, handle, name. */
static void write_author(struct turn *t, struct db_query *q, const char *sql)
{
	if (read_words(t, db_col_text(q, 1), db_col_text(q, 2))) {
		write(t, sql, db_col_i64(q, 0));
	}
}

static bool has_room(struct turn *t)
{
	if (t->done < t->max && t->bytes < TURN_BYTES) {
		return true;
	}
	t->more = true;
	return false;
}

/* A kind of row that is indexed. */
struct kind {
	const char *mark;
	const char *rows;  /* behind $1 */
	const char *stale; /* those that have changed */
	const char *now;   /* the one $1 */
	const char *forget;
	const char *add, *take_out;
	void (*write)(struct turn *t, struct db_query *q, const char *sql);
};

static const struct kind kinds[] = {
	{MARK_POSTS, "SELECT id, title, text, author, source FROM posts WHERE id > $1 ORDER BY id",
		"SELECT post, title, text, author, source FROM stale_posts ORDER BY post LIMIT 1",
		"SELECT id, title, text, author, source FROM posts WHERE id = $1",
		"DELETE FROM stale_posts WHERE post = $1", ADD("post_words"),
		TAKE_OUT("post_words"), write_post},
	{MARK_AUTHORS, "SELECT id, handle, display_name FROM authors WHERE id > $1 ORDER BY id",
		"SELECT author, handle, display_name FROM stale_authors ORDER BY author LIMIT 1",
		"SELECT id, handle, display_name FROM authors WHERE id = $1",
		"DELETE FROM stale_authors WHERE author = $1", ADD("author_words"),
		TAKE_OUT("author_words"), write_author},
};

/* The words it had go, those it has come. False: none has changed. */
static bool renew_one(struct turn *t, const struct kind *k)
{
	struct db_query *q = db_query(t->db, k->stale);
	bool found = db_step(q);
	int64_t id = found ? db_col_i64(q, 0) : 0;
	if (found) {
		k->write(t, q, k->take_out);
	}
	db_done(q);
	if (!found) {
		return false;
	}
	q = db_query(t->db, k->forget);
	db_i64(q, id);
	db_run(q);
	q = db_query(t->db, k->now);
	db_i64(q, id);
	if (db_step(q)) {
		k->write(t, q, k->add);
	}
	db_done(q);
	t->done++;
	return true;
}

static void add_new(struct turn *t, const struct kind *k)
{
	int64_t from = mark_of(t->db, k->mark), last = from;
	struct db_query *q = db_query(t->db, k->rows);
	db_i64(q, from);
	while (has_room(t) && db_step(q)) {
		k->write(t, q, k->add);
		last = db_col_i64(q, 0);
		t->done++;
	}
	db_done(q);
	if (last > from) {
		mark_move(t->db, k->mark, last);
	}
}

int store_words_turn(struct store *s, size_t max, bool *more, struct hark_err *err)
{
	struct turn t = {.db = store_db(s), .max = max};
	buf_init(&t.words, WORDS_MAX);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		t.done = 0;
		t.bytes = 0;
		while (has_room(&t) && renew_one(&t, &kinds[i])) {
		}
		add_new(&t, &kinds[i]);
	}
	buf_release(&t.words);
	*more = t.more;
	return db_check(t.db, err);
}

/* A step that changes one row or none has found nothing to do: so SQLite's manual. */
static bool merge(struct db *db)
{
	static const char *const steps[] = {
		"INSERT INTO post_words (post_words, rank) VALUES ('merge', $1)",
		"INSERT INTO author_words (author_words, rank) VALUES ('merge', $1)"};
	bool more = false;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int64_t before = db_total_changes(db);
		struct db_query *q = db_query(db, steps[i]);
		db_i64(q, -MERGE_PAGES);
		db_run(q);
		more = db_total_changes(db) - before >= 2 || more;
	}
	return more;
}

int store_words_clean(struct store *s, bool *more, struct hark_err *err)
{
	int rc = store_words_turn(s, CLEAN_POSTS, more, err);
	if (rc == HARK_OK && !*more) {
		*more = merge(store_db(s));
	}
	return db_check(store_db(s), err);
}

int64_t store_words_waiting(struct store *s)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM (SELECT 1 FROM posts WHERE id > coalesce((SELECT last FROM"
		" counters WHERE name = $1), 0) LIMIT $2)");
	db_text_c(q, MARK_POSTS);
	db_i64(q, WAITING_MAX);
	return db_run_i64(q, 0);
}
