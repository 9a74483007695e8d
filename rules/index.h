/* Which rules a post could match: from its tokens to rules, without looking at the others. Built
 * once, then immutable and shared. */
#ifndef HARK_RULES_INDEX_H
#define HARK_RULES_INDEX_H

#include "rules/filter.h"
#include "rules/rule.h"

struct index_entry {
	uint64_t key;
	uint32_t rule;
};

struct rule_index {
	struct index_entry *v; /* sorted by key; owned by the arena */
	size_t n, cap;
	struct {
		uint64_t key;
		uint32_t from, n; /* n == 0: empty slot */
	} * slots;
	size_t slots_n;
	struct filter filter;      /* of all keys */
	bool inner;                /* some rule waits for a word inside a token */
	uint64_t prefix_bytes;     /* bit n-1: some rule has a word beginning of n bytes */
	uint64_t prefix_heads[64]; /* the first bytes of all beginnings, hashed into bits */
};

typedef void (*wake_fn)(void *ctx, uint32_t rule);

int index_add(struct rule_index *x, const struct rule *rule, uint32_t number, struct arena *arena);
int index_build(struct rule_index *x, struct arena *arena);
/* Calls `wake` for the rules of each token and tag; a rule may be named more than once. */
void index_tokens(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx);
void index_list(const struct rule_index *x, uint32_t list, wake_fn wake, void *ctx);
void index_always(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx);

#endif
