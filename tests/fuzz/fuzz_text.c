#include "tests/fuzz/fuzz.h"

#include "rules/fold.h"
#include "rules/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t;
	if (fold_init() != HARK_OK) {
		return 0;
	}
	text_init(&t);
	text_add(&t, TEXT_TEXT, str_n((const char *)data, size));
	uint32_t last = 0;
	for (size_t i = 0; i < t.n; i++) { /* in order, inside the text, folded somewhere */
		assert(t.v[i].start >= last && t.v[i].end > t.v[i].start && t.v[i].end <= size);
		assert(t.v[i].fold + t.v[i].fold_n <= t.folded_n && t.v[i].fold_n > 0);
		last = t.v[i].end;
	}
	for (size_t i = 0; i < t.tags_n; i++) {
		assert(t.tags[i].from <= t.tags[i].to && t.tags[i].to <= t.n);
	}
	text_release(&t);
	return 0;
}
