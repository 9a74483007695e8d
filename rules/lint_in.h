/* What the files of lint share among themselves. */
#ifndef HARK_RULES_LINT_IN_H
#define HARK_RULES_LINT_IN_H

#include "rules/lint.h"
#include "rules/ruleset.h"

struct lint {
	struct ruleset *r;
	const struct rules_source *source;
	struct diags *diags;
	struct arena *arena;
	int rc; /* HARK_ENOMEM */
};

/* A warning at a rule. */
void lint_rule(struct lint *l, const struct rule *rule, const char *code, const char *help,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Over references to what they stand for, and groups of one. */
const struct query *lint_bare(const struct query *q);
/* The tree as text that is equal for trees that mean the same whatever the order of their terms. */
struct str lint_meaning(struct lint *l, const struct query *q);

/* lint_never.c: contradictions (W061). */
void lint_never(struct lint *l);
/* lint_same.c: duplicates and rules inside others (W062, W064). */
void lint_same(struct lint *l);
/* lint_cost.c: measures all rules on the sample; W041, W060, W063. */
int lint_cost(struct lint *l, struct lint_result *out);

#endif
