/* Rows of a report as a table for people, with --json as JSON, with --csv as CSV. */
#ifndef HARK_CLI_REPORT_PRINT_H
#define HARK_CLI_REPORT_PRINT_H

#include "monitor/cli/cli.h"
#include "monitor/model/report_rows.h"

/* `empty` is said of no rows. Returns the exit code. */
int report_rows_print(const struct report_rows *r, const struct cli *cli, const char *empty);

#endif
