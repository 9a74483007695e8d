/* Which posts may have a link or words in common with a new one, in memory.
 *
 * DESIGN. Fingerprints are random, so an index of them on the disk is touched in another place by
 * every post: with a million posts each new one would read and write a page or two for it. Here the
 * newest posts cost 9 bytes a fingerprint, 14 with the free slots, and nothing but memory is touched; the
 * database only gets narrow rows in the order of arrival (key_rows.h), which are read through once
 * when the writer starts. An answer is a hint: whoever asks looks at the row. So entries that are out
 * of date (a post was edited, its transaction was taken back) do no harm and are never looked for.
 *
 * One thread at a time. */
#ifndef HARK_STORE_STORY_INDEX_H
#define HARK_STORE_STORY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Posts a store compares with, and the slots that takes (up to six fingerprints a post): 108 MiB. */
#define STORY_POSTS_MAX 1500000
#define STORY_SLOTS_MAX ((size_t)12 << 20)
/* Posts given for one fingerprint, the oldest: links that everything points to prove little. */
#define STORY_CANDIDATES 16

enum story_key {
	STORY_LINK,
	STORY_WORDS, /* all of them */
	STORY_PART,  /* some in a row */
};

struct story_index;

/* Never more than `slots_max` slots of 8 bytes; when three quarters are taken, the fingerprints of the
 * oldest quarter of the posts are forgotten. NULL: no memory. */
struct story_index *story_index_new(size_t slots_max);
void story_index_free(struct story_index *x); /* NULL is fine */

/* Says that a post has this fingerprint; 0 is none. Saying it again is fine. False: no memory, the
 * post is not found by it. */
bool story_index_add(struct story_index *x, enum story_key key, uint64_t hash, int64_t post);
/* The posts that may have it, oldest first. Returns how many, STORY_CANDIDATES at the most. */
size_t story_index_find(const struct story_index *x, enum story_key key, uint64_t hash,
	int64_t posts[STORY_CANDIDATES]);
/* Which of many fingerprints any post may have: nearly all of those that none has are left out, and for the others
 * the memory of the answer is asked for. `which`: room for `n`; returns how many. */
size_t story_index_maybe(const struct story_index *x, enum story_key key, const uint64_t *hashes,
	size_t n, uint16_t *which);
/* Has the memory brought that story_index_maybe() will look at, while something else is done. */
void story_index_ask_soon(
	const struct story_index *x, enum story_key key, const uint64_t *hashes, size_t n);
/* Has the memory brought that a fingerprint will be put into, while something else is done. */
void story_index_expect(const struct story_index *x, enum story_key key, uint64_t hash);
/* Bytes it takes now. */
size_t story_index_bytes(const struct story_index *x);
/* The first post that is still compared with when `last` is the newest. */
int64_t story_index_from(int64_t last);

#endif
