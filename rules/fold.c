#include "rules/fold.h"

#include "rules/block.h"
#include "rules/token_hash.h"

#include <pthread.h>
#include <stdlib.h>
#include <utf8proc.h>

/* DESIGN. One 32-bit entry a code point, in blocks of 256 that are shared when equal (most are):
 * bits 0-20 the folded code point (0: itself) or, with ENTRY_POOL, an offset into the pool of
 * longer foldings; bits 21-25 the class. */
#define ENTRY_VALUE 0x1fffffu
#define ENTRY_CLASS(e) ((enum char_class)((e) >> 21 & 0x1fu))
#define ENTRY_UPPER (1u << 26)
#define ENTRY_POOL (1u << 27)

#define BLOCKS (0x110000 / 256)
#define BLOCKS_DISTINCT_MAX 1024
#define POOL_MAX (128u * 1024)

static uint16_t block_of[BLOCKS];
static uint32_t (*blocks)[256];
static size_t blocks_n;
static unsigned char *pool; /* length byte, then UTF-8 */
static size_t pool_n;
static int init_rc;
static pthread_once_t once = PTHREAD_ONCE_INIT;

unsigned char fold_ascii_class[128];
unsigned char fold_ascii_lower[128];
unsigned char fold_two[0x800][4];

struct range {
	uint32_t from, to;
};

/* Scripts written without spaces, one token a code point: Han, kana, bopomofo, Thai, Lao, Burmese,
 * Khmer. */
static const struct range unspaced[] = {
	{0x0e01, 0x0e3a},
	{0x0e40, 0x0e4e},
	{0x0e81, 0x0ecf},
	{0x0edc, 0x0edf},
	{0x1000, 0x103f},
	{0x104c, 0x109d},
	{0x1780, 0x17d3},
	{0x17d7, 0x17d7},
	{0x17dc, 0x17dd},
	{0x2e80, 0x2fdf},
	{0x3005, 0x3007},
	{0x3021, 0x3029},
	{0x3031, 0x3035},
	{0x3038, 0x303c},
	{0x3041, 0x3096},
	{0x309d, 0x309f},
	{0x30a1, 0x30fa},
	{0x30fc, 0x30ff},
	{0x3105, 0x312f},
	{0x31a0, 0x31bf},
	{0x31f0, 0x31ff},
	{0x3400, 0x4dbf},
	{0x4e00, 0x9fff},
	{0xa9e0, 0xa9ef},
	{0xa9fa, 0xa9fe},
	{0xaa60, 0xaa7f},
	{0xf900, 0xfaff},
	{0xff66, 0xff9d},
	{0x1b000, 0x1b16f},
	{0x20000, 0x3fffd},
};

/* Combining marks of Latin and Greek, Arabic tashkeel and tatweel, Hebrew niqqud, joiners, soft
 * hyphen, directional marks, variation selectors, voicing marks (composed with their kana first). */
static const struct range dropped[] = {
	{0x00ad, 0x00ad},
	{0x0300, 0x036f},
	{0x0591, 0x05bd},
	{0x05bf, 0x05bf},
	{0x05c1, 0x05c2},
	{0x05c4, 0x05c5},
	{0x05c7, 0x05c7},
	{0x0610, 0x061a},
	{0x0640, 0x0640},
	{0x064b, 0x0652},
	{0x0670, 0x0670},
	{0x06d6, 0x06dc},
	{0x06df, 0x06e4},
	{0x1ab0, 0x1aff},
	{0x1dc0, 0x1dff},
	{0x200c, 0x200f},
	{0x202a, 0x202e},
	{0x2060, 0x2064},
	{0x2066, 0x2069},
	{0x20d0, 0x20ff},
	{0x3099, 0x309a},
	{0xfe00, 0xfe0f},
	{0xfe20, 0xfe2f},
	{0xfeff, 0xfeff},
	{0xff9e, 0xff9f},
	{0x1f3fb, 0x1f3ff},
	{0xe0020, 0xe007f},
	{0xe0100, 0xe01ef},
};

