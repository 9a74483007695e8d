/* Whose sale a lead is, how that came about and who disagrees: for the command line and the API alike. */
#ifndef HARK_API_CREDIT_VIEW_H
#define HARK_API_CREDIT_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/leads/credit.h"
#include "monitor/store/decisions.h"
#include "monitor/store/leads.h"

struct credit_told {
	struct lead lead;
	struct credit credit;
	struct decision *decisions;
	size_t decisions_n;
	struct step *events;
	size_t events_n;
};

/* Strings in `arena`. HARK_ENOENT: there is no such lead. */
int credit_look_up(struct store *s, const struct conf_credit *policy, int64_t id,
	struct arena *arena, struct credit_told *out, struct hark_err *err);
/* One object. */
void credit_told_json(
	const struct conf_credit *policy, const struct credit_told *s, struct jsonout *j);
/* What somebody of the chain is called. */
struct str credit_label(const struct credit_step *s);
/* Whether the event says that somebody disagrees, or that they do no more. */
bool credit_is_dispute(const struct step *e);
bool credit_is_settled(const struct step *e);
/* Adds such an event, inside the caller's transaction. HARK_ENOENT: there is no such lead. */
int credit_note_within(struct store *s, int64_t id, bool settles, struct str actor, struct str note,
	int64_t now_ms, struct arena *arena, struct hark_err *err);

#endif
