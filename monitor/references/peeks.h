/* Peeks: a prospect is let into the private community for a deal, until a day, and loses it if nothing comes of it. hark
 * lets nobody in or out itself: it keeps who has access, and tells whoever looks after the community when it is to end.
 * Steps are taken in the transaction the caller has open. */
#ifndef HARK_REFERENCES_PEEKS_H
#define HARK_REFERENCES_PEEKS_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/store/deals.h"
#include "monitor/store/peeks.h"

/* Whether it is to be revoked: the deal is lost, or its time is up. *why: one of both. */
bool peek_is_due(const struct peek *p, int64_t now_ms, const char **why);

struct peek_ask {
	struct str who; /* as the community knows them */
	const struct deal *deal;
	struct str actor;
	int64_t until_ms, now_ms;
};
/* HARK_EINVAL: it lacks something; HARK_ESTATE: the deal is not open, or they are in already. Strings of *out in
 * `arena` or the ask's. */
int peek_admit(struct store *s, const struct peek_ask *ask, struct arena *arena, struct peek *out,
	struct hark_err *err);

struct peek_step {
	int64_t id;
	struct str actor, reason;
	int64_t now_ms;
};
/* HARK_ESTATE: it is revoked already. */
int peek_revoke(struct store *s, const struct peek_step *step, struct arena *arena,
	struct peek *out, struct hark_err *err);
/* Takes back the last step: what was revoked is in force again, who was admitted is not. HARK_ESTATE: that was an
 * undo. */
int peek_undo(struct store *s, const struct peek_step *step, struct arena *arena, struct peek *out,
	struct hark_err *err);

/* One whole object. */
void peek_json(const struct peek *p, struct jsonout *j);

/* Tells of each that is to be revoked, once, in the transaction the caller has open; for the daemon, now and then.
 * *made: messages. */
int peeks_tell_due(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err);

#endif
