#include "monitor/notify/breaker.h"

bool breaker_resting(const struct breaker *b)
{
	return b->failures >= BREAKER_FAILURES;
}

int64_t breaker_next_ms(const struct breaker *b, int64_t now_ms)
{
	int64_t next = now_ms;
	/* A clock set back must not stop a receiver for longer than the limits themselves. */
	if (b->pause_ms > now_ms && b->pause_ms - now_ms <= BREAKER_PAUSE_MAX_MS) {
		next = b->pause_ms;
	}
	if (breaker_resting(b) && b->started_ms <= now_ms &&
		b->started_ms + BREAKER_PROBE_MS > next) {
		next = b->started_ms + BREAKER_PROBE_MS;
	}
	return next;
}

size_t breaker_room(const struct breaker *b, size_t slots, size_t in_flight, int64_t now_ms)
{
	if (breaker_next_ms(b, now_ms) > now_ms) {
		return 0;
	}
	size_t most = breaker_resting(b) ? 1 : slots;
	return in_flight < most ? most - in_flight : 0;
}

void breaker_started(struct breaker *b, int64_t now_ms)
{
	b->started_ms = now_ms;
}

void breaker_ended(struct breaker *b, bool sent, int64_t pause_ms, int64_t now_ms)
{
	if (sent) {
		*b = (struct breaker){.started_ms = b->started_ms};
		return;
	}
	if (b->failures < BREAKER_FAILURES) {
		b->failures++;
	}
	if (pause_ms > 0) {
		b->pause_ms = now_ms +
			      (pause_ms < BREAKER_PAUSE_MAX_MS ? pause_ms : BREAKER_PAUSE_MAX_MS);
	}
}
