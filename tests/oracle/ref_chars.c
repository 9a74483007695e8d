#include "tests/oracle/ref.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool in(uint32_t cp, const uint32_t (*ranges)[2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (cp >= ranges[i][0] && cp <= ranges[i][1]) {
			return true;
		}
	}
	return false;
}
#define IN(cp, ranges) in(cp, ranges, sizeof(ranges) / sizeof((ranges)[0]))

static bool one_of(uint32_t cp, const uint32_t *v)
{
	while (*v != 0 && *v != cp) {
		v++;
	}
	return *v != 0;
}

/* Thai, Lao, Burmese, Khmer, bopomofo, kana, Han: their letters, digits and vowel signs. */
static bool stands_alone(uint32_t cp, utf8proc_category_t category)
{
	static const uint32_t blocks[][2] = {{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1780, 0x17ff},
		{0x3041, 0x30ff}, {0x3105, 0x312f}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff},
		{0xf900, 0xfaff}, {0xff66, 0xff9d}, {0x20000, 0x3fffd}};
	static const uint32_t odd[] = {0x3005, 0x3006, 0x3007, 0};
	bool letter = category == UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_LM ||
		      category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
	return (letter && IN(cp, blocks)) || one_of(cp, odd);
}

/* Accents, Arabic and Hebrew points, joiners, soft hyphen, selectors, skin tones. */
static bool is_ignored(uint32_t cp)
{
	static const uint32_t ranges[][2] = {{0xad, 0xad}, {0x300, 0x36f}, {0x591, 0x5bd},
		{0x5bf, 0x5bf}, {0x5c1, 0x5c2}, {0x5c4, 0x5c5}, {0x5c7, 0x5c7}, {0x610, 0x61a},
		{0x640, 0x640}, {0x64b, 0x652}, {0x670, 0x670}, {0x6d6, 0x6dc}, {0x6df, 0x6e4},
		{0x1dc0, 0x1dff}, {0x200c, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064},
		{0x20d0, 0x20ff}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
		{0xfeff, 0xfeff}, {0xff9e, 0xff9f}, {0x1f3fb, 0x1f3ff}, {0xe0020, 0xe007f}};
	return IN(cp, ranges);
}

static enum ref_class class_of(uint32_t cp)
{
	static const uint32_t hard[] = {'\n', '\r', '!', '?', 0x85, 0x61f, 0x203c, 0x203d, 0x2028,
		0x2029, 0x2047, 0x2048, 0x2049, 0x3002, 0xff01, 0xff1f, 0};
	static const uint32_t apostrophes[] = {'\'', 0x2018, 0x2019, 0x2bc, 0xff07, 0};
	static const uint32_t middots[] = {0xb7, 0x387, 0x5f4, 0x2027, 0};
	static const uint32_t signs[] = {0x2122, 0x2139, 0};
	const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);
	if (one_of(cp, hard)) {
		return REF_HARD;
	}
	if (one_of(cp, apostrophes)) {
		return REF_APOSTROPHE;
	}
	if (cp == '.' || cp == ',') {
		return REF_DOT;
	}
	if (one_of(cp, middots)) {
		return REF_MIDDOT;
	}
	if (one_of(cp, signs)) {
		return REF_OTHER;
	}
	if (is_ignored(cp)) {
		return REF_IGNORED;
	}
	if (stands_alone(cp, p->category)) {
		return REF_ALONE;
	}
	if (cp >= 0x1f1e6 && cp <= 0x1f1ff) {
		return REF_FLAG;
	}
	if (cp >= 0x2000 && p->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC) {
		return REF_EMOJI;
	}
	switch (utf8proc_category_string((utf8proc_int32_t)cp)[0]) {
	case 'L':
		return REF_LETTER;
	case 'N':
		return p->category == UTF8PROC_CATEGORY_ND ? REF_DIGIT : REF_LETTER;
	case 'M':
		return REF_MARK;
	case 'P':
		return p->category == UTF8PROC_CATEGORY_PC ? REF_LETTER : REF_OTHER;
	default:
		return REF_OTHER;
	}
}

bool ref_is_word(enum ref_class kind)
{
	return kind == REF_LETTER || kind == REF_DIGIT || kind == REF_MARK;
}

size_t ref_encode(uint32_t cp, char out[4])
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

/* One code point or 0xfffd, as Unicode says valid UTF-8 is. */
static size_t decode_one(struct str s, size_t at, uint32_t *cp)
{
	utf8proc_int32_t got = -1;
	utf8proc_ssize_t n = utf8proc_iterate(
		(const utf8proc_uint8_t *)s.p + at, (utf8proc_ssize_t)(s.n - at), &got);
	*cp = n > 0 ? (uint32_t)got : 0xfffd;
	return n > 0 ? (size_t)n : 1;
}

