/* Events out of bytes that come in pieces and do not end: lines, or server-sent events.
 *
 *	struct events e;
 *	events_init(&e, EVENTS_SSE, 1 << 20);
 *	… events_feed(&e, piece, take, ctx) for every piece as it comes …
 *	events_release(&e);
 *
 * EVENTS_LINES: what stands between two '\n' is an event, whatever is in it; blank lines are none (peers
 * send them to show that they live). EVENTS_SSE: https://html.spec.whatwg.org/multipage/server-sent-events.html,
 * section 9.2.6, with any of its line ends, comments and the byte order mark at the start.
 *
 * Where a piece ends makes no difference. What is larger than `event_max` is left out and counted, and what
 * follows it is read on; so memory is bounded by twice `event_max`. Bytes that are no UTF-8 are passed on. One
 * user at a time. */
#ifndef HARK_BASE_EVENTS_H
#define HARK_BASE_EVENTS_H

#include "monitor/base/buf.h"

enum events_format {
	EVENTS_LINES,
	EVENTS_SSE,
};

/* Borrowed for the time of the call. */
struct event {
	struct str type; /* SSE; absent: "message" */
	struct str
		id; /* SSE: the last id so far, which is what Last-Event-ID names; absent: none yet */
	struct str data;
};
/* Another result than HARK_OK ends the call it came in. */
typedef int (*events_fn)(void *ctx, const struct event *event);

#define EVENT_SAYS_MIN 8 /* bytes: in fewer no record has room */

struct events {
	enum events_format format;
	size_t event_max;
	struct buf line; /* the beginning of one whose end has not come */
	struct buf type, data, id;
	bool has_data, has_id;
	bool cut;      /* the line is too long: the rest of it is dropped */
	bool too_big;  /* … and so is the event it belongs to */
	bool after_cr; /* a '\n' now belongs to the line end before */
	unsigned mark; /* bytes of a byte order mark that were dropped at the start; 3: past that */
	size_t left_out;
	size_t empty,
		pending;  /* lines that say nothing; of them, those of an event that may yet do */
	int64_t retry_ms; /* SSE: the pause the peer asks for before a reconnect; -1: none said */
	int rc;
};

/* `empty` is the caller's to reset: blank lines, comments, and lines of events that come to nothing or are smaller than
 * EVENT_SAYS_MIN. */
void events_init(struct events *e, enum events_format format, size_t event_max);
void events_release(struct events *e);
/* HARK_OK, what `fn` said, or HARK_ENOMEM. */
int events_feed(struct events *e, struct str bytes, events_fn fn, void *ctx);
/* The end of a recording: the line or event it ends in counts as complete. */
int events_finish(struct events *e, events_fn fn, void *ctx);

/* Appends an event so that events_feed() reads it again. SSE of any line ends comes out with '\n' alone. */
void events_write(struct buf *out, enum events_format format, const struct event *event);

#endif
