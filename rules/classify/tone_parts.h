/* What a statement tells beside its tone, by rules: measured outcomes, lessons, why something was
 * chosen, stated limits, questions. Lessons and choices are also told by what a sentence sounds like, as learnt from
 * labelled ones (tone_claims.h). Inside the tone reader. */
#ifndef HARK_RULES_CLASSIFY_TONE_PARTS_H
#define HARK_RULES_CLASSIFY_TONE_PARTS_H

#include "rules/classify/tone_clauses.h"

struct tone_claims;

#define TONE_PARTS_MAX 24 /* of a post; what more it holds is not told */

struct tone_part {
	enum tone_part_kind kind;
	bool title; /* its field */
	uint32_t start, end;
};

struct tone_parts {
	struct tone_part v[TONE_PARTS_MAX];
	size_t n;
	bool question;
	unsigned better, worse; /* results among the parts, by what they say */
};

/* All but limits. `s` is marked (tone_words_mark). */
void tone_parts_read(
	const struct tone_scan *s, const struct tone_cues *cues, struct tone_parts *out);
/* The same anew, where what a sentence claims adds lessons and choices that no phrase tells, and takes away those that
 * hardly sound like one. */
void tone_parts_claimed(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_claims *claims, const struct tone_model *m, struct tone_parts *out);
/* Adds the limits of praise, by these chances (tone_limits.h): whether it states one. Likely clauses of one breath are
 * one limit. */
bool tone_parts_limited(const struct tone_scan *s, const struct tone_clauses *clauses,
	const float chance[TONE_CLAUSES_MAX], struct tone_parts *out);

#endif
