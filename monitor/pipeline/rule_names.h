/* Whether there is every rule that the configuration names: in unanswered:, in a route, in a test of routes. One that is
 * retired, or inactive for want of a list, is there. */
#ifndef HARK_PIPELINE_RULE_NAMES_H
#define HARK_PIPELINE_RULE_NAMES_H

#include "monitor/config/conf.h"

/* Says which are not, with what may have been meant. DIAG_WARNING is for a daemon that runs: a pack that calls a rule
 * something else in its next version must not stop it. */
void rule_names_check(const struct conf *conf, const struct ruleset *rules, enum diag_level level,
	struct diags *diags);

#endif
