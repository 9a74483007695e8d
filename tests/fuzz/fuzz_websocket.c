#include "tests/fuzz/fuzz.h"

#include "monitor/base/crypto.h"
#include "monitor/fetch/websocket.h"

#include <assert.h>

#define MESSAGE_MAX 500

struct peer {
	const uint8_t *bytes;
	size_t n, at, step;
	bool hold;
	struct buf heard;
};

static ssize_t peer_read(void *ctx, void *bytes, size_t n)
{
	struct peer *p = ctx;
	n = n < p->step ? n : p->step;
	n = n < p->n - p->at ? n : p->n - p->at;
	if (n == 0) {
		return 0;
	}
	memcpy(bytes, p->bytes + p->at, n);
	p->at += n;
	return (ssize_t)n;
}

static ssize_t peer_write(void *ctx, const void *bytes, size_t n)
{
	struct peer *p = ctx;
	buf_add(&p->heard, bytes, n);
	return (ssize_t)n;
}

static void peer_head(void *ctx, struct str line)
{
	(void)ctx;
	assert(line.n > 0 && line.p[line.n - 1] == '\n');
}

static void peer_opened(void *ctx)
{
	(void)ctx;
}

static bool peer_message(void *ctx, struct str message)
{
	struct peer *p = ctx;
	assert(message.n <= MESSAGE_MAX);
	p->hold = !p->hold;
	return p->hold;
}

/* The handshake a peer has to answer, in `answer`. */
static void agree(const struct peer *p, struct buf *answer)
{
	unsigned char sum[CRYPTO_SHA1_BYTES];
	struct buf text;
	buf_init(&text, 200);
	size_t key = str_find(buf_str(&p->heard), STR("Sec-WebSocket-Key: "));
	buf_add(&text, p->heard.p + key + 19, 24);
	buf_add_c(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	crypto_sha1(buf_str(&text), sum);
	buf_add_c(answer, "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
			  "Sec-WebSocket-Accept: ");
	crypto_base64(answer, sum, sizeof(sum));
	buf_add_c(answer, "\r\n\r\n");
	buf_release(&text);
}

/* The first byte says how large the pieces are and whether the handshake is the input's too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	struct hark_err err;
	struct buf answer;
	struct peer p = {.step = (size_t)(data[0] >> 1) + 1};
	const struct websocket_io io = {
		peer_read, peer_write, peer_head, peer_opened, peer_message, &p};
	const struct websocket_request request = {
		.host = "a", .target = "/", .message_max = MESSAGE_MAX};
	buf_init(&p.heard, 4u << 20);
	buf_init(&answer, 1000);
	struct websocket *w = websocket_new(&io, &request);
	int rc = websocket_step(w, &err);
	if ((data[0] & 1) != 0 && rc == HARK_OK) {
		agree(&p, &answer);
		p.bytes = (const uint8_t *)answer.p;
		p.n = answer.n;
		rc = websocket_step(w, &err);
		assert(rc == HARK_OK);
	}
	p.bytes = data + 1;
	p.n = size - 1;
	p.at = 0;
	for (size_t i = 0; i < size && rc == HARK_OK && p.at < p.n; i++) {
		rc = websocket_step(w, &err);
		websocket_go_on(w);
	}
	websocket_free(w);
	buf_release(&p.heard);
	buf_release(&answer);
	return 0;
}
