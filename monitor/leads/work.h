/* Working a lead: one step, one short transaction, one winner. Any number of programs may try at
 * once; each step is written only over the version it was decided on. */
#ifndef HARK_LEADS_WORK_H
#define HARK_LEADS_WORK_H

#include "monitor/leads/states.h"
#include "monitor/store/store.h"

/* Takes the step; a claim or snooze that is over ends first. *out is the lead afterwards, its strings
 * in `arena` or the step's. No transaction may be open. */
int lead_work(struct store *s, int64_t id, const struct lead_step *step, struct arena *arena,
	struct lead *out, struct hark_err *err);
/* Takes back the last step a person took that stands; again, the one before it. HARK_ESTATE: there is none, or what comes
 * next is not a person's. */
int lead_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms, struct arena *arena,
	struct lead *out, struct hark_err *err);
/* Keeps what somebody says of a lead: relevant or not, in whatever state it is. *out is the lead. No
 * transaction may be open. */
int lead_judge(struct store *s, int64_t id, bool good, struct str reason, struct str actor,
	int64_t now_ms, struct arena *arena, struct lead *out, struct hark_err *err);
/* The same three in a transaction the caller has open, on which nothing is decided here: after a failure it is to
 * be taken back. */
int lead_work_within(struct store *s, int64_t id, const struct lead_step *step, struct arena *arena,
	struct lead *out, struct hark_err *err);
int lead_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct lead *out, struct hark_err *err);
int lead_judge_within(struct store *s, int64_t id, bool good, struct str reason, struct str actor,
	int64_t now_ms, struct arena *arena, struct lead *out, struct hark_err *err);
/* Ends the claims and snoozes that are over, in the transaction the caller has open; for the daemon,
 * now and then. *n: how many. */
int leads_return_due(struct store *s, int64_t now_ms, size_t *n, struct hark_err *err);

#endif
