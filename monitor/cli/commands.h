/* Every command group, one file each. */
#ifndef HARK_CLI_COMMANDS_H
#define HARK_CLI_COMMANDS_H

#include "monitor/cli/cli.h"

extern const struct cli_command command_accounts;
extern const struct cli_command command_audit;
extern const struct cli_command command_backup;
extern const struct cli_command command_restore;
extern const struct cli_command command_check;
extern const struct cli_command command_classify;
extern const struct cli_command command_completion;
extern const struct cli_command command_connector;
extern const struct cli_command command_demo;
extern const struct cli_command command_explain;
extern const struct cli_command command_init;
extern const struct cli_command command_import;
extern const struct cli_command command_people;
extern const struct cli_command command_reload;
extern const struct cli_command command_leads;
extern const struct cli_command command_search;
extern const struct cli_command command_silence;
extern const struct cli_command command_routes;
extern const struct cli_command command_sources;
extern const struct cli_command command_status;
extern const struct cli_command command_dedupe;
extern const struct cli_command command_match;
extern const struct cli_command command_moves;
extern const struct cli_command command_notify;
extern const struct cli_command command_parse;
extern const struct cli_command command_privacy;
extern const struct cli_command command_references;
extern const struct cli_command command_report;
extern const struct cli_command command_review;
extern const struct cli_command command_rules;
extern const struct cli_command command_token;
extern const struct cli_command command_user;
extern const struct cli_command command_why;
extern const struct cli_command command_why_not;

struct conf;
/* control_call() to the daemon of a configuration. HARK_ENET: none runs; HARK_EPIPE: one runs, and
 * listens somewhere else. */
int daemon_call(
	const struct conf *c, const char *request, struct buf *reply, struct hark_err *err);
struct jsonout;
/* Members of a request that say who asks by which command, for the audit trail. */
void daemon_sign(const struct cli *cli, struct jsonout *request);

#endif
