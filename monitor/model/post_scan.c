/* DESIGN. A recursive walk over the text that knows the members of a Post by a table and skips the
 * others, checking their syntax all the same. It never decides what an odd document means: it gives
 * up, and jansson reads it. test_post.c and fuzz_post_json.c compare the two. */
#include "monitor/model/post_scan.h"

#include "monitor/base/clock.h"
#include "monitor/base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SCAN_BYTES_MAX (256u * 1024) /* more is for the reader that counts its memory */
#define DEPTH_MAX 64
#define DIGITS_MAX 18

struct scan {
	const char *p, *end;
	struct arena *arena;
	struct post *post;
	bool has_other;
	unsigned depth;
};

enum what {
	MEMBER_STR,
	MEMBER_COUNT,
	MEMBER_TIME,
	MEMBER_LIST,
	MEMBER_TYPE,
	MEMBER_VISIBILITY,
	MEMBER_DELETED,
	MEMBER_VERIFIED,
	MEMBER_AUTHOR,
	MEMBER_ENGAGEMENT,
	MEMBER_OTHER, /* known, but not here */
};

struct member {
	struct str key;
	enum what what;
	size_t at; /* in struct post */
};

#define MEMBER(key, what, at)                                             \
	{                                                                 \
		{(key), sizeof(key) - 1}, what, offsetof(struct post, at) \
	}
static const struct member post_members[] = {
	MEMBER("source", MEMBER_STR, source),
	MEMBER("external_id", MEMBER_STR, external_id),
	MEMBER("url", MEMBER_STR, url),
	MEMBER("type", MEMBER_TYPE, type),
	MEMBER("author", MEMBER_AUTHOR, author),
	MEMBER("published", MEMBER_TIME, published),
	MEMBER("edited", MEMBER_TIME, edited),
	MEMBER("title", MEMBER_STR, title),
	MEMBER("text", MEMBER_STR, text),
	MEMBER("quoted", MEMBER_STR, quoted),
	MEMBER("lang", MEMBER_STR, lang),
	MEMBER("country", MEMBER_STR, country),
	MEMBER("in_reply_to", MEMBER_STR, in_reply_to),
	MEMBER("thread", MEMBER_STR, thread),
	MEMBER("engagement", MEMBER_ENGAGEMENT, likes),
	MEMBER("tags", MEMBER_LIST, tags),
	MEMBER("mentions", MEMBER_LIST, mentions),
	MEMBER("links", MEMBER_LIST, links),
	MEMBER("visibility", MEMBER_VISIBILITY, visibility),
	MEMBER("deleted", MEMBER_DELETED, deleted),
	MEMBER("classify", MEMBER_OTHER, sentiment),
};

static const struct member author_members[] = {
	MEMBER("handle", MEMBER_STR, author.handle),
	MEMBER("display_name", MEMBER_STR, author.display_name),
	MEMBER("profile_url", MEMBER_STR, author.profile_url),
	MEMBER("bio", MEMBER_STR, author.bio),
	MEMBER("followers", MEMBER_COUNT, author.followers),
	MEMBER("following", MEMBER_COUNT, author.following),
	MEMBER("verified", MEMBER_VERIFIED, author.verified),
};

static const struct member engagement_members[] = {
	MEMBER("likes", MEMBER_COUNT, likes),
	MEMBER("replies", MEMBER_COUNT, replies),
	MEMBER("shares", MEMBER_COUNT, shares),
	MEMBER("views", MEMBER_COUNT, views),
	MEMBER("score", MEMBER_COUNT, score),
	MEMBER("rating", MEMBER_COUNT, rating),
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- bytes ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct scan *s)
{
	while (s->p < s->end && is_space(*s->p)) {
		s->p++;
	}
}

/* The next character that is no space, if it is this one. */
static bool take(struct scan *s, char c)
{
	skip_space(s);
	if (s->p < s->end && *s->p == c) {
		s->p++;
		return true;
	}
	return false;
}

static bool take_word(struct scan *s, struct str word)
{
	if (!str_starts(str_n(s->p, (size_t)(s->end - s->p)), word)) {
		return false;
	}
	s->p += word.n;
	return true;
}

