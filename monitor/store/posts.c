#include "monitor/store/posts.h"

#include "monitor/base/jsonout.h"
#include "monitor/store/clusters.h"
#include "monitor/store/driver.h"
#include "monitor/store/key_rows.h"
#include "monitor/store/signals.h"
#include "monitor/store/story_index.h"
#include "monitor/store/unplaced.h"
#include "monitor/store/words.h"

#define DETAIL_MAX (256 << 10)
#define ROW "id, coalesce(story, id), content_lo, content_hi, deleted_ms, sensitive, url_hash"

static void read_row(struct db_query *q, struct post_row *out)
{
	*out = (struct post_row){
		.id = db_col_i64(q, 0),
		.story = db_col_i64(q, 1),
		.content = {.lo = (uint64_t)db_col_i64(q, 2), .hi = (uint64_t)db_col_i64(q, 3)},
		.deleted = !db_is_null(q, 4),
		.sensitive = db_col_i64(q, 5) != 0,
	};
}

bool store_post_find(struct store *s, int64_t source, struct str external_id, struct post_row *out)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT " ROW " FROM posts WHERE source = $1 AND external_id = $2");
	db_i64(q, source);
	db_text(q, external_id);
	bool found = db_step(q);
	if (found) {
		read_row(q, out);
	}
	db_done(q);
	return found;
}

/* The row of a post that a fingerprint points to. The caller gives the statement back. */
static struct db_query *look_at(struct store *s, int64_t id, struct post_row *out, uint64_t *url)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT " ROW ", title FROM posts WHERE id = $1");
	db_i64(q, id);
	if (!db_step(q)) {
		db_done(q);
		return NULL;
	}
	read_row(q, out);
	*url = (uint64_t)db_col_i64(q, 6);
	return q;
}

static bool same_content(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi && (a.lo | a.hi) != 0;
}

static size_t candidates(
	struct store *s, enum story_key key, uint64_t hash, int64_t posts[STORY_CANDIDATES])
{
	int64_t *last;
	const struct story_index *stories = store_stories(s, &last);
	return stories != NULL ? story_index_find(stories, key, hash, posts) : 0;
}

bool store_post_find_words(struct store *s, const struct post_keys *keys, struct post_row *out)
{
	int64_t posts[STORY_CANDIDATES];
	uint64_t url;
	bool found = false;
	if (keys->words < POST_COPY_WORDS) {
		return false;
	}
	size_t n = candidates(s, STORY_WORDS, keys->content.lo, posts);
	for (size_t i = 0; i < n && !found; i++) {
		struct db_query *q = look_at(s, posts[i], out, &url);
		found = q != NULL && same_content(out->content, keys->content);
		db_done(q);
	}
	return found;
}

bool store_post_find_link(struct store *s, const struct post_keys *keys, struct str title,
	bool (*same_title)(struct str a, struct str b), struct post_row *out)
{
	int64_t posts[STORY_CANDIDATES];
	uint64_t url;
	bool found = false;
	size_t n = candidates(s, STORY_LINK, keys->url, posts);
	for (size_t i = 0; i < n && !found; i++) {
		struct db_query *q = look_at(s, posts[i], out, &url);
		found = q != NULL && url == keys->url &&
			(same_content(out->content, keys->content) ||
				same_title(db_col_text(q, 7), title));
		db_done(q);
	}
	return found;
}

static void write_strs(struct jsonout *j, const char *key, const struct strs *list)
{
	if (list->n == 0) {
		return;
	}
	jsonout_key(j, key);
	jsonout_array(j);
	for (size_t i = 0; i < list->n; i++) {
		jsonout_str(j, list->v[i]);
	}
	jsonout_end_array(j);
}

static void write_count(struct jsonout *j, const char *key, int64_t value)
{
	if (value != COUNT_NONE) {
		jsonout_key_i64(j, key, value);
	}
}

