#include "monitor/cli/names.h"

#include "monitor/base/diag.h"
#include "monitor/cli/rules_args.h"

void names_take(struct names *names, struct str name)
{
	names->found |= str_eq_nocase(name, names->wanted);
	const char **grown = names->n < NAMES_MAX ? arena_grow(names->arena, names->v, names->n,
							    &names->cap, sizeof(*grown))
						  : NULL;
	const char *copy = arena_c(names->arena, name);
	if (grown != NULL && copy != NULL) {
		names->v = grown;
		names->v[names->n++] = copy;
	}
}

void names_take_rules(struct names *names, const struct cli *cli)
{
	struct rules_args args = {0};
	struct diags diags;
	struct hark_err err;
	struct ruleset *rules = NULL;
	struct rule_info rule;
	diags_init(&diags);
	int rc = rules_args_open(&args, cli, NULL, 0, &diags, &err);
	rc = rc == HARK_OK ? ruleset_load(&rules, &args.source, &diags, &err) : rc;
	names->found |= rc != HARK_OK;
	for (size_t i = 0; rc == HARK_OK && ruleset_rule_at(rules, i, &rule); i++) {
		names_take(names, rule.id);
	}
	ruleset_unref(rules);
	rules_args_close(&args);
	diags_release(&diags);
}

int names_check(
	const struct names *names, const struct cli *cli, const char *what, const char *hint)
{
	const char *near = names->found ? NULL : did_you_mean(names->wanted, names->v, names->n);
	if (names->found) {
		return EXIT_DONE;
	}
	return near != NULL ? cli_usage(cli, "there is no %s '%.*s', did you mean '%s'?", what,
				      STR_FMT(names->wanted), near)
			    : cli_usage(cli, "there is no %s '%.*s': %s", what,
				      STR_FMT(names->wanted), hint);
}
