/* The tone of a whole post: four kinds of statement, weighed by what the model says of it and of its clauses.
 * Inside the tone reader.
 *
 * The same signs mean something else where somebody tells of a product and where people chat, so they are weighed
 * twice: as a statement's, for its kind, and as chatter's, for its label. How far a post is chatter, by the same
 * signs, says how much either counts. The weights are learnt (tests/quality/train_tone.py) from statements and
 * tweets that the model has not seen. Phrases that turn a tone around (tone_turns.h) then move them. Where it is known
 * what its clauses claim, that tells the kind of a statement instead. */
#ifndef HARK_RULES_CLASSIFY_TONE_WHOLE_H
#define HARK_RULES_CLASSIFY_TONE_WHOLE_H

#include "rules/classify/tone_parts.h"

enum tone_kind_of {
	TONE_MIXED, /* praise with a limit */
	TONE_PURE,  /* praise without */
	TONE_BLAME,
	TONE_OTHER,
	TONE_KINDS,
};

enum tone_whole_sign {
	WHOLE_BIAS,
	WHOLE_NEGATIVE,
	WHOLE_NEUTRAL,
	WHOLE_POSITIVE,
	WHOLE_BEST,
	WHOLE_WORST,
	WHOLE_FIRST,
	WHOLE_LAST,
	WHOLE_MEAN,
	WHOLE_GOOD_WORDS,
	WHOLE_BAD_WORDS,
	WHOLE_VERY_BAD,
	WHOLE_DAMNS,
	WHOLE_DELIGHTS,
	WHOLE_LAST_GOOD,
	WHOLE_LAST_BAD,
	WHOLE_LIMIT, /* these four come from the limits of the clauses */
	WHOLE_LIMIT_SECOND,
	WHOLE_LIMIT_LAST,
	WHOLE_LIMIT_BESIDE,
	WHOLE_CONTRASTS,
	WHOLE_ASKED,
	WHOLE_ASKS,
	WHOLE_EXCLAIMS,
	WHOLE_LESSON,
	WHOLE_NUMBERS,
	WHOLE_HANDLE,
	WHOLE_TAG,
	WHOLE_URL,
	WHOLE_SIGN,
	WHOLE_WORDS,
	WHOLE_ONE_SENTENCE,
	WHOLE_SENTENCES,
	WHOLE_CLAUSES,
	WHOLE_WE,
	WHOLE_YOU,
	WHOLE_NEGATES,
	WHOLE_NAMES,
	WHOLE_LONG_GOOD,
	WHOLE_LONG_BAD,
	WHOLE_SHORT_GOOD,
	WHOLE_SHORT_BAD,
	WHOLE_STAYS,
	WHOLE_LEAVES,
	WHOLE_RESULT,
	WHOLE_RESULT_BAD,
	WHOLE_WRY,
	WHOLE_QUOTED,
	WHOLE_BAD_OVER, /* where something is over, or was so before: bad words, good words */
	WHOLE_GOOD_OVER,
	WHOLE_SIGNS,
};

/* What the signs are weighed for. */
enum tone_weighed {
	WEIGHED_KINDS, /* four */
	WEIGHED_LABELS = WEIGHED_KINDS + TONE_KINDS, /* three, of chatter */
	WEIGHED_CHATTER = WEIGHED_LABELS + TONE_CLASSES,
	TONE_WEIGHED,
};

struct tone_whole {
	float sign[WHOLE_SIGNS];
	float told[TONE_KINDS]; /* by its words, none for the last */
	double kind[TONE_KINDS];    /* chances, as of a statement */
	double chat[TONE_CLASSES];  /* chances of negative, neutral, positive, as of chatter */
	double chatter;             /* how far it is */
	double label[TONE_CLASSES]; /* the chances of both together */
};

/* `logits`: of the whole post by the model, calibrated. Of `parts` the results count. */
void tone_whole_signs(const struct tone_scan *s, const struct tone_model *m,
	const struct tone_cues *cues, const struct tone_clauses *clauses,
	const struct tone_parts *parts, const double logits[TONE_CLASSES], struct tone_whole *out);
/* What its words tell is for the caller to add before. `moved`: what turns move from blame to praise. */
void tone_whole_weigh(struct tone_whole *w, double moved);
/* The labels anew, once the kinds are told by what clauses claim (tone_claims.h), which tells them better. */
void tone_whole_claimed(struct tone_whole *w, const double claimed[TONE_KINDS]);
/* The chances of kinds with these sums. */
void tone_kinds_share(const float sum[TONE_KINDS], double moved, double kind[TONE_KINDS]);
const char *tone_whole_sign_name(enum tone_whole_sign sign);

/* tone_weights.c */
extern const float tone_whole_weights[WHOLE_SIGNS][TONE_WEIGHED];

#endif
