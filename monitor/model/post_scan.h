/* The two ways of reading a Post from JSON; post_read_json() takes the first that answers. */
#ifndef HARK_MODEL_POST_SCAN_H
#define HARK_MODEL_POST_SCAN_H

#include "monitor/model/post.h"

/* Without a tree, in one pass: what filters read all day. False: something here is unusual (a lone
 * surrogate, a member given twice, a fraction, a wrong type, no JSON at all, no memory …) and the
 * other way must decide; *p is worthless then. What it takes it reads as the other way does. *has_other:
 * and it has members that no post has. */
bool post_scan_json(struct post *p, struct str json, struct arena *arena, bool *has_other);

/* Through jansson: every Post, and the sentence that says what is wrong with what is none. */
int post_read_tree(struct post *p, struct str json, struct arena *arena, struct hark_err *err);

/* Whether a Post has such a member, or its author or engagement. */
enum post_part {
	POST_ITSELF,
	POST_AUTHOR,
	POST_ENGAGEMENT,
};
bool post_knows(enum post_part part, struct str key);

#endif
