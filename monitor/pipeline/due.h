/* Sources by when they are due: a heap, whose first is due first.
 *
 * A source knows its place in it (`slot`), so one that is told to hurry, or is gone, is found at once. The
 * sources are borrowed. No clock, no locks: whoever owns it passes times of one clock. */
#ifndef HARK_PIPELINE_DUE_H
#define HARK_PIPELINE_DUE_H

#include "monitor/pipeline/source.h"

struct due {
	struct source **all; /* owned */
	size_t n, cap;
};

/* All zero is an empty one. */
void due_release(struct due *d);

/* Makes room for `n` sources in all. False: no memory, and nothing changed. */
bool due_reserve(struct due *d, size_t n);
/* Puts in a source that is not in it. There must be room. */
void due_add(struct due *d, struct source *src, int64_t due_ms);
/* Takes out a source that is in it. */
void due_remove(struct due *d, struct source *src);

/* When the first is due; INT64_MAX: there is none, or none is ever due. */
int64_t due_first_ms(const struct due *d);

#endif
