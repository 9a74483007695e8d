/* Definitions: what is read without a finding runs on a reply. */
#include "tests/fuzz/fuzz.h"

#include "connectors/collect.h"
#include "connectors/definition.h"

#include <assert.h>

static void run(const struct definition *d)
{
	static const char body[] =
		"{\"items\":[{\"id\":1,\"t\":\"<p>x\",\"at\":1788256923}],\"next\":\"/2\"}";
	const struct hark_reply reply = {.url = "https://board.example/list",
		.status = 200,
		.body = body,
		.body_bytes = sizeof(body) - 1,
		.received_ms = INT64_C(1790000000000)};
	struct hark_pair settings[64];
	struct hark_request request;
	struct hark_err err = {0};
	struct collected got;
	struct arena arena;
	size_t n = 0;
	void *ctx = NULL;
	for (const struct hark_setting *s = d->settings; s->name != NULL && n < 64; s++) {
		if (s->example != NULL) {
			settings[n++] = (struct hark_pair){s->name, s->example};
		}
	}
	arena_init(&arena, 64u << 20);
	if (collect_open(&d->connector, settings, n, &ctx, &err) == HARK_OK) {
		collect_plan(&d->connector, ctx, "{\"id\":\"1\",\"time\":1788256923000}",
			reply.received_ms, &request, &arena, &err);
		int rc = collect(&got, &d->connector, ctx, STR("fuzz"), &reply, &arena, &err);
		assert(rc == HARK_OK || err.text[0] != '\0'); /* a failure says why */
		collect_close(&d->connector, ctx);
	}
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct definition *d = NULL;
	struct diags diags;
	struct hark_err err = {0};
	diags_init(&diags);
	int rc = definition_read(&d, str_n((const char *)data, size), "fuzz.yaml", &diags, &err);
	assert((rc == HARK_OK) == (d != NULL));
	assert(rc != HARK_EPARSE || diags.errors > 0); /* what is refused has its place */
	if (d != NULL) {
		run(d);
	}
	definition_free(d);
	diags_release(&diags);
	return 0;
}
