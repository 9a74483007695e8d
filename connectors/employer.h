/* Whom people say they work for, in their own words: "VP Sales @acme", "Engineer at Acme", a field that holds
 * "@acme". Pure.
 *
 * DESIGN. What follows from a wrong answer is a message that somebody has changed jobs, so no answer is better
 * than a guess: a name counts only where a word of work stands before it in the same breath, is past where
 * something says so ("ex-", "formerly", "(2015-2019)"), and of two names neither counts. English, with the
 * German and French words that such texts are full of. */
#ifndef HARK_CONNECTORS_EMPLOYER_H
#define HARK_CONNECTORS_EMPLOYER_H

#include "monitor/base/str.h"

/* The one organisation a text about oneself names as the present employer, a slice of `bio`; absent: none, or
 * several. A handle comes without its '@'. */
struct str employer_in_bio(struct str bio);
/* The same for a field that holds nothing but a company; several in it are none. */
struct str employer_in_field(struct str field);
/* Whether two names may mean one organisation: case, accents, spaces and legal forms make no difference, and
 * "Acme" is also "Acme Labs". */
bool employer_same(struct str a, struct str b);
/* Whether the name stands in the text and nothing before it says that it is past. */
bool employer_is_named(struct str text, struct str employer);

#endif
