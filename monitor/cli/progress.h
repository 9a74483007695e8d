/* How far a long job is, on stderr when that is a terminal and nowhere otherwise.
 *
 *	struct progress p;
 *	progress_start(&p, "importing", total);
 *	for (…) { …; progress_set(&p, done); }
 *	progress_end(&p);             // takes the line away
 *
 * Nothing is drawn in the first moments, so short jobs do not flicker. One thread at a time. */
#ifndef HARK_CLI_PROGRESS_H
#define HARK_CLI_PROGRESS_H

#include "monitor/base/buf.h"

struct progress {
	const char *what;    /* borrowed until progress_end() */
	int64_t total, done; /* items; total 0: not known */
	int64_t started_ms, drawn_ms;
	bool visible; /* stderr is a terminal */
	bool dirty;   /* a line stands on it */
};

void progress_start(struct progress *p, const char *what, int64_t total);
/* `done` counts from the start; cheap, call it for every item. */
void progress_set(struct progress *p, int64_t done);
/* Clears the line, so that what is printed next starts clean. */
void progress_end(struct progress *p);

/* The line itself: "importing  [#####.....]  512/1024  50%  256/s  2 s left". Pure. */
void progress_line(const struct progress *p, int64_t now_ms, size_t width, struct buf *out);

#endif