/* ---- strings ---- */

/* Over ASCII that stands for itself in a string. */
static const char *skip_plain(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
			_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
		odd = _mm_or_si128(odd, _mm_cmplt_epi8(v, _mm_set1_epi8(' '))); /* and > 0x7f */
		unsigned mask = (unsigned)_mm_movemask_epi8(odd);
		if (mask != 0) {
			return p + __builtin_ctz(mask);
		}
	}
#endif
	while (p < end && (signed char)*p >= ' ' && *p != '"' && *p != '\\') {
		p++;
	}
	return p;
}

/* Length of the UTF-8 sequence at p (RFC 3629), 0: none. */
static size_t sequence(const char *p, const char *end)
{
	unsigned char a = (unsigned char)p[0];
	unsigned char b = end - p > 1 ? (unsigned char)p[1] : 0;
	size_t n = a >= 0xc2 && a < 0xe0   ? 2
		   : (a & 0xf0) == 0xe0    ? 3
		   : a >= 0xf0 && a < 0xf5 ? 4
					   : 0;
	unsigned char low = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80;
	unsigned char high = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;
	if (n == 0 || (size_t)(end - p) < n || b < low || b > high) {
		return 0;
	}
	for (size_t i = 2; i < n; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	return n;
}

/* Behind the opening quote: finds the closing one. *plain: nothing is escaped. */
static bool find_quote(struct scan *s, bool *plain)
{
	*plain = true;
	for (const char *p = s->p; (p = skip_plain(p, s->end)) < s->end;) {
		size_t n = 2;
		if (*p == '"') {
			s->p = p;
			return true;
		}
		if (*p == '\\') {
			*plain = false;
		} else {
			n = (unsigned char)*p >= 0x80 ? sequence(p, s->end) : 0;
		}
		if (n == 0 || (size_t)(s->end - p) < n) {
			return false;
		}
		p += n;
	}
	return false;
}

static bool hex4(const char *p, const char *end, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		if (p + i >= end) {
			return false;
		}
		char c = p[i], low = (char)(c | 0x20);
		uint32_t d = c >= '0' && c <= '9'       ? (uint32_t)(c - '0')
			     : low >= 'a' && low <= 'f' ? (uint32_t)(low - 'a' + 10)
							: 16;
		if (d == 16) {
			return false;
		}
		*out = *out << 4 | d;
	}
	return true;
}

/* \uXXXX at *p, or a pair of them; a lone surrogate and NUL are for the other reader. */
static size_t unescape_unicode(const char **p, const char *end, char *out)
{
	uint32_t cp, low;
	if (!hex4(*p + 2, end, &cp)) {
		return 0;
	}
	*p += 6;
	if (cp >= 0xd800 && cp < 0xdc00) {
		if (end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u' || !hex4(*p + 2, end, &low) ||
			low < 0xdc00 || low > 0xdfff) {
			return 0;
		}
		*p += 6;
		cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
	} else if (cp == 0 || (cp >= 0xdc00 && cp < 0xe000)) {
		return 0;
	}
	return utf8_put(cp, out);
}

/* The escape at *p to `out`; returns the bytes written, 0: none that is allowed here. */
static size_t unescape_one(const char **p, const char *end, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if ((*p)[1] == 'u') {
		return unescape_unicode(p, end, out);
	}
	const char *found = memchr(from, (*p)[1], sizeof(from) - 1);
	if (found == NULL) {
		return 0;
	}
	*out = to[found - from];
	*p += 2;
	return 1;
}

/* What lies between the quotes, without escapes, to `out` (as long as the text). SIZE_MAX: refused. */
static size_t unescape(struct str text, char *out)
{
	size_t n = 0;
	for (const char *p = text.p, *end = p + text.n; p < end;) {
		const char *odd = memchr(p, '\\', (size_t)(end - p));
		size_t plain = (size_t)((odd != NULL ? odd : end) - p);
		memcpy(out + n, p, plain);
		n += plain;
		p += plain;
		if (p < end) {
			size_t got = unescape_one(&p, end, out + n);
			if (got == 0) {
				return SIZE_MAX;
			}
			n += got;
		}
	}
	return n;
}

