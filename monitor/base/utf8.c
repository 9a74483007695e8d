#include "monitor/base/utf8.h"

#include "monitor/base/scan.h"

size_t utf8_sequence(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char lo = 0x80, hi = 0xbf;
	size_t len;
	if (s.n == 0) {
		return 0;
	}
	if (p[0] < 0x80) {
		return 1;
	} else if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		len = 2;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		len = 3;
		lo = p[0] == 0xe0 ? 0xa0 : 0x80;
		hi = p[0] == 0xed ? 0x9f : 0xbf;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		len = 4;
		lo = p[0] == 0xf0 ? 0x90 : 0x80;
		hi = p[0] == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 0;
	}
	if (s.n < len || p[1] < lo || p[1] > hi) {
		return 0;
	}
	for (size_t i = 2; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	return len;
}

size_t utf8_first(struct str s, uint32_t *cp)
{
	static const unsigned char first_bits[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	size_t len = utf8_sequence(s);
	if (len == 0) {
		return 0;
	}
	*cp = (unsigned char)s.p[0] & first_bits[len];
	for (size_t i = 1; i < len; i++) {
		*cp = *cp << 6 | ((unsigned char)s.p[i] & 0x3f);
	}
	return len;
}

size_t utf8_put(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) {
		cp = 0xfffd;
	}
	size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char marks[5] = {0, 0, 0xc0, 0xe0, 0xf0};
	for (size_t i = len; i > 1; i--) {
		out[i - 1] = (char)(0x80 | (cp & 0x3f));
		cp >>= 6;
	}
	out[0] = (char)(marks[len] | cp);
	return len;
}

uint32_t utf8_of_1252(uint32_t c)
{
	/* the five holes of the set stay what they are */
	static const uint16_t map[32] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020,
		0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018,
		0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153,
		0x9d, 0x17e, 0x178};
	return c >= 0x80 && c < 0xa0 ? map[c - 0x80] : c;
}

void utf8_place(struct str s, size_t at, long *line, long *column)
{
	*line = *column = 1;
	for (size_t i = 0; i < at && i < s.n; i++) {
		bool end = s.p[i] == '\n';
		*line += end;
		*column = end ? 1 : *column + ((s.p[i] & 0xc0) != 0x80);
	}
}

/* Whether the 64 bytes at `p` are ASCII. */
static bool is_ascii(const char *p)
{
	scan16 all = scan_load(p) | scan_load(p + 16) | scan_load(p + 32) | scan_load(p + 48);
	return scan_first(all & scan_all(0x80)) == 16;
}

size_t utf8_valid(struct str s)
{
	size_t i = 0;
	while (i < s.n) {
		/* By a fixed step, so that no load waits for what the one before has found. */
		while (s.n - i >= 64 && is_ascii(s.p + i)) {
			i += 64;
		}
		if (s.n - i >= 16) {
			size_t ascii = scan_first(scan_load(s.p + i) & scan_all(0x80));
			i += ascii;
			if (ascii == 16) {
				continue;
			}
		}
		do { /* where one letter is beyond ASCII, the next ones often are */
			size_t len = utf8_sequence(str_n(s.p + i, s.n - i));
			if (len == 0) {
				return i;
			}
			i += len;
		} while (i < s.n && (unsigned char)s.p[i] >= 0x80);
	}
	return i;
}

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

static scan16 not_printable_in(scan16 v)
{
	return scan_below(v, ' ') | ~scan_below(v, 0x7f);
}

/* What is not printable ASCII among the sixteen bytes at `p`. */
static scan16 not_printable(const char *p)
{
	return not_printable_in(scan_load(p));
}

