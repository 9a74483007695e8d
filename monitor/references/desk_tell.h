/* What the desk of references has to be told, through the outbox: to the receivers of routes that name the kind
 * reference-desk, each once a call; of a route to the owner, to the receiver of whom it concerns. In the caller's
 * transaction. */
#ifndef HARK_REFERENCES_DESK_TELL_H
#define HARK_REFERENCES_DESK_TELL_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/store/store.h"

struct desk_news {
	const char *event; /* "request.overdue" … */
	struct str title;  /* one sentence */
	struct str owner;  /* whom it concerns first; may be absent */
	/* More members of "data", or NULL. */
	void (*more)(const void *ctx, struct jsonout *j);
	const void *ctx;
};

/* *made: for how many receivers. */
int desk_tell(struct store *s, const struct conf *conf, const struct desk_news *news,
	int64_t now_ms, size_t *made, struct hark_err *err);

#endif
