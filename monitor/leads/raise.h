/* When a signal becomes a lead, which one, how strong, and who hears of it. Pure decisions: the rows
 * come and go elsewhere. */
#ifndef HARK_LEADS_RAISE_H
#define HARK_LEADS_RAISE_H

#include "monitor/config/conf.h"
#include "monitor/model/lead.h"
#include "monitor/store/subjects.h"

/* The access class where a rule names none, and the one of regulated findings. */
#define VISIBILITY_ALL "all"
#define VISIBILITY_COMPLIANCE "compliance"

enum raise {
	RAISE_NOTHING, /* only counted: the rule is on trial, or the text is sensitive */
	RAISE_SIGNAL,  /* kept, too weak for a lead */
	RAISE_LEAD,
};
enum raise raise_what(const struct signal *signal);

/* Whether `mention` is evidence of the lead of `other`, a finding in the same post, and no lead of its own: it
 * only says that a name was named, the other one says more about the same subject, or about somebody who works at the
 * account that is named (`works_there`). */
bool raise_accompanies(
	const struct signal *mention, const struct signal *other, bool works_there);

/* The access class of a finding: a regulated one is for compliance, whatever its rule says. */
struct str raise_visibility(const struct signal *signal);

/* Whether new evidence joins the lead that holds the slot until `until_ms`. The window starts with
 * the lead and does not move: a lead that could be kept open for ever would never be retired. */
bool raise_joins(int64_t until_ms, int64_t now_ms);

/* Takes new evidence into `lead`: score, counts, times, and the face (title, why, rule) if the evidence is
 * stronger, or the first that is not historic: then the lead is raised now. `by`: the lead the signal
 * would have made by itself. `new_story`: nothing of its story was evidence yet. */
void raise_join(struct lead *lead, const struct lead *by, bool new_story,
	const struct score_weights *weights);
/* Gives `lead` the face of `by`. */
void raise_speak(struct lead *lead, const struct lead *by);
/* Whether `by` raises a lead that has been historic until now. */
bool raise_wakes(const struct lead *lead, const struct lead *by);

/* Whether somebody is to be told: raised by something new, nobody works on it yet, nobody holds it. */
bool raise_alerts(const struct lead *lead);

/* A route matches when every condition it gives does. `facts` NULL: nothing is known of the account, and what a
 * route asks of it is taken to hold. */
bool raise_route(const struct conf_route *route, struct str kind, struct str rule,
	struct str rule_route, int score, const struct subject_facts *facts);

#endif
