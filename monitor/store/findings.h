/* Stored signals and alerts, read back to be explained. Strings live in the caller's arena. */
#ifndef HARK_STORE_FINDINGS_H
#define HARK_STORE_FINDINGS_H

#include "monitor/base/arena.h"
#include "monitor/store/known.h"
#include "monitor/store/store.h"

struct stored_signal {
	int64_t id, post, story;
	int64_t lead; /* 0: none */
	struct str rule, rule_file, rule_hash, lists, kind, level;
	unsigned flags;
	int score;
	struct str subject, title, route, visibility, explain;
	struct str spans, entities; /* JSON, absent if empty */
	bool historic;
	int64_t created_ms;
	int64_t gone_ms; /* since when the post, edited, does not say it any more; 0: it does */
};

/* One of the keys, the first that is not 0, and a rule. */
struct signal_filter {
	int64_t id, lead, post, story;
	struct str rule; /* absent: any */
	size_t max;      /* rows looked at */
};
/* In the order they came. */
int store_signal_list(struct store *s, const struct signal_filter *filter, struct arena *arena,
	struct stored_signal **out, size_t *n, struct hark_err *err);

struct stored_alert {
	struct str receiver, state, error;
	int64_t attempt, next_ms, done_ms;
};
/* What became of telling people about a lead. */
int store_alert_list(struct store *s, int64_t lead, struct arena *arena, struct stored_alert **out,
	size_t *n, struct hark_err *err);

/* The newest posts, at most `max`, that somebody known wrote as far as evidence says, in which something was found
 * about them or their account, or which name them; reads all posts. `posts` has room for `max`. */
int store_posts_about(struct store *s, enum known_what what, int64_t id, size_t max, int64_t *posts,
	size_t *n, struct hark_err *err);

#endif
