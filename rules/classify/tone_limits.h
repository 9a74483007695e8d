/* Which clauses of praise state a limit, weighed with all that is known of the post. Inside the tone reader.
 *
 * The chance of struct tone_clause is of a clause by itself, beside praise. Whether there is praise, and what the
 * clause and those around it claim (tone_claims.h), says more, and one sign means something else beside another: so they
 * are weighed by a net of one layer, and a post is mixed praise where some clause of it is likely enough to be the limit
 * of mixed praise. The weights are learnt (tests/quality/train_tone.py) from statements whose claims and kinds were told
 * without any of the same hand. */
#ifndef HARK_RULES_CLASSIFY_TONE_LIMITS_H
#define HARK_RULES_CLASSIFY_TONE_LIMITS_H

#include "rules/classify/tone_claims.h"

#define LIMIT_NEAR \
	(TONE_CLAIMS + 1)    /* of a clause: its claims, and the logarithm of its odds by itself */
#define LIMIT_CLAUSES_NEAR 5 /* it, those before and behind it, and the next ones */
#define LIMIT_KINDS (TONE_KINDS - 1)
#define LIMIT_NODES 16

enum tone_limit_sign {
	LIMIT_AROUND,
	/* Its own tone, before, behind. */
	LIMIT_TONES = LIMIT_AROUND + LIMIT_CLAUSES_NEAR * LIMIT_NEAR,
	/* The most before it and behind it: of praise, blame, limit, odds, tone. */
	LIMIT_MOST = LIMIT_TONES + 3,
	/* Logarithms of the chances of kinds, as praise is put in order by. */
	LIMIT_ORDERED = LIMIT_MOST + 10,
	LIMIT_CLAUSES = LIMIT_ORDERED + LIMIT_KINDS, /* logarithm of their number */
	LIMIT_ALL,                                   /* the same of all tokens … */
	LIMIT_TOKENS,                                /* … and of its own */
	LIMIT_PLACE,                                 /* 0 … 1 */
	LIMIT_CLAUSE,                                /* the signs of the clause; the first is 1 */
	LIMIT_CLAIMED = LIMIT_CLAUSE + CLAUSE_SIGNS, /* those of the claims of the post */
	LIMIT_SIGNS = LIMIT_CLAIMED + CLAIM_SIGNS,
};

/* Of each clause, the chance that it is a limit of mixed praise. Once claims are weighed. */
void tone_limits_read(const struct tone_clauses *clauses, const struct tone_claims *claims,
	float chance[TONE_CLAUSES_MAX]);

/* tone_weights.c: of each sign for each node, of each node for a limit, and what that is without any. */
extern const float tone_beside_weights[LIMIT_SIGNS][LIMIT_NODES];
extern const float tone_beside_nodes[LIMIT_NODES + 1];

#endif
