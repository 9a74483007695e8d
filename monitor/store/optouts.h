/* Who asked to be left alone. Only keyed fingerprints are stored (HMAC-SHA256 of the normalised
 * handle, e-mail address or profile link; the key is this store's own), so the list names nobody. */
#ifndef HARK_STORE_OPTOUTS_H
#define HARK_STORE_OPTOUTS_H

#include "monitor/model/lead.h"
#include "monitor/store/store.h"

enum optout_kind {
	OPTOUT_HANDLE, /* "@jdoe", on whatever network */
	OPTOUT_EMAIL,
	OPTOUT_PROFILE, /* a link */
};

/* The list as one piece of work sees it. Holds a secret: release it. */
struct optouts {
	struct store *store; /* borrowed */
	bool any;            /* false: nobody has opted out, nothing to look up */
	unsigned char key[32];
};

/* Failures are also the transaction's. */
int optouts_init(struct optouts *o, struct store *s, struct hark_err *err);
void optouts_release(struct optouts *o);
/* Whether the author has opted out, by handle, profile link or an address used as a handle. */
bool optouts_has(const struct optouts *o, const struct author *author);
/* Whether such a value is listed; false for an absent one. */
bool optouts_lists(const struct optouts *o, enum optout_kind kind, struct str value);
/* Takes what they said out of a list of evidence; returns how many are left. */
size_t optouts_filter(const struct optouts *o, struct lead_evidence *evidence, size_t n);
/* HARK_EINVAL: nothing is left of `value` once it is normalised. Doing it twice is fine. */
int optouts_add(struct optouts *o, enum optout_kind kind, struct str value, struct str reason,
	int64_t now_ms, struct hark_err *err);

#endif
