/* A stream line by line, each with a ceiling: what never ends, or holds no newline, stays bounded.
 *
 *	struct lines in;
 *	lines_init(&in, fd, 1 << 20);
 *	while ((rc = lines_next(&in, &line, &err)) != HARK_ENOENT) { … buf_clear(&line); }
 *
 * Reads with read(2), so that a line of a pipe is there as soon as it is written. Not thread-safe. */
#ifndef HARK_BASE_LINES_H
#define HARK_BASE_LINES_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#define LINES_BLOCK ((size_t)64 << 10)

struct lines {
	int fd; /* borrowed */
	size_t bytes_max;
	size_t number; /* of the line that lines_next() spoke of last, from 1 */
	bool skips;    /* inside a line that was too long */
	size_t from, to;
	char block[LINES_BLOCK];
};

/* `bytes_max`: of one line, without its newline. */
void lines_init(struct lines *l, int fd, size_t bytes_max);
/* Appends the next line, without its newline, to `out`, whose own ceiling must leave room for it.
 * HARK_ENOENT: the end. HARK_ELIMIT: this line is too long; nothing is appended, said as soon as it is
 * known, and the next call goes on behind it. HARK_EIO, HARK_ENOMEM: no use to go on. */
int lines_next(struct lines *l, struct buf *out, struct hark_err *err);
/* What lines_next() says of a line that is too long. Returns HARK_ELIMIT. */
int lines_refuse(size_t bytes_max, struct hark_err *err);

#endif
