/* What may happen to a lead, as one table. Pure: time and names come in as arguments.
 *
 *	new ──claim──▶ claimed ──answer──▶ answered ──win──▶ won
 *	 ▲  ◀─release, lapse─┘                 └────lose──▶ lost
 *	 any open state ──dismiss──▶ dismissed      ──snooze──▶ snoozed ──wake──▶ new (answered, if it was)
 *
 * A star and an owner leave the state as it is.
 *
 * A claim is a lease: when it runs out the lead is anybody's again. Undo takes one step back. */
#ifndef HARK_LEADS_STATES_H
#define HARK_LEADS_STATES_H

#include "monitor/base/err.h"
#include "monitor/model/lead.h"

#define LEAD_CLAIM_MS (4 * 3600 * INT64_C(1000))

enum lead_action {
	LEAD_CLAIM,
	LEAD_RELEASE,
	LEAD_ANSWER,
	LEAD_WIN,
	LEAD_LOSE,
	LEAD_DISMISS,
	LEAD_SNOOZE,
	LEAD_STAR,
	LEAD_UNSTAR,
	LEAD_ASSIGN,
	LEAD_LAPSE, /* hark's own: the claim ran out */
	LEAD_WAKE,  /* hark's own: the snooze is over */
};
#define LEAD_ACTIONS 12

struct lead_step {
	enum lead_action action;
	struct str actor; /* who; absent for hark's own */
	int64_t now_ms;
	int64_t until_ms;      /* of a claim or a snooze */
	struct str reason;     /* of a dismissal */
	struct str to;         /* whose it is from now on: of an assignment */
	int64_t outcome_value; /* of a win, whole units of the currency; COUNT_NONE: not said */
	struct str outcome_currency;
};

const char *lead_action_name(enum lead_action action);

/* Why nobody is to be told of a lead in this state, a constant that begins "its lead"; NULL: people are. */
const char *lead_untold(enum lead_state state);

/* Whether a claim or snooze is over, and which of hark's own steps follows. */
bool lead_is_due(const struct lead *lead, int64_t now_ms, enum lead_action *action);

/* Shows a lead as it is at `now_ms`, also before the daemon has written that a claim or snooze is over. */
void lead_as_of(struct lead *lead, int64_t now_ms);

/* In whole units; so much that the sum of all there can be is a number still. */
#define LEAD_VALUE_MAX INT64_C(1000000000000)
/* HARK_EINVAL: the value of a win is no such number, or has no currency, which is three capitals. COUNT_NONE: said of none. */
int lead_check_value(int64_t value, struct str currency, struct hark_err *err);

/* Takes the step: changes state, claim, snooze, reason, clocks and outcome. Strings are borrowed from the
 * step. HARK_ESTATE: not from this state, or somebody else has claimed it; the sentence says who and
 * what to do. HARK_EINVAL: the step lacks something. The lead is unchanged then. */
int lead_apply(struct lead *lead, const struct lead_step *step, struct hark_err *err);

/* What a step may change, as JSON, and back: an event keeps it for undo. */
void lead_before_write(const struct lead *lead, struct buf *out);
int lead_before_read(struct lead *lead, struct str json, struct arena *arena, struct hark_err *err);

#endif
