/* What the files of explain share among themselves. */
#ifndef HARK_RULES_EXPLAIN_IN_H
#define HARK_RULES_EXPLAIN_IN_H

#include "rules/eval_in.h"
#include "rules/explain.h"
#include "rules/ruleset.h"

struct explaining {
	struct eval *e;
	const struct ruleset *set;
	const struct rule *rule;
	struct arena *arena;
	struct explanation *out;
	bool found_only; /* inside NEAR: clauses were not evaluated but looked for */
};

/* A sentence in the arena. */
struct str explain_say(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A node as written, on one line, without its name. */
struct str explain_text(struct arena *arena, const struct query *q);

/* explain_miss.c: how near a false clause came; absent: not near. */
struct str miss_of(struct explaining *x, const struct query *q, const struct window *w);
/* A NEAR whose sides are both there: the fewest words between them in the wanted order and in the
 * other, -1 if they never stand so; false if a side is not there. */
bool near_distance(struct explaining *x, const struct query *q, const struct window *w,
	int64_t *ahead, int64_t *behind);
/* Names of a list that stand in the text and did not count, as hits that would. */
struct refused_name {
	struct list_hit hit;
	const char *why; /* "written without a capital letter" */
	const char *cure;
};
size_t refused_names(struct explaining *x, const struct list *list, const struct window *w,
	struct refused_name *out, size_t max);
/* What is looked for stands in a field where the rule does not look. */
bool other_field(struct explaining *x, const struct query *q, const struct window *w,
	enum query_field *field);
/* The token most like a word that is not there; false: none is. */
bool nearest_token(
	struct explaining *x, const struct query *q, const struct window *w, uint32_t *position);

/* explain_flip.c: fills out->flips. Evaluates anew: what the evaluation had kept is gone after it. */
void find_flips(struct explaining *x);

#endif
