/* What the notifier knows of one receiver, and what it wants from the outbox for it. Used on the
 * notify thread only. */
#ifndef HARK_NOTIFY_LANE_H
#define HARK_NOTIFY_LANE_H

#include "monitor/notify/breaker.h"
#include "monitor/notify/delivery.h"
#include "monitor/store/receivers.h"

/* An outbox is looked into at least so often while a receiver has room. */
#define LANE_LOOK_MAX_MS 60000

struct lane {
	char *name;                           /* owned */
	const struct conf_receiver *receiver; /* in the notifier's configuration */
	struct breaker breaker;
	enum receiver_health health;
	bool health_known;  /* read from the store since the start or the last reload */
	bool health_change; /* to be written there */
	int last_status;
	char last_error[300];

	struct delivery *ready, **ready_tail; /* claimed, not started; owned */
	size_t ready_n;
	size_t jobs;     /* attempts on their way, */
	size_t rows_out; /* with so many rows */
	int64_t look_ms; /* when to look into the outbox again */
	int64_t last_ms; /* when the last attempt started */
};

/* False: no memory. */
bool lane_init(struct lane *l, const struct conf_receiver *receiver);
/* `ready` must be empty. */
void lane_release(struct lane *l);

/* Chats take a message a second (docs.slack.dev/apis/web-api/rate-limits). */
#define LANE_CHAT_SPACING_MS 1000

/* Files and standard output take many rows in one attempt, the others one. */
bool lane_takes_many(const struct lane *l);
/* Whether it is time to look into the outbox. */
bool lane_looks(const struct lane *l, int64_t now_ms);
/* How many rows to claim now. */
size_t lane_wants(const struct lane *l, int64_t now_ms);
/* When lane_wants() may be more than now. */
int64_t lane_next_ms(const struct lane *l, int64_t now_ms);
void lane_put(struct lane *l, struct delivery *d);
/* The deliveries of the next attempt, a list; NULL: none may start. */
struct delivery *lane_take(struct lane *l, int64_t now_ms);
/* All that is ready, as a list. */
struct delivery *lane_take_all(struct lane *l);
/* An attempt of lane_take() has ended with these deliveries. */
void lane_ended(struct lane *l, const struct delivery *list, int64_t now_ms);

#endif
