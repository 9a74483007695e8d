/* How the C library's heap is used. Batches and bodies are made by one thread and freed by another, so it grows and shrinks
 * all the time; each step is a system call that keeps every other thread's memory waiting. */
#ifndef HARK_BASE_HEAP_H
#define HARK_BASE_HEAP_H

#include <stddef.h>

/* Steps are large, and what is freed is kept for the next use. Once, before other threads are started. */
void heap_tune(void);
/* Lets the calling thread's heap grow by `bytes` at once, for what it will need soon; nothing is touched, so that costs
 * addresses, not memory. Without room for it the heap grows as it is used. */
void heap_reserve(size_t bytes);
/* Gives the memory back that is free at the end of the calling thread's heap: of any but the first thread's, malloc_trim()
 * only does so with what is free between blocks in use. */
void heap_trim(void);

#endif
