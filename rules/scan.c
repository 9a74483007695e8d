/* DESIGN. Two ways through a text. scan_plain() takes words of ASCII letters and digits with plain
 * breaks between them, a run of up to 16 bytes at a time; whatever it does not know for sure it
 * leaves to the long way, character by character through the fold table. text->careful turns the
 * first way off: tests and the fuzzer compare. */
#include "rules/scan.h"

#include "rules/block.h"
#include "rules/run.h"

/* A mark follows the last folded character: one letter if Unicode says so, й of и or ガ of カ. Only
 * Cyrillic and kana, where the two are different letters. False: the mark is dropped. */
bool compose_last(struct text *t, size_t fold, uint32_t mark)
{
	uint32_t base, both = 0;
	char bytes[4];
	const char *end = t->folded + t->folded_n, *p = end;
	while (p > t->folded + fold && (p == end || ((unsigned char)*p & 0xc0) == 0x80)) {
		p--;
	}
	if (p == end) {
		return false;
	}
	fold_decode(p, end, &base);
	if ((base >= 0x400 && base <= 0x4ff) || (base >= 0x3041 && base <= 0x30ff)) {
		both = fold_compose(base, mark);
	}
	if (both == 0) {
		return false;
	}
	struct folded_char f = fold_char(both, bytes);
	t->folded_n = (size_t)(p - t->folded);
	fold_add(t, f.text.p, f.text.n);
	return true;
}

/* Whether the joining character at p (n bytes) stands inside a word. */
static bool joins(
	const struct pass *s, enum char_class kind, enum char_class before, const char *p, size_t n)
{
	enum char_class after = class_at(s, p + n);
	switch (kind) {
	case CHAR_APOSTROPHE:
		return after == CHAR_LETTER || after == CHAR_DIGIT;
	case CHAR_MID_NUMBER:
		return before == CHAR_DIGIT && after == CHAR_DIGIT;
	case CHAR_MID_LETTER:
		return before == CHAR_LETTER && after == CHAR_LETTER;
	default:
		return false;
	}
}

/* The part of a word outside ASCII's letters and digits: one character. False: the word ends. */
static bool word_step(struct pass *s, const char **p, size_t fold, enum char_class *before)
{
	uint32_t cp;
	char bytes[4];
	size_t n = decode(s, *p, &cp);
	if (n == 0) {
		return false;
	}
	struct folded_char f = fold_char(cp, bytes);
	if (is_word_class(f.kind)) {
		fold_add_char(s->t, f.text);
		s->t->opaque |= f.kind == CHAR_MARK;
	} else if (f.kind == CHAR_DROP) {
		s->t->opaque = true;
		compose_last(s->t, fold, cp);
		*p += n;
		return true;
	} else if (joins(s, f.kind, *before, *p, n)) {
		s->t->opaque = true;
		fold_add(s->t, f.kind == CHAR_APOSTROPHE ? "'" : *p,
			f.kind == CHAR_APOSTROPHE ? 1 : n);
	} else {
		return false;
	}
	*before = f.kind;
	*p += n;
	return true;
}

/* ASCII letters and digits, as far as they go. */
static const char *word_ascii(struct pass *s, const char *p, enum char_class *before)
{
	struct text *t = s->t;
	const char *from = p;
	size_t n = RUN_MAX;
	while (n == RUN_MAX && p < s->end && room_for_folded(t, RUN_MAX)) {
		n = run_of(p, (size_t)(s->end - p), t->folded + t->folded_n);
		t->folded_n += n;
		p += n;
	}
	if (p > from) {
		*before = (enum char_class)fold_ascii_class[(unsigned char)p[-1]];
	}
	return p;
}

/* Letters of two bytes, as far as they go: Latin with accents, Greek, Cyrillic, Arabic … */
static const char *word_two(struct pass *s, const char *p, enum char_class *before)
{
	struct text *t = s->t;
	while (s->end - p >= 2 && room_for_folded(t, 4)) {
		unsigned char a = (unsigned char)p[0], b = (unsigned char)p[1];
		const unsigned char *folded = fold_two[(a & 0x1fu) << 6 | (b & 0x3fu)];
		if ((a & 0xe0) != 0xc0 || (b & 0xc0) != 0x80 || folded[3] == 0) {
			break;
		}
		memcpy(t->folded + t->folded_n, folded, 4);
		t->folded_n += folded[3];
		*before = CHAR_LETTER;
		p += 2;
	}
	return p;
}

/* Whether nothing at p can belong to a word before it. */
static bool is_border(const struct pass *s, const char *p)
{
	unsigned char c = p < s->end ? (unsigned char)*p : ' ';
	return c < 0x80 && (fold_ascii_class[c] == CHAR_BREAK || fold_ascii_class[c] == CHAR_HARD);
}

