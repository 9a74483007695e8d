/* Slots of phrases: what <to:ORG> takes of a text. Defined, not guessed: `hark classify` may be
 * cleverer, a rule stays predictable.
 *
 * A run is a row of word tokens with nothing between two of them but spaces, a hyphen or slash that
 * touches both, an apostrophe or 's, an ampersand, or the full stop of an abbreviation (one letter,
 * or one of a table: Dr, St, Inc …). Anything else, and every hard break, ends it. A name is a
 * token with a capital first letter; of a list's name its letters are not asked for.
 *
 *	WORD       one word token
 *	WORDS/a-b  so many of them with no hard break between
 *	NUM        one word token of digits with . and , inside, perhaps k, m, b, bn behind them
 *	MONEY      a NUM with a currency sign, code or word before or behind it, perhaps a word such
 *	           as million between
 *	DATE       2026-11-26, 26/11/2026, 26.11.2026, 26[th] [of] November [2026], November 26[th]
 *	           [2026], November 2026, a month alone, Q3 [2026]
 *	HANDLE, URL  that token
 *	PERSON     a run of 2 to 4 names, particles (van, de, bin …) between them not counted, those
 *	           joined by a hyphen counted once; or a name of contacts, people or staff
 *	ORG        a run of at most 6 names, `of`, `and` and & between them not counted, a legal form
 *	           behind a comma included, the first not the/a/an/my; or a name of accounts,
 *	           customers, prospects, competitors or companies
 *	TITLE      a run of at most 8 words of which one is in the table of titles; it holds no word
 *	           that ends a title (at, for, in, I, is …), nor `of` before a name of those lists;
 *	           articles at its beginning are not part of it
 *	PRODUCT    a name of the list products;  list:NAME  a name of that list
 *
 * A slot takes as much as lets the rest of its phrase hold. */
#ifndef HARK_RULES_SLOT_H
#define HARK_RULES_SLOT_H

#include "rules/eval.h"

#define SLOT_FITS_MAX 32

/* One way to fill a slot. */
struct slot_fit {
	uint32_t to;         /* position behind it */
	uint32_t start, end; /* bytes of the field as written */
	const struct list *list;
	uint32_t entry; /* of `list`, which may be NULL */
};

/* The ways to fill the slot or set `p` from position `i` on, none beyond `end`, longest first;
 * returns their number. */
size_t slot_fits(const struct eval *e, const struct query_part *p, uint32_t i, uint32_t end,
	struct slot_fit out[SLOT_FITS_MAX]);

/* Names of the lists whose entries are persons or organisations, NULL at the end. */
extern const char *const slot_person_lists[];
extern const char *const slot_org_lists[];

/* slot_words.c: tables of words, folded. */
bool slot_is_particle(struct str word);
bool slot_is_article(struct str word);
bool slot_is_legal_form(struct str word);
bool slot_is_abbreviation(struct str word);
bool slot_is_title(struct str word);
bool slot_ends_title(struct str word);
bool slot_is_month(struct str word);
bool slot_is_scale(struct str word);
bool slot_is_currency(struct str word);

/* slot_number.c: a NUM, MONEY or DATE at `i`: the position behind it, or 0; *start moves to the
 * currency sign before it, *close to behind the sign after it. */
uint32_t slot_number(const struct text *t, uint32_t i, uint32_t end);
uint32_t slot_money(
	const struct text *t, uint32_t i, uint32_t end, uint32_t *start, uint32_t *close);
uint32_t slot_date(const struct text *t, uint32_t i, uint32_t end);
/* What stands between token i and the next one. */
struct str slot_gap(const struct text *t, uint32_t i);

#endif
