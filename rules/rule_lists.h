/* Which lists a rule looks at, and what was in them: a signal says so, because the same rule finds
 * something else when a list has changed. */
#ifndef HARK_RULES_RULE_LISTS_H
#define HARK_RULES_RULE_LISTS_H

#include "rules/rule.h"

/* Fills rule->lists and rule->versions of a linked rule, once all lists are read; `words` is the
 * version of the table of everyday words, which decides what names count. What it makes lives in
 * `arena`. HARK_ENOMEM or HARK_OK. */
int rule_note_lists(struct rule *rule, uint64_t words, struct arena *arena);

#endif
