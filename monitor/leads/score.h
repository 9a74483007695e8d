/* A lead's score: the sum of its symbols, between 0 and 100 (monitor/model/score.h). Pure; the same in
 * whatever order evidence came. */
#ifndef HARK_LEADS_SCORE_H
#define HARK_LEADS_SCORE_H

#include "monitor/model/lead.h"

/* From score_max, posts (stories), flags and traits. */
void score_lead(const struct score_weights *w, const struct lead *lead, struct lead_score *out);
/* The total alone. */
int score_total(const struct score_weights *w, const struct lead *lead);

#endif
