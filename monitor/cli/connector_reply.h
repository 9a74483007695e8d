/* The reply a definition is guessed from: a file, or what an address answers when it is asked once. */
#ifndef HARK_CLI_CONNECTOR_REPLY_H
#define HARK_CLI_CONNECTOR_REPLY_H

#include "monitor/base/buf.h"
#include "monitor/cli/cli.h"

struct connector_reply {
	struct buf body;
	struct buf link; /* the Link header; empty: none */
	bool is_live;    /* it came from an address */
};

/* Reads FILE (- is standard input) or asks for URL under the operator's name. What is no data for a
 * definition is refused with what to do instead. Returns an exit code; EXIT_DONE: *out is filled.
 * Release it in any case. */
int connector_reply_get(struct cli *cli, const char *from, struct connector_reply *out);
void connector_reply_release(struct connector_reply *r);

#endif
