/* "Certainly not there", for nearly every key that is not, from a table small enough to stay close
 * to the processor: three bits a key within one word, sixteen bits of table for each. What passes has
 * to be looked up. Filled once, then immutable and shared. */
#ifndef HARK_RULES_FILTER_H
#define HARK_RULES_FILTER_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

struct filter {
	uint64_t *words; /* owned by whoever made room for them */
	size_t mask;     /* their number, a power of two, less one */
};

/* How many words n keys need. */
static inline size_t filter_words(size_t n)
{
	size_t words = 16;
	while (words < n / 4) {
		words *= 2;
	}
	return words;
}

/* Room for n keys; all of it in the arena. */
static inline int filter_init(struct filter *f, size_t n, struct arena *arena)
{
	size_t words = filter_words(n);
	f->words = arena_alloc(arena, words * sizeof(*f->words));
	f->mask = words - 1;
	return f->words != NULL ? HARK_OK : HARK_ENOMEM;
}

static inline uint64_t filter_bits(uint64_t key)
{
	return UINT64_C(1) << (key & 63) | UINT64_C(1) << (key >> 6 & 63) |
	       UINT64_C(1) << (key >> 12 & 63);
}

static inline void filter_add(struct filter *f, uint64_t key)
{
	f->words[key >> 40 & f->mask] |= filter_bits(key);
}

/* Asks memory for what filter_may_have() will look at. */
static inline __attribute__((always_inline)) void filter_fetch(const struct filter *f, uint64_t key)
{
	__builtin_prefetch(&f->words[key >> 40 & f->mask]);
}

/* 1 or 0: the first of the three bits, for keys of which many are asked at once; a 0 is as sure. */
static inline uint64_t filter_first(const struct filter *f, uint64_t key)
{
	return f->words[key >> 40 & f->mask] >> (key & 63) & 1;
}

static inline bool filter_may_have(const struct filter *f, uint64_t key)
{
	return (~f->words[key >> 40 & f->mask] & filter_bits(key)) == 0;
}

#endif
