/* All transfers of the program: one thread, one loop, every CURL handle.
 *
 * A caller submits a request and gets its reply by callback. Between the two, requests to one host
 * wait for their turn: at most `per_host` in flight and `spacing_ms` apart (scheme, host and port
 * are the key; redirects to another host are charged there). Addresses are guarded when the socket
 * opens, at every hop: private ranges only for requests that say `internal`. Only http and https, and
 * imap and imaps for requests that say `mailbox`: one conversation from the log-in to the last mail.
 * Redirects are followed here, not in libcurl, because a hop to another host has to wait for that
 * host's budget; headers of the caller other than Accept… and the validators stay behind when the
 * origin changes.
 *
 * A stream is a transfer that does not end: what it gives is handed out as it comes. It waits for its host's
 * turn to start, like every request, and then holds no place there.
 *
 * Thread: fetch_submit(), fetch_wake() and fetch_stop() from any; callbacks run on the fetch
 * thread, hold no lock and must not wait. */
#ifndef HARK_FETCH_FETCH_H
#define HARK_FETCH_FETCH_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"
#include "monitor/fetch/guard.h"

struct fetch;
struct transfer; /* a stream under way */

struct fetch_header {
	const char *name, *value;
};

/* What a stream tells whoever opened it. */
struct fetch_stream_ops {
	/* The peer has agreed: a status of 2xx, of a WebSocket 101. */
	void (*opened)(void *user);
	/* Bytes of the body, decoded, or one message of a WebSocket; borrowed for the call. False: they are
	 * taken, and no more is read until fetch_stream_go_on() (what has been read before still comes). */
	bool (*take)(void *user, struct str bytes);
};

/* What a mailbox is asked for: imap_ask, and who asks. */
struct fetch_mailbox {
	const char *user, *password;
	const char *token; /* OAuth 2, in place of the password; NULL: none */
	uint32_t validity, after;
	const char *since;
	size_t mails, mail_max;
};

/* Everything is copied by fetch_submit(). */
struct fetch_request {
	const char *url;
	const char *method; /* NULL: GET, or POST when there is a body */
	const struct fetch_header *headers;
	size_t headers_n;
	struct str body;           /* absent: none; a redirect repeats it to the same origin only */
	const char *etag;          /* sent as If-None-Match, byte for byte; NULL: none */
	const char *last_modified; /* sent as If-Modified-Since, byte for byte; NULL: none */
	int64_t timeout_ms;        /* whole transfer; 0: the default */
	size_t max_bytes;          /* decoded body; 0: the default */
	int64_t spacing_ms;        /* least time between two requests to this host; 0: none */
	unsigned redirects_max;    /* 0: none followed */
	bool same_host;            /* a redirect to another is an answer */
	bool internal;             /* private and loopback addresses are allowed */
	bool keep_headers;         /* the reply has them all */
	bool urgent;     /* alerts: does not wait behind polls, but for the host's limits */
	bool secret_url; /* the path is a secret too: sentences name only the host */
	const struct fetch_stream_ops *stream; /* static; NULL: an answer that ends */
	bool websocket; /* a stream of messages; "ws:" and "wss:" are as good as "http:" and "https:" */
	int64_t idle_ms; /* of a stream: so long without a byte, and it is dead */
	/* imaps://HOST/FOLDER, or imap: with STARTTLS, which only `internal` ones may do without. The reply's body
	 * is mails, its headers say which (imap.h). Of a status other than 200 it is what the server says: 401, the
	 * log-in is refused; 404, there is no such folder; 503, not now. NULL: no mailbox. */
	struct fetch_mailbox *mailbox;
};

