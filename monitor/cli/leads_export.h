/* hark leads export and hark leads timeline. */
#ifndef HARK_CLI_LEADS_EXPORT_H
#define HARK_CLI_LEADS_EXPORT_H

#include "monitor/cli/cli.h"

int leads_run_export(struct cli *cli, int argc, char **argv);
int leads_run_timeline(struct cli *cli, int argc, char **argv);

#endif
