#include "monitor/store/post_scan.h"

#include "monitor/base/json.h"
#include "monitor/store/driver.h"

#include <stdlib.h>

#define PAGE_POSTS 20000
#define LIST_MAX 1000

#define COLUMNS                                                                                     \
	"p.id, s.name, p.external_id, p.story, p.type, p.visibility, p.url, p.published, p.edited," \
	" p.seen_ms, p.deleted_ms, p.purged_ms, p.title, p.text, p.quoted, p.lang, p.country,"      \
	" p.in_reply_to, p.thread, p.detail, p.historic, p.sensitive,"                              \
	" a.handle, a.display_name, a.profile_url, a.bio, a.followers, a.following, a.verified"
#define TABLES \
	" FROM posts p JOIN sources s ON s.id = p.source LEFT JOIN authors a ON a.id = p.author"

struct post_scan {
	struct store *store;
	struct db_query *page; /* NULL between pages */
	struct arena arena;    /* lists of the last post */
	int64_t first, last, at;
	bool at_end;
};

/* ---- engagement and lists, as posts.c writes them ---- */

struct detail {
	const char *p, *end;
};

static bool take(struct detail *d, char c)
{
	if (d->p < d->end && *d->p == c) {
		d->p++;
		return true;
	}
	return false;
}

/* A string without escapes. */
static bool take_string(struct detail *d, struct str *out)
{
	const char *from = d->p + 1;
	if (!take(d, '"')) {
		return false;
	}
	const char *close = memchr(d->p, '"', (size_t)(d->end - d->p));
	if (close == NULL) {
		return false;
	}
	*out = str_n(from, (size_t)(close - from));
	d->p = close + 1;
	return true;
}

static struct strs *list_of(struct post *p, struct str key)
{
	return str_eq_c(key, "tags")       ? &p->tags
	       : str_eq_c(key, "mentions") ? &p->mentions
	       : str_eq_c(key, "links")    ? &p->links
					   : NULL;
}

static int64_t *count_of(struct post *p, struct str key)
{
	static const char *const names[] = {
		"likes", "replies", "shares", "views", "score", "rating"};
	int64_t *const counts[] = {
		&p->likes, &p->replies, &p->shares, &p->views, &p->score, &p->rating};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq_c(key, names[i])) {
			return counts[i];
		}
	}
	return NULL;
}

static bool take_list(struct detail *d, struct strs *out, struct arena *arena)
{
	size_t cap = 0;
	if (out == NULL || !take(d, '[')) {
		return false;
	}
	while (out->n < LIST_MAX) {
		struct str *grown = arena_grow(arena, out->v, out->n, &cap, sizeof(*grown));
		if (grown == NULL || !take_string(d, &grown[out->n])) {
			return false;
		}
		out->v = grown;
		out->n++;
		if (!take(d, ',')) {
			return take(d, ']');
		}
	}
	return false;
}

static bool take_number(struct detail *d, int64_t *out)
{
	const char *from = d->p;
	while (d->p < d->end && *d->p != ',' && *d->p != '}') {
		d->p++;
	}
	return out != NULL && str_i64(str_n(from, (size_t)(d->p - from)), out);
}

static bool read_plain(struct str text, struct post *p, struct arena *arena)
{
	struct detail d = {text.p, text.p + text.n};
	if (!take(&d, '{')) {
		return false;
	}
	do {
		struct str key;
		bool ok = take_string(&d, &key) && take(&d, ':') && d.p < d.end;
		ok = ok && (*d.p == '[' ? take_list(&d, list_of(p, key), arena)
					: take_number(&d, count_of(p, key)));
		if (!ok) {
			return false;
		}
	} while (take(&d, ','));
	return take(&d, '}');
}

static void read_tree_list(const json_t *array, struct strs *out, struct arena *arena)
{
	size_t i;
	const json_t *item;
	*out = (struct strs){
		.v = arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*out->v))};
	json_array_foreach(array, i, item)
	{
		if (out->v != NULL && json_is_string(item)) {
			out->v[out->n++] = arena_str(
				arena, str_n(json_string_value(item), json_string_length(item)));
		}
	}
}

