/* Names of people: what is said in them, and whether two may be one person's. Pure; needs fold_init().
 *
 * A name is read into a struct the caller holds, without memory of its own: titles, degrees, and what people
 * write behind their name ("| CEO at Acme", "(she/her)") are left out, "Example, Anna" and "EXAMPLE Anna" are
 * turned round, words are folded (rules/fold.h), Cyrillic and Greek written in Latin letters.
 *
 * DESIGN. A name alone never says who somebody is, so the answer is no number: it says whether the two names
 * are the same, may be one person's, or are not, and by which step. Steps are in the order of how much they
 * leave open; the answer names the weakest that was needed and, as bits, all of them. The answer for (a, b) is
 * the one for (b, a). */
#ifndef HARK_PEOPLE_PERSON_NAME_H
#define HARK_PEOPLE_PERSON_NAME_H

#include "monitor/base/str.h"

#define PERSON_WORDS_MAX 10 /* more are no name */
#define PERSON_BYTES_MAX 160

enum person_word_flag {
	PERSON_INITIAL = 1 << 0,  /* one letter */
	PERSON_PARTICLE = 1 << 1, /* van, de, bin … */
	PERSON_HYPHEN = 1 << 2,   /* joined to the word before it */
	PERSON_ROMAN = 1 << 3,    /* was Cyrillic or Greek */
	PERSON_CAPS = 1 << 4,     /* all capitals */
	PERSON_SMALL = 1 << 6,    /* its first letter is small */
	PERSON_DOT = 1 << 5,      /* a full stop behind it */
};

struct person_word {
	uint8_t start, n; /* in `bytes` */
	uint8_t flags;    /* enum person_word_flag */
	uint8_t nicks_n;  /* rows of the table of nicknames … */
	uint16_t nicks;   /* … from this one on */
	uint32_t accents; /* bit i: letter i (of the first 32) had an accent */
};

/* Given names first, then the family's, whatever order they were written in. */
struct person_name {
	uint8_t n;          /* words; 0: there is no name */
	uint8_t family;     /* the first of the family's; n: there is but one word */
	uint8_t generation; /* 1: senior, 2: junior or II, 3: III …; 0: not said */
	bool latin, other;  /* scripts, after Cyrillic and Greek became Latin */
	bool has_alias;     /* `alias` is set: Robert "Bob" Smith */
	struct person_word alias;
	struct person_word words[PERSON_WORDS_MAX];
	uint8_t bytes_n;
	char bytes[PERSON_BYTES_MAX];
};

/* At most the first PERSON_BYTES_MAX bytes of the text are looked at. False: no name is in it. */
bool person_name_read(struct person_name *out, struct str text);
struct str person_name_word(const struct person_name *n, const struct person_word *w);

enum name_verdict {
	NAME_UNKNOWN, /* nothing to compare: no name, or different scripts */
	NAME_DIFFERENT,
	NAME_COMPATIBLE, /* may be one person's */
	NAME_SAME,       /* but for case, titles, hyphens and spaces */
};

enum name_reason {
	NAME_EXACT,
	NAME_SPACING,     /* Annemarie, Anne-Marie, Anne Marie; O'Brien, OBrien */
	NAME_DIACRITICS,  /* José, Jose */
	NAME_SPELLING,    /* Müller, Mueller; Сергей, Sergei */
	NAME_PARTICLE,    /* van Beispiel, Beispiel */
	NAME_ORDER,       /* Nagy Anna, Anna Nagy */
	NAME_SUFFIX,      /* a Jr. one of them lacks */
	NAME_NICKNAME,    /* Bob, Robert */
	NAME_MIDDLE,      /* one has more given names */
	NAME_FAMILY_PART, /* Smith-Jones, Smith; García Pérez, García */
	NAME_INITIALS,    /* J. Smith */
	NAME_MONONYM,     /* one of them is a single word */
	NAME_REASONS_COMPATIBLE = NAME_MONONYM,
	NAME_OTHER_GIVEN, /* from here on: what makes them different */
	NAME_OTHER_FAMILY,
	NAME_OTHER_MIDDLE,
	NAME_OTHER_GENERATION,
	NAME_NOT_GIVEN, /* what cannot be compared */
	NAME_OTHER_SCRIPT,
};

struct name_match {
	enum name_verdict verdict;
	enum name_reason reason;
	unsigned
		steps; /* bit of each reason that was needed; 0 unless it is the same or compatible */
};

struct name_match person_name_compare(const struct person_name *a, const struct person_name *b);
/* "exact", "diacritics" …; static. */
const char *name_reason_name(enum name_reason reason);
const char *name_verdict_name(enum name_verdict verdict);

/* Keys to find names by: two that are the same or compatible have one in common, unless one of them is a single
 * word or has only a letter of the family's name. `all`: for what is looked in, else for what is looked for.
 * Returns how many. */
#define PERSON_KEYS_MAX 128
size_t person_name_keys(const struct person_name *n, bool all, uint64_t out[PERSON_KEYS_MAX]);

#endif
