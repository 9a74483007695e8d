/* How the features of words are hashed: shared by the list of all features (tone_features.c), which training
 * and explaining need, and by their sums (tone_sums.c), which are all that reading a post needs. */
#ifndef HARK_RULES_CLASSIFY_TONE_KEYS_H
#define HARK_RULES_CLASSIFY_TONE_KEYS_H

#include "rules/classify/tone_features.h"

#include <endian.h>
#include <string.h>

#define TONE_LETTERS_MIN 3
#define TONE_LETTERS_MAX 4
#define TONE_LETTERS_OF_WORD 20

static inline uint32_t tone_bucket(uint64_t h, unsigned bits)
{
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15ull;
	return (uint32_t)(h >> (64 - bits));
}

/* What a token is as part of pairs and triples. */
static inline uint64_t tone_key(const struct tone_token *t)
{
	return t->hash + (uint64_t)(t->kind == TONE_TAG) * 0x51ed27;
}
static inline uint64_t tone_key_one(const struct tone_token *t)
{
	uint64_t negated = (t->flags & TONE_NEGATED) != 0 ? 0x2545f4914f6cdd1dull : 0;
	return (tone_key(t) ^ negated) * 3;
}
/* Of a word that is shouted or drawn out; only if it is. */
static inline uint64_t tone_key_loud(const struct tone_token *t)
{
	return tone_key(t) * 3 + (t->flags & (TONE_SHOUT | TONE_LONG));
}
/* `one`, `two`: the keys of the word before and of that before it; 1 and 2 where there is none. */
static inline uint64_t tone_key_pair(uint64_t one, uint64_t h)
{
	return one * 0x9fb21c651e98df25ull + h * 5;
}
static inline uint64_t tone_key_triple(uint64_t two, uint64_t one, uint64_t h)
{
	return two * 0xd6e8feb86659fd93ull + one * 0x9fb21c651e98df25ull + h * 7;
}

/* The bucket of the first n letters of eight. */
static inline uint32_t tone_letters_bucket(uint64_t eight, unsigned n)
{
	uint64_t run = eight & ((1ull << 8 * n) - 1);
	return tone_bucket(run * 0xff51afd7ed558ccdull + n, TONE_LETTER_BUCKETS_LOG2);
}

static inline uint64_t tone_eight_letters(const char *p)
{
	uint64_t eight;
	memcpy(&eight, p, sizeof(eight));
	return le64toh(eight);
}

/* The end of a word as a letter behind n of its last ones. */
static inline uint64_t tone_letters_end(uint64_t eight, unsigned n)
{
	return (eight & ((1ull << 8 * n) - 1)) | (uint64_t)'$' << 8 * n;
}

_Static_assert(
	TONE_LETTERS_MIN == 3 && TONE_LETTERS_MAX == 4, "tone_letters_each() tells them apart");

/* Calls put(with, bucket) for each run of letters of a folded word, whose beginning and end are letters too. Seven bytes
 * behind it are read and told by none. */
static inline void tone_letters_each(
	struct str folded, void (*put)(void *with, uint32_t bucket), void *with)
{
	size_t n = folded.n < TONE_LETTERS_OF_WORD ? folded.n : TONE_LETTERS_OF_WORD;
	const char *p = folded.p;
	if (n == 0) {
		return;
	}
	uint64_t first = tone_eight_letters(p);
	first = (n < 3 ? tone_letters_end(first, (unsigned)n) : first) << 8 | '^';
	put(with, tone_letters_bucket(first, 3));
	if (n == 1) {
		return;
	}
	put(with, tone_letters_bucket(first, 4));
	for (size_t left = n; left > 3; left--, p++) {
		uint64_t eight = tone_eight_letters(p);
		put(with, tone_letters_bucket(eight, 3));
		put(with, tone_letters_bucket(eight, 4));
	}
	if (n >= 3) { /* the last three letters, then the last two */
		uint64_t three = tone_letters_end(tone_eight_letters(p++), 3);
		put(with, tone_letters_bucket(three, 3));
		put(with, tone_letters_bucket(three, 4));
	}
	put(with, tone_letters_bucket(tone_letters_end(tone_eight_letters(p), 2), 3));
}

#endif
