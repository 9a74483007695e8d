/* Borrowed slices of text: a pointer and a length, not necessarily NUL-terminated.
 *
 * A slice owns nothing; whoever hands one out says until when it is valid. `p == NULL` means
 * absent, which is different from present and empty. Functions are pure and thread-safe. */
#ifndef HARK_BASE_STR_H
#define HARK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n; /* bytes */
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
/* For printf("%.*s", STR_FMT(s)). */
#define STR_FMT(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static inline struct str str_c(const char *c)
{
	return (struct str){c, c != NULL ? strlen(c) : 0};
}

static inline struct str str_n(const char *p, size_t n)
{
	return (struct str){p, n};
}

static inline bool str_empty(struct str s)
{
	return s.n == 0;
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_eq_c(struct str a, const char *b)
{
	return str_eq(a, str_c(b));
}

/* Byte order, shorter first among equals. */
int str_cmp(struct str a, struct str b);
/* ASCII letters compare without case; every other byte as it is. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Offset of the first `needle` in `s`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle);
/* Without ASCII white space at both ends. An absent slice stays absent. */
struct str str_trim(struct str s);
/* Cuts the part before the first `sep` off `*rest`; false when nothing is left. */
bool str_split(struct str *rest, char sep, struct str *part);
/* A decimal integer filling the whole slice, optional sign; false when it is none or too large. */
bool str_i64(struct str s, int64_t *out);
/* The byte that two hexadecimal digits at `at` spell; -1: there are none. */
int str_hex(struct str s, size_t at);
/* Longest prefix of at most `max` bytes that does not cut a UTF-8 sequence. */
struct str str_cut_utf8(struct str s, size_t max);

#endif
