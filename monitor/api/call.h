/* One request to the API while it is answered: who asks, for what, with what, and the answer that grows.
 *
 *	void leads_show(struct call *c)
 *	{
 *		… read from c->store into c->arena …
 *		jsonout_object(&c->j);
 *		…
 *		call_answer(c, 200);
 *	}
 *
 * A handler answers once, whichever way. What reads uses c->store, which sees what is committed; what writes goes
 * through call_write(). All of it runs on one of the API's own threads, which may wait. */
#ifndef HARK_API_CALL_H
#define HARK_API_CALL_H

#include "monitor/api/http.h"
#include "monitor/base/arena.h"
#include "monitor/base/crypto.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/role.h"
#include "monitor/pipeline/setup.h"
#include "monitor/store/store.h"

struct api;
struct route;

struct principal {
	int64_t user;
	struct str name; /* in the call's arena */
	enum role role;
	enum scope scope;
};

/* What they showed that says so. */
enum pass_kind {
	PASS_NONE,
	PASS_TOKEN,
	PASS_SESSION, /* a browser that is logged in */
	PASS_PROXY,   /* a name in the header of one that is trusted */
};
struct pass {
	enum pass_kind kind;
	unsigned char hash[CRYPTO_SHA256_BYTES]; /* of the token or the session */
};

struct call {
	struct api *api;
	struct http_exchange *x;
	const struct route *route;
	struct store *store; /* the thread's, read-only */
	struct arena *arena; /* for as long as the call takes */
	struct setup *setup; /* in force; the call has a count */
	struct principal who;
	struct pass pass;
	struct str arg;   /* what stands for {…} in the path; borrowed from the exchange */
	json_t *body;     /* an object, NULL: none came */
	int64_t now_ms;   /* wall */
	struct buf out;   /* the answer's body … */
	struct jsonout j; /* … as it is written */
	char etag[80];    /* with its quotes; "": of the body */
	int status;       /* of what call_write() answers; 200 */
	void *write_arg;
	/* What is kept of a refusal, in a transaction of its own after that of call_write() was taken back; NULL: nothing. */
	void (*refused)(struct store *s, struct call *c, const struct hark_err *why);
	int64_t next_free_ms; /* with a refusal: when it will be free by itself; 0: nobody knows */
	/* NULL, or what call_write() does once it is committed, before it answers. */
	int (*after)(struct call *c, struct hark_err *err);
};

/* ---- the request ---- */

/* A member of the body, or the whole list of those that may be there (ends with NULL): any other is refused.
 * False: the call is answered. */
bool call_knows(struct call *c, const char *const *members);
/* The text of a member, trimmed; absent if it is not there. False: it is no text, longer than `max` bytes or holds
 * control characters other than tabs and ends of lines, and the call is answered. */
bool call_text(struct call *c, const char *member, size_t max, struct str *out);
/* The same of a name: no ends of lines, no tabs and nothing that nobody sees either. */
bool call_line(struct call *c, const char *member, size_t max, struct str *out);
/* A day, a time or a span from now on ("2026-12-01", "30d"); 0 if it is not there. False: answered. */
bool call_when(struct call *c, const char *member, int64_t *out);
/* The number of a record, as a number or as its name ("ref_7"); 0 if it is not there. False: answered. */
bool call_id(struct call *c, const char *member, const char *kind, int64_t *out);
/* A member that is true or false; *out stays if it is not there. False: it is neither, and the call is answered. */
bool call_bool(struct call *c, const char *member, bool *out);
/* A time as people write it ("4h"), as an instant from now on; `otherwise_ms` if it is not there. */
bool call_until(struct call *c, const char *member, int64_t otherwise_ms, int64_t *until_ms);
/* A number of the query, from `min` to `max`; `otherwise` if it is not there. */
bool call_number(struct call *c, const char *name, int64_t min, int64_t max, int64_t otherwise,
	int64_t *out);
/* Whether the query says true; false where it is not there. False: it says something else, and the call is answered. */
bool call_flag(struct call *c, const char *name, bool *out);
/* The number that ?cursor= of this list is; *out stays if it is not there. False: it is none, or that of another list,
 * and the call is answered. */
bool call_cursor(struct call *c, int64_t *out);
/* Writes it as what the page after this one is asked with; 0: this is the last. */
void call_next(struct call *c, int64_t cursor);

/* A page of a list, as ?limit= and ?cursor= ask for it. */
struct call_page {
	int64_t place; /* behind which it begins; 0: the first */
	size_t shown;  /* rows it has at most … */
	size_t max;    /* … and one more, which tells whether there is a page after it */
};
/* False: the call is answered. */
bool call_page(struct call *c, int64_t limit_default, int64_t limit_max, struct call_page *out);
/* {"items": [ … ], "next": …}: what stands before and behind the rows; `next` as for call_next(). */
void call_items(struct call *c);
void call_items_end(struct call *c, int64_t next);

/* GET and HEAD change nothing. */
bool call_reads(const struct call *c);

/* ---- the answer ---- */

/* Makes c->etag one of the version it names and of what is in c->out. */
void call_tag_body(struct call *c);
/* c->out as JSON, with its ETag; 304 where that is what the client has. */
void call_answer(struct call *c, int status);
/* The same in another type. */
void call_answer_as(struct call *c, int status, const char *type);
/* Problem JSON (RFC 9457). */
void call_refuse(struct call *c, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* 422 with what is wrong beside the sentence: a JSON array, as diags_json() gives it; absent: nothing more is known. */
void call_refuse_findings(struct call *c, struct str sentence, struct str findings);
/* What the code of a failure means over HTTP, with its sentence and, as "next_free", c->next_free_ms. */
void call_fail(struct call *c, const struct hark_err *err);

/* ---- the daemon ---- */

/* As struct api_options.ask, with who asks by which request, for the audit trail. `source`: NULL, of none. */
int call_ask_daemon(struct call *c, const char *what, const char *source, bool force,
	struct buf *reply, struct hark_err *err);
/* Leaves in the audit trail that this request hands on, or shows, what is held about people: it changes nothing there.
 * False: it cannot, and the call is answered. */
bool call_note(struct call *c);
/* Leaves there that this request was refused to a user who may not make it. */
void call_note_refused(struct call *c);

/* ---- writing ---- */

/* Runs `fn` in a transaction on the writer's thread and answers with what it has written into c->out. With an
 * Idempotency-Key the answer is kept with it, and the same request again gets that answer, once for a day. `fn`
 * must not answer the call; `arg` is c->write_arg for it. HARK_EAGAIN of it is 412: the record is not what the client has seen. */
typedef int (*call_write_fn)(struct store *s, struct call *c, struct hark_err *err);
void call_write(struct call *c, call_write_fn fn, void *arg);
/* Before what is done outside of the store, whose answer call_write() will keep. True: the same request was
 * answered before, and the call is now. */
bool call_replayed(struct call *c);

/* HARK_EAGAIN: If-Match names another state than the one with this tag, whatever call_tag_body() added to it. */
int call_check_match(const struct call *c, const char *etag, struct hark_err *err);

#endif
