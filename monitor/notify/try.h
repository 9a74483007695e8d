/* A test alert to a receiver, by hand, and what it answers: for hark notify test and the API. */
#ifndef HARK_NOTIFY_TRY_H
#define HARK_NOTIFY_TRY_H

#include "monitor/notify/receiver.h"

/* One that says in every field a person may see that it is a test, and `why` it comes. Owned by the caller; takes a
 * count of `conf`. NULL: no memory. */
struct delivery *try_delivery(
	struct conf *conf, const struct conf_receiver *receiver, const char *why, int64_t now_ms);
/* What a receiver that is posted to is asked with. Owned by the caller. NULL: it cannot be. */
struct fetch *try_fetch(const struct conf *conf, struct hark_err *err);
/* Sends it on this thread, within the time-out of the receiver; SIGPIPE is to be ignored. `fetch`: NULL for one that
 * is not posted to. False: there was no answer at all. */
bool try_send(struct delivery *d, struct fetch *fetch, int64_t now_ms);

#endif
