/* A request for a reference: whether it may be made, by the policy of the configuration, and what may happen to it,
 * as one table. Pure: time and names come in as arguments.
 *
 *	open ──name──▶ named ──fulfil──▶ fulfilled
 *	  └───────────────┴──refuse, withdraw, expire──▶ refused, withdrawn, expired
 *
 * Every request ends. Where nobody is named in time that is told once; when its time is up, or its deal lost, it has
 * expired. */
#ifndef HARK_REFERENCES_REQUEST_H
#define HARK_REFERENCES_REQUEST_H

#include "monitor/config/conf.h"
#include "monitor/store/deals.h"
#include "monitor/store/requests.h"

/* What the policy looks at. */
struct request_case {
	const struct deal *deal;
	int64_t open;           /* requests for it */
	struct lending lending; /* of whoever asks */
};

/* True: it is refused. *rule: by which; the sentence is appended to `why`. */
bool request_is_refused(const struct conf_refs *refs, const struct request_case *c,
	const char **rule, struct buf *why);

enum request_action {
	REQUEST_NAME,
	REQUEST_FULFIL,
	REQUEST_REFUSE,
	REQUEST_WITHDRAW,
	REQUEST_ESCALATE, /* from here on hark's own */
	REQUEST_EXPIRE,
};
#define REQUEST_ACTIONS 6

struct request_step {
	enum request_action action;
	struct str actor; /* absent for hark's own */
	int64_t now_ms;
	struct str reason;
	int64_t reference; /* who is named */
	bool dry;          /* only says whether it may be */
};

const char *request_action_name(enum request_action action);
/* Which of hark's own steps is due. */
bool request_is_due(const struct request *r, int64_t now_ms, enum request_action *action);
/* HARK_ESTATE: not from this state; HARK_EINVAL: the step lacks something. The request is unchanged then. Strings are
 * borrowed from the step. */
int request_apply(struct request *r, const struct request_step *step, struct hark_err *err);

/* What a step may change, as JSON, and back. */
void request_before_write(const struct request *r, struct buf *out);
int request_before_read(
	struct request *r, struct str json, struct arena *arena, struct hark_err *err);

#endif
