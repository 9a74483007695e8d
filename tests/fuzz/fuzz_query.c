#include "tests/fuzz/fuzz.h"

#include "rules/fold.h"
#include "rules/query.h"

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
	struct yaml_file file = {.name = "query", .text = text};
	struct yaml_node node = {.kind = YAML_SCALAR,
		.style = YAML_LITERAL,
		.at = {.file = "query", .line = 0, .col = 1},
		.text = text,
		.file = &file};
	struct query *q = query_parse(&node, &arena, &diags);
	if (q != NULL) {
		query_print(q, &out);
	}
	buf_release(&out);
	diags_release(&diags);
	arena_release(&arena);
	return 0;
}
