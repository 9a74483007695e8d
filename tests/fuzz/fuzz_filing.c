#include "tests/fuzz/fuzz.h"

#include "connectors/filing.h"

#include <assert.h>

/* Whatever the text, what is found lies in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filing_move moves[FILING_MOVES_MAX];
	struct str text = str_n((const char *)data, size), section = text;
	struct arena arena;
	arena_init(&arena, 0);
	(void)filing_item_502(text, &section);
	size_t n = filing_moves(section, &arena, moves);
	assert(n <= FILING_MOVES_MAX);
	for (size_t i = 0; i < n; i++) {
		assert(moves[i].person.n > 0 && moves[i].person.p >= text.p &&
			moves[i].person.p + moves[i].person.n <= text.p + text.n);
	}
	arena_release(&arena);
	return 0;
}
