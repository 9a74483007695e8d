#include "tests/fuzz/fuzz.h"

#include "monitor/fetch/imap.h"

#include <assert.h>

#define MAIL_MAX 300
#define ROOM 1000

struct peer {
	const uint8_t *bytes;
	size_t n, at, step;
};

static ssize_t peer_read(void *ctx, void *bytes, size_t n)
{
	struct peer *p = ctx;
	n = n < p->step ? n : p->step;
	n = n < p->n - p->at ? n : p->n - p->at;
	if (n > 0) {
		memcpy(bytes, p->bytes + p->at, n);
	}
	p->at += n;
	return n > 0 ? (ssize_t)n : HARK_EPIPE;
}

static ssize_t peer_write(void *ctx, const void *bytes, size_t n)
{
	(void)ctx;
	assert(bytes != NULL && n > 0);
	return (ssize_t)n;
}

/* The first byte says how large the pieces are and whether the place is of the folder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imap *m;
	struct buf body, headers;
	struct hark_err err;
	if (size == 0) {
		return 0;
	}
	struct peer p = {.bytes = data + 1, .n = size - 1, .step = (size_t)(data[0] >> 1) + 1};
	const struct imap_io io = {peer_read, peer_write, &p};
	const struct imap_ask ask = {.folder = STR("a"),
		.validity = data[0] & 1 ? 7 : 0,
		.after = 100,
		.since = STR("02-Aug-2026"),
		.mails = 5,
		.mail_max = MAIL_MAX};
	buf_init(&body, ROOM);
	buf_init(&headers, 1u << 20);
	if (imap_new(&m, &io, &ask, &err) == HARK_OK) {
		enum imap_state state = imap_step(m, &body, &err);
		assert(body.n <= ROOM);
		assert(state != IMAP_WAITS); /* the peer has said all */
		if (state == IMAP_DONE) {
			size_t n = imap_headers(m, &headers);
			assert(n >= 3);
		}
		imap_free(m);
	}
	buf_release(&body);
	buf_release(&headers);
	return 0;
}
