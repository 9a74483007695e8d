/* Rows (monitor/model/sheet.h), printed. */
#ifndef HARK_CLI_SHEET_PRINT_H
#define HARK_CLI_SHEET_PRINT_H

#include "monitor/cli/cli.h"
#include "monitor/model/sheet.h"

/* As --json or --csv ask for, else as a table; `empty` is said where a table would have no rows. How
 * many are left out is said on standard error, so that rows stay rows. Returns the exit code. */
int sheet_print(const struct sheet *s, struct cli *cli, const char *empty);

/* The option that goes with it. */
#define SHEET_CSV                                           \
	{                                                   \
		"csv", 0, NULL, "as CSV, for a spreadsheet" \
	}

#endif
