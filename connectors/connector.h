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
 * Out of the tree, include <hark/connector.h>, build with
 *
 *	cc $(pkg-config --cflags hark-connector) -shared -fPIC -o example.so example.c
 *
 * and put the file into $(pkg-config --variable=connectordir hark-connector), or into connectors/
 * beside hark.yaml. It is called as the connector it defines. C++ is fine too.
 *
 * Strings are NUL-terminated UTF-8; NULL means absent. What a connector passes to the host is copied
 * before the call returns; what the host passes in is borrowed until the connector returns.
 * Functions return 0, or a negative number after hark_host.fail() has said why. The host calls one
 * context from one thread at a time, and different contexts from different threads. */
#ifndef HARK_CONNECTOR_H
#define HARK_CONNECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of every change to this file that a compiled connector would notice. */
#define HARK_CONNECTOR_ABI 14

struct hark_pair {
	const char *name, *value;
};

/* How a request travels; the daemon owns every transport. */
enum hark_transport {
	HARK_TRANSPORT_HTTP = 1,
	HARK_TRANSPORT_STREAM, /* HTTP that does not end: server-sent events, JSON lines */
	HARK_TRANSPORT_WEBSOCKET,
	/* url is imaps://HOST/FOLDER, or imap: with STARTTLS. Nothing in the folder is changed. `body` is the place
	 * that was reached, "UIDVALIDITY UID"; without one, or where it is not of this folder any more, mails since
	 * a day are given. Headers: Since (that day, "1-Feb-2026"), Mails and Bytes (at most so many mails a reply,
	 * and bytes of one). The reply's body is the mails, one after the other, its headers are Mail for each
	 * ("UID OFFSET BYTES SIZE RECEIVED"; SIZE is what it really has, RECEIVED a date), Lost for those that the
	 * server could not give ("UID REASON"), Place (up to where the folder was read), Left (how many mails are
	 * behind that) and End (the place of the last). Status 401: the log-in is refused; 404: there is no such
	 * folder; 503: not now. The body is then what the server says. */
	HARK_TRANSPORT_IMAP,
	/* url is the path of a folder, or of a file. The reply is one file of it: `url` is its path, header
	 * Last-Modified when it was written; Accepted says that an admin takes it for right although the connector
	 * refused it before. */
	HARK_TRANSPORT_FILE,
	/* url is a program, `args` what stands behind it, headers are variables of its environment, the
	 * body is its input. The reply is its output; header Exit-Status says how it ended, if not by 0,
	 * and Stderr what it said last. */
	HARK_TRANSPORT_PROCESS,
	/* The peer calls us, at an address that holds the secret `token`. `headers` "Accept" names the types
	 * of content that are taken, `auth` how a message is signed, `buckets` how many may come. */
	HARK_TRANSPORT_PUSH,
};

/* How the daemon proves who asks. Secrets are named, never given: the daemon looks them up under the
 * source's `secret:` when it sends the request. */
enum hark_auth_kind {
	HARK_AUTH_NONE,
	HARK_AUTH_HEADER, /* `name`: secret, and `name2`: secret2 if there is one */
	HARK_AUTH_QUERY,  /* parameter `name` = secret */
	HARK_AUTH_BEARER, /* Authorization: Bearer secret; of IMAP: user `name`, OAuth 2 token `secret` */
	HARK_AUTH_BASIC, /* user `secret`, password `secret2`, NULL: empty; of IMAP: user `name`, password
	                     `secret` */
	HARK_AUTH_OAUTH2, /* client credentials `secret` and `secret2` at `url` give a bearer token */
	HARK_AUTH_LOGIN, /* POST {name: secret, name2: secret2} to `url`; `token` is where the reply
	                     holds the bearer token */
	HARK_AUTH_WEBHOOK, /* of PUSH: Standard Webhooks, signed with secret */
	HARK_AUTH_HUB,     /* of PUSH: X-Hub-Signature-256, signed with secret */
};

struct hark_auth {
	enum hark_auth_kind kind;
	const char *name, *name2;
	const char *secret, *secret2; /* names under `secret:` */
	const char *url;              /* where tokens are had */
	const char *scope;            /* OAUTH2; NULL: none */
	const char *token;            /* LOGIN: JSON pointer, as "/accessJwt" */
	/* LOGIN: what the pointer `refresh` finds in the reply is sent to `refresh_url` as a bearer for the next
	 * token, and spares another log-in. NULL: there is none. */
	const char *refresh_url, *refresh;
	/* OAUTH2, LOGIN: a reply of status 400 with this word says, as 401 does, that the token has expired. */
	const char *expired;
	int in_body;  /* OAUTH2: the client names itself in the form, not by Basic */
	int optional; /* without the first secret the request goes out as it is */
};