/* With escapes in it. */
static void read_tree(struct str text, struct post *p, struct arena *arena)
{
	json_t *tree = json_read(text, NULL);
	const char *key;
	json_t *value;
	json_object_foreach(tree, key, value)
	{
		struct strs *list = list_of(p, str_c(key));
		int64_t *count = count_of(p, str_c(key));
		if (list != NULL) {
			read_tree_list(value, list, arena);
		} else if (count != NULL && json_is_integer(value)) {
			*count = json_integer_value(value);
		}
	}
	json_decref(tree);
}

static void read_detail(struct str text, struct post *p, struct arena *arena)
{
	bool plain = text.n > 0 && memchr(text.p, '\\', text.n) == NULL;
	if (text.n == 0 || (plain && read_plain(text, p, arena))) {
		return;
	}
	p->tags = p->mentions = p->links = (struct strs){0};
	read_tree(text, p, arena);
}

/* ---- rows ---- */

static void read_author(struct db_query *q, int column, struct author *a)
{
	a->handle = db_col_text(q, column);
	a->display_name = db_col_text(q, column + 1);
	a->profile_url = db_col_text(q, column + 2);
	a->bio = db_col_text(q, column + 3);
	a->followers = db_col_i64_or(q, column + 4, COUNT_NONE);
	a->following = db_col_i64_or(q, column + 5, COUNT_NONE);
	a->verified = (int)db_col_i64_or(q, column + 6, -1);
}

static void read_row(struct db_query *q, struct arena *arena, struct stored_post *out)
{
	struct post *p = &out->post;
	post_init(p);
	out->id = db_col_i64(q, 0);
	p->source = db_col_text(q, 1);
	p->external_id = db_col_text(q, 2);
	out->story = db_col_i64_or(q, 3, out->id);
	post_type_parse(db_col_text(q, 4), &p->type);
	p->visibility =
		str_eq_c(db_col_text(q, 5), "private") ? VISIBILITY_PRIVATE : VISIBILITY_PUBLIC;
	p->url = db_col_text(q, 6);
	p->published = db_col_i64(q, 7);
	p->edited = db_col_i64(q, 8);
	out->seen_ms = db_col_i64(q, 9);
	out->gone = !db_is_null(q, 10) || !db_is_null(q, 11);
	p->title = db_col_text(q, 12);
	p->text = db_col_text(q, 13);
	p->quoted = db_col_text(q, 14);
	p->lang = db_col_text(q, 15);
	p->country = db_col_text(q, 16);
	p->in_reply_to = db_col_text(q, 17);
	p->thread = db_col_text(q, 18);
	read_detail(db_col_text(q, 19), p, arena);
	out->historic = db_col_i64(q, 20) != 0;
	out->sensitive = db_col_i64(q, 21) != 0;
	read_author(q, 22, &p->author);
}

