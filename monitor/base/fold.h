/* Letters without case, accents and typography: what two spellings of the same words have in common.
 * Pure. */
#ifndef HARK_BASE_FOLD_H
#define HARK_BASE_FOLD_H

#include "monitor/base/buf.h"

enum fold {
	FOLD_BREAK,  /* between words */
	FOLD_DROP,   /* as if it were not there */
	FOLD_LETTER, /* part of a word */
	FOLD_WORD,   /* a word of its own: scripts without spaces */
};

/* What *cp counts as; a letter becomes its plain form. */
enum fold fold(uint32_t *cp);

/* Where words are written, each with a space behind it, into room that was made before: asking a buffer
 * for every letter costs more than folding it. */
struct folded {
	char *start, *p;
};

/* Room for the words of `n` bytes: a character of two bytes or more becomes at most four and two
 * spaces. */
static inline size_t fold_room(size_t n)
{
	return n * 3 + 4;
}

static inline void fold_end_word(struct folded *w)
{
	if (w->p > w->start && w->p[-1] != ' ') {
		*w->p++ = ' ';
	}
}

/* The character, or the byte that is none, at the start of `s`; returns its bytes. */
size_t fold_character(struct folded *w, struct str s);

/* Appends the words of `s`, folded, each followed by a space. */
int fold_words(struct buf *out, struct str s);

#endif
