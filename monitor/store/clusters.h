/* Which story a text belongs to: looks up the originals it may be a copy of, and compares.
 *
 * A text is compared with originals, never with copies of them, so a story does not drift; only what an
 * original has something around becomes one beside it (clusters_is_core()). A text is told all the originals it is a copy of: with more than one their stories are the same, which nobody could see before.
 * A text that is cut ("…") proves nothing of that kind: it is a copy of one of them; and where it was first, the
 * whole text takes its place as what others are compared with.
 * Where texts are kept is the caller's: an original is asked for by its number, and the last few are
 * remembered. Of a text that shares no key with an original, as nearly all, not even the words are read.
 * One thread at a time; nothing is allocated once it has seen a few texts. */
#ifndef HARK_STORE_CLUSTERS_H
#define HARK_STORE_CLUSTERS_H

#include "monitor/store/story_index.h"
#include "rules/copy.h"

/* Originals told for one text. */
#define CLUSTERS_FOUND_MAX 8

struct clusters;

/* `index` is borrowed and may hold other keys too. `load` reads the text of an original into `to`; false:
 * it is gone. NULL: no memory. */
struct clusters *clusters_new(struct story_index *index,
	bool (*load)(void *ctx, int64_t post, struct copy *to), void *ctx);
void clusters_free(struct clusters *c); /* NULL is fine */

struct clusters_found {
	int64_t post;
	bool is_cut;
};

/* A text and what it is looked for by. Its words, if they are not at hand, are read from title and text when
 * there is something to compare. */
struct clusters_text {
	struct copy_look look;
	const struct copy *words; /* or NULL */
	struct str title, text;
};

/* The originals that `text` is a copy of, oldest first; returns how many. At most CLUSTERS_FOUND_MAX are
 * compared, those first that share what few others have. */
size_t clusters_find(struct clusters *c, const struct clusters_text *text,
	struct clusters_found found[CLUSTERS_FOUND_MAX]);
/* The keys by which the text that was looked for last is to be found, for clusters_add(); returns how many. */
size_t clusters_keys(const struct clusters *c, uint64_t keys[COPY_KEYS]);
/* The text that was looked for last is what an original of it has a headline, a name or a comment around. What has
 * something else around it is a copy of that text and not of such an original, so it is to be an original too:
 * else which stories are one would depend on which of them came first. */
bool clusters_is_core(const struct clusters *c);
/* Makes a text an original. False: no memory, it is not found. */
bool clusters_add(struct clusters *c, int64_t post, const uint64_t *keys, size_t n);
/* The text of an original is another now, or was never stored. NULL is fine. */
void clusters_forget(struct clusters *c, int64_t post);
void clusters_forget_all(struct clusters *c); /* NULL is fine */

#endif
