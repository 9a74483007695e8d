/* The strict gate in front of every request: what two servers could read in two ways is refused. HTTP/1.1
 * only, one Host, at most one Content-Length of digits, Transfer-Encoding only "chunked" and never beside a
 * length, names that are tokens, no control byte in a value, and a target without "//", "..", "%2f", "%00", that says
 * text: what is asked for is kept in trails and ledgers, and shown. */
#ifndef HARK_API_HTTP_GATE_H
#define HARK_API_HTTP_GATE_H

#include "monitor/base/str.h"

#include <microhttpd.h>

/* Whether the request may pass. `target` as sent (NULL: it was too long), `path` decoded. *length: of its body, 0 if
 * that is not said. */
bool http_gate(struct MHD_Connection *connection, const char *target, const char *path,
	const char *version, uint64_t *length);

/* A name that is a token, a value without control bytes but TAB. */
bool http_is_header(struct str name, struct str value);

#endif
