#include "tests/fuzz/fuzz.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One export; its cursor stands for the next. Returns how many profiles it told of. */
static size_t read_export(void *ctx, const uint8_t *data, size_t size, struct str *cursor)
{
	struct arena arena;
	struct collected got;
	struct hark_request request;
	char *body = malloc(size + 1), *next = NULL;
	assert(body != NULL);
	memcpy(body, data, size);
	body[size] = '\0';
	arena_init(&arena, 0);
	assert(collect_plan(&hark_connector_roster, ctx, cursor->p, 0, &request, &arena, NULL) ==
		HARK_OK);
	const struct hark_reply reply = {
		.url = "/rosters/a.csv", .status = 200, .body = body, .body_bytes = size};
	size_t n = 0;
	if (collect(&got, &hark_connector_roster, ctx, STR("r"), &reply, &arena, NULL) == HARK_OK) {
		n = got.profiles_n;
		assert(got.posts_n <= n);
		next = got.cursor.p != NULL ? strdup(got.cursor.p) : NULL;
	}
	if (next != NULL) {
		free((char *)cursor->p);
		*cursor = str_c(next);
	}
	arena_release(&arena);
	free(body);
	return n;
}

/* Two exports, parted by a record separator, the first once more at the end: whatever they are, an export that is
 * read twice in a row tells nothing the second time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct hark_pair settings[] = {{"folder", "/rosters"}, {"rows", "staff"}};
	const uint8_t *cut = size > 0 ? memchr(data, 0x1e, size) : NULL;
	size_t first = cut != NULL ? (size_t)(cut - data) : size;
	struct str cursor = STR_NONE;
	void *ctx = NULL;
	assert(collect_open(&hark_connector_roster, settings, 2, &ctx, NULL) == HARK_OK);
	read_export(ctx, data, first, &cursor);
	assert(read_export(ctx, data, first, &cursor) == 0);
	if (cut != NULL) {
		read_export(ctx, cut + 1, size - first - 1, &cursor);
		read_export(ctx, data, first, &cursor);
	}
	free((char *)cursor.p);
	collect_close(&hark_connector_roster, ctx);
	return 0;
}
