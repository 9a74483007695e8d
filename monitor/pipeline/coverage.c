#include "monitor/pipeline/coverage.h"

/* Late by more than a poll that was left out, and by more than a busy moment. */
#define LATE_MS (INT64_C(60) * 1000)

static bool is_late(const struct source_state *s, int64_t every_ms, int64_t now_ms)
{
	int64_t pace = s->interval_ms > every_ms ? s->interval_ms : every_ms;
	/* An admin's `resume` makes it due at once. */
	int64_t due = s->due_ms > 0 ? s->due_ms : s->heard_ms + pace;
	return now_ms - due > (pace > LATE_MS ? pace : LATE_MS);
}

static enum gap_cause cause_of(const struct source_state *before, const struct coverage *c,
	int64_t every_ms, int64_t now_ms)
{
	if (c->failed || before->failures > 0) {
		return GAP_FAILING;
	}
	if (is_late(before, every_ms, now_ms)) {
		return c->was_polled ? GAP_PAUSED : GAP_STOPPED;
	}
	return c->reached ? GAP_NONE : GAP_OVERFLOW;
}

void coverage_gap(const struct source_state *before, const struct coverage *c, int64_t every_ms,
	int64_t now_ms, struct gap *out)
{
	*out = (struct gap){.cause = GAP_NONE};
	if (before->heard_ms == 0 || (!c->good && !c->failed)) {
		return;
	}
	*out = (struct gap){
		.cause = cause_of(before, c, every_ms, now_ms),
		.from_ms = before->heard_ms,
		.until_ms = now_ms,
		.filled_ms = c->good && c->reached ? now_ms : 0,
	};
}
