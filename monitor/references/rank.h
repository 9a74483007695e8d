/* How good a reference somebody is, and whether they can authorise one. Pure.
 *
 * Buyers believe praise that admits a limit, so the bands never overlap: any mixed statement ranks over any pure
 * praise, and that over what is neutral. Inside a band stand measured outcomes, reasons for the choice, lessons, and
 * how many statements there are. */
#ifndef HARK_REFERENCES_RANK_H
#define HARK_REFERENCES_RANK_H

#include "monitor/model/reference.h"

struct rank {
	enum statement_tone tone; /* of the most credible that stands */
	int score;                /* 0..100; 0: nothing stands */
	int64_t statements;       /* that stand and are not negative */
	bool historic;            /* all of them */
};
struct rank rank_of(const struct statement *v, size_t n);

/* By the words of a title; absent: unknown. Whoever assists a chief is none. */
enum authority authority_of_title(struct str title);

#endif
