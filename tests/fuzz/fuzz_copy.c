/* Two texts with a newline between them: comparing is symmetric, finds each text in itself, and what is in tokens
 * already is looked for as what was read. */
#include "tests/fuzz/fuzz.h"

#include "rules/copy.h"
#include "rules/text.h"

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

static void skims_alike(struct copy *a, struct str text, const struct copy_look *read)
{
	uint64_t keys[COPY_KEYS_MAX];
	struct text t;
	text_init(&t);
	text_add(&t, TEXT_TITLE, STR_NONE);
	text_add(&t, TEXT_TEXT, str_cut_utf8(text, COPY_BYTES_MAX));
	if (t.rc == HARK_OK) {
		struct copy_look skim = copy_skim(a, &t, keys);
		assert(skim.words == read->words && skim.is_cut == read->is_cut);
		assert(skim.keys_n == read->keys_n);
		assert(memcmp(keys, read->keys, skim.keys_n * sizeof(keys[0])) == 0);
	}
	text_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), first = STR_NONE;
	uint64_t keys[COPY_KEYS_MAX], chosen[COPY_KEYS];
	uint8_t common[COPY_KEYS_MAX] = {0};
	str_split(&rest, '\n', &first);
	struct copy *a = read_text(first), *b = read_text(rest);
	if (a != NULL && b != NULL) {
		bool same = copy_same(a, b);
		assert(copy_same(b, a) == same);
		assert(copy_words(a) == 0 || copy_same(a, a));
		struct copy_look look = copy_look(a, keys);
		size_t n = look.keys_n;
		assert(n <= COPY_KEYS_MAX && (n > 0) == (copy_words(a) > 0));
		assert(copy_choose(keys, common, n, chosen) == (n < COPY_KEYS ? n : COPY_KEYS));
		skims_alike(a, first, &look);
	}
	copy_free(a);
	copy_free(b);
	return 0;
}
