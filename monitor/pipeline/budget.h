/* What a source may spend in a UTC day, as its connector says (struct hark_cost): counted when a request goes out and
 * stored with what came of it, page by page, so that a poll that is cut short has cost what it has cost.
 *
 * Pure, `now_ms` (wall clock) is an argument. Whoever holds the source may call. */
#ifndef HARK_PIPELINE_BUDGET_H
#define HARK_PIPELINE_BUDGET_H

#include "monitor/pipeline/source.h"

/* The request planned last goes out. */
void budget_send(struct source *src);
/* Units of today's, with those that are sent and not stored yet. */
int64_t budget_spent(const struct source *src, int64_t now_ms);
/* Whether `spent` and so many units that are to follow leave enough for one more. */
bool budget_allows(const struct hark_cost *cost, int64_t spent, int64_t to_follow);
/* When the next day begins. */
int64_t budget_renewed_ms(int64_t now_ms);
/* hark starts: a request of the source was perhaps on its way when it ended. False: it has no budget. */
bool budget_restart(struct source *src, int64_t now_ms);

#endif
