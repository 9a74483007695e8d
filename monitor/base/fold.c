#include "monitor/base/fold.h"

#include "monitor/base/utf8.h"

/* Latin letters without accents and case: U+00C0..U+00FF and U+0100..U+017F; a space where there
 * is no letter. */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";
static const char latin_a[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
			      "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static bool between(uint32_t cp, uint32_t from, uint32_t to)
{
	return cp >= from && cp <= to;
}

static enum fold fold_ascii(uint32_t *cp)
{
	if (between(*cp, 'A', 'Z')) {
		*cp |= 32;
	}
	if (between(*cp, 'a', 'z') || between(*cp, '0', '9')) {
		return FOLD_LETTER;
	}
	return *cp == '\'' ? FOLD_DROP : FOLD_BREAK;
}

static enum fold fold_latin(uint32_t *cp)
{
	if (*cp < 0xc0) {
		return *cp == 0xad ? FOLD_DROP : FOLD_BREAK; /* soft hyphen */
	}
	*cp = (unsigned char)(*cp < 0x100 ? latin1[*cp - 0xc0] : latin_a[*cp - 0x100]);
	return *cp == ' ' ? FOLD_BREAK : FOLD_LETTER;
}

/* Greek and Cyrillic letters without case. */
static uint32_t lower(uint32_t cp)
{
	if (between(cp, 0x391, 0x3a9) || between(cp, 0x410, 0x42f)) {
		return cp + 0x20;
	}
	if (between(cp, 0x400, 0x40f)) {
		return cp + 0x50;
	}
	return cp == 0x451 || cp == 0x401 ? 0x435 : cp == 0x3c2 ? 0x3c3 : cp;
}

static enum fold fold_symbol(uint32_t cp)
{
	if (between(cp, 0x200b, 0x200f) || between(cp, 0x2060, 0x2064) ||
		between(cp, 0xfe00, 0xfe0f) || between(cp, 0x300, 0x36f) || cp == 0xfeff ||
		cp == 0x2018 || cp == 0x2019) {
		return FOLD_DROP;
	}
	if (between(cp, 0x2000, 0x2bff) || between(cp, 0x3000, 0x303f) ||
		between(cp, 0xe000, 0xf8ff) || between(cp, 0x1f000, 0x1faff) || cp == 0xfffd) {
		return FOLD_BREAK;
	}
	if (between(cp, 0xe00, 0xeff) || between(cp, 0x1000, 0x109f) ||
		between(cp, 0x1780, 0x17ff) || between(cp, 0x3040, 0x30ff) ||
		between(cp, 0x3400, 0x9fff) || between(cp, 0xf900, 0xfaff) ||
		between(cp, 0x20000, 0x3ffff)) {
		return FOLD_WORD;
	}
	return FOLD_LETTER;
}

enum fold fold(uint32_t *cp)
{
	if (between(*cp, 0xff01, 0xff5e)) { /* full-width forms */
		*cp -= 0xfee0;
	}
	if (*cp < 0x80) {
		return fold_ascii(cp);
	}
	if (*cp < 0x180) {
		return fold_latin(cp);
	}
	*cp = lower(*cp);
	return fold_symbol(*cp);
}

size_t fold_character(struct folded *w, struct str s)
{
	uint32_t cp = ' '; /* what bytes that are no character count as */
	size_t n = utf8_first(s, &cp);
	enum fold f = fold(&cp);
	if (f == FOLD_BREAK || f == FOLD_WORD) {
		fold_end_word(w);
	}
	if (f == FOLD_LETTER || f == FOLD_WORD) {
		w->p += utf8_put(cp, w->p);
	}
	if (f == FOLD_WORD) {
		fold_end_word(w);
	}
	return n > 0 ? n : 1;
}

int fold_words(struct buf *out, struct str s)
{
	char *room = buf_room(out, fold_room(s.n));
	if (room == NULL) {
		return out->rc;
	}
	struct folded w = {room, room};
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		if (between(c | 32u, 'a', 'z')) {
			*w.p++ = (char)(c | 32);
			i++;
		} else if (c == ' ') {
			fold_end_word(&w);
			i++;
		} else {
			i += fold_character(&w, str_n(s.p + i, s.n - i));
		}
	}
	fold_end_word(&w);
	buf_grew(out, (size_t)(w.p - room));
	return out->rc;
}