/* Posts come in the order of their keys, so the first that is young enough is found by halving. */
static int64_t first_since(struct db *db, int64_t since_ms, int64_t low, int64_t high)
{
	while (low < high) {
		int64_t mid = low + (high - low) / 2;
		struct db_query *q = db_query(
			db, "SELECT seen_ms FROM posts WHERE id >= $1 ORDER BY id LIMIT 1");
		db_i64(q, mid);
		if (db_run_i64(q, INT64_MAX) < since_ms) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

int post_scan_open(struct post_scan **out, struct store *s, int64_t since_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct post_scan *scan = calloc(1, sizeof(*scan));
	if (scan == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to read posts");
	}
	scan->store = s;
	arena_init(&scan->arena, 0);
	scan->first = db_run_i64(db_query(db, "SELECT min(id) FROM posts"), 0);
	scan->last = db_run_i64(db_query(db, "SELECT max(id) FROM posts"), -1);
	if (since_ms > 0 && scan->last >= scan->first) {
		scan->first = first_since(db, since_ms, scan->first, scan->last + 1);
	}
	scan->at = scan->first - 1;
	int rc = db_check(db, err);
	if (rc != HARK_OK) {
		post_scan_close(scan, NULL);
		return rc;
	}
	*out = scan;
	return HARK_OK;
}

void post_scan_keep_last(struct post_scan *scan, int64_t n)
{
	struct db_query *q = db_query(
		store_db(scan->store), "SELECT id FROM posts ORDER BY id DESC LIMIT 1 OFFSET $1");
	db_i64(q, n - 1);
	int64_t first = db_run_i64(q, scan->first);
	scan->first = first > scan->first ? first : scan->first;
	scan->at = scan->first - 1;
}

static void begin_page(struct post_scan *scan)
{
	scan->page = db_query(store_db(scan->store),
		"SELECT " COLUMNS TABLES " WHERE p.id > $1 AND p.id <= $2 ORDER BY p.id LIMIT $3");
	db_i64(scan->page, scan->at);
	db_i64(scan->page, scan->last);
	db_i64(scan->page, PAGE_POSTS);
	scan->at_end = true; /* unless it has a row */
}

bool post_scan_next(struct post_scan *scan, struct stored_post *out)
{
	arena_reset(&scan->arena);
	for (;;) {
		if (scan->page == NULL) {
			if (scan->at_end) {
				return false;
			}
			begin_page(scan);
		}
		if (db_step(scan->page)) {
			scan->at_end = false;
			read_row(scan->page, &scan->arena, out);
			scan->at = out->id;
			return true;
		}
		db_done(scan->page);
		scan->page = NULL;
		if (db_check(store_db(scan->store), NULL) != HARK_OK) {
			scan->at_end = true;
		}
	}
}

int64_t post_scan_first(const struct post_scan *scan)
{
	return scan->first;
}

int64_t post_scan_last(const struct post_scan *scan)
{
	return scan->last;
}

int post_scan_close(struct post_scan *scan, struct hark_err *err)
{
	if (scan == NULL) {
		return HARK_OK;
	}
	db_done(scan->page);
	int rc = db_check(store_db(scan->store), err);
	rc = rc == HARK_OK && scan->arena.rc != HARK_OK
		     ? hark_err_set(err, scan->arena.rc, "no memory to read posts")
		     : rc;
	arena_release(&scan->arena);
	free(scan);
	return rc;
}

int store_post_load(struct store *s, int64_t id, struct arena *arena, struct stored_post *out,
	struct hark_err *err)
{
	struct db_query *q = db_query(store_db(s), "SELECT " COLUMNS TABLES " WHERE p.id = $1");
	struct stored_post row;
	int copied = HARK_OK;
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		read_row(q, arena, &row);
		*out = row;
		copied = post_copy(&out->post, &row.post, arena);
	}
	db_done(q);
	int rc = db_check(store_db(s), err);
	if (rc == HARK_OK && !found) {
		rc = hark_err_set(err, HARK_ENOENT, "there is no such post");
	} else if (rc == HARK_OK && copied != HARK_OK) {
		rc = hark_err_set(err, copied, "no memory for the post");
	}
	return rc;
}

struct str store_post_copy_how(struct store *s, int64_t id, struct arena *arena)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT how FROM story_copies WHERE post = $1");
	db_i64(q, id);
	struct str how = db_step(q) ? db_col_copy(q, 0, arena) : STR_NONE;
	db_done(q);
	return how;
}

int64_t store_post_look_up(struct store *s, struct str url)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT id FROM posts WHERE url = $1 ORDER BY id DESC LIMIT 1");
	db_text(q, url);
	int64_t id = db_run_i64(q, 0);
	const char *colon = url.n > 0 ? memchr(url.p, ':', url.n) : NULL;
	if (id != 0 || colon == NULL) {
		return id;
	}
	size_t n = (size_t)(colon - url.p);
	q = db_query(store_db(s), "SELECT p.id FROM posts p JOIN sources s ON s.id = p.source"
				  " WHERE s.name = $1 AND p.external_id = $2");
	db_text(q, str_n(url.p, n));
	db_text(q, str_n(colon + 1, url.n - n - 1));
	return db_run_i64(q, 0);
}
