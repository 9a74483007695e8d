/* 64 bytes of text at a glance: which belong to words, which end them, which need a closer look.
 *
 * Read with AVX2 where the processor has it, with SSE2 on any other x86-64, byte by byte elsewhere;
 * all three give the same for every input (test_text.c compares them). Any thread, after
 * block_init(). */
#ifndef HARK_RULES_BLOCK_H
#define HARK_RULES_BLOCK_H

#include "monitor/base/str.h"

#define BLOCK_BYTES 64

/* One bit a byte, the first is bit 0. What has no bit in any is a break and nothing else. */
struct block {
	uint64_t word; /* ASCII letters, digits and _ */
	uint64_t hard; /* ASCII's hard breaks */
	uint64_t odd;  /* ' # @ $ and everything outside ASCII */
};

/* Reads n times BLOCK_BYTES bytes at p. */
typedef void (*block_read_fn)(struct block *b, const char *p, size_t n);
extern block_read_fn block_read;

/* Chooses; fold_init() calls it. */
void block_init(void);
/* All that work here, for the test that compares them; NULL past the end. */
block_read_fn block_reader_at(size_t i);

#endif
