/* What hark status takes from the reports. */
#ifndef HARK_CLI_REPORT_WATCH_H
#define HARK_CLI_REPORT_WATCH_H

#include "monitor/cli/cli.h"

/* One line where a source was blind in the last seven days; else nothing. */
void report_blind_short(struct cli *cli);

#endif
