/* About how much of what matters is found: what made leads, against what live rules came near to, each scaled by what
 * people judged relevant of it. Pairs of a post and a rule. One thread. */
#ifndef HARK_LEADS_RECALL_H
#define HARK_LEADS_RECALL_H

#include "monitor/leads/score.h"
#include "monitor/store/near_misses.h"

struct recall {
	struct near_totals near;
	int64_t judged, good; /* verdicts on leads */
	double p, low, high;  /* means nothing while no near miss is judged */
};

int recall_read(struct store *s, const struct score_weights *w, struct arena *arena,
	struct recall *out, struct hark_err *err);

#endif
