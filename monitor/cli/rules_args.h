/* Which rules and lists a command works with: what its command line names, else what the
 * configuration has. */
#ifndef HARK_CLI_RULES_ARGS_H
#define HARK_CLI_RULES_ARGS_H

#include "monitor/cli/cli.h"
#include "monitor/config/conf.h"
#include "rules/rules.h"

struct rules_args {
	struct arena arena;
	struct conf *conf; /* counted, or NULL: nothing was read from a configuration */
	struct rules_source source;
};

/* `paths` (may be none) are rule files, folders, patterns or packs; --lists DIR gives every CSV file
 * in it as a list of its name. With no path at all, or with -c, the configuration adds its own; with
 * paths and without --lists, it lends its lists if there is one.
 * Findings in the configuration go into `diags`. */
int rules_args_open(struct rules_args *a, const struct cli *cli, const char *const *paths, size_t n,
	struct diags *diags, struct hark_err *err);
/* HARK_EINVAL: no configuration was read, or none that names a store. */
int rules_args_need_store(const struct rules_args *a, struct hark_err *err);
/* As above with the paths after --rules, and compiles them; findings go to standard error. The caller
 * owns one count of *out, and closes `a` in any case. */
int rules_args_load(
	struct rules_args *a, const struct cli *cli, struct ruleset **out, struct hark_err *err);
/* To standard error, without warnings about the configuration, everyday words of lists (W070) and rules that
 * are off for want of a list (W030):
 * these are for the checks to say; hark explain shows what came of such a word or rule. */
void rules_args_print(const struct diags *d);
void rules_args_close(struct rules_args *a);

#endif
