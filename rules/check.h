/* Everything that is wrong with rules, at once: what does not compile, the tests inside the files, and, where
 * that is fine, what a close look finds (lint.h). Behind `hark rules check` and the API alike. */
#ifndef HARK_RULES_CHECK_H
#define HARK_RULES_CHECK_H

#include "rules/lint.h"

struct rules_checked {
	struct ruleset *set; /* counted, the caller's; NULL: there are errors. The figures borrow from it */
	size_t rules, entries, failed; /* failed: tests */
	struct lint_result lint;
};

/* Findings go into `diags`. `lists`: also about lists that nobody uses. A failure says that the check itself
 * could not be done. */
int ruleset_check(const struct rules_source *source, bool lists, struct diags *diags,
	struct arena *arena, struct rules_checked *out, struct hark_err *err);

#endif