static bool has_detail(const struct post *p)
{
	const int64_t counts[] = {p->likes, p->replies, p->shares, p->views, p->score, p->rating};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (counts[i] != COUNT_NONE) {
			return true;
		}
	}
	return p->tags.n + p->mentions.n + p->links.n > 0;
}

/* What no query asks for, in one column: engagement and lists. Absent when there is none of it, and
 * when it is beyond its ceiling: half a megabyte of links is no post. */
static struct str write_detail(const struct post *p, struct buf *out)
{
	struct jsonout j;
	buf_init(out, DETAIL_MAX);
	if (!has_detail(p)) {
		return STR_NONE;
	}
	jsonout_init(&j, out);
	jsonout_object(&j);
	write_count(&j, "likes", p->likes);
	write_count(&j, "replies", p->replies);
	write_count(&j, "shares", p->shares);
	write_count(&j, "views", p->views);
	write_count(&j, "score", p->score);
	write_count(&j, "rating", p->rating);
	write_strs(&j, "tags", &p->tags);
	write_strs(&j, "mentions", &p->mentions);
	write_strs(&j, "links", &p->links);
	jsonout_end_object(&j);
	return out->rc == HARK_OK ? buf_str(out) : STR_NONE;
}

static void bind_body(
	struct db_query *q, const struct post *p, struct str detail, enum post_body body)
{
	bool all = body == POST_BODY_ALL;
	db_text(q, body != POST_BODY_NONE ? p->title : STR_NONE);
	db_text(q, all ? p->text : STR_NONE);
	db_text(q, all ? p->quoted : STR_NONE);
	db_text(q, all ? detail : STR_NONE);
}

static void bind_keys(struct db_query *q, const struct post_keys *keys)
{
	db_i64_unless(q, (int64_t)keys->url, 0);
	db_i64_unless(q, (int64_t)keys->content.lo, 0);
	db_i64_unless(q, (int64_t)keys->content.hi, 0);
	db_i64(q, keys->words);
}

/* The reach of a story that has been published more than once. */
static void count_copy(struct db *db, int64_t post, const struct post_how *how)
{
	struct db_query *q = db_query(
		db, "INSERT INTO story_copies (post, story, how, seen_ms) VALUES ($1, $2, $3, $4)");
	db_i64(q, post);
	db_i64(q, how->story);
	db_text_c(q, how->copy);
	db_i64(q, how->now_ms);
	db_run(q);
	q = db_query(db,
		"INSERT INTO stories (post, copies, first_ms, last_ms) VALUES ($1, 1, $2, $2)"
		" ON CONFLICT (post) DO UPDATE SET copies = stories.copies + 1, last_ms = "
		"excluded.last_ms");
	db_i64(q, how->story);
	db_i64(q, how->now_ms);
	db_run(q);
}

static void add_edge(struct db *db, int64_t post, const struct post *p, const struct post_how *how,
	const char *kind, struct str to_ref)
{
	struct db_query *q = db_query(db, "INSERT INTO edges (post, source, kind, from_author, "
					  "to_author, to_ref, at_ms) VALUES ($1, $2, $3, $4,"
					  " (SELECT author FROM posts WHERE $3 = 'reply' AND "
					  "source = $2 AND external_id = $5), $5, $6)");
	db_i64(q, post);
	db_i64(q, how->source);
	db_text_c(q, kind);
	db_i64_unless(q, how->author, 0);
	db_text(q, to_ref);
	db_i64_unless(q, p->published, 0);
	db_run(q);
}

/* Who answered whom, and who named whom; and replies to this post that came before it. */
static void add_edges(struct db *db, int64_t post, const struct post *p, const struct post_how *how)
{
	if (!str_empty(p->in_reply_to)) {
		add_edge(db, post, p, how, "reply", p->in_reply_to);
	}
	for (size_t i = 0; i < p->mentions.n; i++) {
		add_edge(db, post, p, how, "mention", p->mentions.v[i]);
	}
	if (how->awaited && how->author != 0) {
		struct db_query *q =
			db_query(db, "UPDATE edges SET to_author = $3 WHERE to_author IS NULL"
				     " AND source = $1 AND to_ref = $2 AND kind = 'reply'");
		db_i64(q, how->source);
		db_text(q, p->external_id);
		db_i64(q, how->author);
		db_run(q);
	}
}

