/* A host's posts as the document it serves: RSS 2.0, RSS 1.0, Atom or JSON Feed. Pure. */
#ifndef HARK_DEMO_RENDER_H
#define HARK_DEMO_RENDER_H

#include "monitor/base/buf.h"
#include "monitor/demo/story.h"

/* An item with its time. */
struct render_item {
	const struct story_item *item;
	int64_t published_ms;
};

struct render_feed {
	const struct story_host *host;
	const char *base;                /* "http://127.0.0.2:4711" */
	const struct render_item *items; /* newest first */
	size_t items_n;
	const char *next; /* URL of the next page, or NULL */
};

void render(const struct render_feed *feed, struct buf *out);
/* The media type that goes with the host's format. */
const char *render_type(const struct story_host *host);

#endif
