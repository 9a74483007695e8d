#include "monitor/model/post.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/post_scan.h"

#include <math.h>
#include <stdio.h>

void post_init(struct post *p)
{
	*p = (struct post){
		.author = {.followers = COUNT_NONE, .following = COUNT_NONE, .verified = -1},
		.likes = COUNT_NONE,
		.replies = COUNT_NONE,
		.shares = COUNT_NONE,
		.views = COUNT_NONE,
		.score = COUNT_NONE,
		.rating = COUNT_NONE,
		.sentiment = {.score = NAN},
	};
}

static const char *const type_names[] = {
	[POST_TYPE_POST] = "post",
	[POST_TYPE_REPLY] = "reply",
	[POST_TYPE_REPOST] = "repost",
	[POST_TYPE_QUOTE] = "quote",
	[POST_TYPE_REVIEW] = "review",
	[POST_TYPE_JOB] = "job",
	[POST_TYPE_FILING] = "filing",
};
#define TYPES (sizeof(type_names) / sizeof(type_names[0]))

const char *post_type_name(enum post_type type)
{
	return (unsigned)type < TYPES ? type_names[type] : "post";
}

bool post_type_parse(struct str name, enum post_type *out)
{
	for (size_t i = 0; i < TYPES; i++) {
		if (str_eq_c(name, type_names[i])) {
			*out = (enum post_type)i;
			return true;
		}
	}
	return false;
}

static void write_count(struct jsonout *j, const char *key, int64_t n)
{
	if (n != COUNT_NONE) {
		jsonout_key_i64(j, key, n);
	}
}

static void write_author(struct jsonout *j, const struct author *a)
{
	bool any = a->handle.p != NULL || a->display_name.p != NULL || a->profile_url.p != NULL ||
		   a->bio.p != NULL || a->followers != COUNT_NONE || a->following != COUNT_NONE ||
		   a->verified >= 0;
	if (!any) {
		return;
	}
	jsonout_key(j, "author");
	jsonout_object(j);
	jsonout_key_str(j, "handle", a->handle);
	jsonout_key_str(j, "display_name", a->display_name);
	jsonout_key_str(j, "profile_url", a->profile_url);
	jsonout_key_str(j, "bio", a->bio);
	write_count(j, "followers", a->followers);
	write_count(j, "following", a->following);
	if (a->verified >= 0) {
		jsonout_key_bool(j, "verified", a->verified > 0);
	}
	jsonout_end_object(j);
}

static void write_engagement(struct jsonout *j, const struct post *p)
{
	const struct {
		const char *key;
		int64_t n;
	} counts[] = {
		{"likes", p->likes},
		{"replies", p->replies},
		{"shares", p->shares},
		{"views", p->views},
		{"score", p->score},
		{"rating", p->rating},
	};
	bool open = false;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (counts[i].n == COUNT_NONE) {
			continue;
		}
		if (!open) {
			jsonout_key(j, "engagement");
			jsonout_object(j);
			open = true;
		}
		jsonout_key_i64(j, counts[i].key, counts[i].n);
	}
	if (open) {
		jsonout_end_object(j);
	}
}

static void write_list(struct jsonout *j, const char *key, const struct strs *list)
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

static void write_sentiment(struct jsonout *j, const struct sentiment *s)
{
	if (s->label.p == NULL && isnan(s->score)) {
		return;
	}
	jsonout_key(j, "classify");
	jsonout_object(j);
	jsonout_key(j, "sentiment");
	jsonout_object(j);
	jsonout_key_str(j, "label", s->label);
	if (!isnan(s->score)) {
		jsonout_key(j, "score");
		jsonout_double(j, s->score);
	}
	jsonout_end_object(j);
	jsonout_end_object(j);
}

