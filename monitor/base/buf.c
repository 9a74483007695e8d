#include "monitor/base/buf.h"

#include "monitor/base/err.h"
#include "monitor/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->rc = HARK_OK;
	if (b->p != NULL) {
		b->p[0] = '\0';
	}
}

static int grow(struct buf *b, size_t more)
{
	if (b->rc != HARK_OK) {
		return b->rc;
	}
	if (more > b->max - b->n) {
		return b->rc = HARK_ELIMIT;
	}
	size_t need = b->n + more + 1;
	if (need <= b->cap) {
		return HARK_OK;
	}
	size_t cap = b->cap < 64 ? 64 : b->cap * 2;
	if (cap > b->max + 1) {
		cap = b->max + 1;
	}
	if (cap < need) {
		cap = need;
	}
	char *p = realloc(b->p, cap);
	if (p == NULL) {
		return b->rc = HARK_ENOMEM;
	}
	b->p = p;
	b->cap = cap;
	return HARK_OK;
}

char *buf_room(struct buf *b, size_t n)
{
	return grow(b, n) == HARK_OK ? b->p + b->n : NULL;
}

int buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0) {
		return b->rc;
	}
	char *room = buf_room(b, n);
	if (room != NULL) {
		memcpy(room, bytes, n);
		buf_grew(b, n);
	}
	return b->rc;
}

int buf_add_c(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

int buf_add_str(struct buf *b, struct str s)
{
	return buf_add(b, s.p, s.n);
}

int buf_add_char(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int buf_add_utf8(struct buf *b, uint32_t cp)
{
	char u[4];
	return buf_add(b, u, utf8_put(cp, u));
}

int buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0) {
		return b->rc = HARK_EINVAL;
	}
	char *room = buf_room(b, (size_t)n);
	if (room != NULL) {
		vsnprintf(room, (size_t)n + 1, fmt, ap);
		b->n += (size_t)n;
	}
	return b->rc;
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int rc = buf_vprintf(b, fmt, ap);
	va_end(ap);
	return rc;
}

void buf_cut(struct buf *b, size_t n)
{
	if (n < b->n) {
		b->n = n;
		b->p[n] = '\0';
	}
}

const char *buf_c(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}

struct str buf_str(const struct buf *b)
{
	return str_n(buf_c(b), b->n);
}

char *buf_take(struct buf *b)
{
	char *p = b->p != NULL ? b->p : calloc(1, 1);
	*b = (struct buf){.max = b->max};
	return p;
}
