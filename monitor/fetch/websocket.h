/* The client's side of a WebSocket (RFC 6455) over any byte stream: opening handshake, frames, pings, close.
 * It reads and writes through the two functions it is given and has no socket, clock or thread of its own, so
 * a test or a fuzzer can be the peer. Text messages are given out whole; one larger than `message_max` is left
 * out and counted, as is what is no text. Frames are libwslay's, whose only home is websocket.c. One user at a
 * time. */
#ifndef HARK_FETCH_WEBSOCKET_H
#define HARK_FETCH_WEBSOCKET_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <sys/types.h>

struct websocket;

struct websocket_io {
	/* Bytes moved, more than 0; 0: none now; HARK_EPIPE: the peer has ended the stream; HARK_ENET. */
	ssize_t (*read)(void *ctx, void *bytes, size_t n);
	ssize_t (*write)(void *ctx, const void *bytes, size_t n);
	/* A line of the answer to the handshake, its status line first, with its end. */
	void (*head)(void *ctx, struct str line);
	/* The peer has agreed. */
	void (*opened)(void *ctx);
	/* A message, borrowed for the call. False: it is taken, and nothing more is read until
	 * websocket_go_on(); what had been read before (some KB) still comes. */
	bool (*message)(void *ctx, struct str message);
	void *ctx;
};

struct websocket_request {
	const char *host;   /* as in the Host header: with the port, if it needs one */
	const char *target; /* path and query */
	struct str headers; /* more lines, each with its CR LF */
	size_t message_max;
};

/* NULL: no memory. */
struct websocket *websocket_new(
	const struct websocket_io *io, const struct websocket_request *request);
void websocket_free(struct websocket *w); /* NULL is fine */

/* Reads and writes as far as it goes, some 100 KB at most. HARK_OK: it waits for its peer, or wants more.
 * HARK_EPIPE: the peer has ended it. HARK_ESTATE: the answer to the handshake is no "101"; its lines have been
 * told. HARK_EPARSE: the peer breaks the rules, floods the connection with frames that say nothing, or pings and
 * takes no answers. HARK_ENET, HARK_ENOMEM. After any but HARK_OK it is over. */
int websocket_step(struct websocket *w, struct hark_err *err);
/* Whether it waits to write. */
bool websocket_wants_write(const struct websocket *w);
/* Whether there may be more to read than the last step read: it is to be called again without waiting. */
bool websocket_wants_more(const struct websocket *w);
/* To be called once a minute or so: from one call to the next, 10,000 frames that say nothing (pings, empty
 * pieces) are as many as are borne. */
void websocket_new_window(struct websocket *w);
void websocket_go_on(struct websocket *w);
/* Asks for a sign of life, sent by the next step. */
void websocket_ping(struct websocket *w);
size_t websocket_left_out(const struct websocket *w);

#endif
