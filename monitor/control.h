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

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/* Asks the daemon and waits up to 30 s. `reply` gets the JSON text. HARK_ENET: no daemon listens
 * there; the sentence says how to start one. HARK_EAUTH: one may, but this user may not ask it. Any thread. */
int control_call(
	const char *socket_path, const char *request_json, struct buf *reply, struct hark_err *err);

/* The daemon's side: the listening socket, and callers whose request or answer is under way. One thread. */
struct control;

/* What is asked of the daemon, one line, and room for its answer. */
typedef void (*control_answer_fn)(void *ctx, struct str request, struct buf *reply);

/* Listens (close-on-exec). A socket nobody listens at is replaced; anything else at that path stays, and is
 * said. */
int control_listen(struct control **out, const char *socket_path, struct hark_err *err);
/* Closes all there is; the path stays. NULL is fine. */
void control_free(struct control *c);

#define CONTROL_POLLS_MAX 17
/* What to wait for before the next control_serve(), into `out`. Returns how many. */
size_t control_polls(const struct control *c, struct pollfd out[CONTROL_POLLS_MAX], int64_t now_ms);
/* Takes what callers have said, lets `answer` write the replies, and sends of them what they take: nobody is
 * waited for. A caller that has not said its request within a second, or takes nothing of its reply for
 * one, is let go at the next call. `now_ms`: steady clock. */
void control_serve(struct control *c, control_answer_fn answer, void *ctx, int64_t now_ms);

#endif
