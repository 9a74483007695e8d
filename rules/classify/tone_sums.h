/* What the words of a post are worth by the model, added up token by token, so that the post, its sentences and its
 * clauses are weighed by what stands between two tokens. Inside the tone reader.
 *
 * The sums of a whole post are those of its features (tone_features.h): tests/unit/test_tone.c holds them to
 * that. A word's runs of letters are added up once and remembered. Scratch of one thread. */
#ifndef HARK_RULES_CLASSIFY_TONE_SUMS_H
#define HARK_RULES_CLASSIFY_TONE_SUMS_H

#include "rules/classify/tone_model.h"
#include "rules/classify/tone_words.h"

/* What all tokens before one add, in steps of the model. */
struct tone_upto {
	int32_t words[TONE_SIDES], letters[TONE_SIDES]; /* to each side */
	uint64_t told;               /* by their words and pairs: four lanes, each of the two raised by 128 */
	uint32_t words_n, letters_n; /* features */
};

struct tone_sums {
	struct tone_upto upto[TONE_TOKENS_MAX + 1];
	uint32_t bucket[TONE_TOKENS_MAX][3]; /* of its word, pair, triple */
};

/* `s` is marked with the same memory. */
void tone_sums_read(struct tone_sums *x, const struct tone_model *m, struct tone_memory *memory,
	const struct tone_scan *s);
/* The sum of each class over the words and letters of tokens from … to, as the model weighs them;
 * TONE_LOOKED_AT holds. */
void tone_sums_add(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, double sum[TONE_CLASSES]);
/* What tokens from … to add to a post of `words` tokens. */
void tone_sums_part(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, uint32_t words, double sum[TONE_CLASSES]);
/* What the words and pairs of tokens from … to tell (tone_model.h), as the model weighs them: for a limit, and for
 * kinds. A pair counts where its second word does: that a clause stands behind "but" is told by the pair. */
float tone_sums_limit(
	const struct tone_sums *x, const struct tone_model *m, uint32_t from, uint32_t to);
void tone_sums_kinds(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, float kinds[TONE_TOLD - TONE_TOLD_KIND]);
/* The same of all tokens, for praise of a firm. */
float tone_sums_firm(const struct tone_sums *x, const struct tone_model *m, uint32_t n);
/* Which bucket of what is told token i's word (0) or pair (1) has. */
static inline uint32_t tone_told_bucket(const struct tone_sums *x, uint32_t i, int which)
{
	return x->bucket[i][which] >> (TONE_BUCKETS_LOG2 - TONE_TOLD_BUCKETS_LOG2);
}
/* The sum of each class over a group of features, without calibration. */
void tone_sums_group(const struct tone_model *m, const struct tone_features *f,
	enum tone_group group, double sum[TONE_CLASSES]);

#endif
