/* hark report: how often it was right, where people talk, who is heard, what reps do, what is blind. */
#ifndef HARK_CLI_REPORT_DESK_H
#define HARK_CLI_REPORT_DESK_H

#include "monitor/cli/cli.h"

/* --since 30d as a moment; 0 without it. EXIT_DONE or EXIT_USAGE. */
int report_since(struct cli *cli, int64_t *since_ms);

/* The clocks as a table for a spreadsheet. */
int report_clocks_table(struct cli *cli, int argc, char **argv);
int report_precision(struct cli *cli, int argc, char **argv);
int report_venues(struct cli *cli, int argc, char **argv);
int report_authors(struct cli *cli, int argc, char **argv);
int report_reps(struct cli *cli, int argc, char **argv);
int report_lead_time(struct cli *cli, int argc, char **argv);
int report_lift(struct cli *cli, int argc, char **argv);
int report_custody(struct cli *cli, int argc, char **argv);
int report_handover(struct cli *cli, int argc, char **argv);
int report_leavers(struct cli *cli, int argc, char **argv);
int report_questions(struct cli *cli, int argc, char **argv);
int report_spikes(struct cli *cli, int argc, char **argv);
int report_blind(struct cli *cli, int argc, char **argv);

#endif
