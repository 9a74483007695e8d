/* A post cut into clauses, and how each sounds: what limits, and the tone of the whole post, are told by.
 * Inside the tone reader.
 *
 * A clause ends with its sentence, at a comma, semicolon, colon, dash or bracket, at an emoji, and before a
 * word that contrasts (but, though, except …) or an `and` that a new subject follows. A single word before a
 * comma belongs to what follows it. */
#ifndef HARK_RULES_CLASSIFY_TONE_CLAUSES_H
#define HARK_RULES_CLASSIFY_TONE_CLAUSES_H

#include "rules/classify/tone_cues.h"
#include "rules/classify/tone_sums.h"
#include "rules/classify/tone_turns.h"

#define TONE_CLAUSES_MAX 96 /* of a post; what more it holds is not looked at by itself */

/* What is known of a clause; tone_clauses.c says how each is read. */
enum tone_clause_sign {
	CLAUSE_BIAS,
	CLAUSE_BAD,
	CLAUSE_GOOD,
	CLAUSE_PLAIN,
	CLAUSE_GOOD_WORDS,
	CLAUSE_BAD_WORDS,
	CLAUSE_WORST,
	CLAUSE_DAMNS,
	CLAUSE_DELIGHTS,
	CLAUSE_NEGATES,
	CLAUSE_HARDLY,
	CLAUSE_TOO,
	CLAUSE_WEAKER,
	CLAUSE_LACKS,
	CLAUSE_ONLY,
	CLAUSE_STILL,
	CLAUSE_WISHES,
	CLAUSE_NEEDS,
	CLAUSE_RARELY,
	CLAUSE_LATE,
	CLAUSE_LESS,
	CLAUSE_CONTRASTS,
	CLAUSE_CONTRASTED,
	CLAUSE_CONCEDES,
	CLAUSE_CUE,
	CLAUSE_FORMER,
	CLAUSE_NUMBER,
	CLAUSE_WE,
	CLAUSE_YOU,
	CLAUSE_THING,
	CLAUSE_WHOLE,
	CLAUSE_COMPANY,
	CLAUSE_SHORT,
	CLAUSE_LONG,
	CLAUSE_FIRST,
	CLAUSE_LAST,
	CLAUSE_BEGINS,
	CLAUSE_ASKED,
	CLAUSE_SHOUTED,
	CLAUSE_DENIES,
	CLAUSE_SPOILT,
	CLAUSE_LESSON,
	CLAUSE_STAYS,
	CLAUSE_LEAVES,
	CLAUSE_SIGNS,
};

struct tone_clause {
	uint32_t from, to; /* tokens, end exclusive */
	uint16_t sentence; /* its number */
	float tone;        /* by the model: above 0 good */
	float told;        /* for a limit, by its words */
	float limit;       /* chance that it states a limit, beside praise */
	float sign[CLAUSE_SIGNS];
};

struct tone_clauses {
	struct tone_clause v[TONE_CLAUSES_MAX];
	size_t n;
	size_t sentences;
};

/* `s` is marked, its turns are read, its sums are added up. */
void tone_clauses_read(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_turns *turns, const struct tone_sums *sums, const struct tone_model *m,
	struct tone_clauses *out);
/* How likely a clause of mixed praise must be to count as a limit: the likeliest always does. */
float tone_limit_least(const struct tone_clauses *c);
const char *tone_clause_sign_name(enum tone_clause_sign sign);

/* tone_weights.c: what each sign is worth for a limit. */
extern const float tone_limit_weights[CLAUSE_SIGNS];

#endif
