/* The ledger of imports, as hark import list has it. */
#include "monitor/api/api_in.h"
#include "monitor/api/import_view.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX 500

void imports_list(struct call *c)
{
	struct hark_err err = {0};
	struct import_entry *v = NULL;
	int64_t limit, before = 0;
	size_t n = 0;
	if (!call_number(c, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit) ||
		!call_cursor(c, &before)) {
		return;
	}
	if (store_import_list(c->store, before, (size_t)limit + 1, c->arena, &v, &n, &err) !=
		HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n > (size_t)limit ? (size_t)limit : n;
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
	for (size_t i = 0; i < shown; i++) {
		import_view(&c->j, &v[i]);
	}
	jsonout_end_array(&c->j);
	call_next(c, shown < n ? v[shown - 1].id : 0);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}
