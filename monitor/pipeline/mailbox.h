/* What a connector says of a mailbox (connector.h, HARK_TRANSPORT_IMAP) as fetch understands it. */
#ifndef HARK_PIPELINE_MAILBOX_H
#define HARK_PIPELINE_MAILBOX_H

#include "connectors/connector.h"
#include "monitor/base/arena.h"
#include "monitor/fetch/fetch.h"

/* Completes `out`; all lives in `arena` or in `planned`. Who asks is added by auth_complete(). HARK_EINVAL: the
 * connector does not say it as it should. */
int mailbox_request(const struct hark_request *planned, struct fetch_request *out,
	struct arena *arena, struct hark_err *err);

#endif
