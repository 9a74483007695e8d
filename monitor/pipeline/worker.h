/* The workers: reply in, batch out. Each has a matcher of its own for the current rules. */
#ifndef HARK_PIPELINE_WORKER_H
#define HARK_PIPELINE_WORKER_H

#include "monitor/base/queue.h"
#include "monitor/base/rng.h"
#include "monitor/pipeline/setup.h"

#include <stdatomic.h>

struct worker;
struct batch;
struct poll_job;
struct source;
struct tone_model;

struct worker_options {
	struct queue *jobs; /* struct poll_job */
	/* Hands a batch on; takes it (and its source) in any case. Called by workers. */
	void (*deliver)(void *ctx, struct batch *batch);
	/* A source whose poll could not be worked on for lack of memory. */
	void (*give_up)(void *ctx, struct source *source);
	/* The setup in force, with a count for the caller. */
	struct setup *(*setup)(void *ctx);
	/* Whether a hub tells of the source's news. */
	bool (*subscribed)(void *ctx, const char *source);
	const struct tone_model *tone; /* outlives the worker; NULL: nobody reads tones */
	void *ctx;
	atomic_llong *beat; /* steady time of the last sign of life */
};

/* Starts a thread. NULL: no memory or no thread. */
struct worker *worker_start(const struct worker_options *options);
/* Waits until the jobs queue is closed and empty, then frees the worker. */
void worker_join(struct worker *w);

/* What a worker does with a job: reads the file if it is one, then poll_batch(). */
struct batch *worker_read(struct poll_job *job, struct matcher *m, int64_t now_ms, struct rng *rng);

#endif
