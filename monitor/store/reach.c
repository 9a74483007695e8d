#include "monitor/store/reach.h"

#include "monitor/store/driver.h"

/* The posts of the story that the post $1 is of, it among them. */
#define STORY                                                                                     \
	" FROM posts p WHERE p.deleted_ms IS NULL AND p.id IN (SELECT c.post FROM story_copies c" \
	" WHERE c.story = (SELECT coalesce(story, id) FROM posts WHERE id = $1)"                  \
	" UNION ALL SELECT coalesce(story, id) FROM posts WHERE id = $1)"

static int64_t ask(struct db *db, const char *sql, int64_t post, int64_t otherwise)
{
	struct db_query *q = db_query(db, sql);
	db_i64(q, post);
	return db_run_i64(q, otherwise);
}

static void read_copies(struct db *db, int64_t post, struct arena *arena, struct lead_reach *out)
{
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT o.name, p.url, coalesce(a.display_name, a.handle), a.followers,"
		" coalesce(p.published, p.seen_ms), p.visibility"
		" FROM (SELECT p.id, p.source, p.author, p.url, p.published, p.seen_ms, p.visibility" STORY
		" AND p.id <> $1 ORDER BY p.id LIMIT $2) p JOIN sources o ON o.id = p.source"
		" LEFT JOIN authors a ON a.id = p.author ORDER BY p.id");
	db_i64(q, post);
	db_i64(q, REACH_COPIES_MAX);
	while (db_step(q)) {
		struct lead_copy *grown =
			arena_grow(arena, out->copies, out->copies_n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the copies of a post");
			break;
		}
		out->copies = grown;
		grown[out->copies_n++] = (struct lead_copy){
			.source = db_col_copy(q, 0, arena),
			.url = db_col_copy(q, 1, arena),
			.author = db_col_copy(q, 2, arena),
			.followers = db_col_i64_or(q, 3, COUNT_NONE),
			.published = db_col_i64(q, 4),
			.is_private = str_eq_c(db_col_text(q, 5), "private"),
		};
	}
	db_done(q);
}

int store_lead_reach(struct store *s, struct lead_evidence *evidence, size_t n, struct arena *arena,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	for (size_t i = 0; i < n; i++) {
		struct lead_reach *r = &evidence[i].reach;
		const int64_t post = evidence[i].post;
		r->sources = ask(db, "SELECT count(DISTINCT p.source)" STORY, post, 0);
		r->followers = ask(db,
			"SELECT CAST(sum(a.followers) AS bigint) FROM authors a WHERE a.id IN (SELECT p.author" STORY ")",
			post, COUNT_NONE);
		if (evidence[i].copies > 0) {
			read_copies(db, post, arena, r);
		}
	}
	return db_check(db, err);
}
