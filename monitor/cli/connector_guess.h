/* What the members of a reply may be: where its items are, and which part of them is which field. */
#ifndef HARK_CLI_CONNECTOR_GUESS_H
#define HARK_CLI_CONNECTOR_GUESS_H

#include "monitor/base/buf.h"

#include <jansson.h>

#define GUESS_POINTER_MAX 300

struct guessed {
	json_t *items;                   /* owned: the array, or the one item */
	char pointer[GUESS_POINTER_MAX]; /* "": the reply itself */
	bool is_one;
};

/* The objects that look most like posts: an array of them, the arrays that lie in another's elements, or an
 * object's values; of equal ones the longest. Without any the reply itself. Release it. */
void guess_items(const json_t *root, struct guessed *out);
void guess_release(struct guessed *g);
/* How many fields of a post the items have. */
int guess_worth(const struct guessed *g);
/* Whether the items have members at all, and one that looks like an id. */
bool guess_finds_any(const struct guessed *g);
bool guess_finds_id(const struct guessed *g);
/* Appends "map:" to `out`, each guess with what it found, and what it found no use for. `missing` gets what a
 * post should have and nothing looks like, as "text, author"; empty: nothing. */
void guess_map(const struct guessed *g, bool has_address, struct buf *out, struct buf *missing);

#endif
