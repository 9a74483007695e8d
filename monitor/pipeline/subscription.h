/* One subscription at a hub (WebSub, W3C Recommendation of 23 January 2018, sections 5.1 to 5.3): what its hub
 * says and what is to be done next. Pure: `now_ms` is the wall clock, an argument.
 *
 * A subscription is asked for, verified by the hub, renewed when most of its lease has gone by, and left when
 * it is not wanted any more. A hub that fails or refuses is asked ever less often. */
#ifndef HARK_PIPELINE_SUBSCRIPTION_H
#define HARK_PIPELINE_SUBSCRIPTION_H

#include "monitor/base/rng.h"
#include "monitor/store/subscriptions.h"

#define SUBSCRIPTION_LEASE_S (10 * 86400) /* what is asked for; the hub decides */

enum subscription_act {
	SUBSCRIPTION_WAIT,
	SUBSCRIPTION_SUBSCRIBE, /* for the first time or again */
	SUBSCRIPTION_UNSUBSCRIBE,
	SUBSCRIPTION_FORGET,
};

/* What is due; a lease that has run out is noted. */
enum subscription_act subscription_due(struct subscription *s, int64_t now_ms);
/* Its request is on the way. */
void subscription_asked(struct subscription *s, int64_t now_ms);
/* The hub took it (`why` NULL), and is to ask back; or it did not. */
void subscription_answered(struct subscription *s, const char *why, int64_t retry_after_ms,
	int64_t now_ms, struct rng *rng);

/* A request of the hub: hub.mode, hub.topic and so on, absent where there is none. */
struct subscription_question {
	struct str mode, topic, challenge, lease_seconds, reason;
};
enum subscription_reply {
	SUBSCRIPTION_NO,    /* we did not ask for that: 404 */
	SUBSCRIPTION_YES,   /* the challenge is to be sent back */
	SUBSCRIPTION_TAKEN, /* a refusal is noted */
};
enum subscription_reply subscription_verify(struct subscription *s,
	const struct subscription_question *q, int64_t now_ms, struct rng *rng);

/* Its hub refused, or failed more than once: where there is another, that is asked. */
bool subscription_has_failed(const struct subscription *s);
/* Not wanted any more. True: the hub need not be told, forget it. */
bool subscription_leave(struct subscription *s, int64_t now_ms);
/* After a restart: the hub may have given us up meanwhile, so it is asked again soon. */
void subscription_restart(struct subscription *s, int64_t now_ms, struct rng *rng);

/* News come by it: polls may be rarer. */
bool subscription_is_active(const struct subscription *s, int64_t now_ms);

#endif
