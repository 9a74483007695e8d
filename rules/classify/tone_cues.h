/* Phrases that a lesson, a choice, a limit or another meaning than the words have is told by. Inside the tone reader. */
#ifndef HARK_RULES_CLASSIFY_TONE_CUES_H
#define HARK_RULES_CLASSIFY_TONE_CUES_H

#include "rules/classify/tone_words.h"

#define TONE_CUES_MAX 96 /* of a post */

enum tone_part_kind {
	TONE_LESSON,    /* what was learnt, or would be done otherwise */
	TONE_SELECTION, /* alternatives weighed, and why one was taken */
	TONE_OUTCOME,   /* a measured result; found by numbers, not by phrases */
	TONE_LIMIT,     /* a flaw, beside praise */
};

enum tone_cue_kind {
	CUE_LESSON,
	CUE_SELECTION,
	CUE_LIMIT,
	CUE_AGAINST, /* sets a figure against another */
	CUE_CHOICE,  /* somebody chooses; with one of the next in the sentence it is a selection */
	CUE_OTHERS,  /* there are others, or a reason */
	CUE_STAYS,   /* somebody keeps it, wants more of it, would take it again */
	CUE_LEAVES,  /* somebody gives it up, warns of it, waits in vain */
	CUE_WRY,     /* praise and thanks as they are said when something else is meant */
	CUE_OVER,    /* what is told of was so once: trouble that is over, praise that was true */
};

struct tone_cues {
	struct {
		uint32_t token; /* its first */
		enum tone_cue_kind kind;
		bool weak; /* does not count in a sentence that tells a result */
	} v[TONE_CUES_MAX];
	size_t n;
};

/* `s` is marked (tone_words_mark) by `w`. */
void tone_cues_read(const struct tone_words *w, const struct tone_scan *s, struct tone_cues *out);
/* The first token from … to at which a phrase of the kind begins, or `to`. `strong`: no weak one. */
uint32_t tone_cue_find(const struct tone_cues *c, enum tone_cue_kind kind, bool strong,
	uint32_t from, uint32_t to);
/* The kinds of phrases that begin at tokens from … to, a bit each. */
uint32_t tone_cue_kinds(const struct tone_cues *c, uint32_t from, uint32_t to);

#endif
