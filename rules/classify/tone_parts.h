/* What a statement tells beside its tone, by rules: measured outcomes, lessons, why something was
 * chosen, stated limits, questions. Inside the tone reader. */
#ifndef HARK_RULES_CLASSIFY_TONE_PARTS_H
#define HARK_RULES_CLASSIFY_TONE_PARTS_H

#include "rules/classify/tone_words.h"

#define TONE_PARTS_MAX 24 /* of a post; what more it holds is not told */

enum tone_part_kind {
	TONE_LESSON,    /* what was learnt, or would be done otherwise */
	TONE_SELECTION, /* alternatives weighed, and why one was taken */
	TONE_OUTCOME,   /* a measured result */
	TONE_LIMIT,     /* a flaw, beside praise */
};

struct tone_part {
	enum tone_part_kind kind;
	bool title; /* its field */
	uint32_t start, end;
};

struct tone_parts {
	struct tone_part v[TONE_PARTS_MAX];
	size_t n;
	bool question;
	bool praise; /* some sentence praises */
};

/* How good or bad a sentence sounds by itself, from -1 to 1. */
struct tone_ear {
	double (*hear)(void *with, uint32_t from, uint32_t to);
	void *with;
	bool praised; /* the text as a whole praises: no sentence must */
};

/* `s` is marked (tone_words_mark). Limits are looked for only where there is an ear. */
void tone_parts_read(const struct tone_scan *s, const struct tone_ear *ear, struct tone_parts *out);

#endif
