/* A worker looks up who wrote the posts of a batch, and whose profiles have changed, among the people that are known. */
#ifndef HARK_PIPELINE_INTRODUCE_H
#define HARK_PIPELINE_INTRODUCE_H

#include "monitor/people/who.h"
#include "monitor/pipeline/batch.h"

/* Only posts in which something was found, and profiles that tell of a change, are asked for: the cost grows with these
 * alone. Answers live in the
 * batch's arena; without memory for one its author stays unknown. `w` may be NULL: nobody is known. */
void introduce(const struct who *w, struct who_scratch *s, struct batch *b);

#endif
