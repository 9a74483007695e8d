/* hark report: what became of references, and who holds them up. */
#ifndef HARK_CLI_REPORT_REFERENCES_H
#define HARK_CLI_REPORT_REFERENCES_H

#include "monitor/cli/cli.h"

int report_funnel(struct cli *cli, int argc, char **argv);
int report_stages(struct cli *cli, int argc, char **argv);
int report_stuck(struct cli *cli, int argc, char **argv);
int report_holds(struct cli *cli, int argc, char **argv);
int report_supporters(struct cli *cli, int argc, char **argv);
int report_outsiders(struct cli *cli, int argc, char **argv);
int report_imports(struct cli *cli, int argc, char **argv);
int report_satisfaction(struct cli *cli, int argc, char **argv);
int report_approvals(struct cli *cli, int argc, char **argv);
int report_at_risk(struct cli *cli, int argc, char **argv);
int report_origins(struct cli *cli, int argc, char **argv);
int report_value(struct cli *cli, int argc, char **argv);
int report_cycle(struct cli *cli, int argc, char **argv);

#endif