/* Letters people type without their sign. */
static const char *plain_letter(uint32_t cp)
{
	switch (cp) {
	case 0xe6:
		return "ae";
	case 0xf0:
	case 0x111:
		return "d";
	case 0xf8:
		return "o";
	case 0xfe:
		return "th";
	case 0x127:
		return "h";
	case 0x131:
		return "i";
	case 0x142:
		return "l";
	case 0x153:
		return "oe";
	case 0x167:
		return "t";
	case 0x451:
		return "\xd0\xb5";
	default:
		return NULL;
	}
}

static bool is_latin_or_greek(uint32_t cp)
{
	static const uint32_t blocks[][2] = {
		{0, 0x24f}, {0x370, 0x3ff}, {0x1e00, 0x1fff}, {0x2c60, 0x2c7f}, {0xa720, 0xa7ff}};
	return IN(cp, blocks);
}

uint32_t ref_compose(uint32_t base, uint32_t mark)
{
	char text[9] = {0};
	size_t n = ref_encode(base, text);
	if (mark == 0xff9e || mark == 0xff9f) {
		mark -= 0xff9e - 0x3099;
	}
	text[n + ref_encode(mark, text + n)] = '\0';
	utf8proc_uint8_t *both = utf8proc_NFC((const utf8proc_uint8_t *)text);
	if (both == NULL) {
		abort();
	}
	uint32_t cp;
	struct str s = str_c((const char *)both);
	size_t used = decode_one(s, 0, &cp);
	free(both);
	return used == s.n ? cp : 0;
}

/* Full case folding and compatibility forms of one character; accents fall on Latin and Greek. */
static void fold(struct ref_char *c)
{
	char text[5] = {0};
	ref_encode(c->cp, text);
	utf8proc_uint8_t *out = NULL;
	bool strip = true;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, 0, &out,
		UTF8PROC_NULLTERM | UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE);
	if (n < 0) {
		abort();
	}
	struct str s = str_n((const char *)out, (size_t)n);
	uint32_t cp;
	for (size_t i = 0; i < s.n;) {
		size_t used = decode_one(s, i, &cp);
		strip = i == 0 ? is_latin_or_greek(cp) : strip;
		const char *plain = plain_letter(cp);
		if (i > 0 && strip && cp >= 0x300 && cp <= 0x36f) {
			used += 0; /* an accent */
		} else if (plain != NULL) {
			memcpy(c->fold + c->fold_n, plain, strlen(plain));
			c->fold_n += strlen(plain);
		} else {
			memcpy(c->fold + c->fold_n, s.p + i, used);
			c->fold_n += used;
		}
		i += used;
	}
	free(out);
	if (!strip) {
		c->fold[c->fold_n] = '\0';
		out = utf8proc_NFC((const utf8proc_uint8_t *)c->fold);
		c->fold_n = strlen((const char *)out);
		memcpy(c->fold, out, c->fold_n);
		free(out);
		uint32_t whole;
		bool single = decode_one(str_n(c->fold, c->fold_n), 0, &whole) == c->fold_n;
		if (single && plain_letter(whole) != NULL) {
			c->fold_n = strlen(plain_letter(whole));
			memcpy(c->fold, plain_letter(whole), c->fold_n);
		}
	}
}

#define KNOWN 4096

/* All but its place, and kept, as most texts are made of a few characters. */
static const struct ref_char *character(uint32_t cp)
{
	static struct ref_char known[KNOWN];
	struct ref_char *c = &known[cp % KNOWN];
	if (c->fold_n > 0 && c->cp == cp) {
		return c;
	}
	*c = (struct ref_char){.cp = cp, .kind = class_of(cp)};
	const char *category = utf8proc_category_string((utf8proc_int32_t)cp);
	c->upper = strcmp(category, "Lu") == 0 || strcmp(category, "Lt") == 0;
	if (ref_is_word(c->kind) || c->kind == REF_ALONE) {
		fold(c);
	} else {
		c->fold_n = ref_encode(cp, c->fold);
	}
	return c;
}

struct ref_chars ref_decode(struct str text, struct arena *arena)
{
	struct ref_chars out = {.v = arena_alloc(arena, (text.n + 1) * sizeof(*out.v))};
	for (size_t at = 0; at < text.n;) {
		uint32_t cp;
		size_t used = decode_one(text, at, &cp);
		struct ref_char *c = &out.v[out.n++];
		*c = *character(cp);
		c->start = (uint32_t)at;
		at += used;
		c->end = (uint32_t)at;
	}
	return out;
}
