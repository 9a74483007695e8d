/* From an address a person has to the feeds behind it: the address itself if it is a feed, else what
 * the page announces, else the places where feeds usually are. Asks the network through fetch, one
 * request at a time. */
#ifndef HARK_PIPELINE_FIND_FEED_H
#define HARK_PIPELINE_FIND_FEED_H

#include "monitor/base/arena.h"
#include "monitor/base/jsonout.h"
#include "monitor/fetch/fetch.h"

#define FOUND_TITLES 3
#define FOUND_MAX 10

struct found_feed {
	struct str url, title, format;
	struct str titles[FOUND_TITLES]; /* of the first posts */
	size_t titles_n, posts;
	struct str damaged; /* absent: it is not */
};

struct found_feeds {
	struct found_feed v[FOUND_MAX]; /* strings in the arena */
	size_t n;
};

struct find_options {
	bool internal;             /* private addresses are allowed */
	const char *internal_word; /* how whoever asks says so: "--internal" */
};

/* What somebody typed as an absolute URL, with https:// where no scheme is said. HARK_EINVAL: it is none. */
int find_address(struct str typed, struct buf *out, struct hark_err *err);
/* Asks through `fetch`, which is not running (fetch_by_hand()). HARK_ENOENT: no feed there. HARK_ENET: the address
 * does not answer. HARK_EAUTH: its robots.txt forbids to look. HARK_EPIPE: fetch_stop() was called. */
int find_feeds(struct fetch *fetch, struct str url, const struct find_options *options,
	struct arena *arena, struct found_feeds *out, struct hark_err *err);
/* The members of one feed's object. */
void found_feed_members(struct jsonout *j, const struct found_feed *f);

#endif
