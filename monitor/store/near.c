#include "monitor/store/near.h"

#include "monitor/store/clusters.h"
#include "monitor/store/driver.h"
#include "monitor/store/key_rows.h"

_Static_assert(POST_PARTS == COPY_KEYS, "a row holds every key");
_Static_assert(POST_NEAR_MAX == CLUSTERS_FOUND_MAX, "all that are found");

/* The text of an original. */
static bool load(void *ctx, int64_t post, struct copy *to)
{
	struct db_query *q = db_query(
		store_db(ctx), "SELECT title, text FROM posts WHERE id = $1 AND original = 1");
	db_i64(q, post);
	bool found = db_step(q) && copy_read(to, db_col_text(q, 0), db_col_text(q, 1)) == HARK_OK;
	db_done(q);
	return found;
}

static struct clusters *clusters_of(struct store *s)
{
	struct clusters **c = store_clusters(s);
	int64_t *last;
	struct story_index *stories = store_stories(s, &last);
	if (*c == NULL && stories != NULL) {
		*c = clusters_new(stories, load, s);
	}
	if (*c == NULL) {
		db_fail(store_db(s), HARK_ENOMEM, "no memory to compare posts");
	}
	return *c;
}

/* Its story; 0: it was erased since its text was read. */
static int64_t story_of(struct store *s, int64_t id)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT coalesce(story, id) FROM posts WHERE id = $1 AND original = 1"
		" AND deleted_ms IS NULL AND (title IS NOT NULL OR text IS NOT NULL)");
	db_i64(q, id);
	return db_run_i64(q, 0);
}

void store_post_find_near(struct store *s, const struct clusters_text *text, struct post_near *out)
{
	struct clusters_found found[CLUSTERS_FOUND_MAX];
	struct clusters *c = clusters_of(s);
	out->n = out->parts_n = 0;
	out->is_core = false;
	if (c == NULL) {
		return;
	}
	size_t n = clusters_find(c, text, found);
	for (size_t i = 0; i < n; i++) {
		int64_t story = story_of(s, found[i].post);
		if (story != 0) {
			out->v[out->n].id = found[i].post;
			out->v[out->n].story = story;
			out->v[out->n++].is_cut = found[i].is_cut;
		}
	}
	out->is_core = clusters_is_core(c);
	out->parts_n = clusters_keys(c, out->parts);
}

void store_post_near_soon(struct store *s, const struct copy_look *look)
{
	int64_t *last;
	const struct story_index *stories = store_stories(s, &last);
	if (stories != NULL) {
		story_index_ask_soon(stories, STORY_PART, look->keys, look->keys_n);
	}
}

void store_post_retire(struct store *s, int64_t id)
{
	struct db_query *q =
		db_query(store_db(s), "UPDATE posts SET original = NULL WHERE id = $1");
	db_i64(q, id);
	db_run(q);
	key_rows_drop_parts(s, id);
	clusters_forget(*store_clusters(s), id);
}
