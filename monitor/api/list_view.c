#include "monitor/api/list_view.h"

#include <stdio.h>

#define PAGE_DEFAULT 50
#define PAGE_MAX 500
/* A cursor is the key of the last row that was shown and, for when that is gone, how many were. */
#define CURSOR_BITS 20
#define CURSOR_ROWS ((INT64_C(1) << CURSOR_BITS) - 1)

struct reader call_reader(const struct call *c)
{
	return (struct reader){.store = c->store,
		.conf = c->setup->conf,
		.arena = c->arena,
		.role = c->who.role,
		.now_ms = c->now_ms};
}

bool call_wants_csv(struct call *c, bool *out)
{
	struct str format = http_query(c->x, "format");
	*out = str_eq_c(format, "csv");
	if (format.p != NULL && !*out && !str_eq_c(format, "json")) {
		call_refuse(c, 400, "'format' is json or csv");
		return false;
	}
	return true;
}

void call_answer_table(struct call *c, struct str name)
{
	char named[64];
	if (!call_note(c)) {
		return;
	}
	snprintf(named, sizeof(named), "attachment; filename=\"%.*s.csv\"", STR_FMT(name));
	http_header(c->x, "Content-Disposition", named);
	call_answer_as(c, 200, "text/csv; charset=utf-8");
}

static void write_columns(struct jsonout *j, const struct sheet *s)
{
	static const char *const types[] = {[SHEET_TEXT] = "text",
		[SHEET_NUMBER] = "count",
		[SHEET_TIME] = "time",
		[SHEET_SPAN] = "span",
		[SHEET_SHARE] = "number",
		[SHEET_BOOL] = "truth",
		[SHEET_PRIVATE] = "truth",
		[SHEET_JSON] = "text"};
	jsonout_key(j, "columns");
	jsonout_array(j);
	for (size_t i = 0; i < s->columns_n; i++) {
		const struct sheet_column *k = &s->columns[i];
		jsonout_object(j);
		jsonout_key_c(j, "key", k->key);
		bool titled =
			k->title != NULL && k->title[0] != '\0'; /* "": beside the one before */
		jsonout_key_c(j, "title", titled ? k->title : k->key);
		jsonout_key_c(j, "type", types[k->kind]);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

struct page {
	bool whole, csv;
	int64_t limit, after; /* a cursor; 0: from the beginning */
};

/* False: answered. */
static bool read_page(struct call *c, struct page *p)
{
	return call_wants_csv(c, &p->csv) &&
	       (p->whole || (call_number(c, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &p->limit) &&
				    call_cursor(c, &p->after)));
}

/* A row that was put in or taken out meanwhile moves none across the place where a page ends. */
static size_t behind(const struct sheet *s, int64_t cursor)
{
	size_t shown = (size_t)(cursor & CURSOR_ROWS);
	return cursor == 0 ? 0 : sheet_behind(s, cursor >> CURSOR_BITS, shown > 0 ? shown - 1 : 0);
}

static int64_t cursor_of(const struct sheet *s, size_t shown)
{
	int64_t rows = (int64_t)shown < CURSOR_ROWS ? (int64_t)shown : CURSOR_ROWS;
	return s->keys[shown - 1] << CURSOR_BITS | rows;
}

static void answer_page(
	struct call *c, const struct sheet *s, const struct page *p, const char *empty)
{
	size_t n = sheet_rows(s), from = behind(s, p->after);
	size_t until = p->whole || n - from <= (size_t)p->limit ? n : from + (size_t)p->limit;
	jsonout_object(&c->j);
	write_columns(&c->j, s);
	jsonout_key(&c->j, "items");
	sheet_json_rows(s, from, until, &c->j);
	call_next(c, until < n ? cursor_of(s, until) : 0);
	jsonout_key_c(&c->j, "empty", n == 0 ? empty : NULL);
	if (s->left_out > 0) {
		jsonout_key_i64(&c->j, "left_out", (int64_t)s->left_out);
		jsonout_key_c(&c->j, "left_out_why", s->left_out_why);
	}
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}

void list_answer(
	struct call *c, const char *name, enum list list, const struct list_filter *f, bool whole)
{
	struct hark_err err = {0};
	struct page page = {.whole = whole};
	const struct reader who = call_reader(c);
	struct sheet s;
	if (!read_page(c, &page)) {
		return;
	}
	if (list_read(list, &who, f, &s, &err) != HARK_OK) {
		call_fail(c, &err);
	} else if (page.csv) {
		sheet_csv(&s, &c->out);
		call_answer_table(c, str_c(name));
	} else if (!list_leaves(list) || call_note(c)) {
		answer_page(c, &s, &page, list_empty(list));
	}
	sheet_release(&s);
}
