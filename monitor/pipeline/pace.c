#include "monitor/pipeline/pace.h"

#include "monitor/fetch/retry.h"

#define QUIET_INTERVALS 20 /* this many without news, and the pace slackens */
#define SLACKEST 4         /* times the configured interval */
#define OFFLINE_RETRY_MS (60 * 1000)

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t capped(int64_t ms)
{
	return ms > PACE_DAY_MS ? PACE_DAY_MS : ms;
}

static void adapt(struct source_state *s, const struct pace_limits *l, bool news, int64_t now_ms)
{
	int64_t most = l->steady ? l->every_ms : l->every_ms * SLACKEST;
	int64_t pace = max64(s->interval_ms, l->every_ms);
	if (news) {
		pace /= 2;
	} else if (now_ms - max64(s->changed_ms, 0) > QUIET_INTERVALS * l->every_ms) {
		pace += pace / 2;
	}
	pace = pace > most ? most : pace;
	s->interval_ms = max64(pace, l->every_ms);
}

/* Up to 5 % later, so that sources with one interval drift apart. */
static int64_t drift(int64_t wait_ms, struct rng *rng)
{
	return wait_ms + (int64_t)rng_below(rng, (uint64_t)wait_ms / 20 + 1);
}

void pace_next(struct source_state *s, const struct pace_limits *l, enum poll_outcome outcome,
	int64_t retry_after_ms, int64_t max_age_ms, int64_t now_ms, struct rng *rng)
{
	int64_t wait = l->every_ms;
	switch (outcome) {
	case POLL_NEWS:
	case POLL_SAME:
		s->failures = 0;
		adapt(s, l, outcome == POLL_NEWS, now_ms);
		wait = drift(s->interval_ms, rng);
		break;
	case POLL_FAILED:
		s->failures++;
		wait = max64(wait, retry_backoff_ms(s->failures, l->every_ms, rng));
		break;
	case POLL_REFUSED:
		s->failures++;
		wait = drift(PACE_DAY_MS, rng);
		break;
	case POLL_GONE:
		s->failures++;
		s->paused = true;
		break;
	case POLL_QUOTA:
		wait = drift(wait, rng);
		break;
	case POLL_OFFLINE:
		wait = max64(wait, OFFLINE_RETRY_MS);
		break;
	}
	wait = max64(
		wait, max64(capped(retry_after_ms), max64(capped(max_age_ms), capped(s->ttl_ms))));
	s->due_ms = now_ms + wait;
}

static void shift(int64_t *at_ms, int64_t by_ms)
{
	*at_ms -= *at_ms > 0 ? by_ms : 0;
}

void pace_set_back(struct source_state *s, int64_t now_ms)
{
	int64_t last_ms = max64(s->polled_ms, s->failures > 0 ? s->error_ms : 0);
	int64_t ahead_ms = last_ms - now_ms;
	if (ahead_ms <= 0) {
		return;
	}
	shift(&s->due_ms, ahead_ms);
	shift(&s->plain_due_ms, ahead_ms);
	shift(&s->retry_ms, ahead_ms);
	s->polled_ms = s->polled_ms > now_ms ? now_ms : s->polled_ms;
	s->error_ms = s->error_ms > now_ms ? now_ms : s->error_ms;
}

int64_t pace_within(const struct hours *hours, int64_t due_ms, int64_t every_ms)
{
	int64_t opens = hours_next_ms(hours, due_ms);
	if (opens == due_ms) {
		return due_ms;
	}
	int64_t half = hours_length_ms(hours) / 2, spread = every_ms < half ? every_ms : half;
	int64_t at = opens + (opens - due_ms) % spread;
	return hours_open(hours, at) ? at : opens; /* the clocks leap over its end */
}
