/* How often a word is said, by everybody, about anything: a small table made for two questions. Is
 * a name also an everyday word ("Apple", "Target")? Is a word in so many posts that looking for it
 * says nothing ("the")? The table is fixed, so a test means the same everywhere. Any thread. */
#ifndef HARK_RULES_FREQUENCY_H
#define HARK_RULES_FREQUENCY_H

#include "monitor/base/str.h"

#include <stdint.h>

enum word_frequency {
	WORD_RARE,       /* not in the table */
	WORD_EVERYDAY,   /* means something of its own to most readers */
	WORD_EVERYWHERE, /* in more than one post of a hundred */
};

/* Of a folded word. */
enum word_frequency word_frequency(struct str folded);
/* Fingerprint of the table. */
uint64_t word_frequency_version(void);

#endif
