#include "monitor/store/unplaced.h"

#include "monitor/store/driver.h"
#include "monitor/store/marks.h"
#include "monitor/store/grow.h"

int64_t store_unplaced_put(struct store *s, const struct statement *what)
{
	struct db_query *q = db_query(store_db(s), "SELECT author FROM posts WHERE id = $1");
	db_i64(q, what->post);
	int64_t author = db_run_i64(q, 0);
	if (author == 0) {
		return 0;
	}
	q = db_query(store_db(s),
		"INSERT INTO unplaced (post, author, tone, parts, rules, product, regulated, historic)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (post) DO UPDATE SET"
		" tone = excluded.tone, parts = excluded.parts, rules = excluded.rules,"
		" product = excluded.product, regulated = excluded.regulated");
	db_i64(q, what->post);
	db_i64(q, author);
	db_text_c(q, statement_tone_name(what->tone));
	db_text(q, what->parts);
	db_text(q, what->rules);
	db_text(q, what->product);
	db_i64(q, what->regulated);
	db_i64(q, what->historic);
	db_run(q);
	return author;
}

void store_unplaced_drop(struct store *s, int64_t post)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM unplaced WHERE post = $1");
	db_i64(q, post);
	db_run(q);
}

int64_t store_unplaced_praise(struct store *s, int64_t author)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM unplaced WHERE author = $1 AND tone <> 'negative'");
	db_i64(q, author);
	return db_run_i64(q, 0);
}

void store_unplaced_of(
	struct store *s, int64_t author, struct arena *arena, struct unplaced **out, size_t *n)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT u.post, u.tone, u.parts, u.rules, u.product, u.regulated, u.historic, p.title,"
		" p.text, p.url, p.published, p.seen_ms, p.visibility, o.name,"
		" coalesce(a.display_name, a.handle) FROM unplaced u JOIN posts p ON p.id = u.post"
		" JOIN sources o ON o.id = p.source JOIN authors a ON a.id = u.author"
		" WHERE u.author = $1 ORDER BY u.post");
	db_i64(q, author);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		struct unplaced *u = &(*out)[(*n)++];
		*u = (struct unplaced){.title = db_col_copy(q, 7, arena),
			.statement = {
				.post = db_col_i64(q, 0),
				.parts = db_col_copy(q, 2, arena),
				.rules = db_col_copy(q, 3, arena),
				.product = db_col_copy(q, 4, arena),
				.regulated = db_col_i64(q, 5) != 0,
				.historic = db_col_i64(q, 6) != 0,
				.text = db_col_copy(q, 8, arena),
				.url = db_col_copy(q, 9, arena),
				.said_ms = db_col_i64(q, 10),
				.captured_ms = db_col_i64(q, 11),
				.is_private = str_eq_c(db_col_text(q, 12), "private"),
				.source = db_col_copy(q, 13, arena),
				.author = db_col_copy(q, 14, arena),
			}};
		statement_tone_parse(db_col_text(q, 1), &u->statement.tone);
	}
	db_done(q);
}

int64_t store_unplaced_next(struct store *s, int64_t after, struct arena *arena, struct author *who,
	int64_t *post)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT id, handle, display_name, profile_url, bio, (SELECT min(u.post) FROM unplaced u"
		" WHERE u.author = authors.id) FROM authors WHERE id ="
		" (SELECT min(author) FROM unplaced WHERE author > $1)");
	int64_t author = 0;
	db_i64(q, after);
	if (db_step(q)) {
		author = db_col_i64(q, 0);
		*who = (struct author){.handle = db_col_copy(q, 1, arena),
			.display_name = db_col_copy(q, 2, arena),
			.profile_url = db_col_copy(q, 3, arena),
			.bio = db_col_copy(q, 4, arena)};
		*post = db_col_i64(q, 5);
	}
	db_done(q);
	return author;
}

#define PLACED                                                                           \
	" FROM statements t JOIN posts p ON p.id = t.post WHERE p.author = $1 AND t.person" \
	" = $2"

static void run_placed(struct store *s, const char *sql, int64_t author, int64_t person)
{
	struct db_query *q = db_query(store_db(s), sql);
	db_i64(q, author);
	db_i64(q, person);
	db_run(q);
}

void store_unplaced_again(struct store *s, int64_t author, int64_t person, struct arena *arena,
	int64_t **references, size_t *n)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(
		db, "SELECT DISTINCT t.reference" PLACED " AND t.reference IS NOT NULL ORDER BY 1");
	db_i64(q, author);
	db_i64(q, person);
	*references = NULL;
	*n = 0;
	while (db_step(q) && (*references = store_grow(db, arena, *references, *n, &cap,
				      sizeof(**references))) != NULL) {
		(*references)[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
	run_placed(s,
		"INSERT INTO unplaced (post, author, tone, parts, rules, product, regulated, historic)"
		" SELECT p.id, p.author, t.tone, t.parts, t.rules, t.product, t.regulated, t.historic" PLACED
		" AND t.tone <> 'none' AND p.deleted_ms IS NULL AND p.purged_ms IS NULL"
		" ON CONFLICT (post) DO NOTHING",
		author, person);
	run_placed(s, "DELETE FROM statements WHERE id IN (SELECT t.id" PLACED ")", author, person);
}

#define MARK "placed"

int64_t store_unplaced_mark(struct store *s)
{
	return mark_of(store_db(s), MARK);
}

void store_unplaced_move_mark(struct store *s, int64_t to)
{
	mark_move(store_db(s), MARK, to);
}
