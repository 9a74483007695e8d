#include "monitor/model/report_rows.h"

#include "monitor/base/cell.h"
#include "monitor/base/clock.h"

void report_rows_init(struct report_rows *r, const struct report_column *columns, size_t n)
{
	*r = (struct report_rows){.columns = columns, .columns_n = n};
	arena_init(&r->arena, 0);
}

void report_rows_release(struct report_rows *r)
{
	arena_release(&r->arena);
}

static void add(struct report_rows *r, struct report_cell cell)
{
	struct report_cell *grown = arena_grow(&r->arena, r->cells, r->n, &r->cap, sizeof(*grown));
	r->no_memory |= grown == NULL;
	if (grown != NULL) {
		r->cells = grown;
		grown[r->n++] = cell;
	}
}

void report_text(struct report_rows *r, struct str text)
{
	add(r, (struct report_cell){.is_there = text.n > 0, .text = arena_str(&r->arena, text)});
}

void report_count(struct report_rows *r, int64_t n)
{
	add(r, (struct report_cell){.is_there = true, .n = n});
}

void report_number(struct report_rows *r, double number)
{
	add(r, (struct report_cell){.is_there = true, .number = number});
}

void report_time(struct report_rows *r, int64_t at_ms)
{
	add(r, (struct report_cell){.is_there = at_ms != 0, .n = at_ms});
}

void report_none(struct report_rows *r)
{
	add(r, (struct report_cell){0});
}

static void cell_json(
	const struct report_column *c, const struct report_cell *cell, struct jsonout *j)
{
	if (!cell->is_there) {
		return; /* left out, as everywhere */
	}
	if (c->type == REPORT_TEXT) {
		jsonout_key_str(j, c->key, cell->text);
	} else if (c->type == REPORT_NUMBER || c->type == REPORT_SHARE) {
		jsonout_key(j, c->key);
		jsonout_double(j, cell->number);
	} else if (c->type == REPORT_TIME) {
		jsonout_key_time(j, c->key, cell->n);
	} else {
		jsonout_key_i64(j, c->key, cell->n);
	}
}

void report_row_json(const struct report_rows *r, size_t i, struct jsonout *j)
{
	jsonout_object(j);
	for (size_t k = 0; k < r->columns_n; k++) {
		cell_json(&r->columns[k], &r->cells[i * r->columns_n + k], j);
	}
	jsonout_end_object(j);
}

void report_rows_json(const struct report_rows *r, struct jsonout *j)
{
	jsonout_array(j);
	for (size_t i = 0; i * r->columns_n < r->n; i++) {
		report_row_json(r, i, j);
	}
	jsonout_end_array(j);
}

void report_rows_csv(const struct report_rows *r, struct buf *out)
{
	char time[CLOCK_TEXT_MAX];
	for (size_t i = 0; i < r->columns_n; i++) {
		buf_printf(out, "%s%s", i > 0 ? "," : "", r->columns[i].key);
	}
	buf_add_char(out, '\n');
	for (size_t i = 0; i < r->n; i++) {
		const struct report_cell *cell = &r->cells[i];
		enum report_type type = r->columns[i % r->columns_n].type;
		if (cell->is_there && type == REPORT_TEXT) {
			cell_write_shown(out, cell->text);
		} else if (cell->is_there && type == REPORT_NUMBER) {
			buf_printf(out, "%.1f", cell->number);
		} else if (cell->is_there && type == REPORT_SHARE) {
			buf_printf(out, "%.4f", cell->number);
		} else if (cell->is_there && type == REPORT_TIME) {
			buf_add_c(out, clock_rfc3339(cell->n, time));
		} else if (cell->is_there) {
			buf_printf(out, "%lld", (long long)cell->n);
		}
		buf_add_char(out, (i + 1) % r->columns_n == 0 ? '\n' : ',');
	}
}
