/* One poll of one source by hand: scheduler, fetch and poll are the daemon's own, run on the calling
 * thread, but what comes of it is kept in memory instead of being matched and stored. No store is opened.
 *
 *	struct trial t;
 *	if (trial_run(&t, setup, i, &options, err) == HARK_OK) {
 *		… t.requests, t.batches, t.state …
 *	}
 *	trial_release(&t);
 */
#ifndef HARK_PIPELINE_TRIAL_H
#define HARK_PIPELINE_TRIAL_H

#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/poll.h"

#include <stdatomic.h>

struct trial_options {
	bool later; /* as a poll after the first: everything is new, so that pages and details
	                       are asked for */
	const char
		*cursor; /* where the poll begins, as a connector gave it; NULL: at the beginning */
	unsigned requests_max;
	const atomic_bool *stop; /* set by a signal handler or another thread: the poll ends; NULL: never */
	/* The next request has to wait for the source's rates; called once a wait. NULL: nobody asks. */
	void (*waits)(int64_t wait_ms);
};

/* A request that was sent. Strings live in the trial's arena. */
struct trial_request {
	const char *method;
	struct str url; /* without secrets */
	struct str to;  /* where redirects led; absent: nowhere else */
	bool is_login;
	int status;   /* 0: no answer */
	size_t bytes; /* of the answer, unpacked */
	int64_t took_ms;
	struct str error; /* absent: there was an answer */
};

struct trial {
	struct arena arena;
	struct trial_request *requests;
	size_t requests_n, requests_cap;
	struct batch **batches; /* owned, one a reply that was read, in order */
	size_t batches_n, batches_cap;
	struct source_state
		*state;          /* owned; what the daemon would remember; NULL: nothing was read */
	struct conf_source conf; /* of the source: as configured, but not paused */
	struct hark_bucket buckets[RATES_MAX]; /* the rates it keeps */
	size_t buckets_n;
	bool stopped; /* by `stop` */
	bool cut;     /* after `requests_max` requests; the poll would have gone on */
	size_t left;  /* requests the connector asked for that were not wanted or not come to */
};

/* Polls sources[at] of the setup. HARK_OK: it was tried, whatever came of it. Release *out in any case. */
int trial_run(struct trial *out, struct setup *setup, size_t at,
	const struct trial_options *options, struct hark_err *err);
void trial_release(struct trial *t);

#endif
