/* Two people side by side: in what they agree, in what they differ. Pure; needs fold_init(). */
#ifndef HARK_PEOPLE_REVIEW_H
#define HARK_PEOPLE_REVIEW_H

#include "monitor/store/reviews.h"

enum review_verdict {
	REVIEW_UNKNOWN, /* one of the two is not known */
	REVIEW_AGREES,
	REVIEW_MAY_AGREE, /* compatible: the reason says how */
	REVIEW_DIFFERS,
};

struct review_line {
	const char *what; /* "name", "employer" …; static */
	struct str person, other;
	enum review_verdict verdict;
	const char *reason; /* "nickname", "group" …; NULL: there is none to be said */
};

#define REVIEW_LINES 7
/* Slices of the sides; a line of which neither is known says so by its verdict and has no texts. */
void review_compare(const struct person_side *person, const struct person_side *other,
	struct review_line out[REVIEW_LINES]);
/* "agrees", "may agree" …; static. */
const char *review_verdict_name(enum review_verdict verdict);

#endif