bool post_is_everywhere(struct str external_id)
{
	return str_starts(external_id, STR("at://"));
}

static void note_everywhere(struct db *db, int64_t post, struct str external_id)
{
	struct db_query *q =
		db_query(db, "INSERT INTO posts_at (external_id, post) VALUES ($1, $2)");
	db_text(q, external_id);
	db_i64(q, post);
	db_run(q);
}

static void note_keys(
	struct db *db, struct story_index *stories, int64_t post, const struct post_keys *keys)
{
	bool ok = story_index_add(stories, STORY_LINK, keys->url, post);
	if (keys->words >= POST_COPY_WORDS) {
		ok = story_index_add(stories, STORY_WORDS, keys->content.lo, post) && ok;
	}
	for (size_t i = 0; i < keys->parts_n; i++) {
		ok = story_index_add(stories, STORY_PART, keys->parts[i], post) && ok;
	}
	if (!ok) {
		db_fail(db, HARK_ENOMEM, "no memory for the index of stories");
	}
}

/* Where they will be noted is somewhere in memory, each in another place. */
static void expect_keys(const struct story_index *stories, const struct post_keys *keys)
{
	if (stories == NULL) {
		return;
	}
	story_index_expect(stories, STORY_LINK, keys->url);
	story_index_expect(stories, STORY_WORDS, keys->content.lo);
	for (size_t i = 0; i < keys->parts_n; i++) {
		story_index_expect(stories, STORY_PART, keys->parts[i]);
	}
}

struct reading {
	struct db *db;
	struct story_index *stories;
};

static void note_entry(void *ctx, const struct key_entry *e)
{
	const struct reading *r = ctx;
	struct post_keys keys = {.url = e->url,
		.content.lo = e->words,
		.words = e->words != 0 ? POST_COPY_WORDS : 0,
		.parts_n = POST_PARTS};
	memcpy(keys.parts, e->parts, sizeof(keys.parts));
	note_keys(r->db, r->stories, e->post, &keys);
}

/* Reads the fingerprints of the posts up to `last` that are not in memory yet: all of them at the
 * start, then those that somebody else has added. */
static void read_keys(struct store *s, struct story_index *stories, int64_t after, int64_t last)
{
	struct reading r = {store_db(s), stories};
	int64_t oldest = story_index_from(last);
	key_rows_each(s, after > oldest ? after : oldest, note_entry, &r);
}

int64_t store_post_ids(struct store *s, size_t n)
{
	struct db *db = store_db(s);
	int64_t *last;
	struct story_index *stories = store_stories(s, &last);
	int64_t first = store_ids(s, "posts", n);
	if (stories == NULL) {
		db_fail(db, HARK_ENOMEM, "no memory for the index of stories");
	} else if (first - 1 > *last) {
		read_keys(s, stories, *last, first - 1);
	}
	if (db_check(db, NULL) == HARK_OK) {
		*last = first - 1 + (int64_t)n;
	}
	return first;
}

void store_post_warm_up(struct store *s)
{
	struct db *db = store_db(s);
	int64_t *last;
	struct story_index *stories = store_stories(s, &last);
	if (stories == NULL) {
		return;
	}
	db_begin_read(db);
	struct db_query *q = db_query(db, "SELECT last FROM counters WHERE name = 'posts'");
	int64_t newest = db_run_i64(q, 0);
	if (newest > *last) {
		read_keys(s, stories, *last, newest);
	}
	if (db_commit(db, NULL) == HARK_OK) {
		*last = newest > *last ? newest : *last;
	}
}

bool store_post_none(struct store *s, int64_t source)
{
	struct db_query *q = db_query(store_db(s), "SELECT 1 FROM posts WHERE source = $1 LIMIT 1");
	db_i64(q, source);
	return db_run_i64(q, 0) == 0;
}

