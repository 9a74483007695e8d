#include "connectors/feed_watch.h"

#include "connectors/builtin.h"

/* What the feed connector takes for its host: the same one, but for the posts. */
struct watch {
	struct hark_host inner; /* first: it is what emit_post() gets */
	struct hark_host *outer;
	feed_post_fn fn;
	void *ctx;
};

static int emit_post(struct hark_host *host, const struct hark_post *post)
{
	struct watch *w = (struct watch *)host;
	return w->fn(w->ctx, w->outer, post);
}

int feed_watch(struct hark_host *host, const struct hark_reply *reply, feed_post_fn fn, void *ctx)
{
	struct watch w = {.inner = *host, .outer = host, .fn = fn, .ctx = ctx};
	w.inner.emit_post = emit_post;
	return hark_connector_feed.parse(&w.inner, NULL, reply);
}
