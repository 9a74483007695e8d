/* Searches in all that was said. */
#include "monitor/api/api_in.h"
#include "monitor/api/view_search.h"

#define LIST_DEFAULT 20
#define LIST_MAX 100

void search_all(struct call *c)
{
	struct hark_err err = {0};
	struct search_page page;
	int64_t limit, before = 0;
	if (!call_number(c, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit) ||
		!call_cursor(c, &before)) {
		return;
	}
	const struct search_ask ask = {
		.words = http_query(c->x, "q"),
		.person = http_query(c->x, "person"),
		.account = http_query(c->x, "account"),
		.source = http_query(c->x, "source"),
		.kind = http_query(c->x, "kind"),
		.since = http_query(c->x, "since"),
		.until = http_query(c->x, "until"),
		.seen_as = str_c(role_class(c->who.role)),
		.before = before,
		.max = (size_t)limit,
	};
	int rc = search_ask(c->store, &ask, c->now_ms, c->arena, &page, &err);
	if (rc == HARK_EINVAL || rc == HARK_ENOENT) {
		call_refuse(c, 400, "%s", err.text);
		return;
	}
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
	for (size_t i = 0; i < page.n; i++) {
		view_search_hit(&c->j, &page.v[i]);
	}
	jsonout_end_array(&c->j);
	call_next(c, page.next);
	jsonout_key_i64(&c->j, "waiting", page.waiting);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}
