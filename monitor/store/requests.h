/* Requests for references, who was named for them, and their events. What may happen to one is decided in
 * monitor/references; here it is only written, inside the caller's transaction, whose failures are the commit's, where
 * nothing else is said. */
#ifndef HARK_STORE_REQUESTS_H
#define HARK_STORE_REQUESTS_H

#include "monitor/base/arena.h"
#include "monitor/model/step.h"
#include "monitor/store/store.h"

enum request_state {
	REQUEST_OPEN,
	REQUEST_NAMED, /* somebody was named for it */
	REQUEST_FULFILLED,
	REQUEST_REFUSED,
	REQUEST_WITHDRAWN,
	REQUEST_EXPIRED,
};
#define REQUEST_STATES 6

const char *request_state_name(enum request_state state);
bool request_state_parse(struct str name, enum request_state *out);

struct request {
	int64_t id, version;
	int64_t opportunity, account; /* 0: not known any more */
	struct str deal, account_name, rep, stage, currency;
	int64_t value_cents;
	struct str activity; /* what for: "call" … */
	struct str role;     /* who of the prospect is to talk; absent: not said */
	struct str weighs;   /* what the prospect weighs, one a line; absent: not said */
	enum request_state state;
	struct str rule, why;         /* of a refusal; the rule is absent where a person refused */
	int64_t created_ms, first_ms; /* first_ms: when somebody was named first, 0: nobody yet */
	int64_t due_ms, next_ms;      /* when it ends by itself, and when hark looks at it */
	int64_t level;                /* 1: it was told that nobody is named */
	int64_t ended_ms;
	struct str ended_by;
};

/* Somebody was named for a request. */
struct request_name {
	int64_t reference, at_ms;
	struct str person, account, lender, actor;
};

int64_t store_request_add(struct store *s, const struct request *r);
/* HARK_EAGAIN: somebody was faster. */
int store_request_write(struct store *s, const struct request *r, struct hark_err *err);
/* HARK_ENOENT. Strings in `arena`. */
int store_request_load(struct store *s, int64_t id, struct arena *arena, struct request *out,
	struct hark_err *err);
void store_request_event(struct store *s, int64_t id, const struct step *e);
int store_request_events(struct store *s, int64_t id, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err);
/* False: they are named already. */
bool store_request_name(struct store *s, int64_t id, const struct request_name *n);
void store_request_unname(struct store *s, int64_t id); /* the last one */
int store_request_names(struct store *s, int64_t id, struct arena *arena, struct request_name **out,
	size_t *n, struct hark_err *err);

struct request_filter {
	unsigned states; /* bits; 0: any */
	struct str rep;  /* absent: any */
	bool due;        /* only what hark has to look at at now_ms */
	int64_t now_ms;
	int64_t after; /* the last of the page before; 0: from the start */
	size_t max;
};
/* Oldest first. */
int store_requests(struct store *s, const struct request_filter *f, struct arena *arena,
	struct request **out, size_t *n, struct hark_err *err);

/* How many are open for an opportunity. */
int64_t store_requests_open(struct store *s, int64_t opportunity);
/* How many references of somebody others were given, and they of others. */
struct lending {
	struct str who;
	int64_t lent, borrowed;
};
struct lending store_lending_of(struct store *s, struct str who);
int store_lending(struct store *s, struct arena *arena, struct lending **out, size_t *n,
	struct hark_err *err);

#endif
