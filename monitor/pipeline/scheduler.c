#include "monitor/pipeline/scheduler.h"

#include "monitor/base/clock.h"
#include "monitor/base/waiting.h"
#include "monitor/pipeline/scheduler_parts.h"

#include <stdlib.h>

#define STARTS_MAX 32 /* in one turn of the loop */

static void aside_ready(void *scheduler)
{
	fetch_wake(((struct scheduler *)scheduler)->fetch);
}

struct scheduler *scheduler_new(const struct scheduler_options *options)
{
	struct scheduler *s = calloc(1, sizeof(*s));
	struct crowds *crowds = crowds_new();
	struct auth *auth = auth_new();
	struct buckets *buckets = buckets_new();
	struct aside *aside = aside_new(aside_ready, s);
	if (s == NULL || crowds == NULL || auth == NULL || buckets == NULL || aside == NULL) {
		aside_free(aside);
		free(s);
		crowds_free(crowds);
		auth_free(auth);
		buckets_free(buckets);
		return NULL;
	}
	s->options = *options;
	s->crowds = crowds;
	s->auth = auth;
	s->buckets = buckets;
	s->aside = aside;
	s->rng.state = (uint64_t)clock_wall_ms();
	pthread_mutex_init(&s->lock, NULL);
	waiting_init(&s->counted);
	arena_init(&s->scratch, 0);
	return s;
}

void scheduler_restore(struct scheduler *s, const struct rate_fill *fill)
{
	int64_t now = clock_steady_ms();
	bucket_restore(s->buckets, fill, clock_wall_ms() - now, now);
}

void scheduler_set_fetch(struct scheduler *s, struct fetch *fetch)
{
	s->fetch = fetch;
}

void scheduler_take(struct scheduler *s, struct source *src)
{
	if (!src->in_line) {
		due_remove(&s->due, src);
	}
	crowd_leave(s->crowds, src);
}

void scheduler_settle(struct scheduler *s, struct source *src, int64_t now_ms)
{
	int64_t wall_ms = clock_wall_ms();
	pace_set_back(src->state, wall_ms);
	int64_t wait = src->state->due_ms - wall_ms;
	bool has_peer = src->transport != HARK_TRANSPORT_FILE;
	bool waits_for_peer = has_peer && src->state->failures > 0 && wait > 0;
	bool is_pushed = src->transport == HARK_TRANSPORT_PUSH;
	if (source_rests(src)) {
		push_end_all(&src->pushes, PUSH_GONE, "the source is paused");
	}
	if (src->pushes != NULL) {
		due_add(&s->due, src, now_ms);
		return;
	}
	if (src->more.first != NULL || src->files_left) {
		wait = 0;
	} else if (src->listener != NULL) {
		wait = SCHEDULER_NOT_DUE;
	} else if (s->options.once) {
		bool is_closed = source_is_closed(src, wall_ms);
		wait = src->polled || waits_for_peer || is_closed ? SCHEDULER_NOT_DUE : 0;
	} else {
		wait = pace_within(src->conf->hours, wall_ms + (wait > 0 ? wait : 0),
			       src->conf->every_ms) -
		       wall_ms;
	}
	/* The last request before a restart may have been a moment ago. */
	if (s->is_restart && wait < src->conf->spacing_ms) {
		wait = src->conf->spacing_ms;
	}
	/* A clock that jumped back must not stop a source for longer than the longest wait there is. */
	if (!s->options.once && wait != SCHEDULER_NOT_DUE &&
		wait > PACE_DAY_MS + PACE_DAY_MS / 10) {
		wait = PACE_DAY_MS;
	}
	src->ails = source_state_ails(src->state);
	src->heard_ms = src->state->heard_ms;
	bool waits = scheduler_stands_by(s, src);
	src->stood_by |= waits;
	bool is_idle = source_rests(src) || waits || is_pushed;
	due_add(&s->due, src, is_idle ? INT64_MAX : now_ms + (wait > 0 ? wait : 0));
}

void scheduler_grant_wish(struct source *src)
{
	if (src->wish == WISH_NONE) {
		return;
	}
	src->state->paused = src->wish == WISH_PAUSE;
	if (src->wish == WISH_RESUME) {
		src->state->due_ms = 0;
		src->state->failures = 0;
	}
	src->wish = WISH_NONE;
}