static const struct {
	uint32_t cp;
	enum char_class kind;
} single[] = {
	{'\n', CHAR_HARD},
	{'\r', CHAR_HARD},
	{'!', CHAR_HARD},
	{'?', CHAR_HARD},
	{0x85, CHAR_HARD},
	{0x061f, CHAR_HARD},
	{0x203c, CHAR_HARD},
	{0x203d, CHAR_HARD},
	{0x2028, CHAR_HARD},
	{0x2029, CHAR_HARD},
	{0x2047, CHAR_HARD},
	{0x2048, CHAR_HARD},
	{0x2049, CHAR_HARD},
	{0x3002, CHAR_HARD},
	{0xff01, CHAR_HARD},
	{0xff1f, CHAR_HARD},
	{'\'', CHAR_APOSTROPHE},
	{0x2018, CHAR_APOSTROPHE},
	{0x2019, CHAR_APOSTROPHE},
	{0x02bc, CHAR_APOSTROPHE},
	{0xff07, CHAR_APOSTROPHE},
	{'.', CHAR_MID_NUMBER},
	{',', CHAR_MID_NUMBER},
	{0x00b7, CHAR_MID_LETTER},
	{0x0387, CHAR_MID_LETTER},
	{0x05f4, CHAR_MID_LETTER},
	{0x2027, CHAR_MID_LETTER},
	{'#', CHAR_HASH},
	{0xff03, CHAR_HASH},
	{'@', CHAR_AT},
	{'$', CHAR_DOLLAR},
	{'_', CHAR_LETTER},
	{0x2122, CHAR_BREAK}, /* the trade mark sign is no emoji here */
	{0x2139, CHAR_BREAK},
};

/* Letters that are not a base and a mark for Unicode, but for those who type without them. */
static const struct {
	uint32_t cp;
	const char *as;
} letters[] = {
	{0x00e6, "ae"}, {0x00f0, "d"}, {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"}, {0x0127, "h"},
	{0x0131, "i"}, {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},
	{0x0451, "\xd0\xb5"}, /* ё is е */
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* `r`: in order. */
static bool within(const struct range *r, size_t n, uint32_t cp)
{
	size_t low = 0, high = n; /* the first range that ends at cp or behind it */
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (r[mid].to < cp) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low < n && r[low].from <= cp;
}

static bool has_single(uint32_t block)
{
	for (size_t i = 0; i < COUNT(single); i++) {
		if (single[i].cp >> 8 == block) {
			return true;
		}
	}
	return false;
}

static enum char_class class_by_category(uint32_t cp, const utf8proc_property_t *prop)
{
	if (prop->boundclass == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR) {
		return CHAR_FLAG;
	}
	if (prop->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC && cp >= 0x2000) {
		return CHAR_EMOJI;
	}
	switch (prop->category) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
	case UTF8PROC_CATEGORY_PC:
		return CHAR_LETTER;
	case UTF8PROC_CATEGORY_ND:
		return CHAR_DIGIT;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return CHAR_MARK;
	default:
		return CHAR_BREAK;
	}
}

/* `singles`: some of its block are classed one by one. */
static enum char_class classify(uint32_t cp, const utf8proc_property_t *prop, bool singles)
{
	for (size_t i = 0; singles && i < COUNT(single); i++) {
		if (single[i].cp == cp) {
			return single[i].kind;
		}
	}
	if (within(dropped, COUNT(dropped), cp)) {
		return CHAR_DROP;
	}
	if (within(unspaced, COUNT(unspaced), cp)) {
		return CHAR_CJK;
	}
	return class_by_category(cp, prop);
}

static bool is_latin_or_greek(uint32_t cp)
{
	return cp < 0x0250 || (cp >= 0x0370 && cp < 0x0400) || (cp >= 0x1e00 && cp < 0x2000) ||
	       (cp >= 0x2c60 && cp < 0x2c80) || (cp >= 0xa720 && cp < 0xa800);
}

static const char *letter_as(uint32_t cp)
{
	for (size_t i = 0; i < COUNT(letters); i++) {
		if (letters[i].cp == cp) {
			return letters[i].as;
		}
	}
	return NULL;
}

/* Folds one code point with utf8proc; the UTF-8 result goes to `out`, its length is returned. */
static size_t fold_slowly(uint32_t cp, char out[FOLD_BYTES_MAX])
{
	utf8proc_int32_t cps[20];
	int bound = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, cps, 18,
		UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &bound);
	if (n <= 0 || n > 18) {
		return fold_encode(cp, out);
	}
	if (is_latin_or_greek((uint32_t)cps[0])) {
		utf8proc_ssize_t kept = 1;
		for (utf8proc_ssize_t i = 1; i < n; i++) {
			if (cps[i] < 0x300 || cps[i] > 0x36f) {
				cps[kept++] = cps[i];
			}
		}
		n = kept;
	} else {
		n = utf8proc_normalize_utf32(cps, n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	}
	size_t bytes = 0;
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		const char *as = letter_as((uint32_t)cps[i]);
		if (as != NULL) {
			memcpy(out + bytes, as, strlen(as));
			bytes += strlen(as);
		} else {
			bytes += fold_encode((uint32_t)cps[i], out + bytes);
		}
	}
	return bytes;
}

