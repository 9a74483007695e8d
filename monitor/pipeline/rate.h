/* The rates a source keeps (bucket.h), under the names they are shared by: its host, its credential or
 * itself. The scheduler's thread. `scratch` holds what a key is made of, until the caller resets it. */
#ifndef HARK_PIPELINE_RATE_H
#define HARK_PIPELINE_RATE_H

#include "monitor/base/arena.h"
#include "monitor/pipeline/bucket.h"
#include "monitor/pipeline/source.h"

/* Milliseconds until the source may ask for `url`, 0: now. One's own network has no rates. */
int64_t rate_wait(
	struct buckets *b, const struct source *src, const char *url, struct arena *scratch);
/* Counts a request for `url`. */
void rate_take(struct buckets *b, struct source *src, const char *url, struct arena *scratch);
/* Notes in the source how full its buckets are, to be stored with what came of the request. */
void rate_note(struct buckets *b, struct source *src);
/* What a reply said of its credential holds for all who use it. */
void rate_hold(struct buckets *b, const struct source *src, int64_t now_ms, struct arena *scratch);

#endif
