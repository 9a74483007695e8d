/* What the files that build a ruleset share. */
#ifndef HARK_RULES_RULESET_IN_H
#define HARK_RULES_RULESET_IN_H

#include "rules/link.h"
#include "rules/ruleset.h"

/* `path` from the folder of the configuration; owned by the arena. */
char *resolve(struct arena *a, const char *base, const char *path);

/* What find_list() needs to know. */
struct finder {
	struct ruleset *r;
	const struct rules_source *source;
	struct diags *diags;
	const struct yaml_node *test_lists; /* of the one rule that is tested, or NULL */
};

/* `ctx`: a struct finder; the list of that name, read if it was not before, or NULL. */
struct list *find_list(void *ctx, struct rule_file *file, struct str name);
/* The same, of the lists of a test alone. */
struct list *find_test_list(void *ctx, struct rule_file *file, struct str name);
size_t list_names(void *ctx, struct rule_file *file, const char **out, size_t max);
/* One name, two meanings: refused. */
void check_list_names(
	const struct rule_file *file, const struct rules_source *source, struct diags *diags);
/* Lists no rule uses are read too: a mistake in one should not wait for a rule. */
void load_all_lists(struct ruleset *r, const struct rules_source *source, struct diags *diags);

#endif
