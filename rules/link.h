/* Linking: what the names in a rule stand for, whether the rule can work at all, and which words
 * wake it. */
#ifndef HARK_RULES_LINK_H
#define HARK_RULES_LINK_H

#include "rules/file.h"
#include "rules/regex.h"

struct linker {
	struct rule_file *file;
	struct arena *arena; /* the file's */
	struct diags *diags;
	/* The list of a name, or NULL if there is none. */
	struct list *(*find_list)(void *ctx, struct rule_file *file, struct str name);
	/* The same for lists that a slot takes names from if they are there: in a test only its own. */
	struct list *(*find_slot_list)(void *ctx, struct rule_file *file, struct str name);
	/* All names of lists, for suggestions; returns how many. */
	size_t (*list_names)(void *ctx, struct rule_file *file, const char **out, size_t max);
	void *ctx;
	struct text scratch;
	bool test; /* lists are those of a test: their columns say nothing */
	struct rule *rule;
	unsigned depth, generation;
};

/* Resolves and checks one rule. Errors and warnings go to l->diags; rule->broken, rule->inactive,
 * rule->vars and rule->anchors are set. */
void link_rule(struct linker *l, struct rule *rule);
/* Definitions no rule uses are checked too. */
void link_defines(struct linker *l);

/* anchor.c: what wakes the tree. */
void anchors_of(struct linker *l, const struct query *q, struct anchors *out);
/* The other groups of words of which one must be there each, cheapest first; for a rule with anchors. */
void needs_of(struct linker *l, const struct query *q, struct rule *rule);

/* Cuts the next piece off a template: literal text, or a variable with or without an attribute
 * (then *literal is absent). False at the end. "$$" is a dollar sign. */
bool template_next(struct str *rest, struct str *literal, struct str *var, struct str *attr);

#endif
