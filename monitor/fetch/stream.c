/* DESIGN: libcurl makes the connection (CURLOPT_CONNECT_ONLY), so that names, TLS and the address guard are
 * those of every transfer, and then only moves bytes. The handle has to stay in its multi handle as long as the
 * connection is used, and any other transfer there may close connections that look idle: each WebSocket
 * therefore has a multi handle of its own, which is asked every few milliseconds until it is connected. */
#include "monitor/fetch/stream.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/url.h"

#include <stdio.h>
#include <stdlib.h>

#define WINDOW_MS 60000 /* of the frames without anything in them */

/* --- bytes over libcurl's connection --- */

static ssize_t moved(struct transfer *t, CURLcode code, size_t n)
{
	if (code == CURLE_AGAIN) {
		return 0;
	}
	if (code != CURLE_OK) {
		return HARK_ENET;
	}
	t->heard_ms = clock_steady_ms();
	t->pinged = false;
	return n > 0 ? (ssize_t)n : HARK_EPIPE;
}

ssize_t stream_read(void *ctx, void *bytes, size_t n)
{
	struct transfer *t = ctx;
	size_t got = 0;
	CURLcode code = curl_easy_recv(t->slot->easy, bytes, n, &got);
	return moved(t, code, got);
}

ssize_t stream_write(void *ctx, const void *bytes, size_t n)
{
	struct transfer *t = ctx;
	size_t put = 0;
	CURLcode code = curl_easy_send(t->slot->easy, bytes, n, &put);
	return code == CURLE_OK ? (ssize_t)put : code == CURLE_AGAIN ? 0 : HARK_ENET;
}

static void on_head(void *ctx, struct str line)
{
	transfer_head(ctx, line);
}

static void on_opened(void *ctx)
{
	struct transfer *t = ctx;
	t->opened = true;
	t->stream->opened(t->reply->user);
}

static bool on_message(void *ctx, struct str message)
{
	struct transfer *t = ctx;
	t->paused |= !t->stream->take(t->reply->user, message);
	return !t->paused;
}

/* --- connecting --- */

/* libcurl spells an empty value "Name;". */
static void add_header(struct buf *out, const char *line)
{
	size_t n = strlen(line);
	bool empty = n > 0 && line[n - 1] == ';' && strchr(line, ':') == NULL;
	buf_add(out, line, n - empty);
	buf_add_c(out, empty ? ":\r\n" : "\r\n");
}

static struct websocket *new_websocket(struct transfer *t, const struct fetch_options *options,
	const char *host, const char *target)
{
	const struct websocket_io io = {
		stream_read, stream_write, on_head, on_opened, on_message, t};
	struct buf headers;
	buf_init(&headers, 1u << 16);
	buf_printf(&headers, "User-Agent: %s\r\n", options->user_agent);
	for (const struct curl_slist *h = t->headers; h != NULL; h = h->next) {
		add_header(&headers, h->data);
	}
	const struct websocket_request request = {.host = host,
		.target = target,
		.headers = buf_str(&headers),
		.message_max = t->reply->body.max};
	struct websocket *ws = headers.rc == HARK_OK ? websocket_new(&io, &request) : NULL;
	buf_release(&headers);
	return ws;
}

/* "example.com:8443", "/path?query" */
static bool open_websocket(struct transfer *t, const struct fetch_options *options)
{
	struct buf host, target;
	buf_init(&host, URL_MAX);
	buf_init(&target, URL_MAX);
	if (url_request(&host, &target, t->url)) {
		t->ws = new_websocket(t, options, buf_c(&host), buf_c(&target));
	}
	buf_release(&host);
	buf_release(&target);
	return t->ws != NULL;
}

bool stream_connected(struct transfer *t, CURLcode *code)
{
	CURLMsg *msg;
	int running, left;
	curl_multi_perform(t->multi, &running);
	while ((msg = curl_multi_info_read(t->multi, &left)) != NULL) {
		if (msg->msg == CURLMSG_DONE) {
			*code = msg->data.result;
			return true;
		}
	}
	return false;
}

/* --- moving --- */

static enum stream_state end_websocket(
	struct transfer *t, int rc, const struct hark_err *err, int64_t now_ms, bool *again)
{
	bool is_answer = rc == HARK_ESTATE && (t->status < 200 || t->status > 299);
	if (is_answer && t->status > 0) {
		*again = transfer_ended(t, CURLE_OK, now_ms);
	} else {
		transfer_fail(t, rc == HARK_ENOMEM ? rc : HARK_ENET, err->text);
	}
	return STREAM_ENDED;
}

enum stream_state stream_move(
	struct transfer *t, const struct fetch_options *options, int64_t now_ms, bool *again)
{
	struct hark_err err = {0};
	CURLcode code = CURLE_OK;
	if (t->ws == NULL) {
		if (!stream_connected(t, &code)) {
			return STREAM_GOES_ON;
		}
		if (code != CURLE_OK) {
			*again = transfer_ended(t, code, now_ms);
			return STREAM_ENDED;
		}
		if (!open_websocket(t, options)) {
			transfer_fail(t, HARK_ENOMEM, "no memory for a WebSocket");
			return STREAM_ENDED;
		}
	}
	if (t->go_on) {
		t->go_on = t->paused = false;
		websocket_go_on(t->ws);
	}
	if (now_ms - t->window_ms >= WINDOW_MS) {
		t->window_ms = now_ms;
		websocket_new_window(t->ws);
	}
	int rc = websocket_step(t->ws, &err);
	return rc == HARK_OK ? STREAM_GOES_ON : end_websocket(t, rc, &err, now_ms, again);
}

bool stream_is_dead(struct transfer *t, int64_t now_ms)
{
	char text[100], span[CLOCK_TEXT_MAX];
	int64_t silent_ms = now_ms - t->heard_ms;
	if (t->paused) {
		t->heard_ms = now_ms; /* we do not listen */
		return false;
	}
	if (t->ws != NULL && t->opened && !t->pinged && silent_ms >= t->idle_ms / 2) {
		websocket_ping(t->ws);
		t->pinged = true;
	}
	if (silent_ms < t->idle_ms) {
		return false;
	}
	snprintf(text, sizeof(text), "nothing was heard of it for %s", clock_span(silent_ms, span));
	transfer_fail(t, HARK_ENET, text);
	return true;
}

curl_socket_t stream_socket(const struct transfer *t)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	curl_easy_getinfo(t->slot->easy, CURLINFO_ACTIVESOCKET, &fd);
	return fd;
}