void post_write_json(const struct post *p, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_str(&j, "source", p->source);
	jsonout_key_str(&j, "external_id", p->external_id);
	jsonout_key_str(&j, "url", p->url);
	jsonout_key_c(&j, "type", post_type_name(p->type));
	write_author(&j, &p->author);
	jsonout_key_time(&j, "published", p->published);
	jsonout_key_time(&j, "edited", p->edited);
	jsonout_key_str(&j, "title", p->title);
	jsonout_key_str(&j, "text", p->text);
	jsonout_key_str(&j, "quoted", p->quoted);
	jsonout_key_str(&j, "lang", p->lang);
	jsonout_key_str(&j, "country", p->country);
	jsonout_key_str(&j, "in_reply_to", p->in_reply_to);
	jsonout_key_str(&j, "thread", p->thread);
	write_engagement(&j, p);
	write_list(&j, "tags", &p->tags);
	write_list(&j, "mentions", &p->mentions);
	write_list(&j, "links", &p->links);
	write_sentiment(&j, &p->sentiment);
	jsonout_key_c(&j, "visibility", p->visibility == VISIBILITY_PRIVATE ? "private" : "public");
	if (p->deleted) {
		jsonout_key_bool(&j, "deleted", true);
	}
	jsonout_end_object(&j);
}

/* Reading: the first wrong member ends it. */
struct reading {
	struct arena *arena;
	struct hark_err *err;
	int rc;
};

static void wrong(struct reading *r, const char *in, const char *key, const char *what)
{
	if (r->rc == HARK_OK) {
		r->rc = hark_err_set(r->err, HARK_EPARSE, "post: %s%s must be %s", in, key, what);
	}
}

static struct str kept(struct reading *r, const json_t *string)
{
	struct str s =
		arena_str(r->arena, str_n(json_string_value(string), json_string_length(string)));
	if (s.p == NULL && r->rc == HARK_OK) {
		r->rc = hark_err_set(r->err, HARK_ENOMEM, "post: no memory");
	}
	return s;
}

/* The member, or NULL if it is missing or null. */
static const json_t *member(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	return json_is_null(v) ? NULL : v;
}

static void read_str(
	struct reading *r, const json_t *object, const char *in, const char *key, struct str *out)
{
	const json_t *v = member(object, key);
	if (json_is_string(v)) {
		*out = kept(r, v);
	} else if (v != NULL) {
		wrong(r, in, key, "a string");
	}
}

static void read_count(
	struct reading *r, const json_t *object, const char *in, const char *key, int64_t *out)
{
	const json_t *v = member(object, key);
	if (json_is_integer(v)) {
		*out = json_integer_value(v);
	} else if (json_is_real(v) && json_real_value(v) > -9e15 && json_real_value(v) < 9e15) {
		*out = (int64_t)json_real_value(v);
	} else if (v != NULL) {
		wrong(r, in, key, "a number");
	}
}

static void read_time(struct reading *r, const json_t *object, const char *key, int64_t *out)
{
	const json_t *v = member(object, key);
	if (v == NULL) {
		return;
	}
	struct str text = str_n(json_string_value(v), json_string_length(v));
	if (!json_is_string(v) || !clock_parse_rfc3339(text, out)) {
		wrong(r, "", key, "a time like \"2026-01-31T09:30:00Z\"");
	}
}

static void read_flag(
	struct reading *r, const json_t *object, const char *in, const char *key, bool *out)
{
	const json_t *v = member(object, key);
	if (json_is_boolean(v)) {
		*out = json_is_true(v);
	} else if (v != NULL) {
		wrong(r, in, key, "true or false");
	}
}

static void read_list(struct reading *r, const json_t *object, const char *key, struct strs *out)
{
	const json_t *v = member(object, key);
	if (v == NULL) {
		return;
	}
	size_t n = json_array_size(v);
	out->v = n > 0 ? arena_alloc(r->arena, n * sizeof(*out->v)) : NULL;
	if (!json_is_array(v)) {
		wrong(r, "", key, "a list of strings");
	} else if (n > 0 && out->v == NULL) {
		r->rc = hark_err_set(r->err, HARK_ENOMEM, "post: no memory");
	}
	for (size_t i = 0; r->rc == HARK_OK && i < n; i++) {
		const json_t *item = json_array_get(v, i);
		if (!json_is_string(item)) {
			wrong(r, "", key, "a list of strings");
			return;
		}
		out->v[out->n++] = kept(r, item);
	}
}

