/* Fills the question of who hears of a lead from what is stored (monitor/leads/route.h). Works inside the
 * caller's transaction or outside of one; a failure is the store's. */
#ifndef HARK_LEADS_ROUTE_ASK_H
#define HARK_LEADS_ROUTE_ASK_H

#include "monitor/leads/route.h"

#define ROUTE_RULES_MAX 64

/* Must stay where it is: the question points into it. */
struct route_case {
	struct route_question question;
	struct subject_facts facts;
	struct route_rule rules[ROUTE_RULES_MAX];
	struct route_receiver *receivers; /* for the answer */
};

/* Strings in `arena`, or the lead's. `silences` are those in force, borrowed. HARK_ENOMEM. */
int route_ask(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct silence *silences, size_t silences_n, int64_t now_ms, struct arena *arena,
	struct route_case *out);
/* As above, of a lead that is not stored and that one rule would raise. */
int route_ask_new(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct route_rule *rule, const struct silence *silences, size_t silences_n,
	int64_t now_ms, struct arena *arena, struct route_case *out);

#endif
