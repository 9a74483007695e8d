/* What a site's robots.txt says about one page (RFC 9309). hark asks before it reads a web page to find a feed
 * in it or to see whether a post is still there, never for a configured feed. Pure. */
#ifndef HARK_FETCH_ROBOTS_H
#define HARK_FETCH_ROBOTS_H

#include "monitor/base/str.h"

/* Bytes of a robots.txt that are read; the RFC asks for at least this many. */
#define ROBOTS_MAX ((size_t)500 * 1024)

/* Whether `product` (a token such as "hark") may read `path`, which begins with '/' and holds the
 * query. The groups that name the product count, else those for '*'; among their rules the longest
 * pattern wins, and allow wins a tie. Rules that cost more to compare than real ones do forbid all. */
bool robots_allow(struct str text, struct str product, struct str path);

/* What the answer to a question for robots.txt comes to, as text for robots_allow(): a site that has none allows
 * everything; one whose robots.txt cannot be had (`status` 0: no answer) is left alone. Borrowed from `body`. */
struct str robots_of(int status, struct str body);

#endif
