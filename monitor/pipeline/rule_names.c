#include "monitor/pipeline/rule_names.h"

#define CODE_NO_SUCH "C008"

/* Ids as C strings, in `arena`; NULL: no memory. */
static const char **ids_of(const struct ruleset *rules, struct arena *arena, size_t *n)
{
	struct rule_info rule;
	size_t cap = 0;
	const char **ids = arena_grow(arena, NULL, 0, &cap, sizeof(*ids));
	*n = 0;
	for (size_t i = 0; ids != NULL && ruleset_rule_at(rules, i, &rule); i++) {
		ids = arena_grow(arena, ids, *n, &cap, sizeof(*ids));
		if (ids != NULL) {
			ids[*n] = arena_c(arena, rule.id);
			*n += ids[*n] != NULL;
		}
	}
	return ids;
}

static bool is_there(const char *const *ids, size_t n, const char *rule)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(ids[i], rule) == 0) {
			return true;
		}
	}
	return false;
}

static void say_unknown(const struct conf_rule_name *name, const char *const *ids, size_t n,
	enum diag_level level, struct diags *diags)
{
	char help[200];
	const char *near = did_you_mean(str_c(name->rule), ids, n);
	snprintf(help, sizeof(help), near != NULL ? "did you mean %s?" : "%s",
		near != NULL ? near : "hark rules list shows all there are");
	diags_add(diags, level, CODE_NO_SUCH, name->at, str_c(name->line), help,
		"there is no rule '%.*s'", STR_FMT(str_cut_utf8(str_c(name->rule), 80)));
}

void rule_names_check(const struct conf *conf, const struct ruleset *rules, enum diag_level level,
	struct diags *diags)
{
	struct arena arena;
	size_t n = 0;
	arena_init(&arena, 0);
	const char **ids = conf->rule_names_n > 0 ? ids_of(rules, &arena, &n) : NULL;
	for (size_t i = 0; ids != NULL && i < conf->rule_names_n; i++) {
		if (!is_there(ids, n, conf->rule_names[i].rule)) {
			say_unknown(&conf->rule_names[i], ids, n, level, diags);
		}
	}
	arena_release(&arena);
}
