/* Records in hark's exchange format (JSON Lines) given on as a connector gives them. */
#ifndef HARK_CONNECTORS_RECORD_H
#define HARK_CONNECTORS_RECORD_H

#include "connectors/connector.h"
#include "monitor/base/json.h"
#include "monitor/model/post.h"

/* As post_read_json(); an id that is a whole number is one all the same. */
int record_read_post(struct post *post, struct str json, struct arena *arena, struct hark_err *err);
/* What it would need to be told, as a sentence; NULL: nothing. */
const char *record_post_lacks(const struct post *post);
/* Whether an object has the member, and not as null. */
bool record_has(const json_t *object, const char *member);

/* Emits `post` through `host`; what is needed for it lives in `arena`. Returns what the host does. */
int record_emit_post(struct hark_host *host, const struct post *post, struct arena *arena);

#endif
