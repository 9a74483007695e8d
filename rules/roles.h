/* Which parts a word may play in names: to be one, to be the first or the second word of a longer
 * one. Asked of one word of memory for all three, from a table of the different words only, which is
 * so small beside that of all names that it stays with the processor; two bits for each part a word
 * plays. A yes may be wrong, a no never is. Filled once, then immutable and shared. */
#ifndef HARK_RULES_ROLES_H
#define HARK_RULES_ROLES_H

#include "rules/filter.h"

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

/* Asks memory for what roles_of() will look at. Always inlined, as all that only ask: a function that does nothing else
 * is taken for one that does nothing at all, and left out. */
static inline __attribute__((always_inline)) void roles_fetch(const struct roles *r, uint64_t hash)
{
	__builtin_prefetch(&r->words[hash >> 40 & r->mask]);
}

/* Bits at the places of the roles; the others mean nothing. */
static inline uint64_t roles_of(const struct roles *r, uint64_t hash)
{
	uint64_t word = r->words[hash >> 40 & r->mask];
	return roles_turned(word, (unsigned)hash) & roles_turned(word, (unsigned)(hash >> 6));
}

/* The key of two words one behind the other, or of some words and one more. */
static inline uint64_t pair_key(uint64_t first, uint64_t second)
{
	return (first * 0x9e3779b97f4a7c15u ^ second) * 0xff51afd7ed558ccdu;
}

/* Where a word is looked up, and then it and the next one together. */
struct lookup {
	struct roles roles;
	struct filter
		filter; /* of the keys of all names and of the pairs that longer ones begin with */
};

/* Asks memory for what will be looked at when `hash` comes behind `before`. */
static inline __attribute__((always_inline)) void lookup_fetch(
	const struct lookup *l, uint64_t before, uint64_t hash)
{
	roles_fetch(&l->roles, hash);
	filter_fetch(&l->filter, pair_key(before, hash));
}

#endif
