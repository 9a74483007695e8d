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
	ROLE_VERB = 1 << 9,      /* forms of be, have, do, modal and common ones */
	ROLE_ENGLISH = 1 << 10,  /* a common word of English, of no other language */
	ROLE_WE = 1 << 11,       /* I, we, my, our */
	ROLE_TOO = 1 << 12,      /* too slow */
	ROLE_LACKS = 1 << 13,    /* without, missing, lacks */
	ROLE_WHOLE = 1 << 14,    /* tool, product, app, software: the thing itself, no part of it */
	ROLE_COMPANY = 1 << 15,  /* team, support, staff, vendor */
	ROLE_ASKS = 1 << 16,     /* who, how, anyone */
	ROLE_RISES = 1 << 17,    /* cut, dropped, rose, from: a figure changes */
	ROLE_UNIT = 1 << 18,     /* percent, hours, days */
	ROLE_COUNTS = 1 << 19,   /* two, half, dozen */
	ROLE_FOREIGN = 1 << 20,  /* a common word of another language, of none in English */
	ROLE_WISHES = 1 << 21,   /* wish, could, should, would: it is not so */
	ROLE_NEEDS = 1 << 22,    /* needs, takes, has to: a burden */
	ROLE_RARELY = 1 << 23,   /* sometimes, now and then */
	ROLE_LATE = 1 << 24,     /* late, slow, weeks: time that is lost */
	ROLE_FORMER = 1 << 25,   /* old, previous, before: of what came before */
	ROLE_SPLITS = 1 << 26,   /* but, though, except: a clause begins */
	ROLE_CONCEDES = 1 << 27, /* although, despite: what follows weighs less */
	ROLE_YOU = 1 << 28,      /* you, your */
	ROLE_GIVEN = 1 << 29,    /* a given name */
	ROLE_OPENS = 1 << 30,    /* thanks, great, genius: praise, and how sarcasm begins */
};

struct tone_words;

/* NULL: no memory. */
struct tone_words *tone_words_new(void);
void tone_words_free(struct tone_words *w);
/* Sets value, roles and TONE_NEGATED of every token. */
void tone_words_mark(const struct tone_words *w, struct tone_scan *s);

/* tone_cues.c: its phrases, one after another; NULL behind the last. */
const char *tone_cue(size_t i);
/* Phrases are kept as hashes. Those that begin with a word are chained from its token (`cue`, 1 for the first
 * phrase, 0 for none), those that begin with =we from tone_cue_we(). */
#define TONE_CUE_WE 1  /* instead of a hash */
#define TONE_CUE_GAP 2 /* instead of a hash */
unsigned tone_cue_we(const struct tone_words *w);
unsigned tone_cue_next(const struct tone_words *w, unsigned phrase);
/* Its second word: what tone_cue_word() takes, which is 0 behind the last. */
uint16_t tone_cue_rest(const struct tone_words *w, unsigned phrase);
uint64_t tone_cue_word(const struct tone_words *w, uint16_t word);
/* tone_language.c: is it English? True also of a text that says nothing either way, such as an emoji or
 * a name. */
bool tone_is_english(const struct tone_scan *s);

#endif