/* Whether a text of four to fifteen bytes is printable ASCII: its beginning and its end, which may overlap. */
static bool is_short_printable(struct str s)
{
	uint64_t ends[2];
	if (s.n >= 8) {
		memcpy(&ends[0], s.p, 8);
		memcpy(&ends[1], s.p + s.n - 8, 8);
	} else {
		uint32_t head, tail;
		memcpy(&head, s.p, 4);
		memcpy(&tail, s.p + s.n - 4, 4);
		ends[0] = ends[1] = (uint64_t)head << 32 | tail;
	}
	return scan_first(not_printable_in(scan_pair(ends[0], ends[1]))) == 16;
}

/* Bytes from `i` on that are printable ASCII, as far as whole vectors tell. */
static size_t printable_run(struct str s, size_t i)
{
	size_t start = i;
	while (s.n - i >= 64) {
		const char *p = s.p + i;
		scan16 any = not_printable(p) | not_printable(p + 16) | not_printable(p + 32) |
			     not_printable(p + 48);
		if (scan_first(any) < 16) {
			break;
		}
		i += 64;
	}
	while (s.n - i >= 16) {
		size_t n = scan_first(not_printable(s.p + i));
		i += n;
		if (n < 16) {
			break;
		}
	}
	/* what is left of a longer text is looked at together with what comes before it */
	if (s.n >= 16 && s.n - i < 16 && scan_first(not_printable(s.p + s.n - 16)) == 16) {
		i = s.n;
	}
	return i - start;
}

static bool is_printable(char c)
{
	return c >= ' ' && c < 0x7f;
}

/* Bytes from `i` on that need no cleaning. */
static size_t clean_run(struct str s, size_t i)
{
	size_t start = i;
	while (i < s.n) {
		i += printable_run(s, i);
		while (i < s.n && !is_printable(s.p[i])) {
			size_t len = utf8_sequence(str_n(s.p + i, s.n - i));
			if (len == 0 || is_control((unsigned char)s.p[i])) {
				return i - start;
			}
			i += len;
		}
		while (i < s.n && s.n - i < 16 && is_printable(s.p[i])) {
			i++;
		}
	}
	return i - start;
}

int utf8_clean(struct buf *out, struct str s)
{
	size_t i = 0;
	while (i < s.n) {
		size_t run = clean_run(s, i);
		buf_add(out, s.p + i, run);
		i += run;
		if (i < s.n) {
			if (!is_control((unsigned char)s.p[i])) {
				buf_add_utf8(out, 0xfffd);
			}
			i++;
		}
	}
	return out->rc;
}

bool utf8_is_clean(struct str s)
{
	if (s.n >= 4 && s.n < 16 && is_short_printable(s)) {
		return true;
	}
	return clean_run(s, 0) == s.n;
}

bool utf8_is_direction(uint32_t cp)
{
	return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200e ||
	       cp == 0x200f || cp == 0x061c;
}

static bool has_no_width(uint32_t cp)
{
	return cp == 0xad || cp == 0x180e || cp == 0x200b || (cp >= 0x2060 && cp <= 0x2064) ||
	       cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f);
}

bool utf8_is_unseen(uint32_t cp)
{
	return utf8_is_direction(cp) || has_no_width(cp);
}

bool utf8_is_disguised(struct str s)
{
	uint32_t cp;
	bool found = !utf8_is_clean(s);
	for (size_t n; !found && (n = utf8_first(s, &cp)) > 0;) {
		found = (cp >= 0x80 && cp < 0xa0) || utf8_is_unseen(cp);
		s = str_n(s.p + n, s.n - n);
	}
	return found;
}

int utf8_show(struct buf *out, struct str s)
{
	while (s.n > 0) {
		uint32_t cp = 0;
		size_t n = utf8_first(s, &cp);
		if (n == 0 || (cp < 0x20 && cp != '\t') || (cp >= 0x7f && cp < 0xa0) ||
			utf8_is_direction(cp)) {
			cp = 0xfffd;
		}
		buf_add_utf8(out, cp);
		s = str_n(s.p + (n > 0 ? n : 1), s.n - (n > 0 ? n : 1));
	}
	return out->rc;
}
