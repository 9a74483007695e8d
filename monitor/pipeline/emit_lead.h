/* The second half of emitting: a kept signal makes or joins a lead, and a lead makes alerts. */
#ifndef HARK_PIPELINE_EMIT_LEAD_H
#define HARK_PIPELINE_EMIT_LEAD_H

#include "monitor/pipeline/emit.h"
#include "monitor/store/optouts.h"

/* One emit_batch() under way. */
struct emitter {
	struct store *store;
	const struct conf *conf;
	const struct batch *batch;
	int64_t now_ms, source;
	struct emit_counts *counts;
	struct optouts optouts;
	struct arena scratch; /* of one post or one lead */
	int64_t *touched;     /* leads with live evidence of this batch, in order; owned */
	size_t touched_n, touched_cap;
};

/* Makes or joins the lead of a stored signal. `published`: of its post. */
void emit_lead(struct emitter *e, const struct signal *signal, int64_t signal_id, int64_t published,
	bool historic);
/* Two stories became one: leads that counted them as two count again. */
void emit_story_merged(struct emitter *e, int64_t story);
/* After the last post: one outbox row for each touched lead and each receiver whose route matches. The
 * payload then holds all the evidence of the batch. */
void emit_alerts(struct emitter *e);

#endif