/* At most `n` requests in any `per_ms`, shared by all who name the same thing. */
enum hark_scope {
	HARK_SCOPE_SOURCE,
	HARK_SCOPE_HOST,
	HARK_SCOPE_CREDENTIAL,
};
struct hark_bucket {
	long n;
	int64_t per_ms;
	enum hark_scope scope;
};

/* What a request takes of what its source may spend in a UTC day. The host keeps count, over restarts too, and
 * sends nothing that goes beyond. */
struct hark_cost {
	int64_t per_day; /* units; 0: as many as it likes */
	int64_t request; /* units that are spent when it is sent, whatever comes of it */
	int64_t reply_at_least; /* nor is it sent unless so many are left for its reply; .parse says by spend() */
};

/* When a request given to request_more() is sent at all. */
enum hark_more {
	HARK_MORE_AFTER_GAP,    /* nothing on this page is known, and it is not the first poll */
	HARK_MORE_UNLESS_KNOWN, /* something on this page is new, and it is not the first poll */
	HARK_MORE_ALWAYS,
	HARK_MORE_IF_NEW, /* the post `item` of this reply is new or changed */
};

/* Fields that are not set are 0. */
struct hark_request {
	enum hark_transport transport;
	const char *url;
	const char *method;              /* NULL: GET, or POST with a body */
	const struct hark_pair *headers; /* beside those the daemon sends itself */
	size_t headers_count;
	const char *body; /* NULL: none */
	size_t body_bytes;
	const struct hark_auth *auth;      /* NULL: none; must live until .close */
	const struct hark_bucket *buckets; /* must live until .close */
	size_t buckets_count;
	struct hark_cost cost;
	const char *tag; /* given back with the reply; NULL: none */
	/* Of the first of a poll: what stays the same as long as a cursor means something. NULL: its address
	 * is that. */
	const char *place;
	enum hark_more more;
	const char *item; /* HARK_MORE_IF_NEW: external id */
	/* Of request_more(): where no answer comes, .parse is told (status 0), and the cursor that was set
	 * last is enough to ask again: it is stored where nothing else is asked for. */
	int may_fail;
	int no_redirects; /* 1: a redirect is an answer; 2: so is one to another host */
	int whole;        /* not only what has changed: no ETag is sent */
	/* Of the first of a poll: .parse is called also where nothing has changed, with status 304 and no body. */
	int tells_unchanged;
	size_t body_max;         /* largest reply, or event of a stream; 0: the host's */
	const char *const *args; /* PROCESS */
	size_t args_count;
	int64_t timeout_ms; /* PROCESS; 0: a minute */
	/* STREAM, WEBSOCKET: the connection is kept, and what comes over it is given to .parse in pieces: lines, or
	 * server-sent events in the form of their standard, always whole. A message of a WebSocket is a line. */
	int is_events;   /* STREAM: server-sent events, no lines */
	int64_t idle_ms; /* silence that means it is dead; 0: the host's */
};

struct hark_reply {
	const char *tag;          /* of the request; NULL: of the poll's first */
	const char *url;          /* where the reply came from, after redirects; may be NULL */
	int status;               /* HTTP status, or 200; 0: no answer came */
	const char *error;        /* why none came (judges_failures, may_fail); NULL: one did */
	const char *content_type; /* as sent, or NULL */
	const char *charset;      /* said by the transport or the user, or NULL */
	const struct hark_pair *headers;
	size_t headers_count;
	const char *body; /* decoded bytes, one NUL behind the end */
	size_t body_bytes;
	int64_t received_ms; /* wall clock */
	int64_t spent;       /* units of this day's, with this request */
	int is_opened;       /* of a stream: it is connected now, and `body` is empty */
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
	int opted_out; /* they ask to be left alone by programs, elsewhere than in the bio: nothing of
	                  the post is kept, and what was is removed */
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
	/* The source says this id is gone. One that begins with "at://" goes in every source; one that
	 * ends in "/" besides ("at://did:plc:x/") takes all below it along, as when an account goes. */
	int is_deleted;
};

enum hark_profile_event {
	HARK_LISTED,
	HARK_JOINED,
	HARK_LEFT,
	HARK_CHANGED,
};