static const json_t *read_object(
	struct reading *r, const json_t *object, const char *in, const char *key)
{
	const json_t *v = member(object, key);
	if (v != NULL && !json_is_object(v)) {
		wrong(r, in, key, "an object");
		return NULL;
	}
	return v;
}

static void read_sentiment(struct reading *r, const json_t *object, struct sentiment *out)
{
	const json_t *classify = read_object(r, object, "", "classify");
	const json_t *from =
		classify != NULL ? read_object(r, classify, "classify.", "sentiment") : NULL;
	const json_t *score = from != NULL ? member(from, "score") : NULL;
	if (from == NULL) {
		return;
	}
	read_str(r, from, "classify.sentiment.", "label", &out->label);
	double value = json_number_value(score);
	if (json_is_number(score) && value >= -1 && value <= 1) {
		out->score = value;
	} else if (score != NULL) {
		wrong(r, "classify.sentiment.", "score", "a number from -1 to 1");
	}
}

static void read_author(struct reading *r, const json_t *object, struct author *a)
{
	const json_t *from = read_object(r, object, "", "author");
	bool verified = false;
	if (from == NULL) {
		return;
	}
	read_str(r, from, "author.", "handle", &a->handle);
	read_str(r, from, "author.", "display_name", &a->display_name);
	read_str(r, from, "author.", "profile_url", &a->profile_url);
	read_str(r, from, "author.", "bio", &a->bio);
	read_count(r, from, "author.", "followers", &a->followers);
	read_count(r, from, "author.", "following", &a->following);
	read_flag(r, from, "author.", "verified", &verified);
	a->verified = member(from, "verified") == NULL ? -1 : verified;
}

static void read_engagement(struct reading *r, const json_t *object, struct post *p)
{
	const json_t *from = read_object(r, object, "", "engagement");
	if (from == NULL) {
		return;
	}
	read_count(r, from, "engagement.", "likes", &p->likes);
	read_count(r, from, "engagement.", "replies", &p->replies);
	read_count(r, from, "engagement.", "shares", &p->shares);
	read_count(r, from, "engagement.", "views", &p->views);
	read_count(r, from, "engagement.", "score", &p->score);
	read_count(r, from, "engagement.", "rating", &p->rating);
}

static void read_type(struct reading *r, const json_t *object, struct post *p)
{
	const json_t *type = member(object, "type");
	const json_t *visibility = member(object, "visibility");
	if (type != NULL && !post_type_parse(str_c(json_string_value(type)), &p->type)) {
		wrong(r, "", "type", "post, reply, repost, quote, review, job or filing");
	}
	struct str v = str_c(json_string_value(visibility));
	if (str_eq_c(v, "private")) {
		p->visibility = VISIBILITY_PRIVATE;
	} else if (visibility != NULL && !str_eq_c(v, "public")) {
		wrong(r, "", "visibility", "public or private");
	}
}

static void read_members(struct reading *r, const json_t *tree, struct post *p)
{
	const struct {
		const char *key;
		struct str *to;
	} texts[] = {
		{"source", &p->source},
		{"external_id", &p->external_id},
		{"url", &p->url},
		{"title", &p->title},
		{"text", &p->text},
		{"quoted", &p->quoted},
		{"lang", &p->lang},
		{"country", &p->country},
		{"in_reply_to", &p->in_reply_to},
		{"thread", &p->thread},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		read_str(r, tree, "", texts[i].key, texts[i].to);
	}
	read_type(r, tree, p);
	read_author(r, tree, &p->author);
	read_time(r, tree, "published", &p->published);
	read_time(r, tree, "edited", &p->edited);
	read_engagement(r, tree, p);
	read_list(r, tree, "tags", &p->tags);
	read_list(r, tree, "mentions", &p->mentions);
	read_list(r, tree, "links", &p->links);
	read_sentiment(r, tree, &p->sentiment);
	read_flag(r, tree, "", "deleted", &p->deleted);
}

