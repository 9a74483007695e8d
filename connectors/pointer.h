/* JSON pointers (RFC 6901) with "*" for every element of an array or every value of an object.
 *
 *	/account/acct           from the item
 *	/tags/0/name            of the first element; with "*" for the 0, of every one
 *	/refs/[kind=reply]/id   of the elements in which kind is reply; of one object, itself
 *	$item                   the item itself, where it is a number, say
 *	$root/feed/title        from the document
 *	$parent/snippet/videoId from the element the item lies in
 *	$detail/jobAd           from the reply to a detail request
 *	$user/username          from the element a lookup found
 *
 * Compiled once, then read by any thread. Walking takes no memory. */
#ifndef HARK_CONNECTORS_POINTER_H
#define HARK_CONNECTORS_POINTER_H

#include "connectors/value.h"
#include "monitor/base/err.h"

#define LOOKUPS_MAX 8

enum pointer_from {
	POINTER_ITEM,
	POINTER_ROOT,
	POINTER_PARENT,
	POINTER_DETAIL,
	POINTER_LOOKUP, /* the first of LOOKUPS_MAX */
};

struct pointer_step {
	struct str key;
	size_t index; /* the key as a number; SIZE_MAX: it is none */
	bool every;   /* "*" */
	struct str member,
		value; /* "[member=value]": elements that say so; absent: any other step */
};

struct pointer {
	int from; /* enum pointer_from, lookups counted on */
	const struct pointer_step *steps;
	size_t n;
	struct str text; /* as written */
};

/* What pointers start from; absent places are NULL. */
struct scope {
	const json_t *at[POINTER_LOOKUP + LOOKUPS_MAX];
};

/* `lookups`: names that may follow '$'. HARK_EPARSE says what is wrong. */
int pointer_compile(struct pointer *out, struct str text, const char *const *lookups,
	size_t lookups_n, struct arena *arena, struct hark_err *err);
/* The first value that is there, or NULL. null and empty values count as there. */
const json_t *pointer_first(const struct pointer *p, const struct scope *scope);
/* Adds every value that is there and not empty. */
void pointer_all(const struct pointer *p, const struct scope *scope, struct values *out);
/* Whether it leads through a "*" of an empty list: then that it finds nothing says that there is nothing. */
bool pointer_meets_empty(const struct pointer *p, const struct scope *scope);
/* Calls `visit` for every value, with the element the last "*" stood for (NULL: none). It ends early
 * when `visit` returns false. */
void pointer_visit(const struct pointer *p, const struct scope *scope,
	bool (*visit)(void *ctx, const json_t *value, const json_t *within), void *ctx);

#endif
