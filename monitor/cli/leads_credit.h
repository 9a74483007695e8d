/* hark leads credit. */
#ifndef HARK_CLI_LEADS_CREDIT_H
#define HARK_CLI_LEADS_CREDIT_H

#include "monitor/cli/cli.h"

int leads_credit(struct cli *cli, int argc, char **argv);

#endif
