#include "monitor/pipeline/subscription.h"

#include <stdio.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

#define VERIFY_MS (10 * MINUTE_MS)  /* the hub has so long to ask back */
#define ASKED_MAX_MS (25 * HOUR_MS) /* later it is no answer to what we asked */
#define LEASE_MAX_S (366 * 86400)
#define REFUSED_MAX_MS (7 * DAY_MS)
#define LEAVE_TRIES 3
#define HUB_TRIES 2
#define RESTART_SPREAD_MS (10 * MINUTE_MS)
#define DOUBLINGS_MAX 20

/* Between two requests for one topic; one's own hub may be asked faster. */
static int64_t pause_min(const struct subscription *s)
{
	return s->internal ? SECOND_MS : MINUTE_MS;
}

static int64_t verify_ms(const struct subscription *s)
{
	return s->internal ? 10 * SECOND_MS : VERIFY_MS;
}

/* `first` doubled for each failure but one, with up to a quarter more. */
static int64_t backoff(const struct subscription *s, int64_t first, int64_t most, struct rng *rng)
{
	int64_t times = s->failures > 0 ? s->failures - 1 : 0;
	int64_t wait = first << (times < DOUBLINGS_MAX ? times : DOUBLINGS_MAX);
	wait = wait < most ? wait : most;
	return wait + (int64_t)rng_below(rng, (uint64_t)wait / 4 + 1);
}

static void fail(struct subscription *s, const char *why, int64_t at_least_ms, int64_t now_ms,
	struct rng *rng)
{
	s->failures++;
	snprintf(s->error, sizeof(s->error), "%s", why);
	int64_t wait = backoff(s, pause_min(s), DAY_MS, rng);
	s->next_ms = now_ms + (wait > at_least_ms ? wait : at_least_ms);
}

enum subscription_act subscription_due(struct subscription *s, int64_t now_ms)
{
	if (s->state == SUBSCRIPTION_ACTIVE && now_ms >= s->lease_ms) {
		s->state = SUBSCRIPTION_ASKED;
	}
	/* A clock that jumped back must not stop it for longer than the longest wait there is. */
	int64_t most = s->lease_ms > now_ms ? s->lease_ms - now_ms : 0;
	most = most > REFUSED_MAX_MS + REFUSED_MAX_MS / 4 ? most
							  : REFUSED_MAX_MS + REFUSED_MAX_MS / 4;
	if (s->next_ms > now_ms + most) {
		s->next_ms = now_ms + most;
	}
	if (now_ms < s->next_ms) {
		return SUBSCRIPTION_WAIT;
	}
	if (s->state != SUBSCRIPTION_LEAVING) {
		return SUBSCRIPTION_SUBSCRIBE;
	}
	return s->failures < LEAVE_TRIES && now_ms < s->lease_ms ? SUBSCRIPTION_UNSUBSCRIBE
								 : SUBSCRIPTION_FORGET;
}

void subscription_asked(struct subscription *s, int64_t now_ms)
{
	/* Counted as a failure until the hub has asked back: one that never does is asked ever less often. */
	int64_t wait = verify_ms(s) << (s->failures < 8 ? s->failures : 8);
	if (s->failures > 0 && s->error[0] == '\0') {
		snprintf(s->error, sizeof(s->error),
			"its hub took the request and did not ask back");
	}
	s->asked_ms = now_ms;
	s->next_ms = now_ms + (wait < DAY_MS ? wait : DAY_MS);
	if (s->state == SUBSCRIPTION_DENIED) {
		s->state = SUBSCRIPTION_ASKED;
	}
	s->failures++;
}

void subscription_answered(struct subscription *s, const char *why, int64_t retry_after_ms,
	int64_t now_ms, struct rng *rng)
{
	if (why == NULL || s->failures == 0) {
		return; /* or it has asked back before it answered */
	}
	s->failures--;
	fail(s, why, retry_after_ms, now_ms, rng);
}

/* What was asked for, where the hub does not say. */
static int64_t lease_of(struct str text)
{
	int64_t seconds = 0;
	if (!str_i64(text, &seconds) || seconds <= 0) {
		return SUBSCRIPTION_LEASE_S;
	}
	return seconds < LEASE_MAX_S ? seconds : LEASE_MAX_S;
}

