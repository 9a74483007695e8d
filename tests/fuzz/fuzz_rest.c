/* Replies through definitions that use most of what there is: pages, lookups, a snapshot, every kind of field,
 * and either details or the item above. The first byte chooses definition, status and tag. */
#include "tests/fuzz/fuzz.h"

#include "connectors/collect.h"
#include "connectors/definition.h"

#include <assert.h>
#include <stdio.h>

static const char form[] =
	"id: fuzz\nabout: fuzz\n"
	"request: { url: \"https://board.example/list\", query: { page: \"{page}\" } }\n"
	"lookup: { user: { in: $root/users, key: /id, by: /by } }\n"
	"cursor: { kind: snapshot_diff, from: /id, watch: [ /t, /tags ] }\n"
	"paging: { kind: page, size: 2, total: /pages, has_more: /more }\n"
	"items:\n  pointer: [ /items, \"/groups/*/items\" ]\n  children: /replies\n"
	"  skip_if: [ { pointer: /hidden, eq: true }, { pointer: \"/tags/*\", regex: \"^no\" } ]\n"
	"%s"
	"map:\n"
	"  external_id: /id\n"
	"  url: [ { pointer: /u, do: [ resolve_url, \"strip_query:utm_\" ] }, { template: \"https://b.example/{/id|enc}\" } ]\n"
	"%s"
	"  author.handle: [ $user/name, { pointer: /by, do: [ [append_if_no, \"@\", \"@{/id}\"] ] } ]\n"
	"  author.followers: { pointer: \"/n/*\", do: [sum] }\n"
	"  published: { pointer: [ /at, /seen ], do: [min_time] }\n"
	"  edited: { pointer: /edited, do: [date_any] }\n"
	"  title: { pointer: /title, do: [ entities_to_text, [truncate, 40] ] }\n"
	"  text: { pointer: [ /t, \"/more/*\" ], do: [ [drop_element, aside], html_to_text, [join, \" \"] ] }\n"
	"  tags: [ \"/tags/*\", { pointer: /csv, do: [ \"split:,\" ] } ]\n"
	"  links: [ { pointer: /t, do: [html_links] }, { pointer: /md, do: [text_links] } ]\n"
	"errors: [ { if: { pointer: /error }, action: backoff, message: /error, seconds: /wait } ]\n"
	"rate: { backoff: /backoff, headers: { remaining: X-Left, reset: X-Reset, reset_kind: iso8601 } }\n";

/* An item above is gone when a detail comes, so a definition that reads it has none. */
static const char *const halves[][2] = {
	{"detail: { url: \"https://board.example/item/{/id}\", map: { quoted: $detail/body } }\n",
		""},
	{"", "  type: { const: reply, if: { pointer: $parent/id } }\n"},
};

static struct definition *read_definition(const char *const half[2])
{
	char text[sizeof(form) + 256];
	struct definition *d;
	struct hark_err err = {0};
	struct diags diags;
	diags_init(&diags);
	snprintf(text, sizeof(text), form, half[0], half[1]);
	int rc = definition_read(&d, str_c(text), "fuzz.yaml", &diags, &err);
	diags_print(&diags, stderr, false);
	assert(rc == HARK_OK);
	diags_release(&diags);
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 200, 404, 429};
	static const char *const tags[] = {NULL, "p1", "d[{\"id\":1},[{\"name\":\"a\"}]]", "d"};
	static struct definition *both[2];
	struct hark_err err = {0};
	for (size_t i = 0; i < 2 && both[i] == NULL; i++) {
		both[i] = read_definition(halves[i]);
	}
	unsigned choice = size > 0 ? data[0] : 0;
	struct definition *d = both[choice >> 6 & 1];
	struct buf body;
	struct arena arena;
	struct collected got;
	void *ctx = NULL;
	buf_init(&body, 16u << 20);
	buf_add(&body, data + (size > 0), size - (size > 0));
	arena_init(&arena, 64u << 20);
	assert(collect_open(&d->connector, NULL, 0, &ctx, &err) == HARK_OK);
	const struct hark_pair headers[] = {{"X-Left", "0"}, {"X-Reset", "2026-09-21T14:13:21Z"}};
	const struct hark_reply reply = {.tag = tags[choice & 3],
		.url = "https://board.example/list",
		.status = statuses[choice >> 2 & 3],
		.headers = headers,
		.headers_count = 2,
		.body = buf_c(&body),
		.body_bytes = body.n,
		.received_ms = INT64_C(1790000000000)};
	int rc = collect(&got, &d->connector, ctx, STR("fuzz"), &reply, &arena, &err);
	assert(rc == HARK_OK || err.text[0] != '\0');
	for (size_t i = 0; i < got.posts_n; i++) {
		assert(got.posts[i].external_id.n > 0);
	}
	collect_close(&d->connector, ctx);
	arena_release(&arena);
	buf_release(&body);
	return 0;
}
