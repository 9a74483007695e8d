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
/* Appends the words of `s`, folded, each followed by a space. */
int fold_words(struct buf *out, struct str s);

#endif
