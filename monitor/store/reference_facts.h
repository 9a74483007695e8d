/* What stands for and against asking somebody: how their account is sold to, what is open there, how often they were
 * asked, and what their statements are. */
#ifndef HARK_STORE_REFERENCE_FACTS_H
#define HARK_STORE_REFERENCE_FACTS_H

#include "monitor/base/arena.h"
#include "monitor/model/reference.h"
#include "monitor/store/around.h"
#include "monitor/store/store.h"

/* Absent: not known. */
struct account_sales {
	struct str name, kind, owner, motion, channel, segment, region, industry, product, partner,
		preferred, deal_owner;
};
/* Strings in `arena`. HARK_ENOENT: there is no such account. */
int store_account_sales(struct store *s, int64_t account, struct arena *arena,
	struct account_sales *out, struct hark_err *err);

struct moments {
	int64_t *v; /* newest first */
	size_t n;
};

struct reference_facts {
	struct account_sales sales;
	bool opted_out;                /* they ask to be left alone */
	struct worked_on worked_on;    /* a lead about them */
	int64_t service_until;         /* 0: nobody there is unhappy */
	struct str open_case, ok_case; /* a case without, and one with progress */
	struct str deal, deal_closes;
	struct moments person, account, activity; /* when they were asked, since the window began */
	int64_t standing, standing_public;        /* statements that say it as captured */
	int64_t unsigned_regulated;               /* of those, by rule */
	struct str cases_age, deals_age;          /* day of the last import; absent: none */
};
/* `activity` may be absent: any. `since_ms`: the window of caps. Strings in `arena`. */
int store_reference_facts(struct store *s, const struct reference *r, struct str activity,
	int64_t since_ms, int64_t now_ms, struct arena *arena, struct reference_facts *out,
	struct hark_err *err);

/* --- use --- */

struct activity {
	int64_t id, reference, at_ms, request, minutes, done_ms; /* minutes: -1, not said */
	struct str activity, actor, expected, prospect_tone, customer_tone, lessons;
};
int64_t store_activity_add(struct store *s, const struct activity *a);
/* Writes what is told of how it went. */
void store_activity_write(struct store *s, const struct activity *a);
/* As if it had never been. */
void store_activity_drop(struct store *s, int64_t id);
/* Of a person, for whatever account; newest first. Strings in `arena`. */
int store_activities(struct store *s, int64_t person, struct arena *arena, struct activity **out,
	size_t *n, struct hark_err *err);
/* The same of a request, oldest first. */
int store_activities_of(struct store *s, int64_t request, struct arena *arena,
	struct activity **out, size_t *n, struct hark_err *err);

#endif
