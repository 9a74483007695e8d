/* Rules on what is stored: what they would find, and how that differs from what was found.
 *
 * Reads only. Leads are counted as the daemon makes them: strong findings of one key and access class
 * inside the window are one lead; copies of a story count once. Rules on trial are taken as if they
 * were live. One thread. */
#ifndef HARK_PIPELINE_BACKTEST_H
#define HARK_PIPELINE_BACKTEST_H

#include "monitor/config/conf.h"
#include "monitor/store/post_scan.h"
#include "rules/rules.h"

struct backtest_rule {
	struct rule_info info;
	bool active;                 /* it is matched: not retired, no list missing */
	int64_t hits, stored;        /* findings now; findings in the store */
	int64_t gained, lost;        /* posts found only now; only then */
	int64_t undecided, historic; /* of the hits */
	int64_t leads_gained, leads_lost, leads_kept;
};

struct backtest_route {
	const char *receiver;
	int64_t before, after; /* leads that reach it; findings of first polls left out */
};

/* A post that is found now and was not, or the other way round. */
struct backtest_sample {
	bool gained;
	size_t rule;
	int64_t id, seen_ms;
	struct post post;
	struct span *spans; /* none of a lost one */
	size_t spans_n;
	struct str explain;
};

struct backtest {
	int64_t posts, copies, gone; /* looked at; left out: of a known story, without their text */
	int64_t first_ms, last_ms;   /* when the posts came */
	double weeks;                /* that they cover, 1/7 at least */
	int64_t alerts;              /* leads as they would be made that are of more than first polls */
	struct backtest_rule *rules; /* in the order of the files */
	size_t rules_n;
	struct backtest_route *routes;
	size_t routes_n;
	int64_t leads_gained, leads_lost, leads_kept;
	struct backtest_sample *samples;
	size_t samples_n;
};

struct backtest_options {
	int64_t since_ms;   /* 0: all posts */
	int64_t posts_max;  /* the last ones; 0: any number */
	size_t samples_max; /* of each kind */
	/* May be NULL; called now and then. False: stop, which is HARK_EPIPE. */
	bool (*progress)(void *ctx, int64_t done, int64_t total);
	/* May be NULL: for each post that was matched, right behind it. */
	void (*look)(void *ctx, const struct matcher *m, const struct stored_post *post,
		const struct signal *found, size_t n);
	void *ctx;
};

/* Everything in *out lives in `arena` and as long as the ruleset. */
int backtest_run(struct store *s, const struct conf *conf, struct ruleset *rules,
	const struct backtest_options *options, struct arena *arena, struct backtest *out,
	struct hark_err *err);

#endif