static uint32_t put_in_pool(const char *text, size_t n)
{
	if (pool_n + 1 + n > POOL_MAX) {
		return 0; /* cannot happen with a real Unicode version; itself, then */
	}
	uint32_t at = (uint32_t)pool_n;
	pool[pool_n] = (unsigned char)n;
	memcpy(pool + pool_n + 1, text, n);
	pool_n += 1 + n;
	return at | ENTRY_POOL;
}

static uint32_t make_entry(uint32_t cp, bool singles)
{
	const utf8proc_property_t *prop = utf8proc_get_property((utf8proc_int32_t)cp);
	enum char_class kind = classify(cp, prop, singles);
	uint32_t e = (uint32_t)kind << 21;
	if (prop->category == UTF8PROC_CATEGORY_LU || prop->category == UTF8PROC_CATEGORY_LT) {
		e |= ENTRY_UPPER;
	}
	if (kind != CHAR_LETTER && kind != CHAR_DIGIT && kind != CHAR_MARK && kind != CHAR_CJK) {
		return e;
	}
	char text[FOLD_BYTES_MAX];
	size_t n = fold_slowly(cp, text);
	uint32_t first = 0;
	if (fold_decode(text, text + n, &first) == n) {
		return first == cp ? e : e | first;
	}
	return e | put_in_pool(text, n);
}

static bool is_plain(uint32_t block)
{
	/* Planes without characters, and ideographs and Korean syllables that fold to themselves. */
	return (block >= 0x324 && block < 0xe00) || block >= 0xe02 ||
	       (block >= 0x34 && block < 0x4d) || (block >= 0x4e && block < 0x9f) ||
	       (block >= 0xac && block < 0xd7) || (block >= 0x200 && block < 0x2f8) ||
	       (block >= 0x2fb && block < 0x324);
}

static void fill_block(uint32_t block, uint32_t out[256])
{
	bool singles = has_single(block);
	for (uint32_t i = 0; i < 256; i++) {
		out[i] = make_entry(block << 8 | i, singles);
	}
}

static void fill_plain(uint32_t e, uint32_t out[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		out[i] = e;
	}
}

static uint32_t plain_entry(uint32_t block)
{
	uint32_t cp = block << 8;
	return (uint32_t)classify(cp, utf8proc_get_property((int)cp), false) << 21;
}

static size_t find_block(const uint32_t *entries)
{
	size_t i = 0;
	while (i < blocks_n && memcmp(blocks[i], entries, sizeof(blocks[i])) != 0) {
		i++;
	}
	return i;
}

