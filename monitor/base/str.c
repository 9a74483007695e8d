#include "monitor/base/str.h"

#include <strings.h>

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
	if (order != 0) {
		return order;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n) {
		return false;
	}
	for (size_t i = 0; i < a.n; i++) {
		if (a.p[i] != b.p[i] && ascii_lower(a.p[i]) != ascii_lower(b.p[i])) {
			return false;
		}
	}
	return true;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_n(s.p, prefix.n), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq_nocase(str_n(s.p, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_n(s.p + (s.n - suffix.n), suffix.n), suffix);
}

size_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0 || s.n < needle.n) {
		return needle.n == 0 ? 0 : SIZE_MAX;
	}
	const char *hit = memmem(s.p, s.n, needle.p, needle.n);
	return hit != NULL ? (size_t)(hit - s.p) : SIZE_MAX;
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.p[s.n - 1])) {
		s.n--;
	}
	return s;
}

bool str_split(struct str *rest, char sep, struct str *part)
{
	if (rest->p == NULL) {
		return false;
	}
	const char *hit = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
	if (hit == NULL) {
		*part = *rest;
		*rest = STR_NONE;
		return true;
	}
	*part = str_n(rest->p, (size_t)(hit - rest->p));
	rest->n -= part->n + 1;
	rest->p = hit + 1;
	return true;
}

bool str_i64(struct str s, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	int64_t value = 0;
	if (i == s.n) {
		return false;
	}
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, s.p[i] - '0', &value)) {
			return false;
		}
	}
	if (!negative && __builtin_sub_overflow(0, value, &value)) {
		return false;
	}
	*out = value;
	return true;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						    : -1;
}

int str_hex(struct str s, size_t at)
{
	int high = at + 1 < s.n ? hex_digit(s.p[at]) : -1;
	int low = high >= 0 ? hex_digit(s.p[at + 1]) : -1;
	return low >= 0 ? high * 16 + low : -1;
}

struct str str_cut_utf8(struct str s, size_t max)
{
	if (s.n <= max) {
		return s;
	}
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80) {
		max--;
	}
	return str_n(s.p, max);
}
