#include "monitor/pipeline/listen.h"

#include "monitor/base/clock.h"
#include "monitor/base/err.h"

#include <stdio.h>
#include <stdlib.h>

#define PIECE_MS 200 /* the first event of a piece waits no longer */
#define PIECE_EVENTS 500
#define PIECE_BYTES (256u << 10)
#define FULL_EVENTS 4000
#define FULL_BYTES (2u << 20)
#define SIGN_MS 60000   /* a sign of life at least so often */
#define STEADY_MS 60000 /* a connection that held so long did not fail */
#define AGAIN_MS 1000
#define SHORT_MS 10000 /* a connection that held no longer is a short one … */
#define SHORT_MAX 4    /* … and more of them in a row are a failure */
#define RATE_MS 60000
#define EMPTY_MAX 10000 /* lines that say nothing, in … */
#define EMPTY_MS 60000

struct listener {
	struct fetch *fetch;
	struct transfer *stream; /* NULL: ended */
	struct events events;
	bool is_websocket;
	struct buf waiting;
	size_t waiting_n;
	int64_t first_ms; /* steady; of the first event that waits */
	bool opened, told, paused, closed, orphan, flooded;
	int64_t empty_ms; /* steady; since when lines that say nothing are counted */
	struct fetch_reply *end;
	char *url;

	int64_t started_ms, opened_ms, told_ms; /* steady */
	int64_t since_ms, event_ms;             /* wall */
	int64_t count;
	int64_t window_ms, window_count; /* where the rate is counted from */
	double last_rate;
};

static void destroy(struct listener *l)
{
	fetch_reply_free(l->end);
	events_release(&l->events);
	buf_release(&l->waiting);
	free(l->url);
	free(l);
}

/* --- what comes --- */

static void on_opened(void *user)
{
	struct listener *l = user;
	l->opened = true;
	l->opened_ms = l->window_ms = clock_steady_ms();
	l->since_ms = clock_wall_ms();
}

static void count_one(struct listener *l)
{
	if (l->waiting_n++ == 0) {
		l->first_ms = clock_steady_ms();
	}
	l->count++;
	l->event_ms = clock_wall_ms();
}

static int keep_event(void *ctx, const struct event *event)
{
	struct listener *l = ctx;
	events_write(&l->waiting, l->events.format, event);
	count_one(l);
	return HARK_OK;
}

/* A message is a line: what would break it in two is white space in JSON, and nothing else. */
static void keep_message(struct listener *l, struct str message)
{
	char *room = buf_room(&l->waiting, message.n + 1);
	if (room == NULL || str_trim(message).n == 0) {
		return;
	}
	for (size_t i = 0; i < message.n; i++) {
		room[i] = message.p[i] == '\n' || message.p[i] == '\r' ? ' ' : message.p[i];
	}
	room[message.n] = '\n';
	buf_grew(&l->waiting, message.n + 1);
	count_one(l);
}

/* The rest of what it sends is not even looked at. */
static void note_flood(struct listener *l)
{
	int64_t now_ms = clock_steady_ms();
	if (now_ms - l->empty_ms >= EMPTY_MS) {
		l->empty_ms = now_ms;
		l->events.empty = l->events.pending = 0;
	}
	if (l->events.empty > EMPTY_MAX) {
		l->flooded = true;
		listener_close(l);
	}
}

static bool on_take(void *user, struct str bytes)
{
	struct listener *l = user;
	if (l->orphan || l->flooded) {
		return true;
	}
	if (l->is_websocket) {
		keep_message(l, bytes);
	} else {
		events_feed(&l->events, bytes, keep_event, l);
		note_flood(l);
	}
	l->paused = l->waiting.n >= FULL_BYTES || l->waiting_n >= FULL_EVENTS;
	return !l->paused;
}

static void on_end(void *user, struct fetch_reply *reply)
{
	struct listener *l = user;
	l->stream = NULL;
	l->end = reply;
	if (l->orphan) {
		destroy(l);
	}
}

static const struct fetch_stream_ops ops = {on_opened, on_take};

/* --- life --- */

int listener_open(struct listener **out, struct fetch *fetch, const struct fetch_request *request,
	enum events_format format, size_t event_max, struct hark_err *err)
{
	struct fetch_request asked = *request;
	struct listener *l = calloc(1, sizeof(*l));
	char *url = strdup(request->url);
	if (l == NULL || url == NULL) {
		free(l);
		free(url);
		return hark_err_set(err, HARK_ENOMEM, "no memory to listen");
	}
	l->fetch = fetch;
	l->url = url;
	l->is_websocket = request->websocket;
	l->started_ms = clock_steady_ms();
	events_init(&l->events, format, event_max);
	/* An event or a block of bytes may be larger than what was left of it. */
	buf_init(&l->waiting, FULL_BYTES + 4 * event_max + (1u << 20));
	asked.stream = &ops;
	asked.max_bytes = event_max;
	int rc = fetch_stream_open(fetch, &asked, on_end, l, &l->stream, err);
	if (rc != HARK_OK) {
		l->stream = NULL;
		destroy(l);
		return rc;
	}
	*out = l;
	return HARK_OK;
}

