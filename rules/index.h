/* Which rules a post could match: from its tokens to rules, without looking at the others. Built
 * once, then immutable and shared. */
#ifndef HARK_RULES_INDEX_H
#define HARK_RULES_INDEX_H

#include "rules/filter.h"
#include "rules/rule.h"

struct index_entry {
	uint64_t key; /* its slot, when that is known */
	uint32_t rule;
	uint16_t mate;
};

/* What a key wakes. */
struct index_wake {
	uint32_t rule; /* the last of each slot with INDEX_LAST */
	uint16_t mate; /* need_bit() of what must be there too, and 1; 0: nothing must */
};

struct rule_index {
	struct index_entry *v; /* until index_build(); owned by the arena like the rest */
	size_t n, cap;
	/* Part of a key, 0: empty, and the first of its rules. Keys of equal parts may share one: that
	 * wakes a rule for nothing. */
	struct {
		uint32_t part, from;
	} * slots;
	size_t slots_n;
#define INDEX_LAST (UINT32_C(1) << 31)
	struct index_wake *wakes;  /* by slot */
	struct filter filter;      /* of all keys */
	bool inner;                /* some rule waits for a word inside a token */
	uint64_t prefix_bytes;     /* bit n-1: some rule has a word beginning of n bytes */
	uint64_t prefix_heads[64]; /* the first bytes of all beginnings, hashed into bits */
};

typedef void (*wake_fn)(void *ctx, struct index_wake wake);

int index_add(struct rule_index *x, const struct rule *rule, uint32_t number, struct arena *arena);
int index_build(struct rule_index *x, struct arena *arena);
/* Calls `wake` for the rules of each token, of each tag and what tokens are made of, of a list, and for
 * those without a word; a rule may be named more than once. */
void index_tokens(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx);
void index_parts(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx);
void index_list(const struct rule_index *x, uint32_t list, wake_fn wake, void *ctx);
void index_always(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx);

#endif
