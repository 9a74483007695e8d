/* When a writer has had much to do and is quiet again: then the memory of the rush is worth giving back. Pure;
 * `now` is an argument, in steady milliseconds. */
#ifndef HARK_PIPELINE_QUIET_H
#define HARK_PIPELINE_QUIET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUIET_MS 2000 /* a rush has pauses, too */
#define QUIET_BATCHES \
	256 /* what fewer of them, or of pages read, leave behind is used again sooner than it is missed */

/* All zero: nothing was done yet. */
struct quiet {
	int64_t last_ms; /* when something was done last */
	size_t batches;  /* and pages, since memory was given back last */
};

/* So many batches were stored, or so many pages read for something else. */
static inline void quiet_note(struct quiet *q, size_t batches, int64_t now_ms)
{
	q->last_ms = now_ms;
	q->batches += batches;
}

/* True once after each rush. */
static inline bool quiet_begins(struct quiet *q, int64_t now_ms)
{
	if (q->batches < QUIET_BATCHES || now_ms - q->last_ms < QUIET_MS) {
		return false;
	}
	q->batches = 0;
	return true;
}

#endif
