/* Posts of tests with all that polls give them to be compared by. */
#ifndef HARK_TESTS_UNIT_KEYED_H
#define HARK_TESTS_UNIT_KEYED_H

#include "monitor/pipeline/keys.h"
#include "rules/fold.h"

static inline int post_keys(struct batch_post *posts, size_t n, struct arena *arena)
{
	int rc = fold_init() == HARK_OK ? keys_name(posts, n, arena) : HARK_ENOMEM;
	for (size_t i = 0; i < n; i++) {
		keys_say(&posts[i]);
	}
	return rc;
}

#endif
