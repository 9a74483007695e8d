/* When to try again. Pure: no clock, no I/O; the caller adds the wait to its own `now`. */
#ifndef HARK_FETCH_RETRY_H
#define HARK_FETCH_RETRY_H

#include "monitor/base/rng.h"

#define RETRY_DAY_MS INT64_C(86400000)
/* Attempts the webhook schedule has, the first included. */
#define RETRY_WEBHOOK_TRIES 10

/* The wait after the n-th failure in a row: `base_ms` doubled with each further one, ±20 % so that
 * sources that failed together do not come back together, and never more than a day: a source is
 * asked daily for ever. No failures, or a base above a day: the base. */
int64_t retry_backoff_ms(int failures, int64_t base_ms, struct rng *rng);

/* The wait before attempt `attempt` (0 is the first), counted from the end of the one before, ±10 %:
 * 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, as Standard Webhooks 1.0.0 advises.
 * -1: there is no such attempt, the delivery is dead. */
int64_t retry_webhook_ms(int attempt, struct rng *rng);

#endif
