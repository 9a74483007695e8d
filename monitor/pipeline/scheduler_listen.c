/* Sources that are listened to: pieces of their streams go to the workers, and what ends is connected
 * again. */
#include "monitor/pipeline/scheduler_parts.h"

#include "monitor/base/clock.h"
#include "monitor/base/log.h"

#include <utlist.h>

#define ONCE_LISTEN_MS 5000 /* `once`: each stream is heard for so long */

int scheduler_listen(struct scheduler *s, struct source *src, const struct fetch_request *request,
	struct hark_err *err)
{
	enum events_format format = src->is_events ? EVENTS_SSE : EVENTS_LINES;
	int rc = listener_open(&src->listener, s->fetch, request, format, src->event_max, err);
	if (rc == HARK_OK) {
		DL_APPEND2(s->listening, src, listen_prev, listen_next);
		due_add(&s->due, src, SCHEDULER_NOT_DUE);
	}
	return rc;
}

void scheduler_stop_listening(struct scheduler *s, struct source *src)
{
	if (src->listener != NULL) {
		DL_DELETE2(s->listening, src, listen_prev, listen_next);
		listener_free(src->listener);
		src->listener = NULL;
	}
}

/* The heir's connector has to know what was asked. */
void scheduler_hand_stream_on(struct scheduler *s, struct source *heir, struct source *old)
{
	struct fetch_request request;
	bool same = heir->place == old->place && heir->connector == old->connector &&
		    heir->conf->internal == old->conf->internal;
	if (old->listener == NULL) {
		return;
	}
	arena_reset(&s->scratch);
	if (!same || poll_request(heir, &request, &s->scratch, NULL) != HARK_OK) {
		scheduler_stop_listening(s, old);
		return;
	}
	DL_DELETE2(s->listening, old, listen_prev, listen_next);
	heir->listener = old->listener;
	old->listener = NULL;
	DL_APPEND2(s->listening, heir, listen_prev, listen_next);
}

/* A piece of the stream goes to the workers, with its source. */
static void send_piece(struct scheduler *s, struct source *src, struct fetch_reply *reply)
{
	scheduler_take(s, src);
	scheduler_set_out(s, src);
	src->stored = false;
	rate_note(s->buckets, src);
	scheduler_tell_answer(s, src, reply);
	scheduler_hand_over(s, src, reply);
}

/* A second or two, or what the peer asks for, so that those it cut off do not come back together. */
static int64_t reconnect_ms(struct scheduler *s, int64_t wait_ms)
{
	return wait_ms + (int64_t)rng_below(&s->rng, (uint64_t)wait_ms + 500);
}

/* The connection has ended and what came over it is stored. */
static void end_listening(struct scheduler *s, struct source *src, int64_t now_ms)
{
	struct fetch_reply *end = listener_end(src->listener);
	bool is_ours = end == NULL || end->rc == HARK_EPIPE;
	int64_t wait = is_ours ? 0 : listener_wait(src->listener, &src->short_streams, now_ms);
	scheduler_stop_listening(s, src);
	if (!is_ours && wait < 0) {
		if (auth_expired(src, end) && auth_refused(s->auth, src, now_ms)) {
			fetch_reply_free(end);
			scheduler_take(s, src);
			due_add(&s->due, src, now_ms);
			return;
		}
		send_piece(s, src, end);
		return;
	}
	if (!is_ours) {
		log_info("%s: connects again: %s", src->conf->name,
			end->rc != HARK_OK ? end->error : "the stream came to its end");
	}
	fetch_reply_free(end);
	scheduler_take(s, src);
	if (is_ours || s->options.once || source_rests(src)) {
		scheduler_settle(s, src, now_ms);
	} else {
		due_add(&s->due, src, now_ms + reconnect_ms(s, wait));
	}
}

static void listen_to(struct scheduler *s, struct source *src, int64_t now_ms)
{
	struct listener_facts facts;
	listener_look(src->listener, now_ms, &facts);
	bool is_over = s->options.once && now_ms - facts.started_ms >= ONCE_LISTEN_MS;
	/* While a piece is under way the state is the writer's. */
	bool is_closed = !src->called && source_is_closed(src, clock_wall_ms());
	if ((!src->out && source_rests(src)) || is_closed || is_over) {
		listener_close(src->listener);
	}
	if (src->out || src->more.first != NULL || s->under_way >= s->options.under_way_max) {
		return;
	}
	struct fetch_reply *reply = listener_take(src->listener, now_ms);
	if (reply != NULL) {
		src->holds = listener_holds(src->listener, now_ms);
		send_piece(s, src, reply);
	} else if (listener_has_ended(src->listener)) {
		end_listening(s, src, now_ms);
	}
}

/* Until the hours of one that is listened to close; steady clock. */
static int64_t closes_ms(const struct source *src, int64_t now_ms)
{
	int64_t wall_ms = clock_wall_ms();
	return src->conf->hours != NULL
		       ? now_ms + hours_close_ms(src->conf->hours, wall_ms) - wall_ms
		       : INT64_MAX;
}

int64_t scheduler_listen_to_all(struct scheduler *s, int64_t now_ms)
{
	int64_t due_ms = INT64_MAX;
	for (struct source *src = s->listening, *next; src != NULL; src = next) {
		next = src->listen_next;
		listen_to(s, src, now_ms);
		if (src->listener != NULL && !src->out && src->more.first == NULL) {
			int64_t at = listener_due(src->listener), closes = closes_ms(src, now_ms);
			at = at < closes ? at : closes;
			due_ms = at < due_ms ? at : due_ms;
		}
	}
	return s->options.once && s->listening != NULL && due_ms > now_ms + SCHEDULER_AUTH_WAIT_MS
		       ? now_ms + SCHEDULER_AUTH_WAIT_MS
		       : due_ms;
}
