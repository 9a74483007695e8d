/* Who hears of a lead, when, and why not: silences, inhibitions, routes, quiet hours and budgets, as one
 * decision. Pure: rows come in and notes go out. */
#ifndef HARK_LEADS_ROUTE_H
#define HARK_LEADS_ROUTE_H

#include "monitor/leads/owner.h"
#include "monitor/model/lead.h"
#include "monitor/store/silences.h"

/* One kind of live evidence. */
struct route_rule {
	struct str rule, route;
};

enum route_stage {
	STAGE_OWNER,
	STAGE_SILENCE,
	STAGE_INHIBITION,
	STAGE_ROUTE,
	STAGE_DIGEST,
	STAGE_BUDGET,
	STAGE_QUIET,
};
#define ROUTE_STAGES 7
/* "owner", "silence" …; static. */
const char *route_stage_name(enum route_stage stage);

/* What a stage has decided. */
struct route_note {
	enum route_stage stage;
	const char *
		cause; /* "silenced", "open-deal", "no-route", "over-budget", "quiet-hours" …; static */
	const char *receiver; /* NULL: all */
	struct str value, threshold;
};

enum route_fate {
	FATE_NONE,
	FATE_SEND,     /* at due_ms */
	FATE_OVERFLOW, /* told with others when the budget's time is over, or in the digest */
};

/* Of one receiver. */
struct route_receiver {
	bool heard;   /* in: it has been told of this lead */
	int64_t told; /* in: alerts inside the budget's time */
	enum route_fate fate;
	int64_t due_ms;
};

struct route_question {
	const struct conf *conf;
	const struct lead *lead; /* owner: what the rule says */
	const struct subject_facts *facts;
	const struct route_rule *rules;
	size_t rules_n;
	const struct silence *silences;
	size_t silences_n;
	int64_t now_ms;
	bool any_time; /* quiet hours are not looked at */
};

#define ROUTE_NOTES_MAX 64
#define ROUTE_TAKEN_MAX 64

struct route_answer {
	struct owner_choice owner;
	struct route_receiver *receivers; /* one a receiver of the configuration; the caller's */
	int64_t silenced_by;              /* 0: nothing */
	struct route_note notes[ROUTE_NOTES_MAX];
	size_t notes_n;
	size_t taken[ROUTE_TAKEN_MAX]; /* in conf->routes; those above one that is taken, too */
	size_t taken_n;
};

/* out->receivers is given, with what is known of each. Texts of notes live in `arena`. HARK_ENOMEM. */
int route_decide(const struct route_question *q, struct arena *arena, struct route_answer *out);

/* Whether a lead is for the digest of a receiver that has one. */
bool route_waits(const struct conf_receiver *r, const struct lead *lead);
/* Whether a silence is for this lead. */
bool silence_matches(const struct silence *s, const struct route_question *q, struct str owner);
/* Whether somebody would be told. */
bool route_tells(const struct route_answer *a, const struct conf *conf);

#endif
