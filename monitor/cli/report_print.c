#include "monitor/cli/report_print.h"

#include "monitor/base/clock.h"
#include "monitor/cli/table.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)64 << 20)

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
		} else if (type == REPORT_SHARE) {
			table_addf(&t, "%.2f", cell->number);
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
		struct jsonout j;
		jsonout_init(&j, &out);
		report_rows_json(r, &j);
		buf_add_char(&out, '\n');
		rc = out.rc;
	} else if (rc == HARK_OK && cli_given(cli, "csv")) {
		report_rows_csv(r, &out);
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

int report_show(struct cli *cli, report_read_fn read, void *ctx, struct report_rows *rows,
	const char *empty)
{
	struct desk d;
	int code = EXIT_PROBLEMS;
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = read(&d, rows, ctx);
	}
	rc = rc == HARK_OK ? desk_note_table(&d) : rc;
	code = rc == HARK_OK ? report_rows_print(rows, cli, empty) : desk_fail(&d, code);
	desk_close(&d);
	report_rows_release(rows);
	return code;
}
