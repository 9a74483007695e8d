#include "tests/fuzz/fuzz.h"

#include "rules/fold.h"
#include "rules/query.h"

#include <stdlib.h>

static struct query *parse(struct str text, struct arena *arena, struct diags *diags)
{
	struct yaml_file file = {.name = "query", .text = text};
	struct yaml_node *node = arena_alloc(arena, sizeof(*node));
	struct yaml_file *kept = arena_alloc(arena, sizeof(*kept));
	if (node == NULL || kept == NULL) {
		return NULL;
	}
	*kept = file;
	*node = (struct yaml_node){.kind = YAML_SCALAR,
		.style = YAML_LITERAL,
		.at = {.file = "query", .line = 0, .col = 1},
		.text = text,
		.file = kept};
	return query_parse(node, arena, NULL, diags);
}

/* Laid out, a query reads as before; comments apart, and queries so long that they no longer fit. */
static void check_layout(const struct query *q, size_t width, struct arena *arena)
{
	struct diags diags;
	struct buf laid_out, before, after;
	diags_init(&diags);
	buf_init(&laid_out, 8 << 20);
	buf_init(&before, 8 << 20);
	buf_init(&after, 8 << 20);
	query_format(q, width, &laid_out);
	query_print(q, &before);
	if (laid_out.rc == HARK_OK && laid_out.n < QUERY_BYTES_MAX) {
		struct query *again = parse(arena_str(arena, buf_str(&laid_out)), arena, &diags);
		if (again == NULL) {
			abort();
		}
		query_print(again, &after);
		if (!str_eq(buf_str(&before), buf_str(&after))) {
			abort();
		}
	}
	buf_release(&laid_out);
	buf_release(&before);
	buf_release(&after);
	diags_release(&diags);
}

/* One query as a rule file holds it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct diags diags;
	struct buf out;
	if (fold_init() != HARK_OK) {
		return 0;
	}
	arena_init(&arena, 0);
	diags_init(&diags);
	buf_init(&out, 8 << 20);
	struct str text = arena_str(&arena, str_n((const char *)data, size));
	struct query *q = parse(text, &arena, &diags);
	if (q != NULL) {
		query_print(q, &out);
		check_layout(q, 0, &arena);
		check_layout(q, 60, &arena);
	}
	buf_release(&out);
	diags_release(&diags);
	arena_release(&arena);
	return 0;
}