/* A string, kept in the arena. */
static bool take_str(struct scan *s, struct str *out)
{
	bool plain;
	if (!take(s, '"')) {
		return false;
	}
	const char *from = s->p;
	if (!find_quote(s, &plain)) {
		return false;
	}
	struct str text = str_n(from, (size_t)(s->p++ - from));
	if (plain) {
		*out = arena_str(s->arena, text);
		return out->p != NULL;
	}
	char *room = arena_room(s->arena, text.n + 1);
	size_t n = room != NULL ? unescape(text, room) : SIZE_MAX;
	if (n == SIZE_MAX) {
		return false;
	}
	room[n] = '\0';
	*out = str_n(room, n);
	return true;
}

/* A string nobody needs; its escapes are checked. */
static bool skip_str(struct scan *s)
{
	bool plain;
	const char *from = s->p;
	if (!find_quote(s, &plain)) {
		return false;
	}
	for (const char *p = from; !plain && p < s->p;) {
		char out[4];
		if (*p != '\\') {
			p++;
		} else if (unescape_one(&p, s->p, out) == 0) {
			return false;
		}
	}
	s->p++;
	return true;
}

/* ---- numbers ---- */

static bool is_digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

/* Digits without a needless zero; false: none, or too many. */
static bool take_digits(struct scan *s, int64_t *out)
{
	const char *from = s->p;
	*out = 0;
	while (is_digit(s) && s->p - from < DIGITS_MAX) {
		*out = *out * 10 + (*s->p++ - '0');
	}
	return s->p > from && !is_digit(s) && (*from != '0' || s->p - from == 1);
}

static bool take_integer(struct scan *s, int64_t *out)
{
	skip_space(s);
	bool negative = s->p < s->end && *s->p == '-';
	s->p += negative;
	if (!take_digits(s, out) ||
		(s->p < s->end && (*s->p == '.' || *s->p == 'e' || *s->p == 'E'))) {
		return false;
	}
	*out = negative ? -*out : *out;
	return true;
}

/* With a fraction, without an exponent. */
static bool skip_number(struct scan *s)
{
	int64_t whole;
	s->p += *s->p == '-';
	if (!take_digits(s, &whole)) {
		return false;
	}
	if (s->p < s->end && *s->p == '.') {
		const char *from = ++s->p;
		while (is_digit(s)) {
			s->p++;
		}
		if (s->p == from) {
			return false;
		}
	}
	return s->p == s->end || (*s->p != 'e' && *s->p != 'E');
}

/* ---- members ---- */

static bool skip_value(struct scan *s);

static bool skip_list(struct scan *s)
{
	if (take(s, ']')) {
		return true;
	}
	do {
		if (!skip_value(s)) {
			return false;
		}
	} while (take(s, ','));
	return take(s, ']');
}

static bool skip_object(struct scan *s)
{
	if (take(s, '}')) {
		return true;
	}
	do {
		if (!take(s, '"') || !skip_str(s) || !take(s, ':') || !skip_value(s)) {
			return false;
		}
	} while (take(s, ','));
	return take(s, '}');
}

static bool skip_value(struct scan *s)
{
	bool ok = false;
	skip_space(s);
	if (s->p == s->end || ++s->depth > DEPTH_MAX) {
		return false;
	}
	switch (*s->p) {
	case '"':
		s->p++;
		ok = skip_str(s);
		break;
	case '{':
		s->p++;
		ok = skip_object(s);
		break;
	case '[':
		s->p++;
		ok = skip_list(s);
		break;
	case 't':
		ok = take_word(s, STR("true"));
		break;
	case 'f':
		ok = take_word(s, STR("false"));
		break;
	case 'n':
		ok = take_word(s, STR("null"));
		break;
	default:
		ok = skip_number(s);
		break;
	}
	s->depth--;
	return ok;
}

static bool take_list(struct scan *s, struct strs *out)
{
	size_t cap = 0;
	if (!take(s, '[')) {
		return false;
	}
	if (take(s, ']')) {
		return true;
	}
	do {
		struct str *grown = arena_grow(s->arena, out->v, out->n, &cap, sizeof(*grown));
		if (grown == NULL) {
			return false;
		}
		out->v = grown;
		if (!take_str(s, &out->v[out->n])) {
			return false;
		}
		out->n++;
	} while (take(s, ','));
	return take(s, ']');
}

