#include "tests/fuzz/fuzz.h"

#include "rules/fold.h"
#include "rules/text.h"

#include <assert.h>

/* The short cuts for ASCII change nothing. */
static void expect_same(const struct text *fast, const uint8_t *data, size_t size)
{
	struct text slow;
	text_init(&slow);
	slow.careful = true;
	text_add(&slow, TEXT_TEXT, str_n((const char *)data, size));
	assert(slow.n == fast->n && slow.tags_n == fast->tags_n);
	assert(slow.question == fast->question && slow.opaque == fast->opaque);
	for (size_t i = 0; i < slow.n; i++) {
		const struct token *a = &slow.v[i], *b = &fast->v[i];
		assert(a->start == b->start && a->end == b->end && a->kind == b->kind);
		assert(a->flags == b->flags && str_eq(text_at(&slow, i), text_at(fast, i)));
		assert(slow.hash[i] == fast->hash[i]);
	}
	text_release(&slow);
}

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
	expect_same(&t, data, size);
	text_release(&t);
	return 0;
}
