/* Which leads a command is about: --state, --kind, --rule, --owner, --score, --mine, --historic, --limit, --before. */
#ifndef HARK_CLI_LEADS_FILTER_H
#define HARK_CLI_LEADS_FILTER_H

#include "monitor/cli/desk.h"
#include "monitor/store/leads.h"

/* What is to be worked, if no --state is given; what is snoozed stays away until its time. */
#define LEADS_QUEUE_STATES (1u << LEAD_NEW | 1u << LEAD_CLAIMED | 1u << LEAD_ANSWERED)

/* EXIT_DONE, or the code after a sentence. */
int leads_read_filter(
	struct cli *cli, int64_t limit_default, int64_t limit_max, struct lead_filter *f);

/* Where no lead is like that: whether there is such a rule and such an owner at all. EXIT_DONE, or the code after a
 * sentence. */
int leads_check_filter(struct desk *d, const struct lead_filter *f);

#endif
