/* A receiver as it is now, and what came of a test alert to it, as the command line and the API show them. */
#ifndef HARK_API_RECEIVER_VIEW_H
#define HARK_API_RECEIVER_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/store/outbox.h"
#include "monitor/store/receivers.h"

struct delivery;

struct receiver_view {
	const struct conf_receiver *receiver;
	enum receiver_health health;
	int64_t left_ms;   /* its reader wants no more mails since; 0: does */
	int64_t digest_ms; /* the next digest; 0: has none */
	int64_t held, dead, withdrawn;
	int64_t waiting;    /* to be sent: in quiet hours, or again after a failure */
	int64_t waiting_ms; /* until when the first of them is; 0: it goes out now */
};

/* Of a receiver of the configuration. */
int receiver_view_load(struct receiver_view *v, struct store *s, const struct conf_receiver *r,
	int64_t now_ms, struct arena *arena, struct hark_err *err);
/* "ok", "unsubscribed" …, "webhook", "mail" …: constants. */
const char *receiver_view_state(const struct receiver_view *v);
const char *receiver_view_type(const struct receiver_view *v);
/* One object each. */
void receiver_view_json(const struct receiver_view *v, struct jsonout *j);
void receiver_try_json(const struct delivery *d, struct jsonout *j);
/* `ended`: somebody had ended its mails; `held`: alerts that were kept meanwhile. */
void receiver_subscribed_json(struct str name, bool ended, int64_t held, struct jsonout *j);

#endif
