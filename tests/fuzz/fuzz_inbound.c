#include "tests/fuzz/fuzz.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Any bytes as what a program sends: every item is a record or is said to be none, or all is refused. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct collected got;
	struct hark_err err = {0};
	void *ctx = NULL;
	char *body = malloc(size + 1);
	if (body == NULL) {
		return 0;
	}
	memcpy(body, data, size);
	body[size] = '\0';
	const struct hark_reply reply = {
		.status = 200, .body = body, .body_bytes = size, .received_ms = 1};
	arena_init(&arena, 64u << 20);
	collect_open(&hark_connector_inbound, NULL, 0, &ctx, &err);
	int rc = collect(&got, &hark_connector_inbound, ctx, STR("s"), &reply, &arena, &err);
	assert(rc == HARK_OK || err.text[0] != '\0');
	assert(got.rejects_n <= got.skipped);
	for (size_t i = 0; i < got.posts_n; i++) {
		assert(got.posts[i].external_id.n > 0);
	}
	collect_close(&hark_connector_inbound, ctx);
	arena_release(&arena);
	free(body);
	return 0;
}
