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

static inline size_t home_of(const struct name_table *t, uint64_t key)
{
	return (size_t)(key >> 18) & (t->slots_n - 1);
}

static inline uint32_t part_of(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

/* The first of the names with the key of slot s. */
static inline uint32_t *head_of(struct name_table *t, size_t s)
{
	uint32_t *id = &t->slots[s].id;
	return (*id & NAME_PAIR) != 0 ? &t->pairs[*id & ~NAME_PAIR].id : id;
}

static inline uint32_t first_of(const struct name_table *t, size_t s)
{
	uint32_t id = t->slots[s].id;
	return (id & NAME_PAIR) != 0 ? t->pairs[id & ~NAME_PAIR].id : id;
}

/* The slot of a key, or the empty one where it belongs. Two keys may share one: names are compared
 * by their bytes in the end. */
static inline size_t slot_of(const struct name_table *t, uint64_t key)
{
	size_t i = home_of(t, key);
	while (t->slots[i].id != 0 && t->slots[i].part != part_of(key)) {
		i = (i + 1) & (t->slots_n - 1);
	}
	return i;
}

/* names_same.c: `many` is how many names each slot's chain holds, at most UINT8_MAX. HARK_ENOMEM. */
int names_limit(
	struct names *n, struct name_table *t, const uint8_t *many, namesakes_fn tell, void *ctx);

#endif
