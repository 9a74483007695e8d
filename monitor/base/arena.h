/* Memory that is given out piece by piece and taken back all at once.
 *
 * One arena holds what belongs together (the posts of one poll, a parsed file). Pieces are valid
 * until arena_reset() or arena_release(). An arena has one user at a time; it may move between
 * threads whole. */
#ifndef HARK_BASE_ARENA_H
#define HARK_BASE_ARENA_H

#include "monitor/base/str.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* newest first, owned */
	size_t used_bytes;         /* given out so far, all blocks */
	size_t max_bytes;          /* ceiling; 0: none */
	int rc; /* first failure since the last reset, or HARK_OK: a long piece of
				    * work is done first and checked once */
};

/* `max_bytes`: the most it may give out, 0 for no ceiling. No memory is taken yet. */
void arena_init(struct arena *a, size_t max_bytes);
void arena_release(struct arena *a);
/* Takes everything back, keeps one block for the next use. */
void arena_reset(struct arena *a);
/* Zeroed, aligned for any type. NULL: no memory, or the ceiling is reached. */
void *arena_alloc(struct arena *a, size_t bytes);
/* The same, with whatever bytes were there. */
void *arena_room(struct arena *a, size_t bytes);
/* A NUL-terminated copy; an absent slice stays absent. `p == NULL` with n > 0 in: no memory. */
struct str arena_str(struct arena *a, struct str s);
/* As above, as a C string. NULL for an absent slice or no memory. */
char *arena_c(struct arena *a, struct str s);
/* What the format says, NUL-terminated; `p` as above. */
struct str arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Array growth: room for `n + 1` elements of `size` bytes, doubling; returns the (moved) array.
 * `cap` is updated. NULL: no memory. */
void *arena_grow(struct arena *a, void *array, size_t n, size_t *cap, size_t size);

#endif
