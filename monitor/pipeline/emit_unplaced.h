/* What strangers have said of us is placed when people change: an import, a review or a merge may say whose it is. By
 * the same evidence as when it was read, so that nobody is known by a name alone. */
#ifndef HARK_PIPELINE_EMIT_UNPLACED_H
#define HARK_PIPELINE_EMIT_UNPLACED_H

#include "monitor/people/who.h"
#include "monitor/pipeline/emit_lead.h"

/* How far it has come; all 0: at the start. */
struct emit_unplaced_at {
	int64_t author;
};

/* The next authors of whom something waits, in the caller's transaction: only their posts are looked at. `who` may be
 * NULL: nobody is known. *out is added to; true: there are more. Doing it again changes nothing. */
bool emit_unplaced(struct store *s, const struct conf *conf, const struct who *who, int64_t now_ms,
	struct emit_unplaced_at *at, struct emit_counts *out);

#endif
