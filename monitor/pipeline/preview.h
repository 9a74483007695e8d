/* What rules that are being written would do on the last stored posts: how many they match, the newest ones with what
 * would come of them, and posts that they came near to, each with what stood in the way.
 *
 * Reads only, as backtest.h, which counts; one thread. */
#ifndef HARK_PIPELINE_PREVIEW_H
#define HARK_PIPELINE_PREVIEW_H

#include "monitor/leads/raise.h"
#include "monitor/pipeline/backtest.h"

#define PREVIEW_POSTS 10000
#define PREVIEW_MATCHES 20
#define PREVIEW_NEAR 5

struct preview_match {
	struct stored_post post;
	struct signal signal;
	enum raise raises; /* taken as if the rule were live */
	bool held;         /* nothing is raised: another rule calls the text sensitive */
};

/* A post whose words woke a rule that then said no. */
struct preview_near {
	struct stored_post post;
	struct str rule;
	struct str clause; /* what decided; absent: nothing single did */
	struct str miss;   /* how near it came, absent: not at all */
	struct str change; /* what was tried and would let it in, absent: nothing is known */
};

struct preview {
	struct backtest sum;
	struct preview_match *matches; /* the newest first */
	size_t matches_n;
	struct preview_near *near; /* the same */
	size_t near_n;
	int64_t near_all; /* all there are */
};

/* Everything in *out lives in `arena` and as long as the ruleset. */
int preview_run(struct store *s, const struct conf *conf, struct ruleset *rules, struct arena *arena,
	struct preview *out, struct hark_err *err);

#endif