bool store_post_none_from(struct store *s, int64_t source, struct str from, struct str to)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM posts WHERE source = $1 AND external_id BETWEEN $2 AND $3 LIMIT 1");
	db_i64(q, source);
	db_text(q, from);
	db_text(q, to);
	return db_run_i64(q, 0) == 0;
}

bool store_post_awaited(struct store *s, int64_t source)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT 1 FROM edges WHERE source = $1 AND to_author IS NULL LIMIT 1");
	db_i64(q, source);
	return db_run_i64(q, 0) != 0;
}

bool store_post_add(struct store *s, const struct post *p, const struct post_keys *keys,
	const struct post_how *how)
{
	struct db *db = store_db(s);
	int64_t *last;
	struct buf detail;
	struct str detail_json = write_detail(p, &detail);
	expect_keys(store_stories(s, &last), keys);
	struct db_query *q =
		db_query(db, "INSERT INTO posts (id, source, external_id, author, story, "
			     "url_hash, content_lo, content_hi, words, type,"
			     " visibility, url, published, edited, seen_ms, "
			     "received_ms, title, text, quoted, detail, lang, country,"
			     " in_reply_to, thread, matched, historic, sensitive, original) "
			     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
			     " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
			     "$22, $23, $24, $25, $26, $27, $28)"
			     " ON CONFLICT (source, external_id) DO NOTHING");
	db_i64(q, how->id);
	db_i64(q, how->source);
	db_text(q, p->external_id);
	db_i64_unless(q, how->author, 0);
	db_i64_unless(q, how->story, 0);
	bind_keys(q, keys);
	db_text_c(q, post_type_name(p->type));
	db_text_c(q, p->visibility == VISIBILITY_PRIVATE ? "private" : "public");
	db_text(q, p->url);
	db_i64_unless(q, p->published, 0);
	db_i64_unless(q, p->edited, 0);
	db_i64(q, how->now_ms);
	db_i64(q, how->received_ms);
	bind_body(q, p, detail_json, how->body);
	db_text(q, p->lang);
	db_text(q, p->country);
	db_text(q, p->in_reply_to);
	db_text(q, p->thread);
	db_i64(q, how->matched);
	db_i64(q, how->historic);
	db_i64(q, how->sensitive);
	db_i64_unless(q, keys->parts_n > 0, 0);
	bool added = db_run(q) > 0;
	buf_release(&detail);
	if (!added) {
		return false;
	}
	note_keys(db, store_stories(s, &last), how->id, keys);
	key_rows_add(s, how->id, how->author, keys);
	if (post_is_everywhere(p->external_id)) {
		note_everywhere(db, how->id, p->external_id);
	}
	if (how->story != 0) {
		count_copy(db, how->id, how);
	}
	add_edges(db, how->id, p, how);
	return true;
}

static void move_story(struct db *db, const char *sql, int64_t keep, int64_t drop)
{
	struct db_query *q = db_query(db, sql);
	db_i64(q, keep);
	db_i64(q, drop);
	db_run(q);
}

void store_story_merge(struct store *s, int64_t keep, int64_t drop, int64_t now_ms)
{
	struct db *db = store_db(s);
	move_story(db,
		"UPDATE posts SET story = $1 WHERE id = $2"
		" OR id IN (SELECT post FROM story_copies WHERE story = $2)",
		keep, drop);
	move_story(db, "UPDATE signals SET story = $1 WHERE " SIGNALS_OF_STORY("$2"), keep, drop);
	move_story(db, "UPDATE story_copies SET story = $1 WHERE story = $2", keep, drop);
	struct db_query *q =
		db_query(db, "INSERT INTO story_copies (post, story, how, seen_ms)"
			     " VALUES ($1, $2, 'merged', $3) ON CONFLICT (post) DO NOTHING");
	db_i64(q, drop);
	db_i64(q, keep);
	db_i64(q, now_ms);
	db_run(q);
	q = db_query(db, "DELETE FROM stories WHERE post = $1");
	db_i64(q, drop);
	db_run(q);
	q = db_query(db,
		"INSERT INTO stories (post, copies, first_ms, last_ms) SELECT $1, count(*),"
		" min(seen_ms), max(seen_ms) FROM story_copies WHERE story = $1"
		" ON CONFLICT (post) DO UPDATE SET copies = excluded.copies, last_ms = "
		"excluded.last_ms");
	db_i64(q, keep);
	db_run(q);
}

