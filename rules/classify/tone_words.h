/* Words that carry a tone, and the small words that turn, weaken or join it. Written for hark; the
 * model learns what each side is worth. Inside the tone reader. */
#ifndef HARK_RULES_CLASSIFY_TONE_WORDS_H
#define HARK_RULES_CLASSIFY_TONE_WORDS_H

#include "rules/classify/tone_scan.h"

enum tone_role {
	ROLE_NEGATES = 1 << 0,   /* not, never, nobody */
	ROLE_HARDLY = 1 << 1,    /* negates, but only in part */
	ROLE_STRONGER = 1 << 2,  /* very, so, absolutely */
	ROLE_WEAKER = 1 << 3,    /* a bit, slightly, somewhat */
	ROLE_CONTRASTS = 1 << 4, /* but, though, however */
	ROLE_ARTICLE = 1 << 5,   /* the, our, their, this: a noun phrase begins behind it */
	ROLE_BINDS = 1 << 6,     /* and, or, with, which: a clause goes on or another begins */
	ROLE_PREPOSITION = 1 << 7,
	ROLE_PRONOUN = 1 << 8,
	ROLE_VERB = 1 << 9,     /* forms of be, have, do, modal and common ones */
	ROLE_ENGLISH = 1 << 10, /* a common word of English, of no other language */
	ROLE_WE = 1 << 11,      /* I, we, my, our */
	ROLE_TOO = 1 << 12,     /* too slow */
	ROLE_LACKS = 1 << 13,   /* without, missing, lacks */
	ROLE_WHOLE = 1 << 14,   /* tool, product, app, software: the thing itself, no part of it */
	ROLE_COMPANY = 1 << 15, /* team, support, staff, vendor */
	ROLE_ASKS = 1 << 16,    /* who, how, anyone */
	ROLE_RISES = 1 << 17,   /* cut, dropped, rose, from: a figure changes */
	ROLE_UNIT = 1 << 18,    /* percent, hours, days */
	ROLE_COUNTS = 1 << 19,  /* two, half, dozen */
	ROLE_FOREIGN = 1 << 20, /* a common word of another language, of none in English */
	ROLE_CUE = 1 << 21,     /* a phrase of tone_parts.c may begin here */
};

struct tone_words;

/* NULL: no memory. */
struct tone_words *tone_words_new(void);
void tone_words_free(struct tone_words *w);
/* Sets value, roles and TONE_NEGATED of every token. */
void tone_words_mark(const struct tone_words *w, struct tone_scan *s);

/* tone_parts.c: its phrases, one after another; NULL behind the last. */
const char *tone_cue(size_t i);
/* tone_language.c: is it English? True also of a text that says nothing either way, such as an emoji or
 * a name. */
bool tone_is_english(const struct tone_scan *s);

#endif
