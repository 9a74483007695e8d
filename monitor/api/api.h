/* The API under /api/v1, and /metrics: every record and action that the command line has, for programs and the inbox.
 *
 * A request is authorised, looked up and answered on threads of its own, each with a read-only connection, so
 * the server's threads never wait. What writes goes through the daemon's one writer, with the same functions
 * that the command line uses.
 *
 * Errors are problem JSON (RFC 9457). Every answer to a GET has an ETag; what changes a lead may say If-Match,
 * and what is sent twice by mistake is done once where it has an Idempotency-Key. */
#ifndef HARK_API_API_H
#define HARK_API_API_H

#include "monitor/api/http.h"
#include "monitor/pipeline/setup.h"
#include "monitor/store/store.h"

struct api;

struct api_options {
	const char *store_url;             /* copied */
	struct setup *(*setup)(void *ctx); /* in force, with a count for the caller */
	/* As writer_call(). */
	int (*write)(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err),
		void *arg, struct hark_err *err);
	/* What is said on the control socket (monitor/control.h), for what only the daemon's main thread knows. */
	int (*ask)(void *ctx, const char *request_json, struct buf *reply, struct hark_err *err);
	void *ctx;
};

/* Starts its threads. NULL with a sentence. */
struct api *api_new(const struct api_options *options, struct hark_err *err);
/* No request is taken any more; ends the threads. What they had not begun is left to the server. */
void api_stop(struct api *api);
/* After api_stop(), when no request can come. NULL is fine. */
void api_free(struct api *api);

/* Whether that path is the API's. */
bool api_serves(struct str path);
/* For struct http_options, when it is. */
void api_admit(struct api *api, struct http_exchange *x);
void api_handle(struct api *api, struct http_exchange *x);

#endif