int post_read_json(struct post *p, struct str json, struct arena *arena, struct hark_err *err)
{
	bool has_other;
	return post_scan_json(p, json, arena, &has_other) ? HARK_OK
							  : post_read_tree(p, json, arena, err);
}

/* The first member of `object` that hark does not know, in the order they were written. */
static struct str unknown_in(
	const json_t *object, enum post_part part, const char *in, struct arena *arena)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
	{
		if (!post_knows(part, str_c(key)) && !json_is_null(value)) {
			char path[100];
			snprintf(path, sizeof(path), "%s%.60s", in, key);
			return arena_str(arena, str_c(path));
		}
	}
	return STR_NONE;
}

static struct str unknown_of(struct str json, struct arena *arena)
{
	json_t *tree = json_read(json, NULL);
	struct str found = unknown_in(tree, POST_ITSELF, "", arena);
	if (found.p == NULL) {
		found = unknown_in(member(tree, "author"), POST_AUTHOR, "author.", arena);
	}
	if (found.p == NULL) {
		found = unknown_in(
			member(tree, "engagement"), POST_ENGAGEMENT, "engagement.", arena);
	}
	json_decref(tree);
	return found;
}

int post_read_noting(struct post *p, struct str json, struct arena *arena, struct str *unknown,
	struct hark_err *err)
{
	bool has_other = true;
	int rc = post_scan_json(p, json, arena, &has_other) ? HARK_OK
							    : post_read_tree(p, json, arena, err);
	*unknown = rc == HARK_OK && has_other ? unknown_of(json, arena) : STR_NONE;
	return rc;
}

/* Whether there is anything in it that a rule could read or a person find it by. */
static bool says_something(const struct post *p)
{
	const struct str texts[] = {p->external_id, p->url, p->title, p->text, p->quoted,
		p->author.handle, p->author.display_name, p->author.bio};
	bool says = p->tags.n + p->mentions.n + p->links.n > 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		says |= !str_empty(texts[i]);
	}
	return says;
}

int post_read_line(struct post *p, struct str json, struct arena *arena, struct hark_err *err)
{
	int rc = post_read_json(p, json, arena, err);
	return rc != HARK_OK || says_something(p)
		       ? rc
		       : hark_err_set(err, HARK_EPARSE,
				 "post: it has no text, no title, no external_id and no url");
}

int post_read_tree(struct post *p, struct str json, struct arena *arena, struct hark_err *err)
{
	struct reading r = {.arena = arena, .err = err};
	post_init(p);
	json_t *tree = json_read(json, err);
	if (tree == NULL) {
		return HARK_EPARSE;
	}
	if (json_is_object(tree)) {
		read_members(&r, tree, p);
	} else {
		r.rc = hark_err_set(err, HARK_EPARSE, "post: a line must be one JSON object");
	}
	json_decref(tree);
	return r.rc;
}

static bool copy_list(struct strs *list, struct arena *arena)
{
	struct str *v = arena_alloc(arena, list->n * sizeof(*v));
	for (size_t i = 0; v != NULL && i < list->n; i++) {
		v[i] = arena_str(arena, list->v[i]);
		if (v[i].p == NULL && list->v[i].p != NULL) {
			return false;
		}
	}
	list->v = v;
	return v != NULL;
}

int post_copy(struct post *to, const struct post *from, struct arena *arena)
{
	*to = *from;
	struct str *texts[] = {&to->source, &to->external_id, &to->url, &to->author.handle,
		&to->author.display_name, &to->author.profile_url, &to->author.bio, &to->title,
		&to->text, &to->quoted, &to->lang, &to->country, &to->in_reply_to, &to->thread,
		&to->sentiment.label};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str copy = arena_str(arena, *texts[i]);
		if (copy.p == NULL && texts[i]->p != NULL) {
			return HARK_ENOMEM;
		}
		*texts[i] = copy;
	}
	bool ok = copy_list(&to->tags, arena) && copy_list(&to->mentions, arena) &&
		  copy_list(&to->links, arena);
	return ok ? HARK_OK : HARK_ENOMEM;
}
