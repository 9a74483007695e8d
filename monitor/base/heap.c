#include "monitor/base/heap.h"

#include <malloc.h>
#include <stdlib.h>

#define PIECES_MAX 8
#define PIECE_BYTES ((size_t)4 << 20) /* below what would be mapped apart */

void heap_tune(void)
{
	mallopt(M_TOP_PAD,
		1 << 20); /* of the first thread's heap; the others grow by what is asked for */
	mallopt(M_TRIM_THRESHOLD, 32 << 20);
	mallopt(M_MMAP_THRESHOLD, 8 << 20);
	mallopt(M_ARENA_MAX, 16); /* shared ones are waited for */
}

void heap_reserve(size_t bytes)
{
	void *volatile pieces[PIECES_MAX]; /* or the compiler leaves them out */
	size_t n = 0;
	while (n < PIECES_MAX && n * PIECE_BYTES < bytes) {
		pieces[n++] = malloc(PIECE_BYTES);
	}
	while (n > 0) {
		free(pieces[--n]);
	}
}
