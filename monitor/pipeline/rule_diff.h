/* How rules and lists differ from those that the daemon loaded last. Pure: no I/O. */
#ifndef HARK_PIPELINE_RULE_DIFF_H
#define HARK_PIPELINE_RULE_DIFF_H

#include "monitor/store/rule_stats.h"
#include "rules/rules.h"

enum change {
	CHANGE_ADDED,
	CHANGE_REMOVED,
	CHANGE_CHANGED,
};

struct rule_change {
	enum change what;
	struct str rule, file;
	unsigned line;                    /* where it is now; 0: removed */
	const struct loaded_rule *before; /* NULL: added */
	struct rule_info now;             /* unless removed */
	struct str query;                 /* now, in the form that is compared; absent: removed */
};

#define NAMES_SHOWN 5

struct list_change {
	struct str name;
	int64_t before, now; /* entries; -1: the list was not there, is not there any more */
	bool counted;        /* both sides are known entry by entry */
	size_t added, removed;
	struct str added_names[NAMES_SHOWN], removed_names[NAMES_SHOWN]; /* the first of them */
};

struct rule_diff {
	struct rule_change *rules; /* those that differ */
	size_t rules_n, same;
	struct list_change *lists;
	size_t lists_n;
};

/* Compares `set` with what was loaded. With `paths` (may be none) only the rules of those files are
 * compared, and lists only where the set has them. Results live in `arena` and as long as both sides.
 * HARK_ENOMEM. */
int rule_diff(const struct ruleset *set, const struct loaded_rule *rules, size_t rules_n,
	const struct loaded_list *lists, size_t lists_n, const char *const *paths, size_t paths_n,
	struct arena *arena, struct rule_diff *out);

#endif
