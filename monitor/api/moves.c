/* Job moves of people, and who told of them. */
#include "monitor/api/api_in.h"
#include "monitor/api/view.h"

#define LIST_DEFAULT 50
#define LIST_MAX 500

void moves_list(struct call *c)
{
	struct hark_err err = {0};
	struct move_row *v = NULL;
	size_t n = 0;
	int64_t person;
	struct call_page page;
	bool strange;
	if (!call_flag(c, "strangers", &strange) || !call_number(c, "person", 1, INT64_MAX, 0, &person) ||
		!call_page(c, LIST_DEFAULT, LIST_MAX, &page)) {
		return;
	}
	if (strange && person != 0) {
		call_refuse(c, 400, "a person is no stranger");
		return;
	}
	const struct move_filter filter = {.whose = strange ? MOVES_STRANGE : MOVES_KNOWN,
		.person = person,
		.seen_as = str_c(role_class(c->who.role)),
		.before = page.place,
		.max = page.max};
	if (store_move_list(c->store, &filter, c->arena, &v, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n < page.max ? n : page.shown;
	call_items(c);
	for (size_t i = 0; i < shown; i++) {
		view_move(&c->j, &v[i], NULL);
	}
	call_items_end(c, shown < n ? v[shown - 1].id : 0);
	call_answer(c, 200);
}

/* Whoever may not see it is told that it is not there. */
void moves_show_one(struct call *c)
{
	struct hark_err err = {0};
	struct move_row m = {0};
	struct move_story story;
	int64_t id;
	int rc = str_i64(c->arg, &id) && id > 0
			 ? store_move_story(c->store, id, c->arena, &m, &story, &err)
			 : HARK_ENOENT;
	if (rc == HARK_ENOENT || (rc == HARK_OK && !role_sees(c->who.role, m.visibility))) {
		call_refuse(c, 404, "there is no move of that number");
	} else if (rc != HARK_OK) {
		call_fail(c, &err);
	} else {
		view_move(&c->j, &m, &story);
		call_answer(c, 200);
	}
}
