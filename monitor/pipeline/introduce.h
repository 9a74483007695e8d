/* A worker looks up who wrote the posts of a batch, and whose profiles have changed, among the people that are known. */
#ifndef HARK_PIPELINE_INTRODUCE_H
#define HARK_PIPELINE_INTRODUCE_H

#include "monitor/people/who.h"
#include "monitor/pipeline/batch.h"

/* Only posts in which something was found or whose author tells of a job move of his own (overhear.h first), and
 * profiles that tell of a change, are asked for: the cost grows with these alone. Answers live in the batch's arena; without memory for one its author stays unknown. `w` may be NULL: nobody is known. */
void introduce(const struct who *w, struct who_scratch *s, struct batch *b);
/* A copy; NULL: it says nothing, or there is no memory. */
const struct who_answer *introduce_keep(struct arena *arena, const struct who_answer *answer);

#endif
