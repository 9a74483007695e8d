/* How a source is, after each poll: whether there is a gap in what was heard of it, what is usual for it, and
 * which alarms stand. Runs where poll_batch() does. */
#ifndef HARK_PIPELINE_POLL_HEALTH_H
#define HARK_PIPELINE_POLL_HEALTH_H

#include "connectors/collect.h"
#include "monitor/pipeline/batch.h"
#include "monitor/pipeline/pace.h"
#include "monitor/pipeline/source.h"

/* A reply that was read; before its posts are told apart. */
void health_reply(struct batch *b, const struct source *src, const struct collected *got);
/* An answer without a byte that is new. */
void health_same(struct batch *b, bool not_modified);
/* The end of each reply, after pace_next() and while the source still has the pages of its poll. `unreadable`: it
 * came, and was not what this source answers. */
void health_end(struct batch *b, struct source *src, enum poll_outcome outcome, bool unreadable,
	int64_t now_ms);

/* News came without a poll. */
void health_pushed(struct batch *b, int64_t now_ms);

#endif
