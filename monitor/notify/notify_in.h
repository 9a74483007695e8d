/* What the parts of the notify thread share: its state (notify.c runs the loop, lanes and jobs) and the trip to
 * the store (notify_trip.c). */
#ifndef HARK_NOTIFY_NOTIFY_IN_H
#define HARK_NOTIFY_NOTIFY_IN_H

#include "monitor/base/rng.h"
#include "monitor/notify/lane.h"
#include "monitor/notify/notify.h"

#include <pthread.h>
#include <stdatomic.h>

/* One attempt: a list of deliveries, on a thread of its own or in the fetch loop. */
struct job {
	struct job *next;
	struct notify *n;
	struct delivery *list;
	pthread_t thread;
	bool has_thread, json;
};

struct notify {
	struct notify_options options;
	struct conf *conf; /* counted */
	struct lane *lanes;
	size_t lanes_n;
	struct delivery *results; /* to be recorded; owned */
	struct rng rng;
	bool check_orphans;
	bool knows_clock;
	int64_t ahead_ms; /* of the clock before the steady one, at the last trip */
	int64_t store_wait_ms, store_again_ms; /* after the store failed; steady */
	atomic_bool abandon;
	atomic_ullong sent, failed, dead;
	atomic_size_t on_the_way;

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t wake;
	bool stopping, woken;
	struct conf *next_conf; /* counted */
	struct job *done;
	size_t jobs_out;
};

int64_t notify_now(const struct notify *n);
/* The lane of a receiver, NULL: none. */
struct lane *notify_lane(struct lane *lanes, size_t n, const char *name);

/* Whether there is anything to record or to claim. */
bool notify_needs_trip(const struct notify *n, int64_t now_ms);
/* Not for a while after the store failed. */
bool notify_may_ask_store(const struct notify *n);
/* Records the results and, unless `closing`, claims rows for the lanes. */
void notify_go_to_store(struct notify *n, bool closing);

#endif
