/* The lists of references and of requests for them, row by row, for the command line and the API alike. */
#ifndef HARK_REFERENCES_BOARD_H
#define HARK_REFERENCES_BOARD_H

#include "monitor/model/sheet.h"
#include "monitor/references/lists.h"
#include "monitor/store/references.h"
#include "monitor/store/requests.h"

/* Its columns, for sheet_init(). */
extern const struct sheet_column board_columns[];
extern const size_t board_columns_n;
/* Adds a row for each, with what the guard says now. */
int board_add(struct sheet *s, const struct reader *who, const struct reference *v, size_t n,
	struct hark_err *err);
/* The same of requests. */
extern const struct sheet_column request_columns[];
extern const size_t request_columns_n;
void requests_add_rows(
	struct sheet *s, const struct reader *who, const struct request *v, size_t n);

#endif
