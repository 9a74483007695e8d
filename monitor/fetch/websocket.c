#include "monitor/fetch/websocket.h"

#include "monitor/base/crypto.h"
#include "monitor/base/events.h"
#include "monitor/fetch/headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <wslay/wslay.h>

#define HEAD_MAX 16384
#define REASON_MAX 124 /* a close frame holds no more */
#define READ_BYTES 4096
/* Of one step, so that a peer that never pauses does not keep the thread. */
#define STEP_BYTES (256u << 10)
#define STEP_READS 1000
#define UNSENT_MAX 256  /* answers to pings that the peer does not take */
#define IDLE_MAX 10000u /* frames without a message that a window holds */

enum phase {
	PHASE_ASKING, /* our head goes out, theirs comes in */
	PHASE_OPEN,
	PHASE_OVER,
};

struct websocket {
	struct websocket_io io;
	enum phase phase;
	wslay_event_context_ptr frames;
	char accept[32]; /* what the peer must answer */
	struct buf out;  /* our head */
	size_t sent;
	struct buf in; /* their head, and what came behind it */
	size_t in_at;  /* so much of it has been used */
	struct buf message;
	bool in_data, in_text, is_last, too_big, held;
	bool has_read; /* once in this turn: what the peer wants answered is sent before the next */
	bool wants_more; /* the step ended before what can be read did */
	size_t moved;    /* bytes, in this turn */
	size_t idle;     /* frames in this window that say nothing */
	int failed;      /* what read or write said */
	size_t left_out;
	unsigned close_code; /* 0: none was said */
	char close_reason[REASON_MAX + 1];
};

/* --- frames --- */

