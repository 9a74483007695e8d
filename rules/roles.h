/* Which parts a word may play in names: to be one, to be the first or the second word of a longer
 * one. Asked of one word of memory for all three, from a table of the different words only, which is
 * so small beside that of all names that it stays with the processor; two bits for each part a word
 * plays. A yes may be wrong, a no never is. Filled once, then immutable and shared. */
#ifndef HARK_RULES_ROLES_H
#define HARK_RULES_ROLES_H

#include "monitor/base/str.h"

/* Shifts: where in the answer the bit of the part is. */
enum role {
	ROLE_ALONE = 0,
	ROLE_FIRST = 21,
	ROLE_SECOND = 42,
};

struct roles {
	uint64_t *words; /* owned by whoever made room for them */
	size_t mask;     /* their number, a power of two, less one */
};

static inline uint64_t roles_turned(uint64_t v, unsigned by)
{
	return v >> (by & 63) | v << (-by & 63);
}

static inline void roles_add(struct roles *r, uint64_t hash, enum role role)
{
	uint64_t *word = &r->words[hash >> 40 & r->mask];
	*word |= UINT64_C(1) << ((hash + role) & 63) | UINT64_C(1) << (((hash >> 6) + role) & 63);
}

/* Asks memory for what roles_of() will look at. */
static inline void roles_fetch(const struct roles *r, uint64_t hash)
{
	__builtin_prefetch(&r->words[hash >> 40 & r->mask]);
}

/* Bits at the places of the roles; the others mean nothing. */
static inline uint64_t roles_of(const struct roles *r, uint64_t hash)
{
	uint64_t word = r->words[hash >> 40 & r->mask];
	return roles_turned(word, (unsigned)hash) & roles_turned(word, (unsigned)(hash >> 6));
}

#endif
