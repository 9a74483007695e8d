/* A Profile in hark's exchange format: one JSON object a line. Pure. */
#ifndef HARK_CONNECTORS_PROFILE_H
#define HARK_CONNECTORS_PROFILE_H

#include "connectors/connector.h"
#include "monitor/base/buf.h"

/* Without a newline; absent members are left out. */
void profile_write_json(const struct hark_profile *p, struct str source, struct buf *out);
/* "listed", "joined" …; a static string. */
const char *profile_event_name(enum hark_profile_event event);

#endif
