/* What is wrong with rules that compile: they never fire, fire on everything, say what another says,
 * wait for words that everybody uses, or lean on nothing. Findings are warnings. */
#ifndef HARK_RULES_LINT_H
#define HARK_RULES_LINT_H

#include "rules/rules.h"

struct anchor_share {
	struct str name;
	double share; /* of the sample posts that hold it, 0..1 */
};
#define LINT_ANCHORS_MAX 8

/* What a rule costs on the sample posts (sample.h). */
struct rule_cost {
	struct rule_info rule;
	bool always;           /* no word wakes it: it is tried on every post */
	double woken, matched; /* shares of the posts */
	double us_per_post;    /* evaluation only, spread over all posts; the one measured figure */
	struct anchor_share anchors[LINT_ANCHORS_MAX]; /* the most frequent first */
	size_t anchors_n, anchors_more;
};

struct lint_result {
	struct rule_cost *costs; /* one for each rule that is matched, in the order of the files */
	size_t n;
	double us_per_post; /* all rules together, words and names included */
};

/* Adds to `diags`. `lists`: also the lists that the configuration defines and nobody uses. */
int ruleset_lint(struct ruleset *r, const struct rules_source *source, bool lists,
	struct diags *diags, struct arena *arena, struct lint_result *out, struct hark_err *err);

#endif
