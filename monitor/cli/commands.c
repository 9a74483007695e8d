#include "monitor/cli/commands.h"

#include <stddef.h>

const struct cli_command *const cli_commands[] = {
	&command_init,
	&command_demo,
	&command_status,
	&command_reload,
	&command_check,
	&command_leads,
	&command_sources,
	&command_connector,
	&command_completion,
	&command_parse,
	&command_match,
	&command_explain,
	&command_why,
	&command_why_not,
	&command_rules,
	&command_notify,
	NULL,
};
