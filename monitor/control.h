/* The control socket: one JSON object in, one out, on a Unix socket beside the database. Only its
 * owner may connect (mode 0600).
 *
 * Requests: {"do":"status"}, {"do":"reload"}, {"do":"poll","source":NAME},
 * {"do":"pause"|"resume","source":NAME}. Answers hold "ok": true, or false with "error"; reload adds
 * "diagnostics" (base/diag.h). */
#ifndef HARK_CONTROL_H
#define HARK_CONTROL_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

/* Asks the daemon and waits up to 30 s. `reply` gets the JSON text. HARK_ENET: no daemon listens
 * there; the sentence says how to start one. Any thread. */
int control_call(
	const char *socket_path, const char *request_json, struct buf *reply, struct hark_err *err);

/* The daemon's side: a listening socket (close-on-exec), or a negative code. A socket nobody
 * listens at is replaced; anything else at that path stays, and is said. */
int control_listen(const char *socket_path, struct hark_err *err);
/* Accepts one caller, reads the request (1 s at most), lets `answer` write the reply, closes; a caller
 * that takes nothing of the reply for 1 s does without the rest. */
void control_serve(
	int listener, void (*answer)(void *ctx, struct str request, struct buf *reply), void *ctx);

#endif
