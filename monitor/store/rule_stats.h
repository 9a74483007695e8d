/* What the store knows of rules: what each has done, and which the daemon loaded last. */
#ifndef HARK_STORE_RULE_STATS_H
#define HARK_STORE_RULE_STATS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct rule_stats {
	struct str rule;
	int64_t matches, shadow,
		sensitive; /* matches: all, those that were only counted included */
	int64_t leads, undecided, lang_passed;
	int64_t last_ms; /* of the last match; 0: from before it was kept */
};

/* Of all rules that ever matched, by id. Strings live in `arena`. */
int store_rule_stats(struct store *s, struct arena *arena, struct rule_stats **out, size_t *n,
	struct hark_err *err);
/* The one of a rule, or NULL. */
const struct rule_stats *rule_stats_find(const struct rule_stats *v, size_t n, struct str rule);

/* A rule and a list as they were loaded. */
struct loaded_rule {
	struct str file, rule, hash, status, kind, title, query;
};

struct loaded_list {
	struct str name;
	int64_t entries;
	struct str names; /* one a line; absent: too many to keep */
};
#define LOADED_NAMES_MAX (4u << 20)

/* Takes the place of what was loaded before, inside the caller's transaction: clear, then add. */
void store_loaded_clear(struct store *s);
void store_loaded_rule(struct store *s, const struct loaded_rule *r, int64_t now_ms);
void store_loaded_list(struct store *s, const struct loaded_list *l, int64_t now_ms);
/* What was loaded last, in the order of files and names. *loaded_ms is 0 if nothing ever was. */
int store_loaded_rules(struct store *s, struct arena *arena, struct loaded_rule **out, size_t *n,
	int64_t *loaded_ms, struct hark_err *err);
int store_loaded_lists(struct store *s, struct arena *arena, struct loaded_list **out, size_t *n,
	struct hark_err *err);

#endif
