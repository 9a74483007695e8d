/* What the tests of definitions share: a definition from text, replies run through it. */
#ifndef HARK_TESTS_REST_UNIT_H
#define HARK_TESTS_REST_UNIT_H

#include "tests/unit/unit.h"

#include "connectors/collect.h"
#include "connectors/definition.h"

#include <stdio.h>

#define NOW_MS INT64_C(1788307200000) /* 2026-09-02 */

struct rest_run {
	struct definition *d;
	struct diags diags;
	struct arena arena;
	struct hark_err err;
	struct collected got;
	struct hark_request request;
	int64_t spent; /* of the day, by all replies so far */
	void *ctx;
};

/* The smallest definition: an address, items and an id. `more` goes behind it. */
#define DEFINITION(more)                                                                \
	"id: board\nabout: a board\nrequest: { url: \"https://board.example/list\" }\n" \
	"items: { pointer: /items }\n" more

static inline int rest_read(struct rest_run *run, const char *text)
{
	memset(run, 0, sizeof(*run));
	diags_init(&run->diags);
	arena_init(&run->arena, 0);
	return definition_read(&run->d, str_c(text), "board.yaml", &run->diags, &run->err);
}

static inline void rest_start(struct rest_run *run, const char *text)
{
	int rc = rest_read(run, text);
	if (rc != HARK_OK) {
		diags_print(&run->diags, stderr, false);
	}
	assert_int_equal(rc, HARK_OK);
	assert_int_equal(collect_open(&run->d->connector, NULL, 0, &run->ctx, &run->err), HARK_OK);
}

static inline int rest_plan_at(struct rest_run *run, const char *cursor)
{
	return collect_plan(&run->d->connector, run->ctx, cursor, NOW_MS, &run->request,
		&run->arena, &run->err);
}

static inline int rest_reply(
	struct rest_run *run, const struct hark_reply *base, const char *body, size_t bytes)
{
	struct hark_reply reply = *base;
	reply.status = reply.status != 0 ? reply.status : 200;
	reply.url = reply.url != NULL ? reply.url : "https://board.example/list";
	reply.body = body;
	reply.body_bytes = bytes;
	reply.received_ms = NOW_MS;
	reply.spent = run->spent;
	int rc = collect(
		&run->got, &run->d->connector, run->ctx, STR("b"), &reply, &run->arena, &run->err);
	run->spent += run->got.spent;
	return rc;
}

static inline int rest_body(struct rest_run *run, const char *tag, const char *body)
{
	const struct hark_reply base = {.tag = tag};
	return rest_reply(run, &base, body, strlen(body));
}

static inline void rest_end(struct rest_run *run)
{
	if (run->ctx != NULL) {
		collect_close(&run->d->connector, run->ctx);
	}
	definition_free(run->d);
	diags_release(&run->diags);
	arena_release(&run->arena);
}

#endif