static ssize_t on_recv(
	wslay_event_context_ptr frames, uint8_t *bytes, size_t n, int flags, void *user)
{
	struct websocket *w = user;
	ssize_t got = 0;
	(void)flags;
	if (w->in_at < w->in.n) {
		got = (ssize_t)(w->in.n - w->in_at < n ? w->in.n - w->in_at : n);
		memcpy(bytes, w->in.p + w->in_at, (size_t)got);
		w->in_at += (size_t)got;
	} else if (!w->held && !w->has_read) {
		w->has_read = true;
		got = w->io.read(w->io.ctx, bytes, n);
	}
	if (got <= 0) {
		w->failed = got < 0 ? (int)got : w->failed;
		wslay_event_set_error(
			frames, got < 0 ? WSLAY_ERR_CALLBACK_FAILURE : WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	w->moved += (size_t)got;
	return got;
}

static ssize_t on_send(
	wslay_event_context_ptr frames, const uint8_t *bytes, size_t n, int flags, void *user)
{
	struct websocket *w = user;
	(void)flags;
	ssize_t put = w->io.write(w->io.ctx, bytes, n);
	if (put <= 0) {
		w->failed = put < 0 ? (int)put : w->failed;
		wslay_event_set_error(
			frames, put < 0 ? WSLAY_ERR_CALLBACK_FAILURE : WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	return put;
}

static int on_mask(wslay_event_context_ptr frames, uint8_t *bytes, size_t n, void *user)
{
	(void)frames;
	(void)user;
	crypto_random(bytes, n);
	return 0;
}

static void on_frame(wslay_event_context_ptr frames,
	const struct wslay_event_on_frame_recv_start_arg *frame, void *user)
{
	struct websocket *w = user;
	(void)frames;
	w->in_data = !wslay_is_ctrl_frame(frame->opcode);
	w->idle += !w->in_data || frame->payload_length < EVENT_SAYS_MIN;
	if (w->idle > IDLE_MAX) {
		wslay_event_shutdown_read(frames);
	}
	if (!w->in_data) {
		return;
	}
	if (frame->opcode != WSLAY_CONTINUATION_FRAME) {
		buf_clear(&w->message);
		w->in_text = frame->opcode == WSLAY_TEXT_FRAME;
		w->too_big = false;
	}
	w->is_last = frame->fin;
}

static void on_chunk(wslay_event_context_ptr frames,
	const struct wslay_event_on_frame_recv_chunk_arg *chunk, void *user)
{
	struct websocket *w = user;
	if (!w->in_data || w->too_big || !w->in_text) {
		return;
	}
	int rc = buf_add(&w->message, chunk->data, chunk->data_length);
	if (rc == HARK_ELIMIT) {
		w->too_big = true;
	} else if (rc != HARK_OK) {
		w->failed = rc;
		wslay_event_shutdown_read(frames);
	}
}

static void on_frame_end(wslay_event_context_ptr frames, void *user)
{
	struct websocket *w = user;
	(void)frames;
	if (!w->in_data || !w->is_last) {
		return;
	}
	if (w->too_big || !w->in_text) {
		w->left_out++;
	} else if (!w->io.message(w->io.ctx, buf_str(&w->message))) {
		w->held = true;
	}
	buf_clear(&w->message);
}

static void on_control(
	wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *msg, void *user)
{
	struct websocket *w = user;
	(void)frames;
	if (msg->opcode == WSLAY_CONNECTION_CLOSE) {
		size_t n = msg->msg_length > 2 ? msg->msg_length - 2 : 0;
		w->close_code = msg->status_code;
		snprintf(w->close_reason, sizeof(w->close_reason), "%.*s",
			(int)(n < REASON_MAX ? n : REASON_MAX), (const char *)msg->msg + 2);
	}
}

static bool open_frames(struct websocket *w)
{
	const struct wslay_event_callbacks calls = {
		.recv_callback = on_recv,
		.send_callback = on_send,
		.genmask_callback = on_mask,
		.on_frame_recv_start_callback = on_frame,
		.on_frame_recv_chunk_callback = on_chunk,
		.on_frame_recv_end_callback = on_frame_end,
		.on_msg_recv_callback = on_control,
	};
	if (wslay_event_context_client_init(&w->frames, &calls, w) != 0) {
		w->frames = NULL;
		return false;
	}
	wslay_event_config_set_no_buffering(w->frames, 1);
	return true;
}

/* --- life --- */

/* RFC 6455, section 4.2.2, 5.4: what proves that the peer has understood. */
static bool make_key(struct websocket *w, struct buf *key)
{
	unsigned char nonce[16], sum[CRYPTO_SHA1_BYTES];
	struct buf text;
	buf_init(&text, 128);
	crypto_random(nonce, sizeof(nonce));
	crypto_base64(key, nonce, sizeof(nonce));
	buf_add_str(&text, buf_str(key));
	buf_add_c(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	crypto_sha1(buf_str(&text), sum);
	buf_clear(&text);
	bool ok = crypto_base64(&text, sum, sizeof(sum)) == HARK_OK && key->rc == HARK_OK;
	snprintf(w->accept, sizeof(w->accept), "%s", buf_c(&text));
	buf_release(&text);
	return ok;
}

static bool write_head(struct websocket *w, const struct websocket_request *r)
{
	struct buf key;
	buf_init(&key, 64);
	bool ok = make_key(w, &key);
	buf_printf(&w->out,
		"GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n",
		r->target, r->host, buf_c(&key));
	buf_add_str(&w->out, r->headers);
	buf_add_c(&w->out, "\r\n");
	buf_release(&key);
	return ok && w->out.rc == HARK_OK;
}

struct websocket *websocket_new(
	const struct websocket_io *io, const struct websocket_request *request)
{
	struct websocket *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return NULL;
	}
	w->io = *io;
	buf_init(&w->out, 1u << 20);
	buf_init(&w->in, HEAD_MAX + READ_BYTES);
	buf_init(&w->message, request->message_max);
	if (!open_frames(w) || !write_head(w, request)) {
		websocket_free(w);
		return NULL;
	}
	return w;
}

void websocket_free(struct websocket *w)
{
	if (w == NULL) {
		return;
	}
	if (w->frames != NULL) {
		wslay_event_context_free(w->frames);
	}
	buf_release(&w->out);
	buf_release(&w->in);
	buf_release(&w->message);
	free(w);
}

bool websocket_wants_write(const struct websocket *w)
{
	return w->phase == PHASE_ASKING
		       ? w->sent < w->out.n
		       : w->phase == PHASE_OPEN && wslay_event_want_write(w->frames) != 0;
}

void websocket_go_on(struct websocket *w)
{
	w->held = false;
}

void websocket_ping(struct websocket *w)
{
	const struct wslay_event_msg ping = {.opcode = WSLAY_PING};
	if (w->phase == PHASE_OPEN) {
		wslay_event_queue_msg(w->frames, &ping);
	}
}

bool websocket_wants_more(const struct websocket *w)
{
	return w->phase == PHASE_OPEN && w->wants_more && !w->held;
}

void websocket_new_window(struct websocket *w)
{
	w->idle = 0;
}

size_t websocket_left_out(const struct websocket *w)
{
	return w->left_out;
}

/* --- the handshake --- */

static int say_lost(struct websocket *w, int rc, struct hark_err *err)
{
	w->phase = PHASE_OVER;
	return rc == HARK_EPIPE ? hark_err_set(err, rc, "the peer closed the connection")
				: hark_err_set(err, rc, "the connection broke");
}

static int send_head(struct websocket *w, struct hark_err *err)
{
	while (w->sent < w->out.n) {
		ssize_t put = w->io.write(w->io.ctx, w->out.p + w->sent, w->out.n - w->sent);
		if (put < 0) {
			return say_lost(w, (int)put, err);
		}
		if (put == 0) {
			break;
		}
		w->sent += (size_t)put;
	}
	return HARK_OK;
}

struct answer {
	int status;
	bool upgrade, connection, accept, extension;
};

static bool has_word(struct str list, struct str word)
{
	struct str one;
	while (str_split(&list, ',', &one)) {
		if (str_eq_nocase(str_trim(one), word)) {
			return true;
		}
	}
	return false;
}

static void read_line(struct websocket *w, struct str line, struct answer *a)
{
	struct str name, value;
	int64_t status;
	if (str_starts(line, STR("HTTP/1.")) && line.n > 12) {
		a->status = str_i64(str_n(line.p + 9, 3), &status) ? (int)status : 0;
	} else if (!header_split(line, &name, &value)) {
		return;
	} else if (str_eq_nocase(name, STR("Upgrade"))) {
		a->upgrade |= has_word(value, STR("websocket"));
	} else if (str_eq_nocase(name, STR("Connection"))) {
		a->connection |= has_word(value, STR("upgrade"));
	} else if (str_eq_nocase(name, STR("Sec-WebSocket-Accept"))) {
		a->accept |= str_eq_c(value, w->accept);
	} else if (str_eq_nocase(name, STR("Sec-WebSocket-Extensions")) ||
		   str_eq_nocase(name, STR("Sec-WebSocket-Protocol"))) {
		a->extension = true; /* we asked for none */
	}
}

static int judge(struct websocket *w, const struct answer *a, struct hark_err *err)
{
	w->phase = PHASE_OVER;
	if (a->status != 101) {
		return hark_err_set(err, HARK_ESTATE, "the peer does not open a WebSocket");
	}
	if (!a->upgrade || !a->connection || !a->accept || a->extension) {
		return hark_err_set(err, HARK_EPARSE,
			"the peer's answer to the WebSocket handshake is not what it must be");
	}
	w->phase = PHASE_OPEN;
	w->io.opened(w->io.ctx);
	return HARK_OK;
}

static int read_head(struct websocket *w, size_t head_n, struct hark_err *err)
{
	struct answer a = {0};
	struct str rest = str_n(w->in.p, head_n);
	while (rest.n > 0) {
		const char *lf = memchr(rest.p, '\n', rest.n);
		struct str line = str_n(rest.p, (size_t)(lf - rest.p) + 1);
		rest = str_n(rest.p + line.n, rest.n - line.n);
		w->io.head(w->io.ctx, line);
		read_line(w, line, &a);
	}
	w->in_at = head_n;
	return judge(w, &a, err);
}

static int shake_hands(struct websocket *w, struct hark_err *err)
{
	int rc = send_head(w, err);
	while (rc == HARK_OK && w->phase == PHASE_ASKING) {
		char *room = buf_room(&w->in, READ_BYTES);
		if (room == NULL) {
			w->phase = PHASE_OVER;
			return w->in.rc == HARK_ENOMEM
				       ? hark_err_set(err, HARK_ENOMEM, "no memory")
				       : hark_err_set(err, HARK_EPARSE,
						 "the head of its answer is larger than %d bytes",
						 HEAD_MAX);
		}
		ssize_t got = w->io.read(w->io.ctx, room, READ_BYTES);
		if (got < 0) {
			return say_lost(w, (int)got, err);
		}
		if (got == 0) {
			return HARK_OK;
		}
		buf_grew(&w->in, (size_t)got);
		size_t end = str_find(buf_str(&w->in), STR("\r\n\r\n"));
		if (end != SIZE_MAX) {
			rc = read_head(w, end + 4, err);
		}
	}
	return rc;
}

/* --- open --- */

static int say_closed(struct websocket *w, struct hark_err *err)
{
	w->phase = PHASE_OVER;
	for (char *c = w->close_reason; *c != '\0'; c++) {
		*c = (unsigned char)*c < ' ' ? ' ' : *c;
	}
	return hark_err_set(err, HARK_EPIPE, "the peer closed the stream%s%s%s",
		w->close_reason[0] != '\0' ? " (" : "", w->close_reason,
		w->close_reason[0] != '\0' ? ")" : "");
}

static int say_broken(struct websocket *w, struct hark_err *err)
{
	w->phase = PHASE_OVER;
	if (w->failed != 0) {
		return say_lost(w, w->failed, err);
	}
	return hark_err_set(err, HARK_EPARSE,
		wslay_event_get_status_code_sent(w->frames) == WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA
			? "the peer sent text that is no UTF-8"
			: "the peer breaks the rules of the WebSocket protocol");
}

static int say_flood(struct websocket *w, const char *what, struct hark_err *err)
{
	w->phase = PHASE_OVER;
	return hark_err_set(err, HARK_EPARSE, "%s", what);
}

static int take_turn(struct websocket *w, struct hark_err *err)
{
	w->moved = 0;
	w->has_read = false;
	int read = wslay_event_recv(w->frames);
	int written = wslay_event_send(w->frames);
	if (w->idle > IDLE_MAX) {
		return say_flood(
			w, "the peer floods the connection with frames that say nothing", err);
	}
	if (wslay_event_get_close_received(w->frames) != 0) {
		return say_closed(w, err);
	}
	/* Reading is off when a frame was wrong: the close that says so has been sent, or will not be. */
	if (read != 0 || written != 0 || wslay_event_get_read_enabled(w->frames) == 0) {
		return say_broken(w, err);
	}
	return wslay_event_get_queued_msg_count(w->frames) <= UNSENT_MAX
		       ? HARK_OK
		       : say_flood(w, "the peer sends pings and does not take the answers", err);
}

/* A turn ends after a short read, and TLS may hold more than the socket shows. */
static int exchange(struct websocket *w, struct hark_err *err)
{
	size_t bytes = 0, reads = 0;
	int rc;
	do {
		rc = take_turn(w, err);
		bytes += w->moved;
	} while (rc == HARK_OK && w->moved > 0 && bytes < STEP_BYTES && ++reads < STEP_READS);
	w->wants_more = rc == HARK_OK && w->moved > 0;
	return rc;
}

int websocket_step(struct websocket *w, struct hark_err *err)
{
	int rc = w->phase == PHASE_ASKING ? shake_hands(w, err) : HARK_OK;
	if (rc == HARK_OK && w->phase == PHASE_OPEN) {
		rc = exchange(w, err);
	}
	return rc;
}