/* Most blocks are plain, and those lie in a few runs of one entry. */
static void fill_blocks(void)
{
	uint32_t entries[256];
	for (uint32_t b = 0; b < BLOCKS; b++) {
		uint32_t e = is_plain(b) ? plain_entry(b) : 0;
		if (b > 0 && is_plain(b) && is_plain(b - 1) && blocks[block_of[b - 1]][0] == e) {
			block_of[b] = block_of[b - 1];
			continue;
		}
		is_plain(b) ? fill_plain(e, entries) : fill_block(b, entries);
		size_t i = find_block(entries);
		if (i == blocks_n && blocks_n < BLOCKS_DISTINCT_MAX) {
			memcpy(blocks[blocks_n++], entries, sizeof(entries));
		}
		block_of[b] = (uint16_t)(i < blocks_n ? i : 0);
	}
}

static void fill_two(void)
{
	for (uint32_t cp = 0x80; cp < 0x800; cp++) {
		char scratch[4];
		struct folded_char f = fold_char(cp, scratch);
		if (f.kind == CHAR_LETTER && f.text.n <= 3) {
			memcpy(fold_two[cp], f.text.p, f.text.n);
			fold_two[cp][3] = (unsigned char)f.text.n;
		}
	}
}

static void build(void)
{
	token_hash_init();
	blocks = malloc(BLOCKS_DISTINCT_MAX * sizeof(*blocks));
	pool = malloc(POOL_MAX + 4); /* four bytes can be read anywhere */
	if (blocks == NULL || pool == NULL) {
		free(blocks);
		free(pool);
		init_rc = HARK_ENOMEM;
		return;
	}
	pool[pool_n++] = 0; /* offset 0 means "itself" */
	fill_blocks();
	for (uint32_t c = 0; c < 128; c++) {
		fold_ascii_class[c] = (unsigned char)fold_class(c);
		fold_ascii_lower[c] = (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	fill_two();
	block_init();
}

int fold_init(void)
{
	pthread_once(&once, build);
	return init_rc;
}

static uint32_t entry(uint32_t cp)
{
	return cp < 0x110000 ? blocks[block_of[cp >> 8]][cp & 0xff] : (uint32_t)CHAR_BREAK << 21;
}

enum char_class fold_class(uint32_t cp)
{
	return ENTRY_CLASS(entry(cp));
}

struct folded_char fold_char(uint32_t cp, char scratch[4])
{
	uint32_t e = entry(cp), value = e & ENTRY_VALUE;
	struct folded_char f = {.kind = ENTRY_CLASS(e), .upper = (e & ENTRY_UPPER) != 0};
	if (e & ENTRY_POOL) {
		f.text = str_n((const char *)pool + value + 1, pool[value]);
	} else {
		f.text = str_n(scratch, fold_encode(value != 0 ? value : cp, scratch));
	}
	return f;
}

uint32_t fold_compose(uint32_t base, uint32_t mark)
{
	if (mark == 0xff9e || mark == 0xff9f) {
		mark = mark - 0xff9e + 0x3099; /* half-width voicing marks */
	}
	utf8proc_int32_t pair[3] = {(utf8proc_int32_t)base, (utf8proc_int32_t)mark, 0};
	return utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) == 1
		       ? (uint32_t)pair[0]
		       : 0;
}

size_t fold_decode(const char *p, const char *end, uint32_t *cp)
{
	unsigned char c = (unsigned char)*p;
	size_t n = c < 0x80                ? 1
		   : c >= 0xc2 && c < 0xe0 ? 2
		   : (c & 0xf0) == 0xe0    ? 3
		   : c >= 0xf0 && c < 0xf5 ? 4
					   : 0;
	if (n == 1) {
		*cp = c;
		return 1;
	}
	uint32_t value = n == 2 ? c & 0x1fu : n == 3 ? c & 0x0fu : c & 0x07u;
	bool good = n != 0 && (size_t)(end - p) >= n;
	for (size_t i = 1; good && i < n; i++) {
		good = ((unsigned char)p[i] & 0xc0) == 0x80;
		value = value << 6 | ((unsigned char)p[i] & 0x3fu);
	}
	if (!good || (n == 3 && (value < 0x800 || (value >= 0xd800 && value < 0xe000))) ||
		(n == 4 && (value < 0x10000 || value >= 0x110000))) {
		*cp = 0xfffd;
		return 1;
	}
	*cp = value;
	return n;
}

size_t fold_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}
