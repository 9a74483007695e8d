/* A worker reads how the posts of a batch speak of us. */
#ifndef HARK_PIPELINE_HEAR_H
#define HARK_PIPELINE_HEAR_H

#include "monitor/pipeline/batch.h"
#include "rules/classify/tone.h"

/* Only posts in which rules found that they are about us are read: the cost grows with these alone. What is read lives in
 * the batch's arena. `r` may be NULL: rules alone say how a post speaks. */
void hear(struct tone_reader *r, struct batch *b);

#endif
