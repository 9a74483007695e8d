/* What the files that try and save rules share. */
#ifndef HARK_API_RULES_IN_H
#define HARK_API_RULES_IN_H

#include "monitor/api/api_in.h"
#include "rules/draft.h"

/* The text that was sent, in the place of the rule it is for. The source borrows from the configuration in force. */
struct rules_trial {
	struct rules_source source;
	struct rules_draft draft;
	struct rule_info info;
	bool exists; /* info is set: a rule of that id is loaded */
	bool homeless; /* a new file, and the configuration names no folder for it */
	struct diags found;
};

/* `id` may be absent: a new rule without a name. Release it in any case. False: the call is answered. */
bool rules_trial_open(struct call *c, struct str id, struct rules_trial *t);
void rules_trial_release(struct rules_trial *t);
/* NULL: the call is answered with all that is wrong. One count. */
struct ruleset *rules_trial_load(struct call *c, struct rules_trial *t);

/* The version of a file's text, in quotes, as ETag and If-Match say it. */
#define RULES_TAG_MAX 40
const char *rules_tag(struct str text, char tag[RULES_TAG_MAX]);

#endif
