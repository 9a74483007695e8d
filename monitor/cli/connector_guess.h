/* What the members of a reply may be: where its items are, and which part of them is which field. */
#ifndef HARK_CLI_CONNECTOR_GUESS_H
#define HARK_CLI_CONNECTOR_GUESS_H

#include "monitor/base/buf.h"

#include <jansson.h>

#define GUESS_POINTER_MAX 300

struct guessed {
	const json_t *items;             /* borrowed from the tree: the array, or the one item */
	char pointer[GUESS_POINTER_MAX]; /* "": the reply itself */
	bool is_one;
};

/* The array of objects that look most like posts, of equal ones the longest; without any the reply itself. */
void guess_items(const json_t *root, struct guessed *out);
/* Appends "map:" to `out`, each guess with what it found, and what it found no use for. `missing` gets what a
 * post should have and nothing looks like, as "text, author"; empty: nothing. */
void guess_map(const struct guessed *g, bool has_address, struct buf *out, struct buf *missing);

#endif
