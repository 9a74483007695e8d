/* Takes the week's near misses: posts whose words woke a live rule that then said no. Ten of them, chosen by a
 * fingerprint of post and rule, so that the same store gives the same ten and no place is favoured. One thread. */
#ifndef HARK_PIPELINE_NEAR_SAMPLE_H
#define HARK_PIPELINE_NEAR_SAMPLE_H

#include "monitor/store/near_misses.h"
#include "rules/rules.h"

#define NEAR_SAMPLE 10
#define NEAR_WEEK_MS (7 * 24 * 3600 * INT64_C(1000))

/* *out is the sample of the last seven days: the stored one where that is younger, else a new one, from where
 * the last ended or seven days ago. Copies of stories, posts of first polls and what is not kept are left out.
 * No transaction may be open. */
int near_sample_take(struct store *s, struct ruleset *rules, int64_t now_ms,
	struct near_sample *out, struct hark_err *err);

#endif
