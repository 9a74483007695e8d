/* A worker looks for job moves in the words of a batch's posts, and for whom they tell of among the people that are
 * known. */
#ifndef HARK_PIPELINE_OVERHEAR_H
#define HARK_PIPELINE_OVERHEAR_H

#include "monitor/people/who.h"
#include "monitor/pipeline/batch.h"
#include "rules/classify/move.h"

/* Before introduce(). The name alone says who it may be, with the employer on record who it is. Where nobody is known
 * (`w` NULL or empty) nothing is looked for; a job advertisement tells of nobody, and the sentences that connectors
 * write about a profile (connectors/move.h) say what is known already. Without memory a move is not found. */
void overhear(struct move_finder *f, const struct who *w, struct who_scratch *s, struct batch *b);

#endif
