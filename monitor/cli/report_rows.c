#include "monitor/cli/report_rows.h"

#include "monitor/base/cell.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/table.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)64 << 20)

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

static void print_json(const struct report_rows *r, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_array(&j);
	for (size_t i = 0; i < r->n; i++) {
		const struct report_column *c = &r->columns[i % r->columns_n];
		const struct report_cell *cell = &r->cells[i];
		if (i % r->columns_n == 0) {
			jsonout_object(&j);
		}
		if (!cell->is_there) {
			/* left out, as everywhere */
		} else if (c->type == REPORT_TEXT) {
			jsonout_key_str(&j, c->key, cell->text);
		} else if (c->type == REPORT_NUMBER) {
			jsonout_key(&j, c->key);
			jsonout_double(&j, cell->number);
		} else if (c->type == REPORT_TIME) {
			jsonout_key_time(&j, c->key, cell->n);
		} else {
			jsonout_key_i64(&j, c->key, cell->n);
		}
		if ((i + 1) % r->columns_n == 0) {
			jsonout_end_object(&j);
		}
	}
	jsonout_end_array(&j);
	buf_add_char(out, '\n');
}

static void print_csv(const struct report_rows *r, struct buf *out)
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
		} else if (cell->is_there && type == REPORT_TIME) {
			buf_add_c(out, clock_rfc3339(cell->n, time));
		} else if (cell->is_there) {
			buf_printf(out, "%lld", (long long)cell->n);
		}
		buf_add_char(out, (i + 1) % r->columns_n == 0 ? '\n' : ',');
	}
}

static int print_table(const struct report_rows *r, bool color)
{
	struct table_column columns[32];
	struct table t;
	for (size_t i = 0; i < r->columns_n && i < 32; i++) {
		const struct report_column *c = &r->columns[i];
		bool left = c->type == REPORT_TEXT || c->type == REPORT_TIME;
		columns[i] = (struct table_column){
			c->title, left ? TABLE_LEFT : TABLE_RIGHT, c->shrinks};
	}
	table_init(&t, columns, r->columns_n);
	for (size_t i = 0; i < r->n; i++) {
		const struct report_cell *cell = &r->cells[i];
		char time[CLOCK_TEXT_MAX];
		enum report_type type = r->columns[i % r->columns_n].type;
		if (!cell->is_there) {
			table_add(&t, NULL);
		} else if (type == REPORT_TEXT) {
			table_add_str(&t, cell->text);
		} else if (type == REPORT_NUMBER) {
			table_addf(&t, "%.1f", cell->number);
		} else if (type == REPORT_TIME) {
			table_add(&t, clock_local(cell->n, time));
		} else {
			table_addf(&t, "%lld", (long long)cell->n);
		}
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	return rc;
}

int report_rows_print(const struct report_rows *r, const struct cli *cli, const char *empty)
{
	struct buf out;
	struct hark_err err;
	int rc = r->no_memory ? HARK_ENOMEM : HARK_OK;
	buf_init(&out, OUTPUT_MAX);
	if (rc == HARK_OK && cli_json(cli)) {
		print_json(r, &out);
		rc = out.rc;
	} else if (rc == HARK_OK && cli_given(cli, "csv")) {
		print_csv(r, &out);
		rc = out.rc;
	} else if (rc == HARK_OK && r->n == 0) {
		puts(empty);
	} else if (rc == HARK_OK) {
		rc = print_table(r, cli_color(cli));
	}
	fputs(rc == HARK_OK ? buf_c(&out) : "", stdout);
	buf_release(&out);
	if (rc == HARK_OK) {
		return EXIT_DONE;
	}
	hark_err_set(&err, rc, "too much for one report: say --since");
	return cli_fail(cli, &err);
}
