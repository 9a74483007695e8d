/* What somebody who has left an employer says to its customers: only that they have left, or that people should come
 * along. By the words alone, in English, for people who judge what that means.
 *
 * Solicits: an invitation to get in touch, to follow or to switch, an offer, or a word to their former customers.
 * Announces: a move (move.h) and nothing of that. "Do not contact me" and "contact my successor" invite nobody.
 * A reader is scratch of one thread. */
#ifndef HARK_RULES_CLASSIFY_PARTING_H
#define HARK_RULES_CLASSIFY_PARTING_H

#include "monitor/model/post.h"

enum parting {
	PARTING_NONE,
	PARTING_ANNOUNCES,
	PARTING_SOLICITS,
};

struct parting_reader;

/* HARK_ENOMEM. Needs fold_init() to have succeeded. */
int parting_new(struct parting_reader **out, struct hark_err *err);
void parting_free(struct parting_reader *r);
/* *words: what it says so by, borrowed from `post`. HARK_ENOMEM: nothing is known. */
int parting_read(
	struct parting_reader *r, const struct post *post, enum parting *out, struct str *words);
/* "announces", "solicits", "neither"; static. */
const char *parting_name(enum parting parting);

#endif