void listener_free(struct listener *l)
{
	if (l == NULL) {
		return;
	}
	if (l->stream == NULL) {
		destroy(l);
		return;
	}
	l->orphan = true;
	fetch_stream_close(l->fetch, l->stream);
}

void listener_close(struct listener *l)
{
	if (l->stream != NULL && !l->closed) {
		fetch_stream_close(l->fetch, l->stream);
	}
	l->closed = true;
}

/* --- what is given out --- */

static struct fetch_reply *reply_new(const struct listener *l)
{
	struct fetch_reply *r = calloc(1, sizeof(*r));
	if (r != NULL) {
		buf_init(&r->body, l->waiting.max);
		buf_init(&r->headers, 1);
		r->status = 200;
		r->url = strdup(l->url);
		r->received_ms = clock_wall_ms();
	}
	return r;
}

static bool is_ready(const struct listener *l, int64_t now_ms)
{
	return l->waiting_n > 0 && (l->waiting_n >= PIECE_EVENTS || l->waiting.n >= PIECE_BYTES ||
					   l->stream == NULL || now_ms - l->first_ms >= PIECE_MS);
}

static void count_rate(struct listener *l, int64_t now_ms)
{
	if (now_ms - l->window_ms >= RATE_MS) {
		l->last_rate = (double)(l->count - l->window_count) * 1000.0 /
			       (double)(now_ms - l->window_ms);
		l->window_ms = now_ms;
		l->window_count = l->count;
	}
}

bool listener_holds(const struct listener *l, int64_t now_ms)
{
	return l->opened && now_ms - l->opened_ms >= SHORT_MS;
}

/* The first as soon as it holds. */
static int64_t next_sign_ms(const struct listener *l)
{
	int64_t holds_ms = l->opened_ms + SHORT_MS;
	return l->told_ms < holds_ms ? holds_ms : l->told_ms + SIGN_MS;
}

struct fetch_reply *listener_take(struct listener *l, int64_t now_ms)
{
	bool opens = l->opened && !l->told;
	bool ready = !opens && is_ready(l, now_ms);
	bool lives = l->told && l->stream != NULL && now_ms >= next_sign_ms(l);
	struct fetch_reply *r = opens || ready || lives ? reply_new(l) : NULL;
	count_rate(l, now_ms);
	if (r == NULL) {
		return NULL;
	}
	l->told = true;
	l->told_ms = now_ms;
	r->opened = opens;
	if (ready) {
		struct buf empty = r->body;
		r->body = l->waiting;
		l->waiting = empty;
		l->waiting_n = 0;
	}
	if (l->paused && ready && l->stream != NULL) {
		l->paused = false;
		fetch_stream_go_on(l->fetch, l->stream);
	}
	return r;
}

int64_t listener_due(const struct listener *l)
{
	if (l->opened && !l->told) {
		return 0;
	}
	if (l->waiting_n > 0) {
		return is_ready(l, 0) ? 0 : l->first_ms + PIECE_MS;
	}
	return l->stream == NULL ? 0 : l->told ? next_sign_ms(l) : INT64_MAX;
}

bool listener_has_ended(const struct listener *l)
{
	return l->stream == NULL && l->waiting_n == 0 && (l->told || !l->opened);
}

struct fetch_reply *listener_end(struct listener *l)
{
	struct fetch_reply *r = l->end;
	l->end = NULL;
	if (r != NULL && l->flooded) {
		r->rc = HARK_ENET;
		snprintf(r->error, sizeof(r->error),
			"the peer floods the connection with lines that say nothing");
		return r;
	}
	if (r != NULL && r->rc == HARK_OK && r->status >= 200 && r->status < 300) {
		r->rc = HARK_ENET;
		snprintf(r->error, sizeof(r->error), "the stream ended as soon as it had begun");
	}
	return r;
}

int64_t listener_wait(const struct listener *l, unsigned *short_ones, int64_t now_ms)
{
	int64_t retry_ms = l->events.retry_ms;
	if (l->flooded || !l->opened || (l->count == 0 && now_ms - l->opened_ms < STEADY_MS)) {
		return -1;
	}
	*short_ones = now_ms - l->opened_ms < SHORT_MS ? *short_ones + 1 : 0;
	if (*short_ones > SHORT_MAX) {
		return -1;
	}
	/* "retry: 0" is a wish for once: a peer that ends all it accepts is not asked without a pause. */
	return retry_ms >= 0 && (*short_ones <= 1 || retry_ms > AGAIN_MS) ? retry_ms : AGAIN_MS;
}

void listener_look(const struct listener *l, int64_t now_ms, struct listener_facts *out)
{
	int64_t span = now_ms - l->window_ms;
	*out = (struct listener_facts){
		.is_open = l->opened && l->stream != NULL,
		.since_ms = l->since_ms,
		.event_ms = l->event_ms,
		.events = l->count,
		.started_ms = l->started_ms,
		.per_s = l->last_rate > 0 || span <= 0
				 ? l->last_rate
				 : (double)(l->count - l->window_count) * 1000.0 / (double)span,
		.left_out = l->events.left_out,
	};
}
