#include "tests/fuzz/fuzz.h"

#include "monitor/fetch/headers.h"

#include <assert.h>

#define NOW_MS INT64_C(1800000000000)

/* Any bytes as a header line, and as the value of each header we read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size), name, value;
	int64_t at, wait = header_retry_after_ms(text, NOW_MS), age = header_max_age_ms(text);
	assert(wait >= 0 && wait <= HEADER_WAIT_MAX_MS);
	assert(age >= 0 && age <= HEADER_WAIT_MAX_MS);
	if (header_date(text, &at)) {
		assert(at % 1000 == 0);
	}
	if (header_split(text, &name, &value)) {
		assert(name.n > 0 && name.n + 1 + value.n <= size);
		assert(name.p == text.p && value.p >= name.p + name.n);
		header_retry_after_ms(value, NOW_MS);
		header_max_age_ms(value);
	}
	struct str rest = text;
	struct header_link link;
	for (size_t left = size + 1; header_link_next(&rest, &link); left = rest.n) {
		assert(rest.n < left && link.url.n + link.rel.n < size);
		assert(rest.p + rest.n == text.p + size);
		header_link_is(&link, "hub");
	}
	return 0;
}
