/* Rows of a report as a table for people, with --json as JSON, with --csv as CSV. */
#ifndef HARK_CLI_REPORT_PRINT_H
#define HARK_CLI_REPORT_PRINT_H

#include "monitor/cli/cli.h"
#include "monitor/cli/desk.h"
#include "monitor/model/report_rows.h"

/* `empty` is said of no rows. Returns the exit code. */
int report_rows_print(const struct report_rows *r, const struct cli *cli, const char *empty);

/* From the store of a command that is open. */
typedef int (*report_read_fn)(struct desk *d, struct report_rows *rows, void *ctx);
/* Opens the store, reads and prints; where nothing is stored yet `rows` stay as they are. Releases `rows`, which the
 * caller has initialised, and returns the exit code. */
int report_show(struct cli *cli, report_read_fn read, void *ctx, struct report_rows *rows,
	const char *empty);

#endif
