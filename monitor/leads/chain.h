/* The talk that led to a lead, walked back from its authors to own staff (monitor/leads/credit.h). */
#ifndef HARK_LEADS_CHAIN_H
#define HARK_LEADS_CHAIN_H

#include "monitor/leads/credit.h"

struct chain;

/* Everything is in `arena`. HARK_ENOMEM, or what the store says. */
int chain_new(struct chain **out, struct store *s, const struct conf_credit *policy,
	const struct lead *lead, struct arena *arena, struct hark_err *err);
/* From the colleague who began it to the lead's author; 0: there is none. */
size_t chain_steps(const struct chain *c, struct credit_step *out, size_t max);

/* The i-th time that another colleague spoke with somebody on the chain, the oldest first. False: no more. */
struct chain_met {
	int64_t person;
	struct str staff;
	const struct talk_author *with;
	struct talk met;
};
bool chain_helper(const struct chain *c, size_t i, struct chain_met *out);

/* The colleague of that name or address, 0: none. */
int64_t chain_staff_named(const struct chain *c, struct str name);
/* How they are called; `otherwise` for nobody. */
struct str chain_staff_name(const struct chain *c, int64_t person, struct str otherwise);

#endif
