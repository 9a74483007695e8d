/* Feeds of every format through the connector, as the daemon's workers run it. */
#include "tests/fuzz/fuzz.h"

#include "connectors/collect.h"
#include "connectors/registry.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct hark_connector *feed = connector_find("feed");
	const struct hark_pair url = {"url", "https://example.com/feed"};
	struct buf body;
	struct arena arena;
	struct collected got;
	struct hark_err err = {0};
	void *ctx = NULL;
	buf_init(&body, 16u << 20);
	buf_add(&body, data, size);
	arena_init(&arena, 64u << 20);
	if (collect_open(feed, &url, 1, &ctx, &err) == HARK_OK) {
		const struct hark_reply reply = {.url = "https://example.com/feed",
			.status = 200,
			.body = buf_c(&body),
			.body_bytes = body.n,
			.received_ms = INT64_C(1790000000000)};
		int rc = collect(&got, feed, ctx, STR("fuzz"), &reply, &arena, &err);
		assert(rc == HARK_OK || err.text[0] != '\0'); /* a failure says why */
		for (size_t i = 0; i < got.posts_n; i++) {
			assert(got.posts[i].external_id.n > 0);
		}
	}
	collect_close(feed, ctx);
	arena_release(&arena);
	buf_release(&body);
	return 0;
}