/* A final 's is not part of the word: Acme's is Acme. Its apostrophe is the last one, however it and
 * the s are written. */
static const char *without_possessive(struct pass *s, size_t fold, const char *from, const char *to)
{
	struct text *t = s->t;
	size_t n = t->folded_n - fold;
	const char *last = t->folded + t->folded_n - 2;
	if (n < 3 || last[1] != 's' || last[0] != '\'') {
		return to;
	}
	t->folded_n -= 2;
	do {
		to--;
	} while (to > from &&
		 (((unsigned char)*to & 0xc0) == 0x80 || class_at(s, to) != CHAR_APOSTROPHE));
	return to;
}

bool is_capital(const struct pass *s, const char *p)
{
	uint32_t cp;
	char bytes[4];
	if (p < s->end && (unsigned char)*p < 0x80) {
		return *p >= 'A' && *p <= 'Z';
	}
	decode(s, p, &cp);
	return fold_char(cp, bytes).upper;
}

static bool ends_in_hangul(const struct text *t, size_t fold)
{
	uint32_t cp = 0;
	if (t->folded_n < fold + 3) {
		return false;
	}
	const char *p = t->folded + t->folded_n - 3;
	return (unsigned char)(*p - 0xea) < 4 && fold_decode(p, p + 3, &cp) == 3 && cp >= 0xac00 &&
	       cp <= 0xd7a3;
}

const char *scan_word(struct pass *s, const char *p)
{
	const char *from = p;
	size_t fold = s->t->folded_n;
	bool elsewhere = s->t->opaque;
	enum char_class before = CHAR_BREAK;
	s->t->opaque = false;
	while (p < s->end && s->t->rc == HARK_OK) {
		const char *q = word_ascii(s, p, &before);
		q = s->t->careful ? q : word_two(s, q, &before);
		if (q == p && !word_step(s, &q, fold, &before)) {
			break;
		}
		p = q;
		if (is_border(s, p)) {
			break;
		}
	}
	s->word_at = p;
	if (s->t->folded_n > fold) {
		const char *to = without_possessive(s, fold, from, p);
		bool hangul = ends_in_hangul(s->t, fold);
		s->t->hangul |= hangul;
		push(s, TOKEN_WORD, from, to, fold,
			(is_capital(s, from) ? TOKEN_CAPITAL : 0) | (hangul ? TOKEN_HANGUL : 0) |
				(s->t->opaque ? TOKEN_OPAQUE : 0));
	}
	s->t->opaque |= elsewhere;
	return p > from ? p : from + 1;
}

/* With the voicing marks behind it. */
const char *scan_cjk(struct pass *s, const char *p)
{
	uint32_t cp;
	char bytes[4];
	const char *from = p;
	size_t fold = s->t->folded_n, n = decode(s, p, &cp);
	struct folded_char f = fold_char(cp, bytes);
	fold_add_char(s->t, f.text);
	p += n;
	s->word_at = p;
	while ((n = decode(s, p, &cp)) > 0 && fold_class(cp) == CHAR_DROP &&
		compose_last(s->t, fold, cp)) {
		p += n;
	}
	push(s, TOKEN_CJK, from, p, fold, 0);
	s->t->opaque = true;
	return p;
}

/* What may stand behind a plain word, and between two. */
enum follow {
	FOLLOW_BREAK, /* ends the word, is nothing itself */
	FOLLOW_OTHER, /* ends the word, is for scan_other() */
	FOLLOW_DOT,   /* . and , join digits; "www." */
	FOLLOW_COLON, /* "https:" */
	FOLLOW_SLOW,  /* may belong to the word */
};

static inline enum follow follow_of(unsigned char c)
{
	static const unsigned char of_class[] = {[CHAR_BREAK] = FOLLOW_BREAK,
		[CHAR_MID_NUMBER] = FOLLOW_DOT,
		[CHAR_APOSTROPHE] = FOLLOW_SLOW,
		[CHAR_HARD] = FOLLOW_OTHER,
		[CHAR_HASH] = FOLLOW_OTHER,
		[CHAR_AT] = FOLLOW_OTHER,
		[CHAR_DOLLAR] = FOLLOW_OTHER};
	if (c == ' ') {
		return FOLLOW_BREAK;
	}
	return c >= 0x80  ? FOLLOW_SLOW
	       : c == ':' ? FOLLOW_COLON
			  : (enum follow)of_class[fold_ascii_class[c]];
}

static inline bool is_ascii_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* Whether a run of n bytes at p is a whole word: what follows, of which two bytes can be read,
 * neither joins it to more nor makes it the beginning of a URL. */
