/* What each clause of a post claims, and by that the order of praise. Inside the tone reader.
 *
 * The tone of a clause does not tell "has not gone down once" from "went down once": that is learnt from single
 * clauses that were labelled by hand, often two or three in nearly the same words, and from the clauses of
 * statements (tests/quality/train_tone.py). Four features end at each token (enum tone_claim_feature), and each that
 * was met often enough has a row of its own in the model file: unlike in the hashed tables (tone_model.h), one that was
 * never met says nothing rather than what another says that shares its place.
 *
 * Rows lie in lines of TONE_CLAIM_LINE bytes: TONE_CLAIM_ROWS rows, then a tag a row, 0 where there is none. A row is a
 * uint64_t: four times sixteen bits, each of which hold a lane of five bits, one of six and one of five, from the lowest
 * (lane 0 … 3, 4 … 7, 8 … 10; none in the last). What a lane says lies around 16 or 32.
 * TONE_CLAIM_SHARED buckets of features share a line, the tag is a bucket's number among them, from 1. Before the lines
 * stands struct tone_claim_head. */
#ifndef HARK_RULES_CLASSIFY_TONE_CLAIMS_H
#define HARK_RULES_CLASSIFY_TONE_CLAIMS_H

#include "rules/classify/tone_clauses.h"
#include "rules/classify/tone_whole.h"

enum tone_claim {
	CLAIM_PRAISE,
	CLAIM_BLAME,
	CLAIM_LIMIT, /* as one is stated beside praise */
	CLAIM_NONE,  /* facts, questions, what is told of others */
	CLAIM_LESSON,
	CLAIM_CHOICE,
	CLAIM_RESULT,
	TONE_CLAIMS,
};

/* What a row holds: a lane for each claim of a clause, then for each kind of the whole. */
#define CLAIM_LANES (TONE_CLAIMS + TONE_KINDS)
_Static_assert(CLAIM_LANES == TONE_CLAIM_LANES, "the model file has these");

/* What the kinds are told by, beside the signs of the whole. */
enum tone_claim_sign {
	CLAIM_BEST,                              /* of each claim: the most that a clause has */
	CLAIM_MEAN = CLAIM_BEST + TONE_CLAIMS,   /* of all clauses */
	CLAIM_LAST = CLAIM_MEAN + TONE_CLAIMS,   /* of the last one */
	CLAIM_KIND = CLAIM_LAST + TONE_CLAIMS,   /* of each kind, by all words */
	CLAIM_LIMITED = CLAIM_KIND + TONE_KINDS, /* praise beside the likeliest limit */
	CLAIM_BLAMED,                            /* the same, and blame in some clause */
	CLAIM_KINDEST,                           /* praise less blame: where that is most … */
	CLAIM_HARSHEST,                          /* … and least … */
	CLAIM_OPENS,                             /* … and in the first clause */
	CLAIM_SIGNS,
};

/* What ends at a token. */
enum tone_claim_feature {
	CLAIM_WORD,
	CLAIM_PAIR,
	CLAIM_SKIP, /* it and the one before the last */
	CLAIM_FORM, /* it and the two before, in which every word but small ones is a blank, good, bad or plain */
	CLAIM_FEATURES,
};

struct tone_claims {
	uint32_t bucket[TONE_TOKENS_MAX][CLAIM_FEATURES];
	float clause[TONE_CLAUSES_MAX][TONE_CLAIMS]; /* -1 … 1: how much it sounds like each */
	float sign[CLAIM_SIGNS];
	double kind[TONE_KINDS]; /* chances, as praise is put in order by */
};

/* Of a post whose clauses are read. */
void tone_claims_read(const struct tone_scan *s, const struct tone_model *m,
	const struct tone_clauses *clauses, struct tone_claims *out);
/* The chances of the kinds, by these signs and those of the whole, moved by what turns a tone around: learnt from
 * statements alone, while the chances of struct tone_whole have to hold for chatter and plain thanks as well. */
void tone_claims_weigh(struct tone_claims *c, const struct tone_whole *whole, double moved);
/* How much tokens from … to, all of a sentence, sound like each claim: above 0 likelier than not, where as many
 * sentences make the claim as make none. After tone_claims_read(). */
void tone_claims_sentence(const struct tone_claims *c, const struct tone_model *m, uint32_t from,
	uint32_t to, float claim[TONE_CLAIMS]);
/* "best praise" …; static. */
const char *tone_claim_sign_name(unsigned sign);

/* tone_weights.c */
extern const float tone_order_weights[WHOLE_SIGNS + CLAIM_SIGNS][TONE_KINDS];

#endif
