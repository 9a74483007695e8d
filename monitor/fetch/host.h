/* Host budgets: which waiting request may start next.
 *
 * The key is scheme, host and port. Per host at most `per_host` requests are in flight, and each
 * starts no sooner after the one before than its own `spacing_ms`. Urgent requests go before the
 * others of their host and before other hosts, but wait for the host's limits like everybody.
 *
 * DESIGN: a host is in exactly one place: ready (two queues, urgent first, taken in turn), timed (a
 * heap by the moment it becomes ready) or nowhere (its slots are taken, or nothing waits). So a turn
 * of the loop costs what it starts, however many hosts there are; a host nobody waits for is
 * forgotten as soon as no spacing can need its last start. No I/O and no clock: `now_ms` is an argument. One
 * thread. */
#ifndef HARK_FETCH_HOST_H
#define HARK_FETCH_HOST_H

#include "monitor/base/str.h"

struct host;
struct hosts;

/* Embed it in whatever waits. The struct stays the caller's; `host` and `next` are ours from
 * hosts_add() to hosts_done(). */
struct host_item {
	struct host_item *next;
	struct host *host;
	int64_t spacing_ms;
	bool urgent;
};

/* NULL: no memory. */
struct hosts *hosts_new(int64_t per_host);
/* From now on; what is in flight beyond it ends first. */
void hosts_set_per_host(struct hosts *hs, int64_t per_host);
/* Nothing may be waiting or in flight. */
void hosts_free(struct hosts *hs);

/* `item` waits for its turn at the host `key`. HARK_OK or HARK_ENOMEM. */
int hosts_add(struct hosts *hs, struct str key, struct host_item *item, int64_t now_ms);
/* Takes the next item that may start now and counts it as in flight; NULL: none may. */
struct host_item *hosts_next(struct hosts *hs, bool urgent_only, int64_t now_ms);
/* An item from hosts_next() is no longer in flight. */
void hosts_done(struct hosts *hs, struct host_item *item, int64_t now_ms);
/* Takes any waiting item without starting it, for the end of the program; NULL: none waits. */
struct host_item *hosts_drain(struct hosts *hs);

/* When hosts_next() may give more than now (steady milliseconds); INT64_MAX: only after a call of
 * hosts_add() or hosts_done(). */
int64_t hosts_due(const struct hosts *hs);
/* Hosts remembered now. */
size_t hosts_count(const struct hosts *hs);

#endif
