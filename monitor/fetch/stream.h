/* Streams inside the fetcher: how a WebSocket moves over libcurl's connection, and when any stream is dead.
 * fetch.c runs them. Fetch thread. */
#ifndef HARK_FETCH_STREAM_H
#define HARK_FETCH_STREAM_H

#include "monitor/fetch/transfer.h"
#include "monitor/fetch/websocket.h"

enum stream_state {
	STREAM_GOES_ON,
	STREAM_ENDED, /* the reply says how, unless it goes on elsewhere: *again */
};

/* Lets a WebSocket connect, shake hands, read and write as far as it goes now. */
enum stream_state stream_move(
	struct transfer *t, const struct fetch_options *options, int64_t now_ms, bool *again);
/* Whether nothing has been heard of it for too long; the reply says so then. A WebSocket is asked for a sign of
 * life before. */
bool stream_is_dead(struct transfer *t, int64_t now_ms);
/* Of a WebSocket that is connected. */
curl_socket_t stream_socket(const struct transfer *t);

#endif