static void keep_revision(struct db *db, int64_t id, int64_t now_ms)
{
	struct db_query *q = db_query(db,
		"INSERT INTO revisions (post, seen_ms, edited, content_lo, content_hi, title, text)"
		" SELECT id, $2, edited, content_lo, content_hi, title, text FROM posts WHERE id = "
		"$1");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
}

/* A page that counts views or says "5 minutes ago" is edited at every poll: the first text and the
 * newest ones are kept. */
static void drop_revisions(struct db *db, int64_t id)
{
	struct db_query *q = db_query(db,
		"DELETE FROM revisions WHERE post = $1"
		" AND id > (SELECT min(id) FROM revisions WHERE post = $1)"
		" AND id <= (SELECT id FROM revisions WHERE post = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)");
	db_i64(q, id);
	db_i64(q, POST_REVISIONS_MAX - 1);
	db_run(q);
}

static void forget_revisions(struct db *db, int64_t id)
{
	struct db_query *q =
		db_query(db, "UPDATE revisions SET title = NULL, text = NULL WHERE post = $1");
	db_i64(q, id);
	db_run(q);
}

static void note_edit(struct db *db, int64_t id, int64_t now_ms)
{
	struct db_query *q =
		db_query(db, "INSERT INTO posts_edited (post, seen_ms) VALUES ($1, $2)"
			     " ON CONFLICT (post) DO UPDATE SET seen_ms = excluded.seen_ms");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
	q = db_query(db, "DELETE FROM posts_deleted WHERE post = $1"); /* it is there again */
	db_i64(q, id);
	db_run(q);
}

void store_post_edit(struct store *s, int64_t id, const struct post *p,
	const struct post_keys *keys, const struct post_how *how)
{
	struct db *db = store_db(s);
	struct buf detail;
	int64_t *last;
	struct story_index *stories = store_stories(s, &last);
	struct str detail_json = write_detail(p, &detail);
	store_words_leave_post(s, id);
	keep_revision(db, id, how->now_ms);
	drop_revisions(db, id);
	if (how->sensitive) {
		forget_revisions(db, id);
	}
	struct db_query *q =
		db_query(db, "UPDATE posts SET url_hash = $2, content_lo = $3, "
			     "content_hi = $4, words = $5, url = $6, edited = $7,"
			     " title = $8, text = $9, quoted = $10, detail = $11, "
			     "seen_ms = $12, deleted_ms = NULL, purged_ms = NULL,"
			     " matched = CASE WHEN $13 = 1 THEN 1 ELSE matched END, "
			     "sensitive = $14, original = $15, revisions = revisions + 1"
			     " WHERE id = $1");
	db_i64(q, id);
	bind_keys(q, keys);
	db_text(q, p->url);
	db_i64_unless(q, p->edited, 0);
	bind_body(q, p, detail_json, how->body);
	db_i64(q, how->now_ms);
	db_i64(q, how->matched);
	db_i64(q, how->sensitive);
	db_i64_unless(q, keys->parts_n > 0, 0);
	db_run(q);
	buf_release(&detail);
	note_edit(db, id, how->now_ms);
	key_rows_change(s, id, keys);
	clusters_forget(*store_clusters(s), id);
	if (stories != NULL) {
		note_keys(db, stories, id, keys);
	}
}

