/* The commands of `hark rules` that have a file of their own. */
#ifndef HARK_CLI_RULES_CLI_H
#define HARK_CLI_RULES_CLI_H

#include "monitor/cli/cli.h"

int rules_backtest(struct cli *cli, int argc, char **argv);
int rules_check(struct cli *cli, int argc, char **argv);
int rules_diff(struct cli *cli, int argc, char **argv);
int rules_fmt(struct cli *cli, int argc, char **argv);
int rules_test(struct cli *cli, int argc, char **argv);
int rules_judge(struct cli *cli, int argc, char **argv);
int rules_near(struct cli *cli, int argc, char **argv);
int rules_tune(struct cli *cli, int argc, char **argv);
int rules_list(struct cli *cli, int argc, char **argv);

#endif
