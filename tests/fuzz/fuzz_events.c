#include "tests/fuzz/fuzz.h"

#include "monitor/base/err.h"
#include "monitor/base/events.h"

#include <assert.h>

static int keep(void *ctx, const struct event *e)
{
	assert(e->data.n <= 256);
	events_write(ctx, EVENTS_SSE, e);
	return HARK_OK;
}

/* The first byte says the format and how large the pieces are: all sizes give the same events, and what
 * is written of them reads as the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out[3];
	if (size == 0) {
		return 0;
	}
	enum events_format format = (data[0] & 1) != 0 ? EVENTS_SSE : EVENTS_LINES;
	const size_t steps[] = {size, (size_t)(data[0] >> 1) % 7 + 1};
	for (size_t i = 0; i < 2; i++) {
		struct events e;
		buf_init(&out[i], 4u << 20);
		events_init(&e, format, 256);
		for (size_t at = 1; at < size; at += steps[i]) {
			size_t n = size - at < steps[i] ? size - at : steps[i];
			events_feed(&e, str_n((const char *)data + at, n), keep, &out[i]);
		}
		events_finish(&e, keep, &out[i]);
		events_release(&e);
	}
	assert(str_eq(buf_str(&out[0]), buf_str(&out[1])));
	buf_init(&out[2], 4u << 20);
	if (format == EVENTS_SSE) {
		struct events e;
		events_init(&e, EVENTS_SSE, 512);
		events_feed(&e, buf_str(&out[0]), keep, &out[2]);
		assert(str_eq(buf_str(&out[0]), buf_str(&out[2])));
		events_release(&e);
	}
	for (size_t i = 0; i < 3; i++) {
		buf_release(&out[i]);
	}
	return 0;
}
