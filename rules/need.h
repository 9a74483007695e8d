/* What else a post must hold for a rule that its rarest group has woken: further groups of words of
 * which one must be there. Asked of a set of bits made from all words of the post, before anything
 * of the rule itself is touched; a yes may be wrong, a no never is. Built once, then immutable and
 * shared. */
#ifndef HARK_RULES_NEED_H
#define HARK_RULES_NEED_H

#include "rules/rule.h"

#define NEED_BITS 2048

struct needs {
	uint32_t *from; /* of each rule: its place in the pool; owned by the arena like the pool */
	size_t from_cap;
	uint16_t *pool; /* groups, then for each the number of its bits and the bits */
	size_t n, cap;
	size_t rules_n;
};

/* The bits of one post. */
struct seen {
	uint64_t bits[NEED_BITS / 64];
};

/* For each rule in the order of their numbers. HARK_ENOMEM. */
int needs_add(struct needs *x, const struct rule *rule, struct arena *arena);

static inline uint16_t need_bit(uint64_t hash)
{
	return (uint16_t)(hash >> 8 & (NEED_BITS - 1));
}

static inline void seen_fill(struct seen *s, const struct text *t)
{
	*s = (struct seen){{0}};
	for (size_t i = 0; i < t->n; i++) {
		s->bits[need_bit(t->hash[i]) / 64] |= UINT64_C(1) << need_bit(t->hash[i]) % 64;
	}
	for (size_t i = 0; i < t->tags_n; i++) {
		uint16_t bit = need_bit(t->tags[i].hash);
		s->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static inline bool seen_has_bit(const struct seen *s, uint16_t bit)
{
	return (s->bits[bit / 64] >> bit % 64 & 1) != 0;
}

static inline bool seen_may_have(const struct seen *s, uint64_t hash)
{
	return seen_has_bit(s, need_bit(hash));
}

static inline bool needs_met(const struct needs *x, uint32_t rule, const struct seen *s)
{
	const uint16_t *p = x->pool + x->from[rule];
	for (unsigned groups = *p++; groups > 0; groups--) {
		uint64_t any = 0;
		for (unsigned n = *p++; n > 0; n--, p++) {
			any |= s->bits[*p / 64] >> *p % 64;
		}
		if ((any & 1) == 0) {
			return false;
		}
	}
	return true;
}

#endif