struct hark_profile {
	/* Tells people of one source apart, where the address may change; NULL: url, else handle, else
	 * person. */
	const char *key;
	const char *person, *handle, *url, *employer, *title, *location;
	const char *was_employer, *was_title; /* before a change; NULL: not known */
	const char *bio;       /* what the person says about themselves; read, not kept */
	const char *email;     /* tells who it is; read, not kept */
	const char *effective; /* date, may be partial: "2026", "2026-09" */
	const char *evidence_url;
	int64_t observed;
	enum hark_profile_event event;
	int opted_out; /* as an author's */
};

/* What a document says about itself. */
struct hark_feed {
	const char *format; /* "rss20", "atom10", "json11" … */
	const char *title, *url, *description, *lang, *hub, *self, *next, *generator;
	int64_t updated;
	int64_t ttl_s;  /* the source asks for at least this between polls; 0: it does not say */
	int is_expired; /* the source will not publish any more */
};

/* What a reply that is no good means for the source. */
enum hark_refusal {
	HARK_REFUSED,       /* it failed; asked again, ever less often */
	HARK_REFUSED_AUTH,  /* the log-in is wrong: an admin has to act */
	HARK_REFUSED_GONE,  /* there will never be anything again */
	HARK_REFUSED_QUOTA, /* we have had our share: no failure, asked again at `until_ms` */
};

struct hark_host {
	void *ctx;                              /* the host's own */
	const struct hark_connector *connector; /* the one that is called */
	int64_t now_ms;                         /* wall clock of this call */
	int is_called; /* in .plan: somebody asks for this poll, who may have put right what was refused */
	long item; /* set by .parse: which item of the reply it is at, from 0; -1: not said */

	/* Each copies what it needs. A negative result means: stop and return it. Records of people who
	 * have opted out, by the flag or a hashtag in their bio, are counted and left out. */
	int (*emit_post)(struct hark_host *host, const struct hark_post *post);
	int (*emit_profile)(struct hark_host *host, const struct hark_profile *profile);
	int (*emit_feed)(struct hark_host *host, const struct hark_feed *feed);
	/* Says the document is damaged, yet gave items. `line` and `column` from 1, 0 unknown. */
	void (*degraded)(struct hark_host *host, long line, long column, const char *fmt, ...)
		__attribute__((format(printf, 4, 5)));
	/* Says that the document is sound and a part of a record that was emitted is left out: a member that
	 * means nothing here. Shown and logged, and no alarm. */
	void (*noted)(struct hark_host *host, long line, long column, const char *fmt, ...)
		__attribute__((format(printf, 4, 5)));
	/* Says in one sentence what is wrong and what to do; returns the negative result to return. */
	int (*fail)(struct hark_host *host, const char *fmt, ...)
		__attribute__((format(printf, 2, 3)));
	/* The same, with what it means. `until_ms`: not before this time; 0: the host knows best. With in_slices
	 * a connector may say HARK_REFUSED_AUTH and return 0 after all: what it emitted is kept, the next slice
	 * comes in its time, and the source stands as refused. */
	int (*refuse)(struct hark_host *host, enum hark_refusal what, int64_t until_ms,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
	/* The source wants no request with this credential before `until_ms` (wall clock). */
	void (*wait_until)(struct hark_host *host, int64_t until_ms);
	/* So many units of the day more than its request has cost. */
	void (*spend)(struct hark_host *host, int64_t units);
	/* Counts an item that became no record, by reason, for people who try a connector out. */
	void (*skipped)(struct hark_host *host, const char *fmt, ...)
		__attribute__((format(printf, 2, 3)));
	/* The text handed to the next .plan. It is stored together with the records of the last reply
	 * of a poll, or of one behind which all may fail: a poll that is cut short is repeated from the
	 * cursor before. */
	int (*set_cursor)(struct hark_host *host, const char *cursor);
	/* Asks for one more request in this poll; its reply comes as another .parse, in order. */
	int (*request_more)(struct hark_host *host, const struct hark_request *request);
	/* Says that more was published since the last poll than this one reaches back to. */
	void (*missed)(struct hark_host *host);
	/* in_slices: the next poll is due after so long, milliseconds, instead of the interval. */
	void (*again)(struct hark_host *host, int64_t after_ms);
	/* How far it has got, for `hark sources`: "312 of 2000 accounts seen in the last day". */
	void (*progress)(struct hark_host *host, const char *fmt, ...)
		__attribute__((format(printf, 2, 3)));
	/* The content of a file that a setting names, NUL-terminated; borrowed until the next call or the
	 * end of .open, where alone it works. NULL: it cannot be had, and fail() has said so. */
	const char *(*read_file)(struct hark_host *host, const char *path, size_t *bytes);
	/* In .open: something in such a file is wrong and left out. Places from 1, 0 unknown. */
	void (*left_out)(struct hark_host *host, const char *path, long line, long column,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));
	/* Scratch that lives until the poll ends, zeroed. NULL: no memory or the poll's ceiling. */
	void *(*alloc)(struct hark_host *host, size_t bytes);
};

