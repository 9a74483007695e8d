/* Tells what waits for the digest of a receiver, or came when its budget was used up: all of it in one message,
 * the strongest first. It is due at the times of its digest; without one, once the budget's time has passed since the
 * first of what waits. A digest whose time came while harkd did not run is made when it does. */
#ifndef HARK_PIPELINE_OVERFLOW_TELL_H
#define HARK_PIPELINE_OVERFLOW_TELL_H

#include "monitor/config/conf.h"
#include "monitor/store/store.h"

/* Makes the messages that are due, in the transaction the caller has open. *made: how many. What waits in the
 * quiet hours of its receiver goes on waiting; leads that somebody works on by now are left out. */
int overflow_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err);

#endif
