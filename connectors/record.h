/* Records in hark's exchange format (JSON Lines) given on as a connector gives them. */
#ifndef HARK_CONNECTORS_RECORD_H
#define HARK_CONNECTORS_RECORD_H

#include "connectors/connector.h"
#include "monitor/model/post.h"

/* Emits `post` through `host`; what is needed for it lives in `arena`. Returns what the host does. */
int record_emit_post(struct hark_host *host, const struct post *post, struct arena *arena);

#endif
