/* What `hark connector run` says about a poll. */
#ifndef HARK_CLI_CONNECTOR_REPORT_H
#define HARK_CLI_CONNECTOR_REPORT_H

#include "monitor/cli/cli.h"
#include "monitor/pipeline/trial.h"

/* Prints records, requests, what was left out, cursor and rates: tables, or one JSON object with --json.
 * What became of the poll is the result: HARK_ENET, nobody answered; HARK_EPARSE, it failed otherwise. */
int report_trial(const struct cli *cli, const struct trial *t, struct hark_err *err);

#endif
