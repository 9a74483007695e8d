/* The ways an alert can leave: one function a type, one file a function. Those that wait do so on
 * the calling thread, within the receiver's time-out; all write the outcome into the delivery. */
#ifndef HARK_NOTIFY_RECEIVER_H
#define HARK_NOTIFY_RECEIVER_H

#include "monitor/fetch/fetch.h"
#include "monitor/notify/delivery.h"

/* A line for people, or the payload, on standard output. */
void receiver_stdout(struct delivery *d, bool json);

/* Appends the payloads of a list of deliveries to one file (JSON Lines), each with its delivery id
 * as "id", in one write each, and syncs once at the end: they are sent only when the disk has them. */
void receiver_file(struct delivery *list);

/* Runs a program, without a shell, with the payload on its standard input. It is sent when the
 * program exits with 0. */
void receiver_exec(struct delivery *d);

/* Sends a mail; see fetch/smtp.h. */
void receiver_mail(struct delivery *d);

/* A request being built for a webhook, signed as Standard Webhooks 1.0.0 says, or for a chat. */
struct webhook {
	struct fetch_request request; /* points into what follows */
	struct fetch_header headers[4];
	char timestamp[24];
	struct buf signature;     /* of a webhook */
	struct buf address, body; /* of a chat; the address is a secret */
};

/* Whether it is posted to. */
bool receiver_posts(enum receiver_type type);
/* `now_ms`: wall clock. False: the delivery has failed already (no secret, say). Release it in
 * either case, after fetch_submit() has copied the request. */
bool webhook_init(struct webhook *w, struct delivery *d, int64_t now_ms);
void webhook_release(struct webhook *w);
/* Reads the answer; `reply` stays the caller's. */
void webhook_judge(struct delivery *d, const struct fetch_reply *reply);

/* The part of webhook_init() for chats: address and body. */
bool webhook_of_chat(struct webhook *w, struct delivery *d);

#endif
