/* A small HTTP/1.1 server: listeners, a strict gate, one handler. libmicrohttpd's only home is
 * http.c; the demo's mock network and the API stand on this header alone.
 *
 *	static void hello(void *ctx, struct http_exchange *x)
 *	{
 *		http_header(x, "Content-Type", "text/plain");
 *		http_answer(x, 200, STR("hello\n"));
 *	}
 *
 *	struct http_options options = {.handler = hello};
 *	struct http_server *s = http_server_new(&options, &err);
 *	int port = http_server_listen(s, "127.0.0.1:0", &err);
 *
 * The gate runs before the handler and answers 400 (and closes) for whatever two parsers could
 * read in two ways: a version other than 1.1, not exactly one Host, more than one or a malformed
 * Content-Length, any Transfer-Encoding but one exact "chunked", both of them together, header
 * names that are no tokens, control bytes in values, and targets that do not start with "/" or
 * whose path holds "//", "..", an encoded slash, dot or backslash, or a NUL anywhere.
 *
 * A client that dawdles over its request keeps its place until somebody else wants it: when all places are
 * taken the connection that has been without a whole request for the longest gives way.
 *
 * Threads: handlers run on the server's threads, one request at a time per listener thread, and must
 * not wait. What takes time is held: keep the exchange and answer it from any thread. */
#ifndef HARK_API_HTTP_H
#define HARK_API_HTTP_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

struct http_server;
struct http_exchange; /* one request and its answer */
struct http_stream;   /* a body that is written while it is read */

/* Must call http_answer() or http_stream() once, or http_hold() and one of them later. Returning
 * without either is answered 500. */
typedef void (*http_handler_fn)(void *ctx, struct http_exchange *x);

struct http_options {
	http_handler_fn handler;
	/* Called when the head is there and before any of the body: may answer, which ends the
	 * connection, or say how large the body may be, http_body_max(). NULL: all are let in. */
	http_handler_fn admit;
	void *ctx;            /* for both */
	size_t body_max;      /* larger request bodies are 413; 0: 1 MiB */
	unsigned timeout_s;   /* idle connections; 0: 30 */
	unsigned connections; /* at once per listener; 0: 256 */
	unsigned threads;     /* per listener; 0: 1 */
	const char *const *headers; /* name, value … NULL, of every answer; borrowed. NULL: none */
	bool beyond_loopback; /* listeners may be reached from other machines */
};

/* NULL: no memory. `options` is copied. No socket is opened yet. */
struct http_server *http_server_new(const struct http_options *options, struct hark_err *err);
/* "127.0.0.1:8787", "[::1]:0" (port 0: any free one) or "unix:/run/hark/http". Serving starts at
 * once. Returns the port (0 for a unix socket) or a negative code. Not from a handler. */
int http_server_listen(struct http_server *s, const char *at, struct hark_err *err);
/* Whether only this machine reaches that address, which is well-formed. */
bool http_is_local(const char *at);
/* Stops listening, answers what is still held 503, ends streams, waits for the rest. Whoever holds
 * an exchange must have answered it or have stopped for good. NULL is fine. */
void http_server_free(struct http_server *s);

/* The request. Slices are borrowed until the exchange is answered. */
struct str http_method(const struct http_exchange *x);
struct str http_path(const struct http_exchange *x);   /* decoded, without the query */
struct str http_target(const struct http_exchange *x); /* as sent, with the query */
struct str http_body(const struct http_exchange *x);
/* Absent if there is none; header names without regard to case. */
struct str http_request_header(const struct http_exchange *x, const char *name);
/* Decoded; absent if there is none. */
struct str http_query(const struct http_exchange *x, const char *name);
/* Each name in the query, decoded, until `fn` says false. */
void http_query_each(const struct http_exchange *x, bool (*fn)(void *ctx, struct str name), void *ctx);
/* In admit only: a larger body is 413. */
void http_body_max(struct http_exchange *x, size_t bytes);
#define HTTP_CLIENT_MAX 64
/* The address it came from, without port; "local" over a unix socket. Borrowed until it is answered. */
const char *http_client(const struct http_exchange *x);
/* The address the request came to, as http_server_listen() was told. */
const char *http_listener(const struct http_exchange *x);

/* Adds a header to the answer to come. Values with control bytes are dropped. */
void http_header(struct http_exchange *x, const char *name, const char *value);
/* Answers with RFC 9457 problem JSON and one sentence. */
void http_problem(struct http_exchange *x, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The answer: `body` is copied. The exchange is the server's again and must not be touched. */
void http_answer(struct http_exchange *x, int status, struct str body);
/* Announces that the answer comes later, from any thread. */
void http_hold(struct http_exchange *x);
/* Answers with a body that is written piece by piece. The caller owns one count of the stream, and
 * the exchange is the server's again. NULL: no memory (answered 500). */
struct http_stream *http_stream(struct http_exchange *x, int status, size_t buffer_max);
/* HARK_EPIPE: the reader has gone. HARK_ELIMIT: it is slower than the writer, `bytes` were not
 * taken. Any thread. */
int http_stream_write(struct http_stream *st, struct str bytes);
/* No more bytes will come; gives the caller's count back. Any thread. NULL is fine. */
void http_stream_end(struct http_stream *st);

#endif
