/* The outbox: alerts on their way. A row is made in the lead's own transaction, with its delivery id
 * and payload fixed; it is delivered under a lease, so that one owner at a time sends it, and a
 * repeat after a crash carries the same id.
 *
 *	outbox_claim(store, STR("sales-hook"), now, 60000, 4, &arena, &rows, &n, err);
 *	for each row: send it, then one of outbox_sent(), _retry(), _dead(), _hold(), _release(), _put_off(),
 *	_withdraw()
 *
 * These seven return HARK_ESTATE when the lease is no longer the caller's: drop the result, another
 * owner has the row. No transaction may be open while something is being sent. */
#ifndef HARK_STORE_OUTBOX_H
#define HARK_STORE_OUTBOX_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* The kind of what the reference desk is told: without a lead, of people by name. */
#define REFERENCE_DESK "reference.desk"

struct outbox_row {
	int64_t id;
	int64_t lease_token;
	struct str delivery_id; /* "msg_…": the idempotency key of every attempt */
	int64_t lead;        /* 0: it is about sources */
	struct str receiver; /* name in the configuration */
	struct str kind;     /* "lead.raised" or "source.alarm" */
	struct str urgency;  /* "instant", "normal" or "digest" */
	struct str payload;  /* JSON */
	struct str state;    /* "due", "sent", "failed", "dead", "held" or "withdrawn" */
	int attempt;         /* 1 for the first, when claimed */
	int64_t next_ms, created_ms, done_ms;
	int last_status; /* HTTP status or exit status of the last attempt; 0: none */
	struct str last_error;
};

/* Makes a row, due at once, unless the lead (0: it is about none) has one for this receiver and kind already. *made: how
 * many were made, 0 or 1. */
int outbox_add(struct store *s, int64_t lead, struct str receiver, struct str kind,
	struct str urgency, struct str payload, int64_t now_ms, size_t *made, struct hark_err *err);

/* As above, and due at `due_ms`. */
int outbox_add_at(struct store *s, int64_t lead, struct str receiver, struct str kind,
	struct str urgency, struct str payload, int64_t now_ms, int64_t due_ms, size_t *made,
	struct hark_err *err);

/* Leases up to `max` rows of a receiver that are due, oldest first. By receiver, so that a dead one
 * with a long queue is never in another's way. Rows live in `arena`. */
int outbox_claim(struct store *s, struct str receiver, int64_t now_ms, int64_t lease_ms, size_t max,
	struct arena *arena, struct outbox_row **rows, size_t *n, struct hark_err *err);
int outbox_sent(struct store *s, int64_t id, int64_t lease_token, int64_t now_ms, int status,
	struct hark_err *err);
/* Failed for now; due again at `next_ms`. `error` says why. */
int outbox_retry(struct store *s, int64_t id, int64_t lease_token, int64_t next_ms, int status,
	struct str error, struct hark_err *err);
/* Given up: goes to the list of dead letters. */
int outbox_dead(struct store *s, int64_t id, int64_t lease_token, int64_t now_ms, int status,
	struct str error, struct hark_err *err);
/* Kept back until outbox_replay(): its receiver is disabled or gone from the configuration. */
int outbox_hold(
	struct store *s, int64_t id, int64_t lease_token, struct str why, struct hark_err *err);

/* Changes what a leased row says. */
int outbox_rewrite(
	struct store *s, int64_t id, int64_t lease_token, struct str payload, struct hark_err *err);

/* Gives a row back that was not attempted: due as before. */
int outbox_release(struct store *s, int64_t id, int64_t lease_token, struct hark_err *err);
/* The same, and due at `next_ms`. */
int outbox_put_off(
	struct store *s, int64_t id, int64_t lease_token, int64_t next_ms, struct hark_err *err);
/* Not to be sent while its lead is as it is: `why`. */
int outbox_withdraw(
	struct store *s, int64_t id, int64_t lease_token, struct str why, struct hark_err *err);
/* Keeps back every waiting row of a receiver that nobody has leased. *n: how many. */
int outbox_hold_all(struct store *s, struct str receiver, struct str why, int64_t now_ms, size_t *n,
	struct hark_err *err);

/* A lead has nothing to tell any more: removes its rows that were not sent, but for those being sent right
 * now. How many. In the caller's transaction, as the next three. */
size_t outbox_stop(struct store *s, int64_t lead, int64_t now_ms);
/* People are to be told of a lead no more: withdraws its rows that wait, but for those being sent right now, and says
 * why of those that were withdrawn before, too; and they are again: what was withdrawn is due when it was. How many. */
size_t outbox_withdraw_all(struct store *s, int64_t lead, struct str why, int64_t now_ms);
size_t outbox_bring_back(struct store *s, int64_t lead);
/* Empties the payloads of what was sent or is withdrawn, and takes the lead out of digests: they hold words that were
 * taken back. What is brought back is written anew before it leaves (consent.h). */
void outbox_wipe(struct store *s, int64_t lead);

/* Ends all leases. For the daemon at its start: it owns the store, so whoever held them is dead. */
int outbox_recover(struct store *s, struct hark_err *err);
/* The clock was moved by `moved_ms` (below 0: set back; 0: not known, as at a start) and says `now_ms`. Leases move with
 * it, so that what is being sent is not sent twice. What failed keeps its wait, which is `wait_max_ms` at most. What was
 * made at a time that is yet to come, or waits for quiet hours that are more than a day away, is due at once: whoever
 * claims it puts it off if it is quiet by the clock of now. */
int outbox_follow_clock(struct store *s, int64_t moved_ms, int64_t now_ms, int64_t wait_max_ms,
	struct hark_err *err);
/* When the next row of a receiver that nobody has leased is due; INT64_MAX: nothing is waiting. */
int outbox_next_due(struct store *s, struct str receiver, int64_t now_ms, int64_t *due_ms,
	struct hark_err *err);
/* The names of all receivers for which rows are waiting, in `arena`. */
int outbox_receivers(
	struct store *s, struct arena *arena, struct str **names, size_t *n, struct hark_err *err);

/* The rows of one state ("dead", "held" …), of one receiver unless it is absent, with an id above
 * `after`, at most `max`. */
int outbox_list(struct store *s, struct str state, struct str receiver, int64_t after, size_t max,
	struct arena *arena, struct outbox_row **rows, size_t *n, struct hark_err *err);
struct outbox_counts {
	int64_t due, sent, failed, dead, held, withdrawn;
};
/* Of one receiver, or of all if it is absent. */
int outbox_count(
	struct store *s, struct str receiver, struct outbox_counts *out, struct hark_err *err);
/* Makes dead or held rows due again: one by its id, or (id 0) all of a receiver, or (receiver absent
 * too) all. The delivery id stays. *n: how many. */
int outbox_replay(struct store *s, int64_t id, struct str receiver, int64_t now_ms, size_t *n,
	struct hark_err *err);

#endif
