/* Posts that are the evidence of open leads are looked at again by their link, where a source tells of no
 * deletions: 404 or 410, twice and hours apart, deletes the post as an event of its source would. Any other answer
 * changes nothing; where none comes, or trouble, it is asked for again the next day.
 *
 * DESIGN. recheck_turn() puts posts under watch that leads have come to rest on, takes a few links that are due,
 * no two of one site, and notes in the same transaction that they are on their way: what is lost to a crash is
 * looked at an hour later. Links are fetched like everything else, behind their host's budget and the
 * address guard, and not while their source is paused, closed or wants no request; private addresses only at the very origin an internal source is polled at, because links are
 * what somebody else wrote. A site's robots.txt is asked first and kept for a day, over a restart as well.
 *
 * Threads: recheck_turn() and recheck_free() belong to the main thread; answers come on fetch's. */
#ifndef HARK_PIPELINE_RECHECK_H
#define HARK_PIPELINE_RECHECK_H

#include "monitor/config/conf.h"
#include "monitor/fetch/fetch.h"
#include "monitor/store/store.h"

struct recheck;

struct recheck_options {
	struct fetch *fetch; /* must outlive it, but for its loop */
	/* Runs `fn` inside a transaction and waits for its end. */
	int (*write)(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err),
		void *arg, struct hark_err *err);
	void (*wake)(void *ctx); /* there is a reason for a turn; any thread */
	void *ctx;
};

struct recheck *recheck_new(const struct recheck_options *options); /* NULL: no memory */
/* When no answers can come any more. NULL is fine. */
void recheck_free(struct recheck *r);
/* Stores what has been found and looks at what is due. */
void recheck_turn(struct recheck *r, const struct conf *conf);

#endif
