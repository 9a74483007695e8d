/* The list of references, row by row, for the command line and the API alike. */
#ifndef HARK_REFERENCES_BOARD_H
#define HARK_REFERENCES_BOARD_H

#include "monitor/model/sheet.h"
#include "monitor/references/lists.h"
#include "monitor/store/references.h"

/* Its columns, for sheet_init(). */
extern const struct sheet_column board_columns[];
extern const size_t board_columns_n;
/* Adds a row for each, with what the guard says now. */
int board_add(struct sheet *s, const struct reader *who, const struct reference *v, size_t n,
	struct hark_err *err);

#endif
