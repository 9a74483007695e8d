#include "tests/fuzz/fuzz.h"

#include "monitor/people/person_name.h"
#include "rules/fold.h"

#include <assert.h>

static void check(const struct person_name *n)
{
	uint64_t keys[PERSON_KEYS_MAX];
	assert(n->n > 0 && n->n <= PERSON_WORDS_MAX && n->family <= n->n);
	for (uint8_t i = 0; i < n->n; i++) {
		assert(n->words[i].n > 0 && n->words[i].start + n->words[i].n <= n->bytes_n);
	}
	assert(person_name_keys(n, true, keys) <= PERSON_KEYS_MAX);
	assert(person_name_keys(n, false, keys) <= PERSON_KEYS_MAX);
	assert(person_name_compare(n, n).verdict != NAME_DIFFERENT);
}

/* Two names with a newline between. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), first = STR_NONE;
	struct person_name a, b;
	if (fold_init() != HARK_OK || !str_split(&rest, '\n', &first)) {
		return 0;
	}
	bool some = person_name_read(&a, first), other = person_name_read(&b, rest);
	if (some) {
		check(&a);
	}
	if (other) {
		check(&b);
	}
	if (some && other) {
		struct name_match m = person_name_compare(&a, &b),
				  back = person_name_compare(&b, &a);
		assert(m.verdict == back.verdict && m.reason == back.reason);
	}
	return 0;
}
