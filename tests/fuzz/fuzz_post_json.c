#include "tests/fuzz/fuzz.h"

#include "monitor/model/post.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct buf once, twice;
	struct post p;
	arena_init(&arena, 64u << 20);
	buf_init(&once, 64u << 20);
	buf_init(&twice, 64u << 20);
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
