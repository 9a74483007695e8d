/* The second half of emitting: a kept signal makes or joins a lead, and a lead makes alerts. */
#ifndef HARK_PIPELINE_EMIT_LEAD_H
#define HARK_PIPELINE_EMIT_LEAD_H

#include "monitor/pipeline/emit.h"
#include "monitor/store/optouts.h"

/* The row of an author, by a fingerprint of everything that is said about them. */
struct author_slot {
	uint64_t hash; /* 0: free */
	int64_t row;
};

/* One emit_batch() under way. */
struct emitter {
	struct store *store;
	const struct conf *conf;
	const struct batch *batch;
	int64_t now_ms, source;
	struct emit_counts *counts;
	struct optouts optouts;
	struct arena scratch;        /* of one post or one lead */
	int64_t next_id;             /* of the posts' block */
	bool awaited;                /* replies of this source came before their posts */
	struct author_slot *authors; /* those seen in this batch; owned */
	int64_t *touched;            /* leads with live evidence of this batch, in order; owned */
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
