#include "monitor/base/arena.h"

#include "monitor/base/err.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_BYTES (16u * 1024)

struct arena_block {
	struct arena_block *next;
	size_t used, cap;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
	*a = (struct arena){.max_bytes = max_bytes};
}

static void free_chain(struct arena_block *b)
{
	while (b != NULL) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
}

void arena_release(struct arena *a)
{
	free_chain(a->block);
	a->block = NULL;
	a->used_bytes = 0;
	a->rc = HARK_OK;
}

void arena_reset(struct arena *a)
{
	if (a->block != NULL) {
		free_chain(a->block->next);
		a->block->next = NULL;
		a->block->used = 0;
	}
	a->used_bytes = 0;
	a->rc = HARK_OK;
}

/* Keeps the first failure. */
static void *fail(struct arena *a, int rc)
{
	a->rc = a->rc != HARK_OK ? a->rc : rc;
	return NULL;
}

/* A new block, and the piece at its beginning. */
static void *take_of_new(struct arena *a, size_t bytes)
{
	struct arena_block *b = a->block;
	size_t cap = b != NULL && b->cap < (1u << 20) ? b->cap * 2 : BLOCK_BYTES;
	if (bytes > SIZE_MAX / 2) {
		return fail(a, HARK_ENOMEM);
	}
	if (a->max_bytes != 0 && bytes > a->max_bytes - a->used_bytes) {
		return fail(a, HARK_ELIMIT);
	}
	if (cap < bytes) {
		cap = bytes;
	}
	b = malloc(sizeof(*b) + cap);
	if (b == NULL) {
		return fail(a, HARK_ENOMEM);
	}
	*b = (struct arena_block){.next = a->block, .used = bytes, .cap = cap};
	a->block = b;
	a->used_bytes += bytes;
	return b->bytes;
}

/* A piece that begins at a multiple of `align`, a power of two. */
static inline void *take(struct arena *a, size_t bytes, size_t align)
{
	struct arena_block *b = a->block;
	size_t gap = b != NULL ? -b->used & (align - 1) : 0;
	if (b == NULL || b->cap - b->used < gap || b->cap - b->used - gap < bytes) {
		return take_of_new(a, bytes);
	}
	if (a->max_bytes != 0 && bytes + gap > a->max_bytes - a->used_bytes) {
		return fail(a, HARK_ELIMIT);
	}
	void *p = b->bytes + b->used + gap;
	b->used += gap + bytes;
	a->used_bytes += gap + bytes;
	return p;
}

void *arena_room(struct arena *a, size_t bytes)
{
	return take(a, bytes, alignof(max_align_t));
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	void *p = arena_room(a, bytes);
	return p != NULL ? memset(p, 0, bytes) : NULL;
}

struct str arena_str(struct arena *a, struct str s)
{
	if (s.p == NULL) {
		return STR_NONE;
	}
	char *p = take(a, s.n + 1, 1); /* one behind the other */
	if (p == NULL) {
		return str_n(NULL, s.n);
	}
	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return str_n(p, s.n);
}

char *arena_c(struct arena *a, struct str s)
{
	return (char *)arena_str(a, s).p;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *p = n >= 0 ? take(a, (size_t)n + 1, 1) : NULL;
	if (p != NULL) {
		va_start(ap, fmt);
		vsnprintf(p, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	return str_n(p, n >= 0 ? (size_t)n : 0);
}

void *arena_grow(struct arena *a, void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap) {
		return array;
	}
	size_t want = *cap < 8 ? 8 : *cap * 2;
	char *moved = arena_room(a, want * size);
	if (moved == NULL) {
		return NULL;
	}
	if (n > 0) {
		memcpy(moved, array, n * size);
	}
	memset(moved + n * size, 0, (want - n) * size);
	*cap = want;
	return moved;
}
