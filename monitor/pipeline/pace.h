/* When a source is asked again. Pure: state in, state out, `now` is an argument.
 *
 * The promise: never before max(interval, max-age, ttl, Retry-After), each capped at a day; a source
 * that fails is asked ever less often, down to once a day, and never given up; a failure of our own
 * network counts against no source; 410 pauses until an admin says otherwise. */
#ifndef HARK_PIPELINE_PACE_H
#define HARK_PIPELINE_PACE_H

#include "monitor/base/hours.h"
#include "monitor/base/rng.h"
#include "monitor/store/source_state.h"

enum poll_outcome {
	POLL_NEWS,    /* an answer with something new in it */
	POLL_SAME,    /* 304, or nothing new */
	POLL_FAILED,  /* no answer, an error status, or an answer that is not what it should be */
	POLL_REFUSED, /* 401, 403: waits for an admin, asks again once a day at most */
	POLL_GONE,    /* 410 */
	POLL_OFFLINE, /* our own network is down */
	POLL_QUOTA,   /* we have had our share: nobody's failure */
};

struct pace_limits {
	int64_t every_ms; /* as configured: the fastest pace */
	bool steady;      /* keep that pace however quiet the source is */
};

#define PACE_DAY_MS (24 * 3600 * 1000LL)

/* Updates failures, interval_ms, due_ms and paused of `state`. `retry_after_ms` and `max_age_ms` are
 * what the reply said, 0 if nothing. */
void pace_next(struct source_state *state, const struct pace_limits *limits,
	enum poll_outcome outcome, int64_t retry_after_ms, int64_t max_age_ms, int64_t now_ms,
	struct rng *rng);

/* Where the last answer, or failure, is yet to come by the clock, that was set back: what is due keeps its distance from
 * it. */
void pace_set_back(struct source_state *state, int64_t now_ms);

/* When a source that is due at `due_ms` may be asked: then, or where its hours (NULL: any) are closed then, after
 * they open. Those that came due while they were closed do not come all at once: each keeps its place in the
 * interval, as far as that fits into half of the hours. Wall clock. */
int64_t pace_within(const struct hours *hours, int64_t due_ms, int64_t every_ms);

#endif
