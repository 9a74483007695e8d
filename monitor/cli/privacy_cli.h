/* What the files of hark privacy share. */
#ifndef HARK_CLI_PRIVACY_CLI_H
#define HARK_CLI_PRIVACY_CLI_H

#include "monitor/cli/cli.h"

#define PRIVACY_JSON_MAX ((size_t)256 << 20)

int privacy_run_due(struct cli *cli, int argc, char **argv);
int privacy_run_notices(struct cli *cli, int argc, char **argv);
int privacy_run_informed(struct cli *cli, int argc, char **argv);
int privacy_run_retention(struct cli *cli, int argc, char **argv);

#endif
