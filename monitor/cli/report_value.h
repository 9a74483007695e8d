/* hark report value, cycle: what findings and references had a part in, and how long deals took. */
#ifndef HARK_CLI_REPORT_VALUE_H
#define HARK_CLI_REPORT_VALUE_H

#include "monitor/cli/cli.h"

int report_value(struct cli *cli, int argc, char **argv);
int report_cycle(struct cli *cli, int argc, char **argv);

#endif
