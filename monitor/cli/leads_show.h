/* One lead on the terminal, or as JSON with all its evidence and history. */
#ifndef HARK_CLI_LEADS_SHOW_H
#define HARK_CLI_LEADS_SHOW_H

#include "monitor/base/arena.h"
#include "monitor/cli/cli.h"
#include "monitor/store/store.h"

int leads_show(const struct cli *cli, struct store *s, int64_t id, struct arena *arena,
	struct hark_err *err);

#endif
