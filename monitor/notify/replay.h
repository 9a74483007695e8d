/* Alerts that were given up (dead) or kept back (held), for the command line and the API alike: as one object, and sent
 * again. */
#ifndef HARK_NOTIFY_REPLAY_H
#define HARK_NOTIFY_REPLAY_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/store/outbox.h"

/* One whole object, without what the alert says. */
void alert_json(const struct outbox_row *r, struct jsonout *j);

/* HARK_ENOENT: there is no such receiver; one that is no longer in the configuration is there as long as anything of it
 * is. */
int alerts_check_receiver(struct store *s, const struct conf *conf, struct str name,
	struct arena *arena, struct hark_err *err);

/* Makes one due again by its id, or (id 0) all of a receiver, or (receiver absent too) all; their receivers are tried
 * again, disabled or not. In the transaction the caller has open. *n: how many. HARK_ENOENT: there is no such alert
 * or receiver. */
int alerts_replay(struct store *s, const struct conf *conf, int64_t id, struct str receiver,
	int64_t now_ms, struct arena *arena, size_t *n, struct hark_err *err);

#endif