static bool take_flag(struct scan *s, bool *out)
{
	*out = take_word(s, STR("true"));
	return *out || take_word(s, STR("false"));
}

static bool take_visibility(struct scan *s, enum visibility *out)
{
	struct str name;
	if (!take_str(s, &name)) {
		return false;
	}
	*out = str_eq_c(name, "private") ? VISIBILITY_PRIVATE : VISIBILITY_PUBLIC;
	return *out == VISIBILITY_PRIVATE || str_eq_c(name, "public");
}

static bool take_members(struct scan *s, const struct member *members, size_t n);

static bool take_member(struct scan *s, const struct member *m)
{
	char *at = (char *)s->post + m->at;
	struct str text;
	bool flag;
	skip_space(s);
	if (take_word(s, STR("null"))) {
		return true;
	}
	switch (m->what) {
	case MEMBER_STR:
		return take_str(s, (struct str *)(void *)at);
	case MEMBER_COUNT:
		return take_integer(s, (int64_t *)(void *)at);
	case MEMBER_TIME:
		return take_str(s, &text) && clock_parse_rfc3339(text, (int64_t *)(void *)at);
	case MEMBER_LIST:
		return take_list(s, (struct strs *)(void *)at);
	case MEMBER_TYPE:
		return take_str(s, &text) && post_type_parse(text, &s->post->type);
	case MEMBER_VISIBILITY:
		return take_visibility(s, &s->post->visibility);
	case MEMBER_DELETED:
		return take_flag(s, &s->post->deleted);
	case MEMBER_VERIFIED:
		if (!take_flag(s, &flag)) {
			return false;
		}
		s->post->author.verified = flag;
		return true;
	case MEMBER_AUTHOR:
		return take_members(s, author_members, COUNT(author_members));
	case MEMBER_ENGAGEMENT:
		return take_members(s, engagement_members, COUNT(engagement_members));
	default:
		return false;
	}
}

/* The key between the quotes; one with escapes is for the other reader. */
static bool take_key(struct scan *s, struct str *key)
{
	bool plain;
	if (!take(s, '"')) {
		return false;
	}
	const char *from = s->p;
	if (!find_quote(s, &plain) || !plain) {
		return false;
	}
	*key = str_n(from, (size_t)(s->p++ - from));
	return take(s, ':');
}

static bool take_members(struct scan *s, const struct member *members, size_t n)
{
	uint32_t seen = 0;
	if (!take(s, '{')) {
		return false;
	}
	if (take(s, '}')) {
		return true;
	}
	do {
		struct str key;
		size_t i = 0;
		if (!take_key(s, &key)) {
			return false;
		}
		while (i < n && !str_eq(members[i].key, key)) {
			i++;
		}
		if (i == n ? !skip_value(s)
			   : (seen >> i & 1) != 0 || !take_member(s, &members[i])) {
			return false;
		}
		seen |= i < n ? UINT32_C(1) << i : 0;
		s->has_other |= i == n;
	} while (take(s, ','));
	return take(s, '}');
}

bool post_scan_json(struct post *p, struct str json, struct arena *arena, bool *has_other)
{
	struct scan s = {.p = json.p, .end = json.p + json.n, .arena = arena, .post = p};
	post_init(p);
	if (json.n == 0 || json.n > SCAN_BYTES_MAX ||
		!take_members(&s, post_members, COUNT(post_members))) {
		return false;
	}
	skip_space(&s);
	*has_other = s.has_other;
	return s.p == s.end;
}

static bool knows(const struct member *members, size_t n, struct str key)
{
	size_t i = 0;
	while (i < n && !str_eq(members[i].key, key)) {
		i++;
	}
	return i < n;
}

bool post_knows(enum post_part part, struct str key)
{
	return part == POST_AUTHOR       ? knows(author_members, COUNT(author_members), key)
	       : part == POST_ENGAGEMENT ? knows(engagement_members, COUNT(engagement_members), key)
					 : knows(post_members, COUNT(post_members), key);
}
