/* Where peers push: POST /in/SOURCE/TOKEN, or POST /in/SOURCE with "Authorization: Bearer TOKEN".
 *
 * Hubs (WebSub) call /in/SOURCE/ID with the id they were given: by GET to ask whether a subscription is
 * meant, by POST with content.
 *
 * Who may send, how much, how often and of what type is decided by the head of a request; a signature by its
 * whole. The answer waits until the records are on the disk: 200 says what was taken and what was not and
 * why, 4xx is for the sender to mend, 429 and 503 with Retry-After are to be sent again. A wrong name and a
 * wrong token are answered alike, and neither is ever logged.
 *
 * Threads: requests come on the HTTP server's, ends of pushes on the pipeline's, the rest on the main one. */
#ifndef HARK_API_INLET_H
#define HARK_API_INLET_H

#include "monitor/api/http.h"
#include "monitor/pipeline/source.h"
#include "monitor/pipeline/websub.h"

struct inlet;

#define INLET_PATH WEBSUB_PATH

struct inlet_options {
	struct websub *websub;                     /* whose addresses hubs call; NULL: nobody's */
	int (*push)(void *ctx, struct push *push); /* as scheduler_push() */
	bool (*is_full)(void *ctx);                /* nothing can be stored now */
	void *ctx;
};

struct inlet *inlet_new(const struct inlet_options *options); /* NULL: no memory */
/* When no request can come any more and every push has ended. NULL is fine. */
void inlet_free(struct inlet *in);

/* Of these, those that are pushed to are reachable from now on, and no others. Reads them, keeps none. */
int inlet_set_sources(
	struct inlet *in, struct source *const *sources, size_t n, struct hark_err *err);
/* From now on every push is answered 503: the pipeline is about to end. */
void inlet_close(struct inlet *in);

/* For struct http_options, when the path is below INLET_PATH. */
void inlet_admit(struct inlet *in, struct http_exchange *x);
void inlet_handle(struct inlet *in, struct http_exchange *x);

/* How many messages were refused for a wrong token or signature since the last call, by source; `fn` may be
 * NULL, to ask whether there are any. */
size_t inlet_each_refused(struct inlet *in,
	void (*fn)(void *ctx, const char *source, int64_t n, int64_t last_ms), void *ctx);

#endif
