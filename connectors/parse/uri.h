/* References in feeds and pages, resolved against a base as in RFC 3986 section 5.2.
 *
 * Why not xmlBuildURI(): it refuses what real feeds hold (spaces, braces, letters beyond ASCII) and
 * takes six allocations where this takes none. Pure, linear in time. */
#ifndef HARK_PARSE_URI_H
#define HARK_PARSE_URI_H

#include "monitor/base/buf.h"
#include "monitor/base/str.h"

/* Longest address that is kept; a longer one counts as none. */
#define URI_MAX 4096

/* Appends the absolute form of `ref` (trimmed, line breaks removed, spaces as %20). Without a usable
 * base a relative reference stays as it is. False, and nothing appended, if `ref` is empty, too long,
 * or of a scheme that carries a program or data instead of a place (javascript, vbscript, data). */
bool uri_resolve(struct str base, struct str ref, struct buf *out);
/* Whether uri_resolve() would only copy it, as it would most addresses. */
bool uri_is_finished(struct str ref);
/* Whether it begins with "http://" or "https://" and a host. */
bool uri_is_web(struct str uri);
/* Whether it begins with a scheme (RFC 3986 section 3.1). */
bool uri_is_absolute(struct str uri);

/* Whether `to` is another document of the site `from` belongs to: same host and port, and no step
 * down from https. A fragment makes no other document. */
bool uri_is_other_page(struct str from, struct str to);

#endif
