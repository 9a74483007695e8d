/* From an address a person has to the feeds behind it: the address itself if it is a feed, else what
 * the page announces, else the places where feeds usually are. Asks the network through fetch, one
 * request at a time. */
#ifndef HARK_CLI_FIND_FEED_H
#define HARK_CLI_FIND_FEED_H

#include "monitor/base/arena.h"
#include "monitor/config/conf.h"

#define FOUND_TITLES 3
#define FOUND_MAX 10

struct found_feed {
	struct str url, title, format;
	struct str titles[FOUND_TITLES]; /* of the first posts */
	size_t titles_n, posts;
	struct str damaged; /* absent: it is not */
};

struct found {
	struct found_feed v[FOUND_MAX]; /* strings in the arena */
	size_t n;
};

/* HARK_ENOENT: no feed there. HARK_ENET: the address does not answer. `internal`: private addresses
 * are allowed. */
int find_feeds(const struct conf *c, struct str url, bool internal, struct arena *arena,
	struct found *out, struct hark_err *err);

#endif
