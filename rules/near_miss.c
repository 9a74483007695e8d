#include "rules/near_miss.h"

#include "rules/ruleset.h"
#include "rules/scope.h"

static bool is_found(const struct rule *rule, const struct signal *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(found[i].rule, rule->id)) {
			return true;
		}
	}
	return false;
}

void matcher_near_misses(const struct matcher *m, const struct post *post,
	const struct signal *found, size_t found_n,
	void (*fn)(void *ctx, const struct rule_info *rule), void *ctx)
{
	const struct ruleset *r = matcher_ruleset(m);
	for (size_t i = 0; i < matcher_woken(m); i++) {
		const struct rule *rule = r->rules[matcher_woken_at(m, i)];
		if (scope_holds(&rule->scope, post) &&
			!is_found(rule, found, found_n)) {
			struct rule_info info;
			rule_info_of(rule, &info);
			fn(ctx, &info);
		}
	}
}
