/* DESIGN. Two ways through a text. scan_plain() takes words of ASCII letters and digits with plain
 * breaks between them, a run of up to 16 bytes at a time; whatever it does not know for sure it
 * leaves to the long way, character by character through the fold table. text->careful turns the
 * first way off: tests and the fuzzer compare. */
#include "rules/scan.h"

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
		fold_add(s->t, f.text.p, f.text.n);
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

/* A final 's is not part of the word: Acme's is Acme. Its apostrophe is the last one, however it and
 * the s are written. */
static const char *without_possessive(struct pass *s, size_t fold, const char *from, const char *to)
{
	struct text *t = s->t;
	size_t n = t->folded_n - fold;
	if (n < 3 || memcmp(t->folded + t->folded_n - 2, "'s", 2) != 0) {
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
	decode(s, p, &cp);
	return cp < 0x80 ? cp >= 'A' && cp <= 'Z' : fold_char(cp, bytes).upper;
}

static bool ends_in_hangul(const struct text *t, size_t fold)
{
	uint32_t cp = 0;
	if (t->folded_n < fold + 3) {
		return false;
	}
	const char *p = t->folded + t->folded_n - 3;
	return fold_decode(p, p + 3, &cp) == 3 && cp >= 0xac00 && cp <= 0xd7a3;
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
		if (q == p && !word_step(s, &q, fold, &before)) {
			break;
		}
		p = q;
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
	fold_add(s->t, f.text.p, f.text.n);
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

/* Whether a run of n bytes at p is a whole word: what follows neither joins it to more nor makes it
 * the beginning of a URL. */
static bool is_plain_word(const struct pass *s, const char *p, size_t n, enum follow follow)
{
	const char *to = p + n;
	unsigned char next = to + 1 < s->end ? (unsigned char)to[1] : ' ';
	char first = (char)(*p | 0x20);
	switch (follow) {
	case FOLLOW_DOT:
		return (n != 3 || first != 'w') && (!is_ascii_digit((unsigned char)to[-1]) ||
							   !(is_ascii_digit(next) || next >= 0x80));
	case FOLLOW_COLON:
		return first != 'h' && first != 'f';
	case FOLLOW_SLOW:
		return false;
	default:
		return true;
	}
}

/* One plain word of n bytes at p; `lower` as run_copy() wants it. */
static inline void push_plain(struct pass *s, const char *p, size_t n, const char *lower)
{
	struct text *t = s->t;
	char *out = t->folded + t->folded_n;
	run_copy(out, lower, n);
	t->folded_n += n;
	push_hashed(s, TOKEN_WORD, p, p + n, t->folded_n - n,
		*p >= 'A' && *p <= 'Z' ? TOKEN_CAPITAL : 0,
		token_hash_block(token_seed(TOKEN_WORD, n), out));
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

/* The plain words that lie in 64 bytes; returns where the first other thing begins, which may be a
 * word cut off by the end of the block. */
static const char *scan_block(struct pass *s, const char *p)
{
	struct block b;
	block_read(&b, p);
	uint64_t odd = ~(b.word | b.plain);
	unsigned limit = odd != 0 ? (unsigned)__builtin_ctzll(odd) : BLOCK_BYTES;
	uint64_t starts = b.word & ~(b.word << 1);
	for (; starts != 0; starts &= starts - 1) {
		unsigned at = (unsigned)__builtin_ctzll(starts);
		uint64_t rest = ~b.word >> at;
		if (at >= limit || rest == 0) {
			return p + (at < limit ? at : limit);
		}
		unsigned n = (unsigned)__builtin_ctzll(rest);
		const char *to = p + at + n;
		if (at + n >= BLOCK_BYTES || n > RUN_MAX ||
			(*to != ' ' &&
				!is_plain_word(s, p + at, n, follow_of((unsigned char)*to)))) {
			return p + at;
		}
		push_plain(s, p + at, n, b.lower + at);
		s->word_at = to;
	}
	return p + limit;
}

/* Plain words of ASCII and the breaks between them, until something else comes. What is left at the
 * returned place is for the long way, which gives the same for everything read here. */
static const char *scan_plain(struct pass *s, const char *p)
{
	struct text *t = s->t;
	while (s->end - p >= BLOCK_BYTES && room_for_plain(t, BLOCK_BYTES / 2)) {
		const char *to = scan_block(s, p);
		if (to == p) {
			return p;
		}
		p = to;
	}
	while (p < s->end && room_for_plain(t, 1)) {
		char lower[RUN_MAX];
		size_t n = run_of(p, (size_t)(s->end - p), lower);
		const char *to = p + n;
		enum follow follow = to < s->end ? follow_of((unsigned char)*to) : FOLLOW_OTHER;
		if (n == 0 || n == RUN_MAX || !is_plain_word(s, p, n, follow)) {
			return p;
		}
		push_plain(s, p, n, lower);
		s->word_at = to;
		p = to;
		while (p < s->end && is_plain_break((unsigned char)*p)) {
			p++;
		}
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
	const char *p = s->begin;
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
}
