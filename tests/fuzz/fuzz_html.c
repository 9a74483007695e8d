#include "tests/fuzz/fuzz.h"

#include "connectors/parse/html.h"
#include "monitor/base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str html = str_n((const char *)data, size);
	struct arena arena;
	struct buf clean, out;
	struct html_feed feeds[HTML_FEEDS_MAX];
	arena_init(&arena, 16u << 20);
	struct html_links links = {.arena = &arena};
	buf_init(&clean, 8 * size + 64);
	buf_init(&out, 16 * size + 64);
	utf8_clean(&clean, html);
	html_to_text(buf_str(&clean), STR("https://example.com/a/b"), size & 1 ? HTML_MAYBE : 0,
		&out, &links);
	assert(out.rc == 0 && out.n <= 2 * clean.n + 64);
	assert(utf8_valid(buf_str(&out)) == out.n); /* UTF-8 in, UTF-8 out */
	html_find_feeds(html, STR("https://example.com/"), &arena, feeds);
	html_title(html, &arena);
	buf_release(&clean);
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