static bool is_plain_word(const char *p, size_t n)
{
	unsigned char next = (unsigned char)p[n + 1];
	char first = (char)(*p | 0x20);
	switch (follow_of((unsigned char)p[n])) {
	case FOLLOW_DOT:
		return (n != 3 || first != 'w') && (!is_ascii_digit((unsigned char)p[n - 1]) ||
							   !(is_ascii_digit(next) || next >= 0x80));
	case FOLLOW_COLON:
		return first != 'h' && first != 'f';
	case FOLLOW_SLOW:
		return false;
	default:
		return true;
	}
}

static bool room_for_plain(struct text *t, size_t words)
{
	while (t->cap - t->n < words) {
		if (!text_grow_tokens(t)) {
			return false;
		}
	}
	return room_for_folded(t, BLOCK_BYTES + RUN_MAX);
}

static bool is_question(const struct pass *s, const char *bytes, uint64_t hard)
{
	for (; hard != 0 && (s->field == TEXT_TEXT || s->field == TEXT_TITLE); hard &= hard - 1) {
		if (bytes[__builtin_ctzll(hard)] == '?') {
			return true;
		}
	}
	return false;
}

/* Whether there are hard breaks among the bits `below`; *hard keeps the others. */
static inline bool pass_hard(struct pass *s, const char *bytes, uint64_t *hard, uint64_t below)
{
	uint64_t passed = *hard & below;
	if (passed == 0) {
		return false;
	}
	s->t->question |= is_question(s, bytes, passed);
	*hard &= ~passed;
	return true;
}

#define MAP_BLOCKS 32

/* Classes of the text from p on, as much as there is room for; as if spaces followed its end. */
static void map_from(struct pass *s, const char *p)
{
	size_t left = (size_t)(s->end - p), whole = left / BLOCK_BYTES;
	size_t n = whole < MAP_BLOCKS ? whole : MAP_BLOCKS;
	block_read(s->map, p, n);
	if (n < MAP_BLOCKS && left > n * BLOCK_BYTES) {
		char tail[BLOCK_BYTES];
		memset(tail, ' ', sizeof(tail));
		memcpy(tail, p + n * BLOCK_BYTES, left - n * BLOCK_BYTES);
		block_read(&s->map[n++], tail, 1);
	}
	s->map[n] = (struct block){0};
	s->base = p;
	s->mapped = n * BLOCK_BYTES;
}

/* The 64 bytes at p. */
static inline struct block window(struct pass *s, const char *p)
{
	size_t at = (size_t)(p - s->base);
	if (s->mapped == 0 ||
		(at + BLOCK_BYTES > s->mapped && s->end - s->base > (ptrdiff_t)s->mapped)) {
		map_from(s, p);
		at = 0;
	}
	const struct block *b = &s->map[at / BLOCK_BYTES];
	unsigned by = at % BLOCK_BYTES;
	if (by == 0) {
		return *b;
	}
	return (struct block){b[0].word >> by | b[1].word << (64 - by),
		b[0].hard >> by | b[1].hard << (64 - by), b[0].odd >> by | b[1].odd << (64 - by)};
}

/* What scan_words() writes, kept out of memory that it also writes to. */
struct row {
	struct token *v;
	uint64_t *hash;
	char *folded;
	const char *word_at;
	const struct roles *roles;
	bool hard;
};

static inline void row_open(struct row *r, const struct pass *s)
{
	const struct text *t = s->t;
	*r = (struct row){t->v + t->n, t->hash + t->n, t->folded + t->folded_n, s->word_at,
		t->roles, s->hard};
}

static inline void row_close(const struct row *r, struct pass *s)
{
	struct text *t = s->t;
	t->n = (size_t)(r->v - t->v);
	t->folded_n = (size_t)(r->folded - t->folded);
	s->word_at = r->word_at;
	s->hard = r->hard;
}

/* A word of n bytes at `bytes`, which stands at p in the text. */
static inline void row_word(
	struct row *r, const struct pass *s, const char *bytes, const char *p, size_t n)
{
	bool capital = (unsigned char)(*bytes - 'A') < 26;
	*r->hash = run_word(bytes, n, token_seed(TOKEN_WORD, n), r->folded);
	if (r->roles != NULL) {
		roles_fetch(r->roles, *r->hash);
	}
	r->hash++;
	*r->v++ = (struct token){.start = (uint32_t)(p - s->begin),
		.end = (uint32_t)(p - s->begin + (ptrdiff_t)n),
		.fold = (uint32_t)(r->folded - s->t->folded),
		.fold_n = (uint32_t)n,
		.kind = TOKEN_WORD,
		.flags = (uint8_t)((capital ? TOKEN_CAPITAL : 0) |
				   (r->hard ? TOKEN_AFTER_BREAK : 0)),
		.field = (uint8_t)s->field};
	r->folded += n;
	r->word_at = p + n;
	r->hard = false;
}

