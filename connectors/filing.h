/* Who joins and who leaves in the English of company announcements: item 5.02 of an 8-K filing, and the
 * headlines and first sentences of press releases. Reads plain text; pure, linear in time.
 *
 * Only what is said in a known way counts: a person's full name beside "appointed", "elected", "named" …
 * or "resign", "retire", "step down" …, with a title where one is named. What is not understood is left
 * out. */
#ifndef HARK_CONNECTORS_FILING_H
#define HARK_CONNECTORS_FILING_H

#include "monitor/base/arena.h"

#define FILING_MOVES_MAX 32

struct filing_move {
	bool left;            /* else joined */
	struct str person;    /* full name */
	struct str title;     /* as written; absent: not said */
	struct str effective; /* "2026-10-01"; absent: not said */
	struct str sentence;  /* that says so */
};

/* The text of item 5.02 up to the next item or the signature; false: there is none. */
bool filing_item_502(struct str text, struct str *section);
/* The moves in a text, one for each person and direction, in order. Texts are borrowed from `text`, or in
 * the arena. Returns how many; `out` has room for FILING_MOVES_MAX. */
size_t filing_moves(struct str text, struct arena *arena, struct filing_move *out);

#endif
