/* What changed rules and lists would change, for hark rules diff and the API. */
#ifndef HARK_API_RULES_DIFF_VIEW_H
#define HARK_API_RULES_DIFF_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/pipeline/backtest.h"
#include "monitor/pipeline/rule_diff.h"

/* All that is compared; it lives in the arena it was made in. */
struct rules_compared {
	struct loaded_rule *rules;
	struct loaded_list *lists;
	size_t rules_n, lists_n;
	int64_t loaded_ms;
	struct rule_diff diff;
	struct backtest hits; /* of the posts of `options`; nothing where nothing differs */
};

/* Compares `set` with what harkd loaded last, as rule_diff(), and tries both on stored posts. HARK_ENOENT: it never
 * loaded any. */
int rules_compare(struct rules_compared *c, struct store *s, const struct conf *conf,
	struct ruleset *set, const char *const *paths, size_t paths_n,
	const struct backtest_options *options, struct arena *arena, struct hark_err *err);
/* NULL: it was not tried. */
const struct backtest_rule *rules_diff_hits(
	const struct rules_compared *c, const struct rule_change *change);
/* One object. */
void rules_diff_json(const struct rules_compared *c, struct jsonout *j);

#endif
