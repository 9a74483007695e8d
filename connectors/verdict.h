/* What a reply means before anybody looks for items in it: its status, a page instead of data, the
 * definition's error rules; and how long its owner wants us to wait. Pure. */
#ifndef HARK_CONNECTORS_VERDICT_H
#define HARK_CONNECTORS_VERDICT_H

#include "connectors/definition.h"
#include "monitor/base/err.h"

enum verdict_kind {
	VERDICT_READ,
	VERDICT_PARTIAL, /* read it, and say that something lacks */
	VERDICT_EMPTY,   /* nothing in it, and that is fine */
	VERDICT_RESET,   /* the cursor is no good any more; it failed */
	VERDICT_REFUSED,
};

struct verdict {
	enum verdict_kind kind;
	enum hark_refusal refusal;
	int64_t until_ms; /* 0: it does not say */
	char text[500];   /* a sentence for PARTIAL, RESET and REFUSED */
};

/* `root`: NULL where the body is no document. `w` has the reply's scope. */
void verdict_of(struct verdict *out, const struct definition *d, const struct hark_reply *reply,
	const json_t *root, struct work *w);
/* When the next request may go out by what the reply says of its rates, 0: it does not say. */
int64_t verdict_wait(const struct definition *d, const struct hark_reply *reply, const json_t *root,
	struct work *w);
/* What a reply that lacks its list says instead, as "Not found"; absent: nothing. */
struct str verdict_error(const json_t *root);
/* A header's value, absent if there is none; letters without case. */
struct str reply_header(const struct hark_reply *reply, const char *name);
/* Whether the body is a page for people where data was expected. */
bool reply_is_page(const struct hark_reply *reply, enum item_format expected);

#endif
