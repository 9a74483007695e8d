/* A growing byte buffer that is born with a ceiling.
 *
 *	struct buf b;
 *	buf_init(&b, 1 << 20);
 *	buf_add(&b, "hello", 5);
 *	buf_printf(&b, " %d", 42);
 *	puts(buf_c(&b));            // always NUL-terminated
 *	buf_release(&b);
 *
 * The first failure (HARK_ENOMEM, or HARK_ELIMIT when the ceiling is reached) is kept in `rc` and
 * turns later additions into no-ops, so a long text is written first and checked once. Not
 * thread-safe; a buffer has one owner at a time. */
#ifndef HARK_BASE_BUF_H
#define HARK_BASE_BUF_H

#include "monitor/base/str.h"

#include <stdarg.h>

struct buf {
	char *p; /* owned; NULL while empty and never grown */
	size_t n, cap, max;
	int rc; /* first failure, or HARK_OK */
};

/* `max`: most bytes it may hold, not counting the final NUL. */
void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
/* Forgets the content and the failure, keeps the memory. */
void buf_clear(struct buf *b);
int buf_add(struct buf *b, const void *bytes, size_t n);
int buf_add_c(struct buf *b, const char *text);
int buf_add_str(struct buf *b, struct str s);
int buf_add_char(struct buf *b, char c);
/* A Unicode scalar value as UTF-8; what is none becomes U+FFFD. */
int buf_add_utf8(struct buf *b, uint32_t cp);
int buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Room for `n` more bytes; returns where they start, or NULL. Call buf_grew() with what was used. */
char *buf_room(struct buf *b, size_t n);
static inline void buf_grew(struct buf *b, size_t n)
{
	b->n += n;
	b->p[b->n] = '\0';
}
/* Shortens to `n` bytes (no more than it holds). */
void buf_cut(struct buf *b, size_t n);
/* Borrowed, NUL-terminated, valid until the next change. Never NULL. */
const char *buf_c(const struct buf *b);
/* Borrowed slice of the content, valid until the next change. */
struct str buf_str(const struct buf *b);
/* Gives the memory away (owned by the caller, free()), NUL-terminated; the buffer is empty again.
 * NULL: no memory. */
char *buf_take(struct buf *b);

#endif
