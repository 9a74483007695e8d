/* One message that a peer sent us, on its way through worker and writer and back to who must answer it.
 *
 * A push belongs to whoever made it until scheduler_push(), to its source until `done` is called (on the
 * fetch thread, or by whoever takes the pipeline apart), then to `done`. Only what has `stored` set may be
 * answered as taken: everything else is gone when the process dies. */
#ifndef HARK_PIPELINE_PUSH_H
#define HARK_PIPELINE_PUSH_H

#include "monitor/base/buf.h"
#include "monitor/base/rng.h"
#include "rules/rules.h"

struct source;
struct batch;

struct push_skip {
	long item; /* from 0 */
	char *why; /* owned */
};

struct push {
	char *source; /* owned; its name */
	struct buf body;
	char *content_type;  /* owned, or NULL */
	int64_t received_ms; /* wall clock */
	/* Of a hub: the address of what it tells of, owned; NULL: of a peer. Its source is polled as well. */
	char *topic;
	bool is_ping; /* … who cannot be told from others: no more than a reason to poll */

	/* What became of it. */
	enum push_end {
		PUSH_LATER, /* not now: it could not be stored */
		PUSH_READ,
		PUSH_BAD,  /* it cannot be read, `why` */
		PUSH_GONE, /* there is no such source any more, or it rests, `why` */
	} end;
	bool stored; /* and on the disk */
	char why[500];
	size_t posts, profiles;  /* taken */
	size_t fresh;            /* posts that were not known */
	size_t skipped;          /* items that became no record */
	struct push_skip *skips; /* owned; the first of them */
	size_t skips_n;
	char *left_out; /* owned; what of those taken was left out, the first of it; NULL: nothing */

	void (*done)(void *ctx, struct push *push);
	void *ctx;
	struct push *next; /* whoever's it is */
};

/* Copies. NULL: no memory. */
struct push *push_new(struct str source, struct str body, struct str content_type);
void push_free(struct push *p); /* NULL is fine */

/* The batch of the push its source is out with. Never a baseline: what is pushed is new. What cannot be
 * read becomes a batch without posts; from a hub, it brings the next poll forward. NULL: no memory. Runs on a
 * worker. */
struct batch *push_batch(struct source *source, struct matcher *m, int64_t now_ms);

/* Ends a push, or a list of them, with a sentence. */
void push_end(struct push *p);
void push_end_all(struct push **list, enum push_end end, const char *why);

#endif
