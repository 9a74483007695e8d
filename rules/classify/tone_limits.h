/* Which clauses of praise state a limit, weighed with all that is known of the post. Inside the tone reader.
 *
 * The chance of struct tone_clause is of a clause by itself, beside praise. Whether there is praise, and what the
 * clause and its neighbours claim (tone_claims.h), says more: both are weighed together, so that a post is mixed praise
 * where some clause of it is likely enough to be the limit of mixed praise. The weights are learnt
 * (tests/quality/train_tone.py) from statements whose claims and kinds were told without any of the same hand. */
#ifndef HARK_RULES_CLASSIFY_TONE_LIMITS_H
#define HARK_RULES_CLASSIFY_TONE_LIMITS_H

#include "rules/classify/tone_claims.h"

#define LIMIT_NEAR 3 /* of a neighbour: praise, blame, limit */
#define LIMIT_OF_KINDS (TONE_KINDS - 1)

enum tone_limit_sign {
	LIMIT_BIAS,
	LIMIT_ALONE, /* by itself: logarithm of its odds */
	LIMIT_CLAIMS,
	LIMIT_BEFORE = LIMIT_CLAIMS + TONE_CLAIMS,       /* what the clause before claims … */
	LIMIT_BEHIND = LIMIT_BEFORE + LIMIT_NEAR,        /* … and that behind */
	LIMIT_PRAISE_BESIDE = LIMIT_BEHIND + LIMIT_NEAR, /* the most of another clause */
	LIMIT_LIMIT_BESIDE,
	LIMIT_ALONE_BESIDE,
	LIMIT_LIKELIEST, /* no other clause is likelier by itself */
	LIMIT_ORDERED,   /* logarithms of the chances of kinds, as praise is put in order by */
	LIMIT_FIRST = LIMIT_ORDERED + LIMIT_OF_KINDS,
	LIMIT_LAST,
	LIMIT_CONTRASTS,
	LIMIT_CONTRASTED,
	LIMIT_BEGINS,
	LIMIT_CLAUSES,     /* logarithm of their number */
	LIMIT_MEAN_PRAISE, /* of all clauses */
	LIMIT_MEAN_BLAME,
	LIMIT_SIGNS,
};

/* Of each clause, the chance that it is a limit of mixed praise. Once claims are weighed. */
void tone_limits_read(const struct tone_clauses *clauses, const struct tone_claims *claims,
	float chance[TONE_CLAUSES_MAX]);
/* "any clause" …; static. */
const char *tone_limit_sign_name(unsigned sign);

/* tone_weights.c */
extern const float tone_beside_weights[LIMIT_SIGNS];

#endif
