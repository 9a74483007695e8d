/* The parts of the connector that runs definitions; rest.c opens and plans, rest_replies.c reads a reply page by
 * page, rest_items.c one item of it, rest_waits.c keeps those whose detail is not there. All of a context belongs to whoever calls it, one at a time. */
#ifndef HARK_CONNECTORS_REST_PARTS_H
#define HARK_CONNECTORS_REST_PARTS_H

#include "connectors/cursor.h"
#include "connectors/definition.h"
#include "connectors/paging.h"
#include "connectors/verdict.h"

struct rest {
	const struct definition *d;
	struct str *vars;      /* settings, then what the run fills in */
	struct hark_auth auth; /* the definition's, its addresses filled in */
	char *auth_urls[2];    /* owned */
	int64_t budget;        /* units a day; 0: none */
	struct regex_scratch *scratch;
	struct arena arena;   /* of one call */
	struct cursor before; /* as stored */
	struct cursor now;    /* with what this poll has seen */
	bool listens;         /* a stream has been opened and nothing has come over it yet, */
	int64_t resumed_ms;   /* … asked for from this time on; 0: from now */
	/* Of this poll: */
	size_t details; /* asked for, of items that wait */
	size_t ahead;   /* details asked for that come whatever is known, and are not there yet */
	size_t listed, fresh; /* items whose detail decides, and those of them that are new */
	size_t lost;          /* … that are given up, the last of them … */
	char lost_why[200];   /* … for this reason */
	bool is_full;         /* no more of them can be remembered */
	bool is_troubled;     /* its source has trouble: no more details are asked for */
};

/* One call of parse. */
struct reading {
	struct rest *rest;
	struct hark_host *host;
	const struct hark_reply *reply;
	struct work work;
	const json_t *lookups[LOOKUPS_MAX]; /* owned: key to element, made when first needed */
	struct page_facts page;
	size_t details;
	size_t fresh; /* items of this page that begin to wait */
	struct id {
		struct str text;
		const json_t *node;
	} * ids; /* list_is_ids: those that are new */
	size_t ids_n, ids_cap;
	size_t mapped, nameless;
	json_t *met; /* owned; external ids so far, where only the first of each counts */
};

static inline bool rest_is_stream(const struct reading *r)
{
	return r->rest->d->stream.present && r->reply->tag == NULL;
}

/* Says so; returns what to return. */
int rest_no_memory(struct hark_host *host);
/* `url`: what addresses are resolved against, or NULL. */
struct work rest_work(struct rest *rest, struct hark_host *host, const char *url);
/* Gives the request the log-in whose addresses are filled in, and its cost. */
void rest_complete(const struct rest *rest, struct hark_request *request);

/* Whether the day's budget is enough for so many requests more, behind those that are asked for already. */
bool rest_can_pay(const struct reading *r, size_t requests);

/* One item of a list; for document_items(), with the reading as `ctx`. */
int rest_take_item(void *ctx, struct scope *scope);
/* The item of r->work.scope, whose detail is there too. */
int rest_take_detailed(struct reading *r, const json_t *item);
/* What the lookups of r->work.scope found, to be kept with its item: an array, owned; NULL: no memory. */
json_t *rest_lookups(const struct reading *r);
void rest_put_lookups(const struct rest *rest, const json_t *found, struct scope *scope);
/* Asks for what lies behind the ids that are new. */
int rest_ask_ids(struct reading *r);

/* --- items that wait for their detail --- */

/* `post` is what the list has of an item whose detail decides. */
int rest_wait(struct reading *r, const json_t *item, const struct hark_post *post);
/* An id, as JSON text, whose record could not be had. */
void rest_wait_for_id(struct reading *r, const char *text, const struct verdict *v);
/* Asks for the next detail that is due. */
int rest_ask_waits(struct reading *r);
/* The reply to that; `root` is NULL where there is none. */
int rest_read_wait(struct reading *r, const json_t *root, const struct verdict *v);
/* Whether a detail is to be asked for now. */
bool rest_is_due(const struct cursor *c, int64_t now_ms);
void rest_start_waits(struct rest *rest);
/* After the last page of a poll. */
void rest_end_waits(struct reading *r);
/* Tells people of those that could not be had. */
void rest_say_waits(struct reading *r);

/* .parse of the connector. */
int rest_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply);

#endif
