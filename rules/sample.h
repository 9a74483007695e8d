/* Posts that hark makes up to measure rules with: everyday words as often as in common speech, the
 * rest invented, 2,000 of about 30 words. The same every time. */
#ifndef HARK_RULES_SAMPLE_H
#define HARK_RULES_SAMPLE_H

#include "monitor/base/arena.h"
#include "monitor/model/post.h"

#define SAMPLE_POSTS 2000

/* The i-th post, its text in `arena`; false: no memory. */
bool sample_post(size_t i, struct arena *arena, struct post *out);

#endif
