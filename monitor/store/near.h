/* Copies that are not word for word equal: which stored posts a text is a copy of (rules/copy.h). What may be
 * one is found in memory (clusters.h), then the row is read and compared, so a text that is gone, or too old,
 * has no copies any more. Inside the caller's transaction, whose commit reports failures. */
#ifndef HARK_STORE_NEAR_H
#define HARK_STORE_NEAR_H

#include "monitor/store/posts.h"

struct clusters_text;
struct copy_look;

#define POST_NEAR_MAX 8

struct post_near {
	struct {
		int64_t id, story;
		bool is_cut; /* its text ends in "…" */
	} v[POST_NEAR_MAX];  /* oldest first */
	size_t n;
	bool is_core; /* it is to be an original too: clusters_is_core() */
	uint64_t parts[POST_PARTS]; /* what the text is to be found by, if it becomes an original */
	size_t parts_n;
};

void store_post_find_near(struct store *s, const struct clusters_text *text, struct post_near *out);
/* Copies of it will be looked for soon: the memory brings what is needed for that meanwhile. */
void store_post_near_soon(struct store *s, const struct copy_look *look);
/* Others are not compared with this original any more: another takes its place. */
void store_post_retire(struct store *s, int64_t id);

#endif
