/* DESIGN. Two ways through a text. scan_plain.c takes words of ASCII letters and digits with plain
 * breaks between them, from a map of the text; whatever it does not know for sure it leaves to the
 * long way here, character by character through the fold table. text->careful turns the first way
 * off: tests and the fuzzer compare. */
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

const char *scan_long(struct pass *s, const char *p)
{
	unsigned char c = (unsigned char)*p;
	uint32_t cp = c;
	size_t n = 1;
	if (c < 0x80) {
		if (fold_ascii_class[c] == CHAR_BREAK) {
			return p + 1;
		}
	} else {
		n = fold_decode(p, s->end, &cp);
	}
	if (!is_word_class(fold_class(cp))) {
		return scan_other(s, p, cp, n);
	}
	if ((c == 'h' || c == 'H' || c == 'w' || c == 'W' || c == 'f' || c == 'F') &&
		s->word_at != p && url_starts(s, p)) {
		return scan_url(s, p);
	}
	return scan_word(s, p);
}

void scan_field(struct pass *s)
{
	const char *p = s->begin;
	while (p < s->end && s->t->rc == HARK_OK) {
		p = s->t->careful ? scan_long(s, p) : scan_mapped(s, p);
	}
}
