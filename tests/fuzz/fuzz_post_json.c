#include "tests/fuzz/fuzz.h"

#include "monitor/model/post_scan.h"

#include <assert.h>

/* What the scanner takes, the tree reads alike. */
static void expect_same(struct str json, struct arena *arena)
{
	struct buf fast, slow;
	struct post p, q;
	buf_init(&fast, 64u << 20);
	buf_init(&slow, 64u << 20);
	bool has_other;
	if (post_scan_json(&p, json, arena, &has_other)) {
		int rc = post_read_tree(&q, json, arena, NULL);
		assert(rc == HARK_OK);
		post_write_json(&p, &fast);
		post_write_json(&q, &slow);
		assert(str_eq(buf_str(&fast), buf_str(&slow)));
	}
	buf_release(&fast);
	buf_release(&slow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct buf once, twice;
	struct post p;
	arena_init(&arena, 64u << 20);
	buf_init(&once, 64u << 20);
	buf_init(&twice, 64u << 20);
	expect_same(str_n((const char *)data, size), &arena);
	if (post_read_json(&p, str_n((const char *)data, size), &arena, NULL) == HARK_OK) {
		post_write_json(&p, &once);
		int rc = post_read_json(&p, buf_str(&once), &arena, NULL);
		assert(rc == HARK_OK);
		post_write_json(&p, &twice);
		assert(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
	}
	buf_release(&once);
	buf_release(&twice);
	arena_release(&arena);
	return 0;
}
