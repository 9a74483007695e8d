/* What people judged, and what of it asks to be judged or changed: for the command line and the API alike. */
#ifndef HARK_API_JUDGED_VIEW_H
#define HARK_API_JUDGED_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/leads/precision.h"
#include "monitor/store/near_misses.h"

/* "relevant", "not-relevant", or "" of what is open. */
const char *near_verdict_name(const struct near_row *row);
/* One object; `sample->id` 0: none was taken, and that is said. */
void near_sample_json(
	const struct near_sample *sample, const struct near_row *v, size_t n, struct jsonout *j);

/* Whether there is anything to change for a row: a rule, or a symbol of the score. */
bool tuning_counts(const struct precision_row *row);
/* One list. Proposals. */
void tuning_json(
	const struct precision_row *v, size_t n, const struct score_weights *w, struct jsonout *j);

#endif
