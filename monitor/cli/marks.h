/* Text of a post with the places that matter marked: in colour, or by a line of ^~~~ below. */
#ifndef HARK_CLI_MARKS_H
#define HARK_CLI_MARKS_H

#include "monitor/base/buf.h"
#include "monitor/model/signal.h"

/* Appends the fields of a post that hold one of the spans, and always its title and text; lines
 * without a mark are left out where there are many. Above them is said that a post is private. `width`: columns of a line. */
void marks_write(const struct post *post, const struct span *spans, size_t n, size_t width,
	bool color, struct buf *out);

#endif
