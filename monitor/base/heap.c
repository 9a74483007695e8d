#include "monitor/base/heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECES_MAX 8
#define PIECE_BYTES ((size_t)4 << 20) /* below what would be mapped apart */
#define PIECES_ALL 16                 /* of a heap of 64 MiB, as large as a thread's gets */

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

/* The whole pages in a block whose content nobody needs. */
static void forget_pages(void *block, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), at = (uintptr_t)block;
	uintptr_t first = (at + page - 1) / page * page, end = (at + bytes) / page * page;
	if (first < end) {
		madvise((void *)first, end - first, MADV_DONTNEED); /* no more than a hint */
	}
}

void heap_trim(void)
{
	void *pieces[PIECES_ALL];
	size_t n = 0;
	while (n < PIECES_ALL && (pieces[n] = malloc(PIECE_BYTES)) != NULL) {
		forget_pages(pieces[n++], PIECE_BYTES);
	}
	while (n > 0) {
		free(pieces[--n]);
	}
}
