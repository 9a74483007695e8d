/* Web addresses as they are compared. Pure. The result is part of what is stored: a change here is a
 * schema step. */
#ifndef HARK_BASE_URL_KEY_H
#define HARK_BASE_URL_KEY_H

#include "monitor/base/arena.h"

/* A web address as it is compared, never as it is fetched: https, host in lower case without "www."
 * and default port, no trailing slash, no tracking parameters, the other parameters sorted. A
 * fragment goes, unless it numbers something ("#comment-12" is a text of its own) or is a route
 * ("#/a"). Other schemes stay as they are. Absent: not an address, or no memory. */
struct str url_key(struct str url, struct arena *arena);

#endif
