/* What is stored about a finding, and its rule clause by clause while it is the same: for hark why, hark why-not and the
 * API. */
#ifndef HARK_API_WHY_VIEW_H
#define HARK_API_WHY_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/store/changes.h"
#include "monitor/store/findings.h"
#include "monitor/store/post_scan.h"

struct explanation;
struct matcher;

/* What it is read from; borrowed. */
struct why_view {
	struct store *store;
	struct matcher *matcher; /* of the rules as they are now; NULL: they have errors */
	struct arena *arena;     /* for what is found */
};

struct why_told {
	struct stored_signal signal;
	struct stored_post post;
	bool has_post;
	struct post_change change;
	struct explanation *now; /* NULL: the rule is gone, or nothing can be matched */
	bool same_rule;
	bool of_policy; /* raised by effects: or second-degree:, which have no clauses */
	struct stored_alert *alerts;
	size_t alerts_n;
};

/* The rule and a post as they are now; NULL: the rule is not there any more, or without memory. */
struct explanation *why_explain(
	const struct why_view *w, const struct post *post, struct str rule, struct str file);
int why_look_up(const struct why_view *w, const struct stored_signal *signal, struct why_told *t,
	struct hark_err *err);
/* An object with all of it. */
void why_told_json(const struct why_told *t, struct jsonout *j);
/* Parts of it. */
void why_signal_json(const struct stored_signal *s, struct jsonout *j);
void why_alerts_json(const struct stored_alert *v, size_t n, struct jsonout *j);
void why_post_json(const struct stored_post *p, struct jsonout *j);

#endif
