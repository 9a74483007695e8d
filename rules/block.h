/* Up to 2,048 bytes of text at a glance: where runs of word characters begin and end, and which of
 * them need a closer look.
 *
 * Read with AVX-512 or AVX2 where the processor has it, with SSE2 on any other x86-64, byte by byte
 * elsewhere; all give the same for every input (test_text.c compares them). Any thread, after
 * block_init(). */
#ifndef HARK_RULES_BLOCK_H
#define HARK_RULES_BLOCK_H

#include "monitor/base/str.h"

#define BLOCK_BYTES 64
#define BLOCKS_MAX 32
#define BLOCK_MAP_MAX (BLOCKS_MAX * BLOCK_BYTES)

/* One bit a byte, the first is bit 0. What has no bit in any is a break and nothing else. */
struct block {
	uint64_t word;   /* ASCII letters, digits and _ */
	uint64_t upper;  /* ASCII capitals */
	uint64_t hard;   /* ASCII's hard breaks */
	uint64_t odd;    /* ' # @ $ and everything outside ASCII */
	uint64_t mid;    /* . , : which may be inside a number or a URL */
	uint64_t behind; /* / and everything outside ASCII: with them a mid is more than a break */
};

/* An edge is a place, with two bits above it where a run begins. */
#define EDGE_PLACE 0xfffu
#define EDGE_FLAGS 14 /* shift: a capital, and above it a hard break since the run before */

/* Places count from the first byte that was read. */
struct block_map {
	size_t bytes;
	size_t runs; /* of word characters */
	/* Of each run its first byte and the one behind it; UINT16_MAX twice behind the last. */
	uint16_t edge[BLOCK_MAP_MAX + 2 * BLOCK_BYTES];
	uint64_t hard[BLOCKS_MAX]; /* hard breaks */
	/* What is no plain break: odd, or a mid between two that it may join. A run that ends there is
	 * no plain word. */
	uint64_t event[BLOCKS_MAX];
	uint32_t events, hards; /* a bit for each block that has some */
	/* The text with ASCII in lower case; behind it stands anything. */
	char lower[BLOCK_MAP_MAX + BLOCK_BYTES];
};

/* Reads `n` bytes at p, 1 to BLOCK_MAP_MAX; as if spaces followed them. */
typedef void (*block_map_fn)(struct block_map *m, const char *p, size_t n);
extern block_map_fn block_map;

/* Chooses; fold_init() calls it. */
void block_init(void);
/* All that work here, the one without any help of the processor first; NULL past the end. For tests. */
block_map_fn block_mapper_at(size_t i);

/* The first event from `at` on, or `none`. */
static inline size_t block_event(const struct block_map *m, size_t at, size_t none)
{
	size_t b = at / BLOCK_BYTES;
	uint64_t bits = m->event[b] >> at % BLOCK_BYTES;
	if (bits != 0) {
		return at + (size_t)__builtin_ctzll(bits);
	}
	uint32_t more = m->events >> b >> 1;
	if (more == 0) {
		return none;
	}
	b += 1 + (size_t)__builtin_ctz(more);
	return b * BLOCK_BYTES + (size_t)__builtin_ctzll(m->event[b]);
}

#endif
