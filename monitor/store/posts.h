/* Posts, their authors, copies, revisions and edges. */
#ifndef HARK_STORE_POSTS_H
#define HARK_STORE_POSTS_H

#include "monitor/base/hash.h"
#include "monitor/model/post.h"
#include "monitor/store/store.h"

/* Shorter texts are not looked up by their words: they are equal by chance. */
#define POST_COPY_WORDS 12
#define POST_PARTS 4
/* Earlier texts kept of one post. */
#define POST_REVISIONS_MAX 20

/* What identifies a post, beside its source and external id. */
struct post_keys {
	uint64_t url;           /* of the canonical link; 0: none */
	struct hash128 content; /* 0, 0: no words */
	uint32_t words;
	uint64_t parts[POST_PARTS]; /* by which copies are found (near.h), for originals */
	size_t parts_n;
};

/* A post that is stored. */
struct post_row {
	int64_t id;
	int64_t story; /* the first post of the same story, itself if it is that */
	struct hash128 content;
	bool deleted, sensitive;
};

/* What of its text is kept. */
enum post_body {
	POST_BODY_ALL,
	POST_BODY_TITLE, /* a copy: the rest is its story's */
	POST_BODY_NONE,  /* sensitive */
};

/* How a post is kept. */
struct post_how {
	int64_t id;             /* of a new row: store_post_ids() */
	int64_t source, author; /* rows; author 0: unknown */
	int64_t story;          /* 0: the post begins its own */
	const char *copy;       /* "words", "link" or "near": why it belongs to `story` */
	enum post_body body;
	bool matched, historic, sensitive;
	bool awaited; /* replies to posts of this source came before the posts */
	int64_t now_ms, received_ms;
};

/* All of these work inside the caller's transaction and leave failures to its commit. */

/* False: not stored. */
bool store_post_find(struct store *s, int64_t source, struct str external_id, struct post_row *out);
/* The first stored post of the same words, if they are POST_COPY_WORDS at least. */
bool store_post_find_words(struct store *s, const struct post_keys *keys, struct post_row *out);
/* A stored post at the same link that says the same or has the same title. `title`: its words. */
bool store_post_find_link(struct store *s, const struct post_keys *keys, struct str title,
	bool (*same_title)(struct str a, struct str b), struct post_row *out);

/* Reserves `n` keys for new posts and returns the first. Posts that others have added since the last
 * call can be found by words and link from here on. */
int64_t store_post_ids(struct store *s, size_t n);
/* Reads what posts are found by, in a transaction of its own, so that the first new post need not wait for it.
 * A failure is left to that. */
void store_post_warm_up(struct store *s);
/* Whether the external id is that of the same post in every source: an AT URI (atproto.com/specs/at-uri-scheme). */
bool post_is_everywhere(struct str external_id);
/* False: the source has a post of this external id already, nothing is changed (or it failed). */
bool store_post_add(struct store *s, const struct post *p, const struct post_keys *keys,
	const struct post_how *how);
/* Whether nothing of the source has ever been stored: then store_post_find() need not be asked. */
bool store_post_none(struct store *s, int64_t source);
/* Nor for external ids from `from` to `to`, in the order of their bytes, where it has none of them. */
bool store_post_none_from(struct store *s, int64_t source, struct str from, struct str to);
/* Two stories turn out to be one: everything of `drop` goes to `keep`. */
void store_story_merge(struct store *s, int64_t keep, int64_t drop, int64_t now_ms);
/* Whether the source has replies whose posts have not been seen. */
bool store_post_awaited(struct store *s, int64_t source);
/* New words under the old key: what it said before becomes a revision. */
void store_post_edit(struct store *s, int64_t id, const struct post *p,
	const struct post_keys *keys, const struct post_how *how);
/* The source took it back: the body and its revisions go, what is left says that it was there. */
void store_post_delete(struct store *s, int64_t id, int64_t now_ms);
/* How many posts of the source called `source` were, by reading all of it. `last_ms`: the last; 0: none was. */
int64_t store_posts_deleted(struct store *s, struct str source, int64_t *last_ms);
/* The author's row, made or brought up to date; 0: the post does not say who it is. `key` is what
 * makes two authors the same. */
int64_t store_author_put(struct store *s, struct str key, const struct author *a, int64_t now_ms);

#endif
