/* hark notify list, subscribe: receivers as they are now, and mails that their readers have ended. */
#ifndef HARK_CLI_NOTIFY_LIST_H
#define HARK_CLI_NOTIFY_LIST_H

#include "monitor/cli/cli.h"

int notify_list(struct cli *cli, int argc, char **argv);
int notify_subscribe(struct cli *cli, int argc, char **argv);

#endif
