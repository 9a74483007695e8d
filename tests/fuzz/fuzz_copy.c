/* Two texts with a newline between them: comparing is symmetric, finds each text in itself, and what is kept
 * compares as what was read. */
#include "tests/fuzz/fuzz.h"

#include "rules/copy.h"

#include <assert.h>

static struct copy *read_text(struct str text)
{
	struct copy *c = copy_new();
	if (c != NULL && copy_read(c, STR_NONE, text) != HARK_OK) {
		copy_free(c);
		return NULL;
	}
	return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), first = STR_NONE;
	uint64_t keys[COPY_KEYS_MAX], chosen[COPY_KEYS];
	uint8_t common[COPY_KEYS_MAX] = {0};
	struct arena arena;
	str_split(&rest, '\n', &first);
	struct copy *a = read_text(first), *b = read_text(rest);
	arena_init(&arena, 0);
	if (a != NULL && b != NULL) {
		bool same = copy_same(a, b);
		assert(copy_same(b, a) == same);
		assert(copy_words(a) == 0 || copy_same(a, a));
		struct copy *kept = copy_keep(a, &arena);
		assert(kept == NULL || copy_same(kept, b) == same);
		size_t n = copy_keys(a, keys);
		assert(n <= COPY_KEYS_MAX && (n > 0) == (copy_words(a) > 0));
		assert(copy_choose(keys, common, n, chosen) == (n < COPY_KEYS ? n : COPY_KEYS));
	}
	arena_release(&arena);
	copy_free(a);
	copy_free(b);
	return 0;
}
