/* Streams inside the fetcher: how a WebSocket moves over libcurl's connection, and when any stream is dead; and
 * mailboxes, which are asked the same way. fetch.c runs them. Fetch thread. */
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
/* The same for a mailbox, which comes to an end. */
enum stream_state mailbox_move(struct transfer *t, int64_t now_ms);
/* Whether it takes too long or is silent for too long. */
bool mailbox_is_dead(struct transfer *t, int64_t now_ms);

/* Bytes over the connection of a transfer, as websocket_io and imap_io want them. */
ssize_t stream_read(void *transfer, void *bytes, size_t n);
ssize_t stream_write(void *transfer, const void *bytes, size_t n);
/* True: libcurl has connected, or given up, with `*code`. */
bool stream_connected(struct transfer *t, CURLcode *code);
/* Of one that is connected. */
curl_socket_t stream_socket(const struct transfer *t);

#endif
