/* How the features of words are hashed: shared by the list of all features (tone_features.c), which training
 * and explaining need, and by their sums (tone_sums.c), which are all that reading a post needs. */
#ifndef HARK_RULES_CLASSIFY_TONE_KEYS_H
#define HARK_RULES_CLASSIFY_TONE_KEYS_H

#include "rules/classify/tone_features.h"

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

/* Calls put(with, bucket) for each run of letters of a folded word. */
static inline void tone_letters_each(
	struct str folded, void (*put)(void *with, uint32_t bucket), void *with)
{
	size_t n = folded.n < TONE_LETTERS_OF_WORD ? folded.n : TONE_LETTERS_OF_WORD;
	char word[TONE_LETTERS_OF_WORD + 2 + 8];
	word[0] = '^';
	memcpy(word + 1, folded.p, n);
	word[n + 1] = '$';
	memset(word + n + 2, 0, 8);
	for (size_t from = 0; from + TONE_LETTERS_MIN <= n + 2; from++) {
		uint64_t load;
		memcpy(&load, word + from, 8);
		for (unsigned k = TONE_LETTERS_MIN; k <= TONE_LETTERS_MAX && from + k <= n + 2;
			k++) {
			uint64_t h = (load & ((1ull << 8 * k) - 1)) * 0xff51afd7ed558ccdull + k;
			put(with, tone_bucket(h, TONE_LETTER_BUCKETS_LOG2));
		}
	}
}

#endif
