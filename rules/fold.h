/* What a character is and what it counts as: the one table behind every comparison of words.
 *
 * Posts, rules and lists all go through it, so "STRASSE" finds "straße" and "ISTANBUL" finds
 * "İstanbul". The table is made once from utf8proc (full case folding and NFKC, per code point);
 * look-ups are two loads. Folding knows no context: marks that are kept are never reordered.
 * Accents fall on Latin and Greek only; vowel signs of other scripts stay. Any thread. */
#ifndef HARK_RULES_FOLD_H
#define HARK_RULES_FOLD_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

enum char_class {
	CHAR_BREAK, /* between words */
	CHAR_HARD,  /* newline ! ? and their kin: NEAR does not cross it */
	CHAR_LETTER,
	CHAR_DIGIT,
	CHAR_MARK, /* a sign that belongs to the letter before it and is kept */
	CHAR_DROP, /* as if it were not there */
	CHAR_CJK,  /* a token of its own: no spaces between words in that script */
	CHAR_APOSTROPHE,
	CHAR_MID_NUMBER, /* . and , between digits */
	CHAR_MID_LETTER, /* l·l */
	CHAR_HASH,
	CHAR_AT,
	CHAR_DOLLAR,
	CHAR_EMOJI,
	CHAR_FLAG, /* half of a flag */
};

#define FOLD_BYTES_MAX 80 /* of one character */

struct folded_char {
	enum char_class kind;
	bool upper;      /* a capital letter */
	struct str text; /* what it counts as, valid until the next call with the same `scratch` */
};

/* Makes the table; later calls are free. HARK_ENOMEM leaves nothing behind. */
int fold_init(void);
/* Only after fold_init(). */
enum char_class fold_class(uint32_t cp);
struct folded_char fold_char(uint32_t cp, char scratch[4]);
/* base + mark as one character (и + ̆ = й), or 0. */
uint32_t fold_compose(uint32_t base, uint32_t mark);

/* Decodes the code point at p (p < end); never reads past `end`, a bad byte counts as U+FFFD and one
 * byte. Returns its length in bytes. */
size_t fold_decode(const char *p, const char *end, uint32_t *cp);
/* 1 to 4 bytes. */
size_t fold_encode(uint32_t cp, char out[4]);

/* ASCII without a function call: class and lower case of a byte below 0x80. */
extern unsigned char fold_ascii_class[128];
extern unsigned char fold_ascii_lower[128];

/* The same for the letters below U+0800, by their last eleven bits: up to three bytes of folded text,
 * then their number; 0: no letter, or longer. */
extern unsigned char fold_two[0x800][4];

#endif
