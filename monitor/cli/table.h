/* A table for people: columns aligned, fitted to the terminal, nothing cut when it goes elsewhere.
 *
 *	static const struct table_column columns[] = {
 *		{"name", TABLE_LEFT, false}, {"posts", TABLE_RIGHT, false}, {"error", TABLE_LEFT, true}};
 *	struct table t;
 *	table_init(&t, columns, 3);
 *	table_add(&t, "acme-news");      // cell by cell, row by row
 *	table_addf(&t, "%d", 84);
 *	table_add(&t, NULL);             // empty
 *	int rc = table_print(&t, stdout, cli_color(cli));
 *	table_release(&t);
 *
 * Cells are copied. A failure to get memory is kept and returned by table_print(). */
#ifndef HARK_CLI_TABLE_H
#define HARK_CLI_TABLE_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"

#include <stdio.h>

enum table_align {
	TABLE_LEFT,
	TABLE_RIGHT,
};

struct table_column {
	const char *title;
	enum table_align align;
	bool shrinks; /* may be cut on a narrow terminal */
};

struct table {
	const struct table_column *columns; /* borrowed */
	size_t columns_n;
	struct arena arena;
	struct str *cells;
	size_t n, cap; /* cells */
	bool wraps; /* set behind table_init(): the last column goes on below itself and is not cut */
	int rc;
};

/* At most 32 columns. */
void table_init(struct table *t, const struct table_column *columns, size_t columns_n);
void table_release(struct table *t);
void table_add(struct table *t, const char *cell); /* NULL: empty */
void table_add_str(struct table *t, struct str cell);
void table_addf(struct table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t table_rows(const struct table *t);

/* Title line and rows, `width` columns wide if it can be done (0: as wide as it gets). */
int table_write(const struct table *t, struct buf *out, size_t width, bool color);
/* As above to a stream, fitted to its terminal. */
int table_print(const struct table *t, FILE *out, bool color);

#endif
