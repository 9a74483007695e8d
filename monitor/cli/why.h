/* What `hark why` and `hark why-not` share: the configuration, its store and its rules as they are now. */
#ifndef HARK_CLI_WHY_H
#define HARK_CLI_WHY_H

#include "monitor/api/why_view.h"
#include "monitor/cli/cli.h"
#include "monitor/cli/rules_args.h"
#include "rules/explain.h"

struct why {
	const struct cli *cli;
	struct rules_args args;
	struct ruleset *rules;   /* NULL: they have errors, which have been said */
	struct matcher *matcher; /* NULL with them */
	struct store *store;
	struct arena arena;
};

/* Opens the store read-only and compiles the rules. With rules that have errors it goes on without. */
int why_open(struct why *w, const struct cli *cli, struct hark_err *err);
void why_close(struct why *w);

void why_print_alerts(const struct stored_alert *v, size_t n);
/* Text of strangers, on one line, without what a terminal would obey. */
void why_print_clean(struct str s);
/* Behind the address of a post: that it is private. */
void why_print_mark(const struct post *post);

#endif
