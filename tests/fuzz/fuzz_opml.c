#include "tests/fuzz/fuzz.h"

#include "connectors/parse/opml.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct opml_feed *feeds, *again;
	size_t n, n_again;
	struct buf out;
	arena_init(&arena, 64u << 20);
	buf_init(&out, 64u << 20);
	if (opml_read(str_n((const char *)data, size), &arena, &feeds, &n, NULL, NULL) == HARK_OK &&
		opml_write(feeds, n, "t", 0, &out) == HARK_OK) {
		int rc = opml_read(buf_str(&out), &arena, &again, &n_again, NULL, NULL);
		assert(rc == HARK_OK && n == n_again); /* what we write we can read */
	}
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
