#include "monitor/model/sheet.h"

#include "monitor/base/clock.h"
#include "monitor/model/post.h"

#include <string.h>

void sheet_init(struct sheet *s, const struct sheet_column *columns, size_t columns_n)
{
	*s = (struct sheet){.columns = columns, .columns_n = columns_n};
	arena_init(&s->arena, 0);
}

void sheet_release(struct sheet *s)
{
	arena_release(&s->arena);
}

static void add(struct sheet *s, struct sheet_cell cell)
{
	struct sheet_cell *moved =
		arena_grow(&s->arena, s->cells, s->n, &s->cap, sizeof(*s->cells));
	if (moved == NULL) {
		s->rc = HARK_ENOMEM;
		return;
	}
	s->cells = moved;
	s->cells[s->n++] = cell;
}

void sheet_text(struct sheet *s, struct str text)
{
	struct str kept = text.p != NULL ? arena_str(&s->arena, text) : STR_NONE;
	s->rc = text.p != NULL && kept.p == NULL ? HARK_ENOMEM : s->rc;
	add(s, (struct sheet_cell){kept, SHEET_NONE});
}

void sheet_text_c(struct sheet *s, const char *text)
{
	sheet_text(s, str_c(text));
}

void sheet_number(struct sheet *s, int64_t n)
{
	bool is_time = s->columns[s->n % s->columns_n].kind == SHEET_TIME;
	add(s, (struct sheet_cell){STR_NONE, is_time && n == 0 ? SHEET_NONE : n});
}

void sheet_key(struct sheet *s, int64_t key)
{
	int64_t *moved =
		arena_grow(&s->arena, s->keys, s->keys_n, &s->keys_cap, sizeof(*s->keys));
	if (moved == NULL) {
		s->rc = HARK_ENOMEM;
		return;
	}
	s->keys = moved;
	s->keys[s->keys_n++] = key;
}

size_t sheet_behind(const struct sheet *s, int64_t key, size_t otherwise)
{
	for (size_t i = 0; i < s->keys_n; i++) {
		if (s->keys[i] == key) {
			return i + 1;
		}
	}
	return otherwise < sheet_rows(s) ? otherwise : sheet_rows(s);
}

size_t sheet_rows(const struct sheet *s)
{
	return s->n / s->columns_n;
}

bool sheet_is_empty(const struct sheet_column *c, const struct sheet_cell *cell)
{
	return c->kind == SHEET_TEXT || c->kind == SHEET_JSON ? cell->text.p == NULL
							      : cell->n == SHEET_NONE;
}

/* ---- JSON ---- */

static void cell_json(
	const struct sheet_column *c, const struct sheet_cell *cell, struct jsonout *j)
{
	if (sheet_is_empty(c, cell)) {
		return;
	}
	jsonout_key(j, c->key);
	switch (c->kind) {
	case SHEET_TEXT:
		jsonout_str(j, cell->text);
		return;
	case SHEET_JSON:
		jsonout_raw(j, cell->text);
		return;
	case SHEET_TIME:
		jsonout_time(j, cell->n);
		return;
	case SHEET_SHARE:
		jsonout_double(j, (double)cell->n / 1000);
		return;
	case SHEET_BOOL:
	case SHEET_PRIVATE:
		jsonout_bool(j, cell->n != 0);
		return;
	default:
		jsonout_i64(j, cell->n);
	}
}

void sheet_json(const struct sheet *s, struct jsonout *j)
{
	sheet_json_rows(s, 0, sheet_rows(s), j);
}

void sheet_json_rows(const struct sheet *s, size_t from, size_t until, struct jsonout *j)
{
	jsonout_array(j);
	for (size_t row = from; row < until; row++) {
		jsonout_object(j);
		for (size_t i = 0; i < s->columns_n; i++) {
			cell_json(&s->columns[i], &s->cells[row * s->columns_n + i], j);
		}
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

/* ---- CSV ---- */

/* What begins like a formula would be one in a spreadsheet. */
static bool is_formula(struct str text)
{
	return text.n > 0 && memchr("=+-@\t\r", text.p[0], 6) != NULL;
}

static void add_quoted(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	buf_add_c(out, is_formula(text) ? "'" : "");
	for (size_t i = 0; i < text.n; i++) {
		buf_add_c(out, text.p[i] == '"' ? "\"" : "");
		buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '"');
}

static void cell_csv(const struct sheet_column *c, const struct sheet_cell *cell, struct buf *out)
{
	char time[CLOCK_TEXT_MAX];
	if (sheet_is_empty(c, cell)) {
		return;
	}
	if (c->kind == SHEET_TEXT || c->kind == SHEET_JSON) {
		add_quoted(out, cell->text);
	} else if (c->kind == SHEET_TIME) {
		buf_add_c(out, clock_rfc3339(cell->n, time));
	} else if (c->kind == SHEET_SHARE) {
		buf_printf(out, "%.3f", (double)cell->n / 1000);
	} else if (c->kind == SHEET_PRIVATE) {
		buf_add_c(out, cell->n != 0 ? PRIVATE_MARK : "");
	} else if (c->kind == SHEET_BOOL) {
		buf_add_c(out, cell->n != 0 ? "yes" : "no");
	} else {
		buf_printf(out, "%lld", (long long)cell->n);
	}
}

void sheet_csv(const struct sheet *s, struct buf *out)
{
	for (size_t i = 0; i < s->columns_n; i++) {
		buf_printf(out, "%s%s", i > 0 ? "," : "", s->columns[i].key);
	}
	buf_add_c(out, "\r\n");
	for (size_t i = 0; i < s->n; i++) {
		size_t column = i % s->columns_n;
		buf_add_c(out, column > 0 ? "," : "");
		cell_csv(&s->columns[column], &s->cells[i], out);
		buf_add_c(out, column + 1 == s->columns_n ? "\r\n" : "");
	}
}
