/* Rows of a report, for whoever shows them: JSON, CSV, a table. Strings are copied. */
#ifndef HARK_MODEL_REPORT_ROWS_H
#define HARK_MODEL_REPORT_ROWS_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/jsonout.h"

enum report_type {
	REPORT_TEXT,
	REPORT_COUNT,
	REPORT_NUMBER, /* with one digit behind the point */
	REPORT_SHARE,  /* of 1 */
	REPORT_TIME,   /* wall clock milliseconds */
};

struct report_column {
	const char *key;   /* of JSON and CSV */
	const char *title; /* of the table */
	enum report_type type;
	bool shrinks;
};

struct report_cell {
	bool is_there;
	struct str text;
	int64_t n;
	double number;
};

struct report_rows {
	const struct report_column *columns; /* borrowed */
	size_t columns_n;
	struct arena arena;
	struct report_cell *cells;
	size_t n, cap;
	bool no_memory;
};

void report_rows_init(struct report_rows *r, const struct report_column *columns, size_t n);
void report_rows_release(struct report_rows *r);
/* Cell by cell, row by row. */
void report_text(struct report_rows *r, struct str text);
void report_count(struct report_rows *r, int64_t n);
void report_number(struct report_rows *r, double number); /* or a share */
void report_time(struct report_rows *r, int64_t at_ms);   /* 0: none */
void report_none(struct report_rows *r);
/* Row `i` as an object. */
void report_row_json(const struct report_rows *r, size_t i, struct jsonout *j);
/* A list of them. */
void report_rows_json(const struct report_rows *r, struct jsonout *j);
/* With a head; a text that a spreadsheet would take for a formula gets an apostrophe in front. */
void report_rows_csv(const struct report_rows *r, struct buf *out);

#endif
