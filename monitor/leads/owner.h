/* Whose lead it is. Pure.
 *
 * The first that is known decides: whom the customer has chosen; the partner or agent who has the contract;
 * for customers the account manager; whom the rule names; who owns the account; the table of territories. */
#ifndef HARK_LEADS_OWNER_H
#define HARK_LEADS_OWNER_H

#include "monitor/config/conf.h"
#include "monitor/store/subjects.h"

struct owner_choice {
	struct str owner; /* absent: nobody */
	const char *
		cause; /* "customer-chosen", "partner", "partner-missing", "account-manager", "rule",
			    * "account-owner", "territory", "nobody" */
	struct str value; /* what decided it: the account, the territory */
	unsigned line;    /* of the table, of a territory */
};

/* `rule_owner`: what the rule says, may be absent. A partner's contract without a partner's name has no owner:
 * somebody must look. */
void owner_choose(const struct conf *conf, const struct subject_facts *facts, struct str rule_owner,
	struct owner_choice *out);

/* The receiver that gets the leads of an owner, SIZE_MAX: none. */
size_t owner_receiver(const struct conf *conf, struct str owner);

#endif
