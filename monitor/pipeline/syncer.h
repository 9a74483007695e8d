/* The thread that waits for the disk in the writer's place.
 *
 * The writer commits and goes on with what comes next; what is committed comes here, in that order, and is
 * told only when it is on the disk (one sync serves all that waits): then a source may be polled again, a
 * command is answered, an alert is sent, a push has its answer. So whoever was told that something is stored
 * finds it again after a loss of power too; only who reads the database at that moment may see it some
 * milliseconds earlier. Once nothing comes for a moment the log is moved to its place in the database, beside the
 * writer, and when it gets long.
 *
 * Once a sync has failed nobody knows what is on the disk, so everything that comes later fails, too. */
#ifndef HARK_PIPELINE_SYNCER_H
#define HARK_PIPELINE_SYNCER_H

#include "monitor/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct syncer;

struct syncer_options {
	const char *store; /* its url; copied */
	/* On the syncer's thread, which gives `item` away. `failure`: NULL, it is on the disk. */
	void (*synced)(void *ctx, void *item, const struct hark_err *failure);
	void *ctx;
};

/* NULL: no memory, no thread. A store that cannot be opened is a failed sync. */
struct syncer *syncer_start(const struct syncer_options *options);
/* Syncs what waits, ends the thread, frees. Nobody may push any more; NULL is fine. */
void syncer_join(struct syncer *s);
/* `item` is committed, with a log of so many pages. Waits while many wait for the disk. */
void syncer_push(struct syncer *s, void *item, size_t log_pages);
/* Since when one sync lasts, on the steady clock; `now_ms`: none does. */
int64_t syncer_beat(struct syncer *s, int64_t now_ms);

#endif
