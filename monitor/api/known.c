/* People and accounts that were imported. */
#include "monitor/api/api_in.h"
#include "monitor/api/view.h"

#define LIST_DEFAULT 50
#define LIST_MAX 500
#define WORDS_MAX 200

struct list {
	struct call *c;
	enum known_what what;
	size_t left;  /* on this page */
	int64_t last; /* that is on it */
	bool more;    /* behind it */
};

static void take_row(void *ctx, const struct known_row *row)
{
	struct list *l = ctx;
	l->more = l->left == 0;
	if (!l->more) {
		l->left--;
		l->last = row->id;
		view_known(&l->c->j, l->what, row);
	}
}

static void list(struct call *c, enum known_what what)
{
	struct hark_err err = {0};
	struct list l = {.c = c, .what = what};
	struct str words = str_trim(http_query(c->x, "q"));
	int64_t limit, after = 0;
	if (words.n > WORDS_MAX) {
		call_refuse(c, 400, "'q' has at most %d bytes", WORDS_MAX);
		return;
	}
	if (!call_number(c, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit)) {
		return;
	}
	if (!call_cursor(c, &after)) {
		return;
	}
	l.left = (size_t)limit;
	call_items(c);
	int rc = store_known_list(
		c->store, what, words, str_c(role_class(c->who.role)), after, (size_t)limit + 1, take_row, &l, &err);
	call_items_end(c, l.more ? l.last : 0);
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

static void show(struct call *c, enum known_what what)
{
	struct hark_err err = {0};
	struct view_card card;
	int64_t id;
	if (!str_i64(c->arg, &id) || id < 1) {
		call_refuse(c, 404, "there is nobody and nothing of that number");
		return;
	}
	const struct known_view view = {
		.as_of = http_query(c->x, "as_of"), .seen_as = str_c(role_class(c->who.role))};
	if (view.as_of.n > 0 && !known_date(view.as_of)) {
		call_refuse(c, 400, "as_of is a date such as 2026-09-01");
		return;
	}
	view_card_start(&card, what, id, &c->j);
	int rc = store_known_show(c->store, what, id, &view, view_card_line, &card, &err);
	view_card_end(&card);
	if (rc != HARK_OK) {
		call_fail(c, &err);
	} else if (what != KNOWN_PEOPLE || call_note(c)) {
		call_answer(c, 200);
	}
}

void people_list(struct call *c)
{
	list(c, KNOWN_PEOPLE);
}

void people_show_one(struct call *c)
{
	show(c, KNOWN_PEOPLE);
}

void accounts_list(struct call *c)
{
	list(c, KNOWN_ACCOUNTS);
}

void accounts_show_one(struct call *c)
{
	show(c, KNOWN_ACCOUNTS);
}
