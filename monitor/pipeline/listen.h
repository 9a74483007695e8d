/* A source that is listened to: one connection, and the events that wait to be read.
 *
 * What comes is cut into whole events and kept until a worker is free for the source: a piece is given out when
 * there is much of it or the first in it has waited a moment. While the workers, the writer or the disk do not
 * keep up it grows to some MiB, then the peer is read no more. Nothing that has been given out is kept: a piece
 * that could not be stored is had again from the cursor, over a new connection.
 *
 * Belongs to the fetch thread. */
#ifndef HARK_PIPELINE_LISTEN_H
#define HARK_PIPELINE_LISTEN_H

#include "monitor/base/events.h"
#include "monitor/fetch/fetch.h"

struct listener;

/* Connects. `request` with its secrets; `event_max`: bytes, what is larger is left out. */
int listener_open(struct listener **out, struct fetch *fetch, const struct fetch_request *request,
	enum events_format format, size_t event_max, struct hark_err *err);
/* With what waits in it; the connection is closed in a later turn of the loop. NULL is fine. */
void listener_free(struct listener *l);
/* Reads no more: what waits is still given out, then it has ended. */
void listener_close(struct listener *l);

/* What is ready to be read as the reply of a poll, owned by the caller: that it is connected, a piece of events,
 * or nothing at all, now and then, as a sign of life. NULL: nothing is ready, or no memory. */
struct fetch_reply *listener_take(struct listener *l, int64_t now_ms);
/* When listener_take() may give something next (steady clock); INT64_MAX: when more has come. */
int64_t listener_due(const struct listener *l);

/* The connection has held long enough that it counts as a success, which is told soon after. */
bool listener_holds(const struct listener *l, int64_t now_ms);
/* Everything has been given out, and nothing more comes. */
bool listener_has_ended(const struct listener *l);
/* How it ended, owned by the caller: a failure, a refusal, or a success without body that came to its end.
 * rc HARK_EPIPE: we wanted it so. */
struct fetch_reply *listener_end(struct listener *l);
/* After its end: how long to wait before the next connection; -1: it failed, so as long as after any failure.
 * `short_ones` counts the connections in a row that ended within seconds: too many are a failure, whatever came
 * over them. */
int64_t listener_wait(const struct listener *l, unsigned *short_ones, int64_t now_ms);

struct listener_facts {
	bool is_open;
	int64_t since_ms;   /* wall clock; connected since then */
	int64_t event_ms;   /* wall clock of the last event; 0: none yet */
	int64_t events;     /* since then */
	int64_t started_ms; /* steady clock */
	double per_s;       /* events a second, over the last minute or so */
	size_t left_out;
};
void listener_look(const struct listener *l, int64_t now_ms, struct listener_facts *out);

#endif
