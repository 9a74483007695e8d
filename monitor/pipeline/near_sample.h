/* Takes the week's near misses: posts whose words woke a live rule that then said no. Ten of them, chosen by a
 * fingerprint of post and rule, so that the same store gives the same ten and no place is favoured. One thread. */
#ifndef HARK_PIPELINE_NEAR_SAMPLE_H
#define HARK_PIPELINE_NEAR_SAMPLE_H

#include "monitor/store/near_misses.h"
#include "rules/rules.h"

#define NEAR_SAMPLE 10
#define NEAR_WEEK_MS (7 * 24 * 3600 * INT64_C(1000))

struct near_pick {
	uint64_t order;
	int64_t post;
	struct str rule; /* of the ruleset */
};

/* A sample as it would be. */
struct near_picks {
	struct near_sample sample; /* id 0: it is not kept yet */
	int64_t after;             /* the sample that was the last; 0: there was none */
	struct near_pick picks[NEAR_SAMPLE];
	size_t n;
};

/* The sample of the last seven days: the stored one where that is younger, else a new one, from where the last ended
 * or seven days ago. Copies of stories, posts of first polls and what is not kept are left out. Only reads. */
int near_sample_look(struct store *s, struct ruleset *rules, int64_t now_ms, struct near_picks *out,
	struct hark_err *err);
/* Keeps a new one, in the caller's transaction; where another was kept since it was looked for, it becomes that. */
int near_sample_keep_within(
	struct store *s, struct near_picks *picks, int64_t now_ms, struct hark_err *err);
/* Both, in a transaction of its own. */
int near_sample_take(struct store *s, struct ruleset *rules, int64_t now_ms,
	struct near_sample *out, struct hark_err *err);

#endif
