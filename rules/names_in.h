/* The index of names from inside, for those who build it. */
#ifndef HARK_RULES_NAMES_IN_H
#define HARK_RULES_NAMES_IN_H

#include "rules/names.h"

#define UNIT 8                          /* bytes a name begins at a multiple of */
#define CHUNK_UNITS ((4u << 20) / UNIT) /* of a chunk */

static inline struct name *name_at(const struct names *n, uint32_t id)
{
	char *chunk = n->chunks[id / CHUNK_UNITS];
	return (struct name *)(void *)(chunk + (size_t)(id % CHUNK_UNITS) * UNIT);
}

static inline struct str folded_of(const struct name *name)
{
	return str_n(name->bytes, name->folded_n);
}

/* names_same.c: `many` is how many names each slot's chain holds, at most UINT8_MAX. HARK_ENOMEM. */
int names_limit(struct names *n, const uint8_t *many, namesakes_fn tell, void *ctx);

#endif
