/* Who recommended it to those whom leads are about, and with which offer. Inside the caller's transaction, whose failures
 * are the commit's; what only reads fails as the connection. */
#ifndef HARK_STORE_REFERRALS_H
#define HARK_STORE_REFERRALS_H

#include "monitor/base/arena.h"
#include "monitor/model/lead.h"
#include "monitor/model/post.h"
#include "monitor/store/store.h"

/* A public post as it is stored. */
struct said_post {
	int64_t post, author; /* author 0: not known */
	struct author who;
	struct str title, text;
};
/* What a post replies to, then where its thread begins: at most two, in that order. Strings in `arena`. */
size_t store_said_before(struct store *s, int64_t source, struct str in_reply_to, struct str thread,
	struct arena *arena, struct said_post out[2]);

/* Where it stands; strings absent: nowhere. */
struct said_place {
	int64_t source;
	struct str external_id, in_reply_to, thread;
};
/* False: it is gone, or for few, or was there before anything was raised. Strings in `arena`. */
bool store_said_load(struct store *s, int64_t post, struct arena *arena, struct said_post *out,
	struct said_place *at);
/* What others have replied to it, the first first, at most `max`. Strings in `arena`. */
size_t store_said_after(struct store *s, const struct said_post *what, const struct said_place *at,
	struct arena *arena, struct said_post *out, size_t max);

struct referral {
	int64_t lead, author, person, post; /* author, person, post: 0, it came without them */
	struct str code, offer, disclosure; /* as the offer is now */
};
/* The first word on a lead and code counts. False: there was one. */
bool store_referral_add(struct store *s, const struct referral *r, int64_t now_ms);
/* Leads of people who want to buy and replied to a post before it came, at most `max`. */
size_t store_referral_earlier(struct store *s, int64_t source, struct str external_id,
	int64_t author, int64_t *leads, size_t max);

/* Leads of people who want to buy and wrote the post that `ref` is, another's, at most `max`. */
size_t store_referral_asked(struct store *s, int64_t source, struct str ref, int64_t author,
	int64_t *leads, size_t max);

/* Fills lead->referrals; in `arena`. */
void store_lead_referrals(struct store *s, struct lead *lead, struct arena *arena);

#endif
