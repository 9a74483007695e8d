/* A name alone may be several people's: what it would hit, before it does. */
#include "monitor/store/privacy.h"

#include "monitor/store/driver.h"

bool privacy_by_name(const struct privacy_found *found)
{
	for (size_t i = 0; i < found->names.n; i++) {
		if (found->names.v[i].kind == OPTOUT_NAME) {
			return true;
		}
	}
	return false;
}

/* The newest posts of one author in one source. */
static void read_examples(struct db *db, int64_t source, int64_t author, struct arena *arena,
	struct privacy_hit *hit)
{
	struct db_query *q = db_query(db,
		"SELECT url, coalesce(nullif(text, ''), title), coalesce(published, received_ms) AS at,"
		" visibility FROM posts WHERE source = $1 AND author = $2 ORDER BY at DESC, id DESC LIMIT $3");
	db_i64(q, source);
	db_i64(q, author);
	db_i64(q, PRIVACY_EXAMPLES);
	while (hit->examples_n < PRIVACY_EXAMPLES && db_step(q)) {
		hit->examples[hit->examples_n++] =
			(struct privacy_example){.url = db_col_copy(q, 0, arena),
				.text = db_col_copy(q, 1, arena),
				.at_ms = db_col_i64(q, 2),
				.is_private = str_eq_c(db_col_text(q, 3), "private")};
	}
	db_done(q);
}

static void read_hits(
	struct db *db, int64_t author, struct arena *arena, struct privacy_hits *out, size_t *cap)
{
	struct db_query *q = db_query(db,
		"SELECT a.display_name, s.name, s.id, count(*) FROM authors a JOIN posts p ON p.author = a.id"
		" JOIN sources s ON s.id = p.source WHERE a.id = $1 AND coalesce(a.handle, '') = ''"
		" AND coalesce(a.profile_url, '') = '' GROUP BY a.display_name, s.name, s.id ORDER BY s.name");
	db_i64(q, author);
	while (db_step(q)) {
		struct privacy_hit *v = arena_grow(arena, out->v, out->n, cap, sizeof(*v));
		if (v == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for what a name hits");
			break;
		}
		out->v = v;
		v[out->n] = (struct privacy_hit){.name = db_col_copy(q, 0, arena),
			.source = db_col_copy(q, 1, arena),
			.posts = db_col_i64(q, 3)};
		read_examples(db, db_col_i64(q, 2), author, arena, &v[out->n]);
		out->n++;
	}
	db_done(q);
}

int privacy_hits(struct store *s, const struct privacy_found *found, struct arena *arena,
	struct privacy_hits *out, struct hark_err *err)
{
	size_t cap = 0;
	*out = (struct privacy_hits){0};
	for (size_t i = 0; privacy_by_name(found) && i < found->authors.n; i++) {
		read_hits(store_db(s), found->authors.v[i], arena, out, &cap);
	}
	return db_check(store_db(s), err);
}
