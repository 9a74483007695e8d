/* A Profile in hark's exchange format: one JSON object a line. Pure. */
#ifndef HARK_CONNECTORS_PROFILE_H
#define HARK_CONNECTORS_PROFILE_H

#include "connectors/connector.h"
#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/err.h"
#include "monitor/base/json.h"

/* Without a newline; absent members are left out. */
void profile_write_json(const struct hark_profile *p, struct str source, struct buf *out);
/* Reads one JSON object. Its strings live in `arena`. HARK_EPARSE with the member's name. */
int profile_read_json(
	struct hark_profile *p, const json_t *object, struct arena *arena, struct hark_err *err);
/* What tells the person apart in its source; NULL: nothing does. */
const char *profile_key(const struct hark_profile *p);
/* "listed", "joined" …; a static string. */
const char *profile_event_name(enum hark_profile_event event);

#endif
