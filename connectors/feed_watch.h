/* Reading a feed for another connector, which sees every post before the host does. */
#ifndef HARK_CONNECTORS_FEED_WATCH_H
#define HARK_CONNECTORS_FEED_WATCH_H

#include "connectors/connector.h"

/* `host` is the outer one; `post` may be changed and passed on, or not. The host's result. */
typedef int (*feed_post_fn)(void *ctx, struct hark_host *host, const struct hark_post *post);

/* Parses the reply as the feed connector does, with every post going to `fn`. */
int feed_watch(struct hark_host *host, const struct hark_reply *reply, feed_post_fn fn, void *ctx);

#endif