/* Owned by the callback's receiver: fetch_reply_free(). */
struct fetch_reply {
	/* HARK_OK: an HTTP answer came, whatever its status. HARK_EAUTH: the address guard refused;
	 * HARK_ELIMIT: too large, or a bomb; HARK_EPIPE: the program stops; HARK_ENET: the rest. */
	int rc;
	char error[256]; /* one sentence naming the URL without its query */
	bool network;    /* DNS or connect failed: perhaps our own network, not the peer */
	/* HTTP. Where rc is a failure: of an error whose page is too large, of a redirect to another host, else 0. */
	int status;
	int cut_status; /* HARK_ENET, as the answer ended in its headers: what it began with; else 0 */
	struct buf body; /* decoded */
	char *url;       /* after redirects */
	char *moved_to;  /* where the 301 and 308 it began with led; NULL: it began with none */
	char *etag, *last_modified, *content_type; /* as sent, or NULL */
	struct buf
		links; /* the values of its Link headers, joined by commas; of very many the first */
	struct buf headers; /* with keep_headers: name and value of each, every one with its NUL */
	size_t headers_n;
	int64_t retry_after_ms; /* Retry-After, seconds or date; 0: none */
	int64_t max_age_ms;     /* Cache-Control: max-age; 0: none */
	int64_t received_ms;    /* wall clock */
	int64_t took_ms;        /* from the start of the transfer */
	bool opened;            /* of a stream: it is connected, and nothing has come yet */
	void *user;             /* as given to fetch_submit() */
};

/* Takes the reply; runs on the fetch thread. */
typedef void (*fetch_done_fn)(void *user, struct fetch_reply *reply);

struct fetch_options {
	const char *user_agent; /* "hark/0.1.0 (+mailto:ops@example.com)" */
	int64_t parallel, per_host;
	int64_t timeout_ms, connect_timeout_ms;
	size_t max_bytes;
	/* Called on the fetch thread in every turn of the loop: starts what is due with
	 * fetch_submit() and returns the steady time of the next thing due (INT64_MAX: nothing). */
	int64_t (*tick)(void *ctx, int64_t now_steady_ms);
	void *tick_ctx;
	/* NULL: guard_address(). Tests, which have only loopback, call some of it public. */
	enum guard_class (*guard)(const struct sockaddr *address, const char **range);
};

struct fetch_stats {
	size_t pending;       /* accepted and not yet answered, */
	size_t in_flight;     /* of these started */
	size_t hosts;         /* with a budget now */
	int64_t stall_max_ms; /* longest time the loop was away from its sockets */
};

/* Call before the first thread starts: libcurl reads host names with letters outside ASCII in the program's
 * locale, which is UTF-8 from then on, whatever the environment says. */
void fetch_locale(void);

/* NULL: no memory. Starts no thread. */
struct fetch *fetch_new(const struct fetch_options *options, struct hark_err *err);
/* After a reload: takes over user_agent, the limits and the time-outs, from the next turn of the loop
 * on; transfers on their way end as they began. Any thread. HARK_ENOMEM: all stays as it was. */
int fetch_set_options(struct fetch *f, const struct fetch_options *options);
/* Runs the loop on the calling thread until fetch_stop(); transfers in flight are dropped, their
 * callbacks called with HARK_EPIPE. No more than once. */
void fetch_run(struct fetch *f);
void fetch_stop(struct fetch *f);
/* Makes the loop turn, so that `tick` is called. */
void fetch_wake(struct fetch *f);
/* After the loop has ended, or without one. NULL is fine. */
void fetch_free(struct fetch *f);

/* HARK_OK: `done` will be called exactly once. Otherwise it never is: HARK_EINVAL, the URL, method or
 * a header cannot be sent; HARK_EPIPE, the loop has ended. */
int fetch_submit(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct hark_err *err);

/* Opens a stream: as fetch_submit(), on the loop's thread alone or before it runs. *out is valid until `done`
 * is called, which says how it ended: rc HARK_OK and a status, if the peer refused or came to an end. The body
 * is that of a refusal. HARK_EPIPE: the program stops or fetch_stream_close() was called. */
int fetch_stream_open(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct transfer **out, struct hark_err *err);
void fetch_stream_go_on(struct fetch *f, struct transfer *stream);
/* Nothing more is taken; `done` is called in a later turn of the loop. */
void fetch_stream_close(struct fetch *f, struct transfer *stream);

/* Requests accepted and not yet answered. */
size_t fetch_pending(struct fetch *f);
/* Any thread. */
void fetch_get_stats(struct fetch *f, struct fetch_stats *out);

void fetch_reply_free(struct fetch_reply *reply);

/* One transfer, without a running loop: for the command line. The reply is owned by the caller. */
struct fetch_reply *fetch_once(
	struct fetch *f, const struct fetch_request *request, struct hark_err *err);

#endif
