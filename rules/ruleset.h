/* A compiled ruleset from inside: what the matcher reads. */
#ifndef HARK_RULES_RULESET_H
#define HARK_RULES_RULESET_H

#include "rules/file.h"
#include "rules/index.h"
#include "rules/need.h"
#include "rules/regex.h"
#include "rules/rules.h"

#include <stdatomic.h>

struct ruleset {
	atomic_int refs;
	struct arena arena;
	struct lists lists;
	struct rule_file **files;
	size_t files_n, files_cap;
	struct rule **rules; /* those that are matched */
	size_t rules_n, rules_cap;
	struct rule_index index;
	struct needs needs;
	const char **list_paths; /* files of lists, in the order they were read */
	size_t list_paths_n, list_paths_cap;
	uint64_t lists_mark; /* of those files as they were read */
	bool uses_records;   /* some list is of imported records */
};

struct eval;

/* NULL: no memory. One count. */
struct ruleset *ruleset_new(void);
/* Finds and reads all files of a source into r->files. */
int ruleset_read(struct ruleset *r, const struct rules_source *source, struct diags *diags,
	struct hark_err *err);
/* Links the rules of one file; `only` (may be NULL) restricts it to one rule, linked with the lists
 * of its tests. */
int ruleset_link(struct ruleset *r, struct rule_file *file, struct rule *only,
	const struct rules_source *source, struct diags *diags);
/* Builds the indices; then the set is immutable. */
int ruleset_finish(struct ruleset *r, struct diags *diags);

/* match.c, for explain.c: reads a post, finds its names and wakes rules, as matcher_match() does, and
 * stops before the first rule. NULL: no memory. Valid until the matcher's next post. */
struct eval *matcher_prepare(struct matcher *m, const struct post *post);
bool matcher_woke(const struct matcher *m, const struct rule *rule);
/* The rules that woke, as numbers of the set's rules. */
size_t matcher_woken(const struct matcher *m);
uint32_t matcher_woken_at(const struct matcher *m, size_t i);
const struct ruleset *matcher_ruleset(const struct matcher *m);
void rule_info_of(const struct rule *rule, struct rule_info *out);

/* finding.c: the outcome of a rule as a signal. */
struct place;
struct span span_of(const struct place *p);
/* Whether the i-th term of the rule's score holds, once the rule was evaluated. */
bool finding_term_holds(const struct eval *e, size_t i);
int finding_write(const struct eval *e, bool undecided, struct arena *arena, struct signal *out);

#endif
