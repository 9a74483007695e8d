/* What the files about names of people share. */
#ifndef HARK_PEOPLE_PERSON_NAME_IN_H
#define HARK_PEOPLE_PERSON_NAME_IN_H

#include "monitor/people/person_name.h"

/* person_name_words.c: tables, words folded. */
bool person_is_title(struct str word);          /* before a name: dr, prof, frau … */
bool person_is_degree(struct str word);         /* behind a name: phd, mba … */
bool person_is_short_degree(struct str word);   /* only in capitals or behind a comma: ma, md … */
uint8_t person_generation(struct str word);     /* 0: none */
bool person_ends_name(struct str word);         /* at, bei … */
bool person_is_compound_family(struct str two); /* two Han characters */
/* The formal names a short one stands for: rows [*from, *from + n) of the table; returns n. */
size_t person_nicks(struct str word, uint16_t *from);
struct str person_nick_formal(size_t row);

/* person_name_compare.c */

/* Whether two words are one, of which one was written without the keys for ä, ö, ü, ø or å. Bit i of the accents:
 * byte i had one. */
bool spelled_alike(struct str p, uint64_t accents_p, struct str q, uint64_t accents_q);
/* The words [from, to) in one piece, at most PERSON_BYTES_MAX bytes; returns how many. */
size_t person_join(
	const struct person_name *name, uint8_t from, uint8_t to, bool particles, char *out);
/* The whole name as it is said: the family comes first where it is written so. */
size_t person_join_whole(const struct person_name *n, char *out);

/* romanize.c */

#define PERSON_SPELLING_MAX 64

/* Latin letters for a folded Cyrillic or Greek one, "" for a sign that is not written, NULL for any other. */
const char *romanize(uint32_t cp);
/* What different ways to write a word in Latin letters have in common, at most `max` bytes; returns how
 * many. */
size_t spelling_key(struct str word, char *out, size_t max);

#endif
