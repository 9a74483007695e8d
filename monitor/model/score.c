#include "monitor/model/score.h"

/* The defaults are also in the option table, as texts: a test holds them together. */
static const struct {
	const char *name, *about;
	int points;
} symbols[SCORE_SYMBOLS] = {
	[SCORE_FINDING] = {"finding", "its strongest finding", 0},
	[SCORE_STORIES] = {"stories", "further stories say so", 5},
	[SCORE_MIXED] = {"mixed", "praise that names a limit is believed", 5},
	[SCORE_AMBIGUOUS] = {"ambiguous", "a name in it belongs to several", -10},
	[SCORE_CONTACT] = {"contact", "about somebody who was imported", 10},
	[SCORE_CUSTOMER] = {"customer", "the company is a customer", 5},
	[SCORE_TARGET] = {"target", "the company is a target", 10},
	[SCORE_DEAL] = {"deal", "there is an open opportunity", 10},
};

#define STORIES_MAX 20

const char *score_symbol_name(enum score_symbol s)
{
	return (size_t)s < SCORE_SYMBOLS ? symbols[s].name : "?";
}

const char *score_symbol_about(enum score_symbol s)
{
	return (size_t)s < SCORE_SYMBOLS ? symbols[s].about : "?";
}

void score_weights_default(struct score_weights *out)
{
	for (size_t i = 0; i < SCORE_SYMBOLS; i++) {
		out->v[i] = symbols[i].points;
	}
	out->stories_max = STORIES_MAX;
}
