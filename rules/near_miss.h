/* Rules, live or on trial, that came near a post: its words woke them, it lies in their scope, and they said no. */
#ifndef HARK_RULES_NEAR_MISS_H
#define HARK_RULES_NEAR_MISS_H

#include "rules/rules.h"

/* Right behind matcher_match() for this very post, whose findings are given: calls back for each rule
 * that came near. */
void matcher_near_misses(const struct matcher *m, const struct post *post,
	const struct signal *found, size_t found_n,
	void (*fn)(void *ctx, const struct rule_info *rule), void *ctx);

#endif
