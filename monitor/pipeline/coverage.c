#include "monitor/pipeline/coverage.h"

#include "monitor/pipeline/pace.h"

/* Late by more than a poll that was left out, and by more than a busy moment. */
#define LATE_MS (INT64_C(60) * 1000)

static bool is_late(
	const struct source_state *s, const struct hours *hours, int64_t every_ms, int64_t now_ms)
{
	int64_t pace = s->interval_ms > every_ms ? s->interval_ms : every_ms;
	/* An admin's `resume` makes it due at once. */
	int64_t due = s->due_ms > 0 ? s->due_ms : s->heard_ms + pace;
	due = pace_within(hours, due, every_ms);
	return now_ms - due > (pace > LATE_MS ? pace : LATE_MS);
}

static enum gap_cause cause_of(const struct source_state *before, const struct coverage *c,
	int64_t every_ms, int64_t now_ms)
{
	if (c->failed || before->failures > 0) {
		return GAP_FAILING;
	}
	if (is_late(before, c->hours, every_ms, now_ms)) {
		return c->was_polled ? GAP_PAUSED : GAP_STOPPED;
	}
	return c->reached ? GAP_NONE : GAP_OVERFLOW;
}

int64_t coverage_since_ms(const struct hours *hours, int64_t heard_ms, int64_t every_ms)
{
	int64_t due_ms = heard_ms + every_ms, opens_ms = hours_next_ms(hours, due_ms);
	return opens_ms > due_ms ? opens_ms : heard_ms;
}

/* A source that fails until it rests, and is well afterwards, was asked by nobody meanwhile. */
static int64_t until_ms(const struct source_state *before, const struct coverage *c, int64_t now_ms)
{
	if (c->hours == NULL || !c->good || before->failures == 0) {
		return now_ms;
	}
	int64_t closed_ms = hours_close_ms(c->hours, before->error_ms);
	return closed_ms < now_ms ? closed_ms : now_ms;
}

void coverage_gap(const struct source_state *before, const struct coverage *c, int64_t every_ms,
	int64_t now_ms, struct gap *out)
{
	*out = (struct gap){.cause = GAP_NONE};
	if (before->heard_ms == 0 || (!c->good && !c->failed)) {
		return;
	}
	enum gap_cause cause = cause_of(before, c, every_ms, now_ms);
	*out = (struct gap){
		.cause = cause,
		.from_ms = cause == GAP_OVERFLOW
				   ? before->heard_ms
				   : coverage_since_ms(c->hours, before->heard_ms, every_ms),
		.until_ms = until_ms(before, c, now_ms),
		.filled_ms = c->good && c->reached ? now_ms : 0,
	};
}
