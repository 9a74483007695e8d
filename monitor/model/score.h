/* What a lead's score is made of: named symbols, each with the points it gives.
 *
 * The scale is absolute: 0 to 100, and a lead of score N is meant to be worth it N times of 100. It says
 * nothing about the other leads of the day. Verdicts show how well that holds (hark report precision). */
#ifndef HARK_MODEL_SCORE_H
#define HARK_MODEL_SCORE_H

#include "monitor/base/str.h"

enum score_symbol {
	SCORE_FINDING,   /* what its strongest finding gives by its rule's score: */
	SCORE_STORIES,   /* for each story more that says so */
	SCORE_MIXED,     /* praise with a stated limit */
	SCORE_AMBIGUOUS, /* a name in it belongs to several */
	SCORE_CONTACT,   /* it is about somebody who was imported */
	SCORE_CUSTOMER,
	SCORE_TARGET,
	SCORE_DEAL, /* there is an open opportunity */
	SCORE_SYMBOLS,
};

struct score_weights {
	int64_t v[SCORE_SYMBOLS]; /* -100..100; SCORE_FINDING is not used */
	int64_t stories_max;      /* all further stories together */
};

struct score_part {
	enum score_symbol symbol;
	int points;
};

struct lead_score {
	int total; /* 0..100 */
	size_t n;
	struct score_part parts[SCORE_SYMBOLS]; /* those that hold, the finding first */
};

/* What is known of whom a lead is about, as bits. */
enum lead_trait {
	TRAIT_CONTACT = 1 << 0,
	TRAIT_CUSTOMER = 1 << 1,
	TRAIT_TARGET = 1 << 2,
	TRAIT_DEAL = 1 << 3, /* an open opportunity */
	TRAIT_CASE = 1 << 4, /* an open service case */
};

/* "finding", "stories" …, as the configuration calls them. */
const char *score_symbol_name(enum score_symbol s);
/* Why it is given, for people. */
const char *score_symbol_about(enum score_symbol s);
/* The weights without a configuration. */
void score_weights_default(struct score_weights *out);

#endif
