#include "monitor/cli/sheet_print.h"

#include "monitor/base/clock.h"
#include "monitor/cli/table.h"
#include "monitor/model/post.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)
#define COLUMNS_MAX 32

static void cell_table(const struct sheet_column *c, const struct sheet_cell *cell, struct table *t)
{
	char text[CLOCK_TEXT_MAX];
	if (sheet_is_empty(c, cell)) {
		table_add(t, NULL);
	} else if (c->kind == SHEET_TEXT || c->kind == SHEET_JSON) {
		table_add_str(t, cell->text);
	} else if (c->kind == SHEET_TIME) {
		table_add(t, clock_local(cell->n, text));
	} else if (c->kind == SHEET_SPAN) {
		table_add(t, clock_span(cell->n, text));
	} else if (c->kind == SHEET_SHARE) {
		table_addf(t, "%.2f", (double)cell->n / 1000);
	} else if (c->kind == SHEET_PRIVATE) {
		table_add(t, cell->n != 0 ? PRIVATE_MARK : "");
	} else if (c->kind == SHEET_BOOL) {
		table_add(t, cell->n != 0 ? "yes" : "no");
	} else {
		table_addf(t, "%lld", (long long)cell->n);
	}
}

static int print_table(const struct sheet *s, bool color)
{
	struct table_column columns[COLUMNS_MAX];
	struct table t;
	size_t n = 0;
	for (size_t i = 0; i < s->columns_n; i++) {
		const struct sheet_column *c = &s->columns[i];
		bool right = c->kind == SHEET_NUMBER || c->kind == SHEET_SHARE;
		if (c->title != NULL) {
			columns[n++] = (struct table_column){
				c->title, right ? TABLE_RIGHT : TABLE_LEFT, c->shrinks};
		}
	}
	table_init(&t, columns, n);
	for (size_t i = 0; i < s->n; i++) {
		const struct sheet_column *c = &s->columns[i % s->columns_n];
		if (c->title != NULL) {
			cell_table(c, &s->cells[i], &t);
		}
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	return rc;
}

int sheet_print(const struct sheet *s, struct cli *cli, const char *empty)
{
	struct hark_err err = {0};
	struct jsonout j;
	struct buf out;
	int rc = s->rc;
	if (rc == HARK_OK && !cli_json(cli) && !cli_given(cli, "csv")) {
		if (s->n == 0) {
			puts(empty);
		} else {
			rc = print_table(s, cli_color(cli));
		}
	} else if (rc == HARK_OK) {
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		if (cli_json(cli)) {
			sheet_json(s, &j);
			buf_add_char(&out, '\n');
		} else {
			sheet_csv(s, &out);
		}
		rc = out.rc;
		fputs(buf_c(&out), stdout);
		buf_release(&out);
	}
	if (rc != HARK_OK) {
		hark_err_set(&err, rc, "no memory to print it");
		return cli_fail(cli, &err);
	}
	if (s->left_out > 0) {
		fflush(stdout);
		fprintf(stderr, "%zu %s\n", s->left_out, s->left_out_why);
	}
	return EXIT_DONE;
}
