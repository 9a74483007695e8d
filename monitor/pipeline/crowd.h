/* How many sources of one host may be in fetch at a time. The others stand in line here, so that a slow or
 * spaced host does not take the places of all.
 *
 * Scheme, host and port of the URL are the key, as in fetch/host.h. What waits in fetch for its host only
 * has to be there when its turn comes. Fetch thread; no I/O, no clock. */
#ifndef HARK_PIPELINE_CROWD_H
#define HARK_PIPELINE_CROWD_H

#include "monitor/pipeline/source.h"

struct crowds; /* all hosts that have a source in fetch or in line */

/* NULL: no memory. */
struct crowds *crowds_new(void);
/* Nobody may have a place or stand in line. NULL is fine. */
void crowds_free(struct crowds *cs);
/* Places for each host; 0, as at first: no bound. */
void crowds_set_most(struct crowds *cs, size_t most);

/* True: `source` has a place in fetch for a poll of `url` (without memory to count it, too). False: it
 * stands in line. One that has got its place from crowd_next() keeps it. */
bool crowd_enter(struct crowds *cs, struct source *source, const char *url);
/* Gives back the place or leaves the line, whatever the source has. */
void crowd_leave(struct crowds *cs, struct source *source);
/* The next source that has come from a line to a place; NULL: none. */
struct source *crowd_next(struct crowds *cs);
/* Calls `fn` for each source in line. It may call crowd_leave() for that one. */
void crowds_each(struct crowds *cs, void (*fn)(void *ctx, struct source *source), void *ctx);

#endif
