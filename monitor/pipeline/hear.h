/* A worker reads how the posts of a batch speak of us. */
#ifndef HARK_PIPELINE_HEAR_H
#define HARK_PIPELINE_HEAR_H

#include "monitor/pipeline/batch.h"
#include "rules/classify/tone.h"

/* Only posts in which rules found that they are about us are read, and of these only what names somebody: the words of
 * nobody make no statement, so such a post waits until it turns out to be an edit of one that did. So does all but the tone
 * of a post that says nothing of us, which may also hand on an offer. The cost grows with these alone. What is read lives in
 * the batch's arena. `r` may be NULL: rules alone say how a post speaks. */
void hear(struct tone_reader *r, struct batch *b);
/* Reads what waits; the result lives in `arena`. Any thread: the batch's model is shared. */
struct statement_read hear_late(
	const struct batch *b, const struct batch_post *bp, struct arena *arena);
/* Whether the post asks something: as `hark classify` tells, or by a question mark where it cannot read the text. Any
 * thread. */
bool hear_question(const struct batch *b, const struct batch_post *bp);

#endif
