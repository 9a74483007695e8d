#include "tests/fuzz/fuzz.h"

#include "monitor/base/csv.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct csv c;
	struct csv_row row;
	int rc;
	arena_init(&arena, 0);
	if (csv_open(&c, str_n((const char *)data, size), &arena, NULL) == HARK_OK) {
		size_t last = c.at;
		while ((rc = csv_next(&c, &row, NULL)) != HARK_ENOENT) {
			assert(c.at > last && c.at <= size); /* every call goes on */
			last = c.at;
			(void)csv_cell(&row, 0);
		}
	}
	arena_release(&arena);
	return 0;
}