bool scheduler_be_plain(struct source *src)
{
	bool was_put_off = src->is_plain && src->state->plain_due_ms > 0;
	if (was_put_off) {
		src->state->due_ms = src->state->plain_due_ms;
		src->state->plain_due_ms = 0;
	}
	src->is_plain = false;
	return was_put_off;
}

void scheduler_come_home(struct scheduler *s, struct source *src, int64_t now_ms)
{
	s->under_way--;
	src->out = false;
	if (src->push != NULL) {
		push_end(src->push);
		src->push = NULL;
	} else {
		rate_hold(s->buckets, src, now_ms, &s->scratch);
		src->polled = true;
		src->called = src->accepts = false;
	}
	if (src->listener != NULL && (!src->stored || src->state->error.p != NULL)) {
		scheduler_stop_listening(
			s, src); /* what is not stored is had again from the cursor */
	}
	src->stood_by = src->stood_by && (src->state->failures > 0 || src->more.first != NULL);
	scheduler_grant_wish(src);
	scheduler_be_plain(src);
	if (src->heir != NULL) {
		struct source *heir = src->heir;
		heir->elder = NULL;
		scheduler_adopt(s, heir, src, now_ms);
		scheduler_arrange(s, heir, now_ms);
	} else if (src->orphan) {
		source_free(src);
	} else {
		scheduler_settle(s, src, now_ms);
		scheduler_arrange(s, src, now_ms);
	}
}

static void tell_when_all_polled(struct scheduler *s)
{
	bool waiting = due_first_ms(&s->due) < SCHEDULER_EVER_DUE || s->listening != NULL;
	if (s->options.once && s->installed && !s->idle_told && s->under_way == 0 && !waiting) {
		s->idle_told = true;
		s->options.all_polled(s->options.ctx);
	}
}

/* What was ended, for a reload or a stop, did not happen: nothing of the source changes. */
static void take_programs(struct scheduler *s, int64_t now_ms)
{
	struct fetch_reply *reply;
	struct source *src;
	while ((src = aside_take(s->aside, &reply)) != NULL) {
		if (reply->rc == HARK_EPIPE) {
			fetch_reply_free(reply);
			scheduler_come_home(s, src, now_ms);
		} else {
			scheduler_hand_over(s, src, reply);
		}
	}
}

size_t scheduler_under_way(struct scheduler *s)
{
	return atomic_load(&s->under_way);
}

/* Of many that are due at once the first are asked before the others are planned. */
static void start_due(struct scheduler *s, int64_t now_ms)
{
	for (int left = STARTS_MAX; left > 0 && due_first_ms(&s->due) <= now_ms &&
				    s->under_way < s->options.under_way_max;
		left--) {
		scheduler_start(s, s->due.all[0]);
	}
}

int64_t scheduler_tick(void *scheduler, int64_t now_ms)
{
	struct scheduler *s = scheduler;
	struct source *src;
	take_programs(s, now_ms);
	scheduler_hand_over_all(s);
	scheduler_read_inbox(s, now_ms);
	while ((src = crowd_next(s->crowds)) != NULL) {
		due_add(&s->due, src, src->due_ms);
	}
	start_due(s, now_ms);
	int64_t listen_ms = scheduler_listen_to_all(s, now_ms);
	scheduler_hand_over_all(s); /* those that could not even start, and pieces of streams */
	scheduler_count(s, now_ms);
	tell_when_all_polled(s);
	bool full = s->under_way >= s->options.under_way_max;
	int64_t due_ms = due_first_ms(&s->due);
	return full ? INT64_MAX : due_ms < listen_ms ? due_ms : listen_ms;
}

static void free_in_line(void *scheduler, struct source *src)
{
	crowd_leave(((struct scheduler *)scheduler)->crowds, src);
	source_free(src);
}

void scheduler_free(struct scheduler *s)
{
	if (s == NULL) {
		return;
	}
	scheduler_hand_over_all(s);
	scheduler_read_inbox(s, clock_steady_ms());
	aside_free(s->aside);
	while (s->listening != NULL) {
		scheduler_stop_listening(s, s->listening);
	}
	crowds_each(s->crowds, free_in_line, s);
	while (s->due.n > 0) {
		struct source *src = s->due.all[s->due.n - 1];
		scheduler_take(s, src);
		source_free(src);
	}
	crowds_free(s->crowds);
	scheduler_forget_names(s);
	due_release(&s->due);
	free(s->streams);
	arena_release(&s->scratch);
	auth_free(s->auth);
	buckets_free(s->buckets);
	pthread_cond_destroy(&s->counted);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