enum hark_setting_type {
	HARK_SETTING_TEXT,
	HARK_SETTING_HOST,
	HARK_SETTING_URL,
	HARK_SETTING_NUMBER,
	HARK_SETTING_LIST, /* a list of the configuration, or a file; the connector is given a path */
	HARK_SETTING_TAG, /* a hashtag */
};

/* A setting an admin may write. Ends with an entry whose name is NULL. */
struct hark_setting {
	const char *name;
	const char *about;
	const char *otherwise; /* default, or NULL */
	int required;
	enum hark_setting_type type;
	/* What stands in for it where a recorded reply is read; LIST: a file beside it. NULL: none */
	const char *example;
};

/* A recorded reply and the records it must give, for `hark connector test` and `check`. Names are of
 * files beside the connector's. Ends with an entry whose `sample` is NULL. */
struct hark_sample {
	const char *sample;
	const char *expect; /* JSON Lines; `hark connector test --accept` writes them */
	const char *url;    /* where the reply came from; NULL: not said */
	const char
		*before; /* the reply of the poll before, for connectors that compare; NULL: none */
};

struct hark_connector {
	int abi;                             /* HARK_CONNECTOR_ABI */
	const char *name;                    /* [a-z0-9-]+ */
	const char *about;                   /* one line for `hark connector list` */
	const struct hark_setting *settings; /* NULL: none */
	/* What may stand under `secret:`, "*" for anything; NULL: nothing. */
	const struct hark_setting *secrets;
	const void *data;  /* the connector's own */
	const char *docs;  /* page that describes the source; NULL: none */
	const char *terms; /* what its owner asks of readers; NULL: nothing known */
	int opt_in;        /* an admin has to accept the terms (`accept-terms: yes`) */
	long every_s;      /* polite interval; 0: the host's default */
	long every_min_s;  /* fastest interval its owner is fine with; 0: the host's floor */
	int judges_status; /* replies of any HTTP status come to .parse, which refuses them */
	/* … and so do those that never came, so that one of many requests can fail alone; what is not
	 * modified (304) comes too, the connector asks for that itself. */
	int judges_failures;
	/* It looks at many things, some in each poll, each once in the interval. It is given that as the
	 * setting `every_ms`, and says by .again when the next poll is due. */
	int in_slices;
	const struct hark_sample *samples; /* NULL: none */

	/* Reads the settings (borrowed until .close) into a context the host keeps. */
	int (*open)(
		struct hark_host *host, const struct hark_pair *settings, size_t count, void **ctx);
	/* Fills the first request of a poll. `cursor` is NULL at the first poll. What the request
	 * points to must live until the next call with this context. May be called several times for
	 * one poll. */
	int (*plan)(struct hark_host *host, void *ctx, const char *cursor,
		struct hark_request *request);
	/* Emits the records of a reply. The replies of one poll come in order, the first without tag. */
	int (*parse)(struct hark_host *host, void *ctx, const struct hark_reply *reply);
	void (*close)(void *ctx);
};

#ifdef __cplusplus
#define HARK_C_LINKAGE extern "C"
#else
#define HARK_C_LINKAGE extern
#endif

/* Defines the symbol a shared connector exports and the built-in table names. `id` is the name, with
 * '_' for '-'. */
#define HARK_CONNECTOR(id)                                    \
	HARK_C_LINKAGE __attribute__((visibility("default"))) \
	const struct hark_connector hark_connector_##id;      \
	const struct hark_connector hark_connector_##id

static inline void hark_post_init(struct hark_post *post)
{
	memset(post, 0, sizeof(*post));
	post->author.followers = HARK_COUNT_NONE;
	post->author.following = HARK_COUNT_NONE;
	post->author.verified = -1;
	post->published = HARK_TIME_NONE;
	post->edited = HARK_TIME_NONE;
	post->likes = HARK_COUNT_NONE;
	post->replies = HARK_COUNT_NONE;
	post->shares = HARK_COUNT_NONE;
	post->views = HARK_COUNT_NONE;
	post->score = HARK_COUNT_NONE;
	post->rating = HARK_COUNT_NONE;
}

#ifdef __cplusplus
}
#endif

#endif
