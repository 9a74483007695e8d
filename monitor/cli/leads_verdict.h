/* hark leads verdict. */
#ifndef HARK_CLI_LEADS_VERDICT_H
#define HARK_CLI_LEADS_VERDICT_H

#include "monitor/cli/cli.h"

int leads_verdict(struct cli *cli, int argc, char **argv);

#endif
