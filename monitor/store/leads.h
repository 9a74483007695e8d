/* Rows of leads, their slots, evidence and events. What may happen to a lead is decided in
 * monitor/leads; here it is only written, and only by somebody who has seen the version it changes. */
#ifndef HARK_STORE_LEADS_H
#define HARK_STORE_LEADS_H

#include "monitor/model/lead.h"
#include "monitor/store/store.h"

/* --- raising: inside the caller's transaction, failures are its commit's --- */

/* The lead that holds the slot of (kind, key, visibility), 0: none. *until_ms: its window's end. */
int64_t store_lead_slot(struct store *s, const struct lead *lead, int64_t *until_ms);
/* Makes the lead as it is given (id and version apart; no signals: it has one) and gives it the slot until then. */
int64_t store_lead_add(struct store *s, const struct lead *lead, int64_t until_ms);
/* Gives a lead that is there the slot of (kind, key, visibility) as well: what comes by that key joins it until then. */
void store_lead_answer_to(struct store *s, const struct lead *key, int64_t id, int64_t until_ms);
/* How many stories its signals are from. */
int64_t store_lead_stories(struct store *s, int64_t id);
/* How many signals it has. */
int64_t store_lead_signals(struct store *s, int64_t id);
/* Writes what evidence changes: title, why, level, rule, score, flags, counts, posted. */
void store_lead_update_evidence(struct store *s, const struct lead *lead, int64_t now_ms);
/* It is no history any more since `seen_ms`. Apart, as leads are found by it, and evidence changes it for no other. */
void store_lead_wake(struct store *s, int64_t id, int64_t seen_ms);
/* All evidence of `younger` goes to `older`, and so does what would join it; it is dismissed. */
void store_lead_fold(
	struct store *s, int64_t older, int64_t younger, const char *reason, int64_t now_ms);
void store_lead_event(struct store *s, int64_t id, int64_t now_ms, const struct step *event);

/* --- working --- */

/* Strings in `arena`. HARK_ENOENT: there is none. */
int store_lead_load(
	struct store *s, int64_t id, struct arena *arena, struct lead *out, struct hark_err *err);
/* Writes state, claim, snooze, reason, clocks and outcome if the row is still at `lead->version`, and
 * adds the event. HARK_EAGAIN: somebody was faster. */
int store_lead_write_state(struct store *s, const struct lead *lead, int64_t now_ms,
	const struct step *event, struct hark_err *err);

/* From here on a score is high: those have an index of their own. */
#define LEAD_SCORE_HIGH 80

struct lead_filter {
	unsigned states;                 /* bits 1 << enum lead_state; 0: all */
	bool historic;                   /* those of first polls instead of the raised ones */
	struct str kind, claim_by, rule; /* absent: any */
	struct str owner;                /* absent: any */
	struct str visibility;           /* absent: any; else only this access class */
	struct str seen_as;              /* absent: every class; else "all" and this one */
	int score_min;
	int64_t now_ms; /* a claim or snooze that is over by then counts as ended */
	int64_t before; /* id, exclusive: the page after it; 0: the newest */
	size_t max;
};
/* Newest first. */
int store_lead_list(struct store *s, const struct lead_filter *filter, struct arena *arena,
	struct lead **out, size_t *n, struct hark_err *err);
/* Its statement, also for the test that looks at its plan. */
void store_lead_list_sql(const struct lead_filter *filter, struct buf *out);
/* How many are in each state; [LEAD_STATES] is the number of historic ones. */
int store_lead_count(struct store *s, int64_t counts[LEAD_STATES + 1], struct hark_err *err);
/* Strongest first, at most `max`. */
int store_lead_evidence(struct store *s, int64_t id, size_t max, struct arena *arena,
	struct lead_evidence **out, size_t *n, struct hark_err *err);
/* As somebody is told about it: what came in last first (the strongest, where several came in
 * together), what first polls found at the end. */
int store_lead_news(struct store *s, int64_t id, size_t max, struct arena *arena,
	struct lead_evidence **out, size_t *n, struct hark_err *err);
/* Oldest first. */
int store_lead_events(struct store *s, int64_t id, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err);
/* Calls back for every (rule, route) among the live evidence; false ends it. Must not use the store. */
void store_lead_rules(struct store *s, int64_t id,
	bool (*fn)(void *ctx, struct str rule, struct str route), void *ctx);
/* The leads with evidence in a story. */
int store_lead_of_story(struct store *s, int64_t story, struct arena *arena, int64_t **ids,
	size_t *n, struct hark_err *err);
/* Claims that have run out and snoozed leads whose time has come: ids, at most `max`. */
int store_lead_due(struct store *s, int64_t now_ms, size_t max, struct arena *arena, int64_t **ids,
	size_t *n, struct hark_err *err);

/* Whether somebody is called so: a user, or an owner of what was imported or of a lead. */
bool store_owner_known(struct store *s, struct str name);

#endif