/* The words of a post are in what was said of it too. */
static void forget_why(struct db *db, int64_t id)
{
	struct db_query *q = db_query(db,
		"UPDATE leads SET why = NULL WHERE id IN (SELECT lead FROM signals WHERE post = $1)"
		" AND why IN (SELECT explain FROM signals WHERE post = $1)");
	db_i64(q, id);
	db_run(q);
	q = db_query(db, "UPDATE signals SET explain = NULL, emit = NULL WHERE post = $1");
	db_i64(q, id);
	db_run(q);
}

void store_post_delete(struct store *s, int64_t id, int64_t now_ms)
{
	struct db *db = store_db(s);
	store_words_leave_post(s, id);
	struct db_query *q =
		db_query(db, "UPDATE posts SET deleted_ms = $2, title = NULL, text = NULL,"
			     " quoted = NULL, detail = NULL, original = NULL WHERE id = $1");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
	key_rows_drop_parts(s, id);
	q = db_query(db,
		"INSERT INTO posts_deleted (post, source, deleted_ms) SELECT id, source, $2 FROM posts"
		" WHERE id = $1 ON CONFLICT (post) DO UPDATE SET deleted_ms = excluded.deleted_ms");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
	forget_revisions(db, id);
	forget_why(db, id);
	store_unplaced_drop(s, id);
	q = db_query(db, "DELETE FROM encounters WHERE post = $1");
	db_i64(q, id);
	db_run(q);
}

int64_t store_posts_deleted(struct store *s, struct str source, int64_t *last_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*), max(d.deleted_ms) FROM posts_deleted d JOIN sources s"
		" ON s.id = d.source WHERE s.name = $1");
	int64_t n = 0;
	*last_ms = 0;
	db_text(q, source);
	while (db_step(q)) {
		n = db_col_i64(q, 0);
		*last_ms = db_col_i64(q, 1);
	}
	return n;
}

/* Follower counts change with every post and are no reason to write the row again. */
static uint64_t profile_hash(const struct author *a)
{
	const struct str parts[] = {a->handle, a->display_name, a->profile_url, a->bio};
	return hash128(parts, 4).lo;
}

/* $1 to $9. */
static void bind_author(struct db_query *q, const struct author *a, uint64_t hash, int64_t now_ms)
{
	db_text(q, a->handle);
	db_text(q, a->display_name);
	db_text(q, a->profile_url);
	db_text(q, a->bio);
	db_i64_unless(q, a->followers, COUNT_NONE);
	db_i64_unless(q, a->following, COUNT_NONE);
	db_i64_unless(q, a->verified, -1);
	db_i64(q, (int64_t)hash);
	db_i64(q, now_ms);
}

static int64_t add_author(
	struct store *s, struct str key, const struct author *a, uint64_t hash, int64_t now_ms)
{
	int64_t id = store_new_id(s, "authors", "SELECT max(id) FROM authors");
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO authors (handle, display_name, profile_url, bio, followers, following,"
		" verified, profile_hash, first_ms, changed_ms, key, id)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)");
	bind_author(q, a, hash, now_ms);
	db_text(q, key);
	db_i64(q, id);
	return db_run(q) > 0 ? id : 0;
}

int64_t store_author_put(struct store *s, struct str key, const struct author *a, int64_t now_ms)
{
	struct db *db = store_db(s);
	uint64_t hash = profile_hash(a);
	struct db_query *q = db_query(db, "SELECT id, profile_hash FROM authors WHERE key = $1");
	db_text(q, key);
	bool known = db_step(q);
	int64_t id = known ? db_col_i64(q, 0) : 0;
	bool current = known && (uint64_t)db_col_i64(q, 1) == hash;
	db_done(q);
	if (!known) {
		return add_author(s, key, a, hash, now_ms);
	}
	if (!current) {
		store_words_leave_author(s, id);
		q = db_query(db,
			"UPDATE authors SET handle = $1, display_name = $2, profile_url = $3,"
			" bio = $4, followers = $5, following = $6, verified = $7,"
			" profile_hash = $8, changed_ms = $9 WHERE id = $10");
		bind_author(q, a, hash, now_ms);
		db_i64(q, id);
		db_run(q);
	}
	return id;
}
