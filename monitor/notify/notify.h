/* Delivers the outbox: claims rows that are due, sends each through its receiver, records what came
 * of it. At least once: a row is marked sent after the receiver has taken it, so a crash between the
 * two sends it again, with the same delivery id.
 *
 * DESIGN: one lane per receiver, so that a dead receiver delays nobody: each lane claims its own rows
 * and has its own slots, its own pause (Retry-After) and its own circuit breaker: after five failures
 * in a row one attempt a minute goes out until one succeeds. Failed rows come back by the published
 * schedule of Standard Webhooks (75 hours, ten attempts), then become dead letters, which an admin
 * lists and replays. A webhook that answers 410 is disabled and its rows are kept.
 *
 * Webhooks go through the fetch loop; files, programs and standard output have threads of their own,
 * as long as there is something to send. The notify thread itself never waits for a receiver.
 *
 * Thread: notify_run() has one of its own; notify_wake(), notify_set_conf() and notify_stop() from
 * any. */
#ifndef HARK_NOTIFY_NOTIFY_H
#define HARK_NOTIFY_NOTIFY_H

#include "monitor/config/conf.h"
#include "monitor/fetch/fetch.h"
#include "monitor/store/store.h"

struct notify;

/* Runs `fn` inside a transaction on the store's thread and waits for its end. A failure of `fn` takes
 * everything back. */
typedef int (*notify_write_fn)(void *ctx,
	int (*fn)(struct store *s, void *arg, struct hark_err *err), void *arg,
	struct hark_err *err);

struct notify_options {
	struct conf *conf;   /* counted: the notifier takes its own count */
	struct fetch *fetch; /* for webhooks; must outlive the notifier */
	notify_write_fn write;
	void *write_ctx;
	bool json; /* receivers of type stdout print JSON Lines instead of a line for people */
	/* Wall clock, NULL: the system's. Tests bring their own. */
	int64_t (*now)(void *ctx);
	void *now_ctx;
};

struct notify_stats {
	uint64_t sent, failed, dead; /* attempts since the start; rows given up */
	size_t on_the_way;           /* rows claimed and not yet recorded */
};

/* NULL: no memory. Starts no thread. */
struct notify *notify_new(const struct notify_options *options, struct hark_err *err);
/* Runs on the calling thread until notify_stop(); gives what is on its way a few seconds to end. */
void notify_run(struct notify *n);
void notify_stop(struct notify *n);
/* There is something new in the outbox. */
void notify_wake(struct notify *n);
/* After a reload: takes its own count of `conf`. */
void notify_set_conf(struct notify *n, struct conf *conf);
/* Any thread. */
void notify_get_stats(struct notify *n, struct notify_stats *out);
/* After notify_run() has returned and the fetch loop has ended. NULL is fine. */
void notify_free(struct notify *n);

#endif
