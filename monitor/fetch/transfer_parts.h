/* What the parts of a transfer know of each other: transfer_request.c copies what is sent, transfer_slot.c sets it up on
 * an easy handle, transfer_reply.c takes what comes back, transfer_failure.c says in words why nothing did, and transfer.c
 * goes from hop to hop. All on the fetch thread. */
#ifndef HARK_FETCH_TRANSFER_PARTS_H
#define HARK_FETCH_TRANSFER_PARTS_H

#include "monitor/fetch/transfer.h"

#define HEADER_BYTES_MAX (256 * 1024)
#define HEADER_LINES_MAX 1000
#define LINKS_MAX 8192
#define BOMB_RATIO 100
#define STALL_BYTES_S 10L /* slower than this, */
#define STALL_TIME_S 20L  /* for so long, is a stall */

/* Releases what an address was read into. */
void transfer_forget_url(struct buf *key, CURLU *parts, char *url);

/* Whether the answer so far is a redirect that will be followed: its body is not wanted. */
bool transfer_will_follow(const struct transfer *t);
/* A new head: a hop, or the final one after "100 Continue". */
void transfer_forget_head(struct transfer *t);
/* libcurl's callbacks; `user` is the transfer. */
size_t transfer_on_body(char *bytes, size_t one, size_t n, void *user);
size_t transfer_on_header(char *bytes, size_t one, size_t n, void *user);

/* Completes the reply with code and sentence, behind the address as it may be shown. */
void transfer_say(struct transfer *t, int rc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Why we ended it ourselves. False: we did not. */
bool transfer_say_own_end(struct transfer *t);
/* Why it ended with `code`. */
void transfer_say_why(struct transfer *t, CURLcode code, int64_t now_ms);

#endif