/* The plain words that begin in the 64 bytes at p; returns how many bytes are done. *more: go on
 * there, else it is for the long way. */
static unsigned scan_words(struct pass *s, struct row *r, const char *p, bool *more)
{
	struct block b = window(s, p);
	unsigned limit = b.odd != 0 ? (unsigned)__builtin_ctzll(b.odd) : BLOCK_BYTES;
	uint64_t below = limit < 64 ? (UINT64_C(1) << limit) - 1 : ~UINT64_C(0);
	uint64_t starts = b.word & ~(b.word << 1) & below;
	for (; starts != 0; starts &= starts - 1) {
		unsigned at = (unsigned)__builtin_ctzll(starts);
		uint64_t rest = ~b.word >> at;
		unsigned n = rest != 0 ? (unsigned)__builtin_ctzll(rest) : BLOCK_BYTES;
		const char *word = p + at;
		char tail[RUN_MAX + 2];
		if (b.hard != 0) {
			r->hard |= pass_hard(s, p, &b.hard, (UINT64_C(1) << at) - 1);
		}
		if (at + n >= BLOCK_BYTES || n > RUN_MAX) {
			*more = at > 0 && at + n >= BLOCK_BYTES; /* cut off: seen whole next time */
			return at;
		}
		if (__builtin_expect(s->end - word < (ptrdiff_t)sizeof(tail), 0)) {
			memset(tail, ' ', sizeof(tail));
			memcpy(tail, word, (size_t)(s->end - word));
			word = tail;
		}
		if (word[n] != ' ' && !is_plain_word(word, n)) {
			*more = false;
			return at;
		}
		row_word(r, s, word, p + at, n);
	}
	r->hard |= pass_hard(s, p, &b.hard, below);
	*more = limit == BLOCK_BYTES;
	return limit;
}

/* Plain words of ASCII and the breaks around them, until something else comes. What is left at the
 * returned place is for the long way, which gives the same for everything read here. */
static const char *scan_plain(struct pass *s, const char *p)
{
	bool more = true;
	while (more && p < s->end && room_for_plain(s->t, BLOCK_BYTES / 2)) {
		struct row r;
		row_open(&r, s);
		unsigned done = scan_words(s, &r, p, &more);
		row_close(&r, s);
		p = (size_t)(s->end - p) > done ? p + done : s->end;
	}
	return p;
}

/* Everything that is not a word: returns where to go on. */
static const char *scan_other(struct pass *s, const char *p, uint32_t cp, size_t n)
{
	switch (fold_class(cp)) {
	case CHAR_HARD:
		s->hard = true;
		s->t->question |= (cp == '?' || cp == 0xff1f || cp == 0x61f || cp == 0x203d ||
					  cp == 0x2047 || cp == 0x2048 || cp == 0x2049) &&
				  (s->field == TEXT_TEXT || s->field == TEXT_TITLE);
		return p + n;
	case CHAR_CJK:
		return scan_cjk(s, p);
	case CHAR_HASH:
		return scan_tag(s, p);
	case CHAR_AT:
		return scan_handle(s, p);
	case CHAR_DOLLAR:
		return scan_cashtag(s, p);
	case CHAR_EMOJI:
	case CHAR_FLAG:
		return scan_emoji(s, p, fold_class(cp));
	default:
		return p + n;
	}
}

void scan_field(struct pass *s)
{
	struct block map[MAP_BLOCKS + 1];
	const char *p = s->begin;
	s->map = map;
	while (p < s->end && s->t->rc == HARK_OK) {
		unsigned char c = (unsigned char)*p;
		uint32_t cp = c;
		size_t n = 1;
		if (c < 0x80) {
			unsigned char kind = fold_ascii_class[c];
			if (kind == CHAR_BREAK) {
				p++;
				continue;
			}
		} else {
			n = fold_decode(p, s->end, &cp);
		}
		const char *plain = is_run_byte(c) && !s->t->careful ? scan_plain(s, p) : p;
		if (plain > p) {
			p = plain;
		} else if (!is_word_class(fold_class(cp))) {
			p = scan_other(s, p, cp, n);
		} else if ((c == 'h' || c == 'H' || c == 'w' || c == 'W' || c == 'f' || c == 'F') &&
			   s->word_at != p && url_starts(s, p)) {
			p = scan_url(s, p);
		} else {
			p = scan_word(s, p);
		}
	}
	s->map = NULL;
}
