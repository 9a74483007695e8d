/* One accepted request on its way to its reply: what is sent, what comes back, hop by hop. Knows
 * curl's easy interface and nothing of loops; fetch.c does the rest. Used on the fetch thread, but
 * for transfer_new(). */
#ifndef HARK_FETCH_TRANSFER_H
#define HARK_FETCH_TRANSFER_H

#include "monitor/fetch/fetch.h"
#include "monitor/fetch/host.h"
#include "monitor/fetch/unpack.h"

#include <curl/curl.h>

/* An easy handle and its error text. Options that never change are set once. */
struct slot {
	struct slot *next;
	unsigned generation; /* of the options it was made with */
	CURL *easy;
	char *agent_line;                 /* owned */
	struct curl_slist agent, packing; /* the first headers of every request */
	char text[CURL_ERROR_SIZE];
};

/* Why we ended a transfer ourselves; libcurl only says that a callback did. */
enum transfer_end {
	TRANSFER_ENDED_BY_PEER,
	TRANSFER_TOO_LARGE,
	TRANSFER_BOMB,
	TRANSFER_MISPACKED, /* not compressed the way it says */
	TRANSFER_CUT,       /* … or not to its end */
	TRANSFER_UNASKED,   /* … or in a way we did not offer */
	TRANSFER_HEADERS,
	TRANSFER_NO_MEMORY,
	TRANSFER_NO_IMAP,
	TRANSFER_REDIRECT_READ, /* no failure: the rest of a redirect's body is not wanted */
};

struct transfer {
	struct host_item item;  /* first: hosts_next() gives it back */
	struct transfer *next;  /* in the inbox, then among those in flight */
	struct transfer **prev; /* while in flight */
	enum guard_class (*guard)(const struct sockaddr *address, const char **range);
	fetch_done_fn done;
	struct fetch_reply *reply; /* owned until `done` is called */
	struct slot *slot;         /* while in flight */

	char *url;          /* of this hop, owned */
	CURLU *parts;       /* of it, owned; NULL: a mailbox's */
	struct buf key;     /* of its host */
	const char *method; /* NULL: GET or POST; this and all below live in `block` */
	struct str body;    /* absent: none */
	struct curl_slist *headers, *headers_safe; /* all; those that may go to another origin */
	int64_t timeout_ms, started_ms, hop_started_ms, spent_ms;
	unsigned redirects_max, hops;
	bool same_host;
	unsigned moves; /* of the hops, the first so many were permanent */
	bool internal, secret_url, keep_headers;

	/* of the answer of this hop */
	enum transfer_end end;
	int status;
	size_t header_bytes, header_lines;
	size_t wire_bytes, body_bytes; /* as it came; unpacked */
	struct unpack *unpack;         /* owned; NULL: it comes as it is */
	bool has_head;                 /* the empty line behind it has come */
	bool in_body, is_unasked;      /* it is packed in a way that was not offered */
	bool is_connected;             /* the request is sent or about to be */
	char *location;                /* owned, or NULL */
	const char *refused;           /* range of an address the guard refused, or NULL */
	char refused_address[64];

	/* a stream: it goes on */
	const struct fetch_stream_ops *stream; /* NULL: none */
	struct transfer *stream_next;          /* among those under way */
	bool websocket, opened, paused, closed;
	bool go_on; /* asked for, not done yet */
	bool pinged;
	int64_t idle_ms, heard_ms; /* steady clock of the last byte */
	int64_t window_ms;         /* steady clock of the last websocket_new_window() */
	CURLM *multi;              /* of a WebSocket, owned: nothing else may see its connection */
	struct websocket *ws;      /* owned; NULL: not connected yet */

	/* a mailbox: what is said once libcurl has logged in; `multi` and `heard_ms` are its as well */
	struct fetch_mailbox *mailbox; /* in `block`; NULL: none */
	struct imap *imap;             /* owned; NULL: not logged in yet */
	char said[160];                /* the last "NO" or "BAD" to libcurl */

	char block[];
};

/* A checked copy of `request`, with its reply. HARK_EINVAL names what cannot be sent. */
int transfer_new(struct transfer **out, const struct fetch_options *options,
	const struct fetch_request *request, fetch_done_fn done, void *user, struct hark_err *err);
/* With its reply, if that has not been handed over. */
void transfer_free(struct transfer *t);

/* NULL: no memory. */
struct slot *slot_new(const struct fetch_options *options);
void slot_free(struct slot *s);

/* Sets up the next hop on a slot. HARK_OK or HARK_ENOMEM. */
int transfer_prepare(struct transfer *t, struct slot *slot, int64_t now_ms);

/* A hop has ended with `code`. True: it was a redirect and `t` waits for its next host (`url`, `key`
 * and what is sent have changed). False: the reply is complete. */
bool transfer_ended(struct transfer *t, CURLcode code, int64_t now_ms);
/* A line of the answer's head; false: it is too much. */
bool transfer_head(struct transfer *t, struct str line);
/* Completes the reply with an answer of our own making, as if by HTTP. */
void transfer_answer(struct transfer *t, int status, const char *body);
/* Completes the reply with a failure of our own. */
void transfer_fail(struct transfer *t, int rc, const char *sentence);

#endif
