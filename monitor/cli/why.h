/* What `hark why` and `hark why-not` share: the configuration, its store and its rules as they are now. */
#ifndef HARK_CLI_WHY_H
#define HARK_CLI_WHY_H

#include "monitor/base/jsonout.h"
#include "monitor/cli/cli.h"
#include "monitor/cli/rules_args.h"
#include "monitor/store/findings.h"
#include "monitor/store/post_scan.h"
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

/* The rule and a post as they are now; NULL: the rule is not there any more, or without memory. */
struct explanation *why_explain(
	struct why *w, const struct post *post, struct str rule, struct str file);
/* Parts of JSON and of text. */
void why_signal_json(const struct stored_signal *s, struct jsonout *j);
void why_alerts_json(const struct stored_alert *v, size_t n, struct jsonout *j);
void why_post_json(const struct stored_post *p, struct jsonout *j);
void why_print_alerts(const struct stored_alert *v, size_t n);
/* Text of strangers, on one line, without what a terminal would obey. */
void why_print_clean(struct str s);
/* Behind the address of a post: that it is private. */
void why_print_mark(const struct post *post);

#endif
