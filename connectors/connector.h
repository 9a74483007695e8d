/* The connector ABI: everything a connector sees of hark, and all it needs.
 *
 * A connector turns (settings, cursor) into a request and a reply into records. It does no I/O: the
 * daemon owns clock, network, cursor, limits and secrets. The same code therefore serves the daemon,
 * `hark parse`, `hark connector test`, recorded fixtures and fuzzers.
 *
 *	HARK_CONNECTOR(example) = {
 *		.abi   = HARK_CONNECTOR_ABI,
 *		.name  = "example",
 *		.about = "Example forum, public topic list",
 *		.settings = example_settings,
 *		.open  = example_open,
 *		.plan  = example_plan,
 *		.parse = example_parse,
 *		.close = example_close,
 *	};
 *
 * Strings are NUL-terminated UTF-8; NULL means absent. What a connector passes to the host is copied
 * before the call returns; what the host passes in is borrowed until the connector returns.
 * Functions return 0, or a negative number after hark_host.fail() has said why. The host calls one
 * context from one thread at a time, and different contexts from different threads. */
#ifndef HARK_CONNECTOR_H
#define HARK_CONNECTOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HARK_CONNECTOR_ABI 1

struct hark_pair {
	const char *name, *value;
};

/* How a request travels; the daemon owns every transport. */
enum hark_transport {
	HARK_TRANSPORT_HTTP = 1,
	HARK_TRANSPORT_STREAM, /* HTTP that does not end: server-sent events, JSON lines */
	HARK_TRANSPORT_WEBSOCKET,
	HARK_TRANSPORT_IMAP,
	HARK_TRANSPORT_FILE,    /* url is a path */
	HARK_TRANSPORT_PROCESS, /* url is a program */
	HARK_TRANSPORT_PUSH,    /* the peer calls us */
};

struct hark_request {
	enum hark_transport transport;
	const char *url;
	const char *method;              /* NULL: GET */
	const struct hark_pair *headers; /* beside those the daemon sends itself */
	size_t headers_count;
	const char *body; /* NULL: none */
	size_t body_bytes;
};

struct hark_reply {
	const char *url;          /* where the reply came from, after redirects; may be NULL */
	int status;               /* HTTP status, or 200 */
	const char *content_type; /* as sent, or NULL */
	const char *charset;      /* said by the transport or the user, or NULL */
	const struct hark_pair *headers;
	size_t headers_count;
	const char *body; /* decoded bytes, one NUL behind the end */
	size_t body_bytes;
	int64_t received_ms; /* wall clock */
};

/* Time fields are wall clock milliseconds, HARK_TIME_NONE when the source does not say. */
#define HARK_TIME_NONE INT64_MIN
/* Counts the source does not give. */
#define HARK_COUNT_NONE INT64_MIN

enum hark_post_type {
	HARK_POST,
	HARK_REPLY,
	HARK_REPOST,
	HARK_QUOTE,
	HARK_REVIEW,
	HARK_JOB,
	HARK_FILING,
};

struct hark_author {
	const char *handle, *display_name, *profile_url, *bio;
	int64_t followers, following;
	int verified; /* 1 yes, 0 no, -1 not said */
};

/* Set every count and time you do not know with hark_post_init(). */
struct hark_post {
	const char *
		external_id; /* required in effect: NULL lets the host take url, then a content hash */
	const char *url;
	enum hark_post_type type;
	struct hark_author author;
	int64_t published, edited;
	const char *title, *text, *quoted; /* plain text, never markup */
	const char *lang, *country;
	const char *in_reply_to, *thread;
	int64_t likes, replies, shares, views, score, rating;
	const char *const *tags, *const *mentions, *const *links;
	size_t tags_count, mentions_count, links_count;
	int is_private; /* seen only with the operator's own rights */
	int is_deleted; /* the source says this id is gone */
};

enum hark_profile_event {
	HARK_LISTED,
	HARK_JOINED,
	HARK_LEFT,
	HARK_CHANGED,
};

struct hark_profile {
	const char *person, *handle, *url, *employer, *title, *location;
	const char *effective; /* date, may be partial: "2026", "2026-09" */
	const char *evidence_url;
	int64_t observed;
	enum hark_profile_event event;
};

/* What a document says about itself. */
struct hark_feed {
	const char *format; /* "rss20", "atom10", "json11" … */
	const char *title, *url, *description, *lang, *hub, *self, *next, *generator;
	int64_t updated;
	int64_t ttl_s;  /* the source asks for at least this between polls; 0: it does not say */
	int is_expired; /* the source will not publish any more */
};

struct hark_host {
	void *ctx; /* the host's own */

	/* Each copies what it needs. A negative result means: stop and return it. */
	int (*emit_post)(struct hark_host *host, const struct hark_post *post);
	int (*emit_profile)(struct hark_host *host, const struct hark_profile *profile);
	int (*emit_feed)(struct hark_host *host, const struct hark_feed *feed);
	/* Says the document is damaged, yet gave items. `line` and `column` from 1, 0 unknown. */
	void (*degraded)(struct hark_host *host, long line, long column, const char *fmt, ...)
		__attribute__((format(printf, 4, 5)));
	/* Says in one sentence what is wrong and what to do; returns the negative result to return. */
	int (*fail)(struct hark_host *host, const char *fmt, ...)
		__attribute__((format(printf, 2, 3)));
	/* The text handed to the next .plan, stored together with the records of this reply. */
	int (*set_cursor)(struct hark_host *host, const char *cursor);
	/* Asks for one more page now; it comes as another .parse. */
	int (*request_more)(struct hark_host *host, const struct hark_request *request);
	/* Scratch that lives until the poll ends, zeroed. NULL: no memory or the poll's ceiling. */
	void *(*alloc)(struct hark_host *host, size_t bytes);
};

/* A setting an admin may write. Ends with an entry whose name is NULL. */
struct hark_setting {
	const char *name;
	const char *about;
	const char *otherwise; /* default, or NULL */
	int required;
};

struct hark_connector {
	int abi;                             /* HARK_CONNECTOR_ABI */
	const char *name;                    /* [a-z0-9-]+ */
	const char *about;                   /* one line for `hark connector list` */
	const struct hark_setting *settings; /* NULL: none */

	/* Reads the settings (borrowed until .close) into a context the host keeps. */
	int (*open)(
		struct hark_host *host, const struct hark_pair *settings, size_t count, void **ctx);
	/* Fills the first request of a poll. `cursor` is NULL at the first poll. What the request
	 * points to must live until the next call with this context. */
	int (*plan)(struct hark_host *host, void *ctx, const char *cursor,
		struct hark_request *request);
	/* Emits the records of a reply. */
	int (*parse)(struct hark_host *host, void *ctx, const struct hark_reply *reply);
	void (*close)(void *ctx);
};

/* Defines the symbol a shared connector exports and the built-in table names. */
#define HARK_CONNECTOR(id)                                      \
	extern const struct hark_connector hark_connector_##id; \
	const struct hark_connector hark_connector_##id

static inline void hark_post_init(struct hark_post *post)
{
	*post = (struct hark_post){.author = {.followers = HARK_COUNT_NONE,
					   .following = HARK_COUNT_NONE,
					   .verified = -1},
		.published = HARK_TIME_NONE,
		.edited = HARK_TIME_NONE,
		.likes = HARK_COUNT_NONE,
		.replies = HARK_COUNT_NONE,
		.shares = HARK_COUNT_NONE,
		.views = HARK_COUNT_NONE,
		.score = HARK_COUNT_NONE,
		.rating = HARK_COUNT_NONE};
}

#ifdef __cplusplus
}
#endif

#endif
