#include "monitor/cli/commands.h"

#include <stddef.h>

const struct cli_command *const cli_commands[] = {
	/* to begin with */
	&command_demo,
	&command_init,
	&command_check,
	/* who sells */
	&command_leads,
	&command_search,
	&command_import,
	&command_review,
	&command_people,
	&command_moves,
	&command_accounts,
	&command_silence,
	&command_routes,
	/* who markets */
	&command_references,
	&command_report,
	&command_why,
	&command_why_not,
	/* who writes rules */
	&command_rules,
	&command_match,
	&command_explain,
	&command_dedupe,
	&command_classify,
	/* who runs it */
	&command_sources,
	&command_connector,
	&command_parse,
	&command_notify,
	&command_user,
	&command_token,
	&command_privacy,
	&command_audit,
	&command_backup,
	&command_restore,
	&command_status,
	&command_reload,
	&command_completion,
	NULL,
};
