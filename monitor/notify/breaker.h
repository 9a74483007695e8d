/* When a receiver may be tried. Pure: no clock, no I/O.
 *
 * After BREAKER_FAILURES failures in a row the receiver rests: one attempt at a time, and at most one
 * in BREAKER_PROBE_MS, until one succeeds. A receiver that asked for a pause gets it. */
#ifndef HARK_NOTIFY_BREAKER_H
#define HARK_NOTIFY_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BREAKER_FAILURES 5
#define BREAKER_PROBE_MS 60000
#define BREAKER_PAUSE_MAX_MS INT64_C(86400000)

/* Starts as all zero. */
struct breaker {
	int failures;       /* in a row */
	int64_t started_ms; /* the last attempt */
	int64_t pause_ms;   /* no attempt before this */
};

bool breaker_resting(const struct breaker *b);
/* How many of `slots` attempts may start now, with `in_flight` on their way. */
size_t breaker_room(const struct breaker *b, size_t slots, size_t in_flight, int64_t now_ms);
/* When breaker_room() may give more with nothing in flight; `now_ms` if it does now. */
int64_t breaker_next_ms(const struct breaker *b, int64_t now_ms);
void breaker_started(struct breaker *b, int64_t now_ms);
/* `pause_ms`: what the receiver asked for, 0 for nothing. */
void breaker_ended(struct breaker *b, bool sent, int64_t pause_ms, int64_t now_ms);

#endif
