/* The members of the items of a reply: where each is, what it is part of, and what it holds. */
#ifndef HARK_CLI_CONNECTOR_MEMBERS_H
#define HARK_CLI_CONNECTOR_MEMBERS_H

#include "monitor/base/arena.h"
#include "monitor/cli/connector_guess.h"

#define MEMBERS_MAX 300
#define MEMBER_ITEMS 30 /* so many items are looked at */
#define MEMBER_NAME 48

enum member_of {
	OF_POST,   /* of the item, or of what only wraps it */
	OF_PERSON, /* of who wrote it */
	OF_OTHER,  /* of something else it names, as its forum */
};

struct member {
	char pointer[GUESS_POINTER_MAX];
	char name[MEMBER_NAME]; /* "created_at" and "createdAt" are "createdat" */
	size_t parent_n;        /* bytes of the pointer in front of its own name */
	enum member_of of;
	int cost;                           /* how far down it is */
	const json_t *values[MEMBER_ITEMS]; /* borrowed; NULL: not in that item, or nothing in it */
	bool used;
};

/* Those that hold something in one item at least. */
struct members {
	struct member *v;
	size_t n, cap, items;
	struct arena arena;
};

/* Release it in any case. */
void members_collect(const struct guessed *g, struct members *out);
void members_release(struct members *ms);

/* Bytes of a character at the start of `s` that no comment of YAML can hold, that would end it, or that is not seen
 * and turns the order of what is; 0: it can be written. `s` is not empty. */
size_t unwritable(struct str s);

/* `pointer` and the key behind it, as JSON Pointer says it (RFC 6901: "~" is ~0, "/" is ~1). False: it is too long, or
 * no definition can write it. */
bool pointer_step(char to[GUESS_POINTER_MAX], const char *pointer, const char *key);

#endif
