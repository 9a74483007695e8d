/* Phrases that turn a tone around, by rules: "no problems so far" praises, "not good" does not, and a post
 * of nothing but signs says what the signs say. Inside the tone reader. */
#ifndef HARK_RULES_CLASSIFY_TONE_TURNS_H
#define HARK_RULES_CLASSIFY_TONE_TURNS_H

#include "rules/classify/tone_words.h"

#define TONE_TURNS_MAX 8 /* of a post; what more it holds is left to the model */

enum tone_turn_kind {
	TONE_DENIED_FLAW,   /* no problems, never let us down, not bad, can't complain */
	TONE_DENIED_PRAISE, /* not good, never works, wouldn't recommend */
	TONE_GOOD_SIGN,     /* all of the post is signs, and one of them is glad */
	TONE_BAD_SIGN,
};

struct tone_turn {
	enum tone_turn_kind kind;
	uint32_t from, to; /* tokens, end exclusive */
};

struct tone_turns {
	struct tone_turn v[TONE_TURNS_MAX];
	size_t n;
};

/* `s` is marked (tone_words_mark); sets TONE_DENIED. Not told: what is asked, hoped, promised or only was so until something
 * came. */
void tone_turns_read(struct tone_scan *s, struct tone_turns *out);
/* As evidence is named: "denied flaw" … */
const char *tone_turn_name(enum tone_turn_kind kind);

#endif
