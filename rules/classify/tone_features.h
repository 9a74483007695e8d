/* What the tone model looks at: hashed features of a scanned post, in three groups of their own
 * weight. Inside the tone reader, and the same code for whoever trains the model. */
#ifndef HARK_RULES_CLASSIFY_TONE_FEATURES_H
#define HARK_RULES_CLASSIFY_TONE_FEATURES_H

#include "rules/classify/tone_words.h"

#define TONE_BUCKETS_LOG2 19
#define TONE_BUCKETS (1u << TONE_BUCKETS_LOG2)
/* Runs of letters are the most and say the least: they share the first part of the table, which stays
 * in the second-level cache. */
#define TONE_LETTER_BUCKETS_LOG2 17
/* Of the words and signs of a post these are looked at: the first, and as many of the last. */
#define TONE_LOOKED_AT 256
#define TONE_FEATURES_MAX 32768
/* Raised when a feature is read otherwise: a model of another version does not fit. */
#define TONE_FEATURES_VERSION 3

enum tone_group {
	TONE_WORDS,   /* words, pairs, triples */
	TONE_LETTERS, /* runs of letters within a word */
	TONE_SIGNS,   /* of the whole post: sums, counts, what it ends with */
	TONE_GROUPS,
};

struct tone_feature {
	uint32_t bucket;
	uint16_t token; /* where it ends; in TONE_SIGNS: which sign */
	uint8_t words;  /* how many it spans */
};

struct tone_features {
	struct tone_feature v[TONE_GROUPS][TONE_FEATURES_MAX];
	uint32_t n[TONE_GROUPS];
};

/* Of the whole post. `s` is marked (tone_words_mark). */
void tone_features_read(const struct tone_scan *s, struct tone_features *f);
/* The signs alone. */
void tone_signs_read(const struct tone_scan *s, struct tone_features *f);
/* What a group's sum is divided by. */
double tone_group_norm(const struct tone_features *f, enum tone_group group);
/* The name of a sign, static. */
const char *tone_sign_name(unsigned sign);

#endif