static void grant(struct subscription *s, int64_t lease_ms, int64_t now_ms, struct rng *rng)
{
	int64_t renew = lease_ms / 10 * 8 + (int64_t)rng_below(rng, (uint64_t)lease_ms / 10 + 1);
	int64_t least = pause_min(s);
	s->state = SUBSCRIPTION_ACTIVE;
	s->lease_ms = now_ms + lease_ms;
	s->next_ms = now_ms + (renew > least ? renew : least);
	s->failures = 0;
	s->error[0] = '\0';
}

static void refuse(struct subscription *s, struct str reason, int64_t now_ms, struct rng *rng)
{
	s->state = SUBSCRIPTION_DENIED;
	s->failures += s->failures == 0;
	s->asked_ms = 0;
	s->lease_ms = 0;
	s->next_ms = now_ms + backoff(s, DAY_MS, REFUSED_MAX_MS, rng);
	reason = str_cut_utf8(reason, SUBSCRIPTION_ERROR_MAX - 60);
	snprintf(s->error, sizeof(s->error), "its hub refuses%s%.*s", reason.n > 0 ? ": " : "",
		STR_FMT(reason));
}

static bool is_expected(const struct subscription *s, int64_t now_ms)
{
	return s->asked_ms > 0 && now_ms - s->asked_ms < ASKED_MAX_MS;
}

enum subscription_reply subscription_verify(struct subscription *s,
	const struct subscription_question *q, int64_t now_ms, struct rng *rng)
{
	bool leaves = s->state == SUBSCRIPTION_LEAVING;
	if (!str_eq_c(q->topic, s->topic)) {
		return SUBSCRIPTION_NO;
	}
	if (str_eq_c(q->mode, "denied")) {
		if (leaves) {
			s->failures = LEAVE_TRIES;
			s->next_ms = now_ms;
		} else {
			refuse(s, q->reason, now_ms, rng);
		}
		return SUBSCRIPTION_TAKEN;
	}
	if (q->challenge.n == 0 || !is_expected(s, now_ms)) {
		return SUBSCRIPTION_NO;
	}
	if (str_eq_c(q->mode, "subscribe") && !leaves) {
		grant(s, lease_of(q->lease_seconds) * SECOND_MS, now_ms, rng);
		return SUBSCRIPTION_YES;
	}
	if (str_eq_c(q->mode, "unsubscribe") && leaves) {
		s->failures = LEAVE_TRIES; /* it is done */
		s->next_ms = now_ms;
		return SUBSCRIPTION_YES;
	}
	return SUBSCRIPTION_NO;
}

bool subscription_has_failed(const struct subscription *s)
{
	return s->state == SUBSCRIPTION_DENIED ||
	       (s->state == SUBSCRIPTION_ASKED && s->failures >= HUB_TRIES && s->error[0] != '\0');
}

bool subscription_leave(struct subscription *s, int64_t now_ms)
{
	/* One that is still asked for may be granted any moment; nothing is at the hub before. */
	bool is_known = s->lease_ms > now_ms;
	if (s->state != SUBSCRIPTION_LEAVING) {
		s->state = SUBSCRIPTION_LEAVING;
		s->failures = 0;
		s->asked_ms = 0;
		s->next_ms = now_ms;
		s->error[0] = '\0';
	}
	return !is_known;
}

void subscription_restart(struct subscription *s, int64_t now_ms, struct rng *rng)
{
	int64_t spread = s->internal ? SECOND_MS : RESTART_SPREAD_MS;
	int64_t soon = now_ms + (int64_t)rng_below(rng, (uint64_t)spread);
	bool is_fresh = !s->internal && now_ms - s->asked_ms < HOUR_MS;
	bool waits = s->failures > 0; /* for as long as its hub said, or ever longer */
	if (s->state == SUBSCRIPTION_ACTIVE && !is_fresh && !waits && s->next_ms > soon) {
		s->next_ms = soon;
	}
}

bool subscription_is_active(const struct subscription *s, int64_t now_ms)
{
	/* One failure is a renewal under way. */
	return s->state == SUBSCRIPTION_ACTIVE && s->failures <= 1 && now_ms < s->lease_ms;
}
