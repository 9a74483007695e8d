/* One reply becomes one batch: judge the answer, parse it, drop what the last reply already had,
 * match the rest, and work out what the source's row will say. No I/O; runs on a worker. */
#ifndef HARK_PIPELINE_POLL_H
#define HARK_PIPELINE_POLL_H

#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/batch.h"
#include "monitor/pipeline/pace.h"
#include "monitor/pipeline/source.h"

/* A source on its way to a worker, with its reply. Owned by whoever holds it. */
struct poll_job {
	struct source *source;
	struct fetch_reply *reply;
	bool offline; /* half of all hosts do not answer: our own network is down */
};

void poll_job_free(struct poll_job *job); /* with source and reply */

/* Fills the request for the next page or the next poll; strings live in `arena` or the source. */
int poll_request(struct source *source, struct fetch_request *out, struct arena *arena,
	struct hark_err *err);

/* An answer as the connector sees it; borrowed from the source, the reply and `arena`. */
void poll_reply(const struct source *source, const struct fetch_reply *r, struct arena *arena,
	struct hark_reply *out);

/* The batch owns nothing of the job; `batch.user` is the source. Malformed answers become a batch
 * without posts whose state says what is wrong. NULL: no memory. */
struct batch *poll_batch(struct poll_job *job, struct matcher *m, int64_t now_ms, struct rng *rng);
/* A batch that only says what went wrong, where there is no reply at all. */
struct batch *poll_failure(
	struct source *source, const char *error, int64_t now_ms, struct rng *rng);

void batch_free(struct batch *b); /* not the source */

/* The parts of it that serve what comes without a poll as well (push.h): an empty batch of the source, NULL
 * without memory, and the posts of a reply, matched. What is remembered of them lasts until
 * source_pages_reset(). */
struct batch *poll_batch_new(struct source *src, int64_t received_ms);
/* What is damaged in the reply, or left out of it. `file`: NULL where all replies are one place. */
void poll_mark_degraded(struct batch *b, const struct collected *got, const char *file);
int poll_take(struct batch *b, struct source *src, const struct collected *got, struct matcher *m);
/* What the next reply is compared with: the items taken, and with `add` those before as well. HARK_ENOMEM. */
int poll_remember(struct batch *b, struct source *src, bool add);

#endif
