/* Reading CSV as people's tools write it: RFC 4180, plus a byte order mark, any line ending, and
 * ';', a tab or '|' between the cells if the header line has them instead of commas.
 *
 *	csv_open(&csv, text, &arena);
 *	while ((rc = csv_next(&csv, &row, &err)) != HARK_ENOENT) {
 *		if (rc != HARK_OK) { report row.line and err; continue; } // the rest goes on
 *		use csv_cell(&csv, &row, csv_column(&csv, "name"));
 *	}
 *
 * The first line names the columns. Cells are slices of `text`, or of the arena where quotes had to
 * be taken out. One owner at a time. */
#ifndef HARK_BASE_CSV_H
#define HARK_BASE_CSV_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

#define CSV_COLUMNS_MAX 256

struct csv_row {
	struct str *cells; /* in the arena */
	size_t n;
	unsigned line; /* where it starts, from 1 */
	bool unended;  /* the text ends with it, not a line */
};

struct csv {
	struct str text; /* borrowed */
	struct arena *arena;
	size_t at;
	unsigned line;
	char separator;
	struct csv_row header; /* names as written, trimmed */
};

/* Reads the header line. HARK_EPARSE: it has none, or it is broken. */
int csv_open(struct csv *c, struct str text, struct arena *arena, struct hark_err *err);
/* As above with what stands between cells; 0: whatever the header has. */
int csv_open_with(
	struct csv *c, struct str text, char separator, struct arena *arena, struct hark_err *err);
/* The next row that is not empty. HARK_ENOENT: there is none. HARK_EPARSE: this row is broken
 * (row->line says where), the next call goes on behind it, or at the first of the lines it took
 * that is a whole row. */
int csv_next(struct csv *c, struct csv_row *row, struct hark_err *err);
/* Whether nothing stands in any cell. */
bool csv_is_blank(const struct csv_row *row);
/* Index of a column, letters without case; SIZE_MAX if there is none. */
size_t csv_column(const struct csv *c, const char *name);
/* A cell without white space around it; absent when the row is shorter. */
struct str csv_cell(const struct csv_row *row, size_t column);

#endif
