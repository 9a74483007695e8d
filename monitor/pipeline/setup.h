/* What one reload swaps: a configuration and the rules compiled for it, checked together, and the people that are
 * known, who change more often.
 *
 * Immutable and counted; a thread that holds a count may read it for as long as it does. */
#ifndef HARK_PIPELINE_SETUP_H
#define HARK_PIPELINE_SETUP_H

#include "monitor/config/conf.h"
#include "monitor/people/who.h"
#include "rules/rules.h"

struct setup {
	atomic_int refs;
	struct conf *conf;
	struct ruleset *rules;
	struct who *who; /* NULL: nobody, or nobody has looked (only a daemon does) */
};

/* Loads configuration and rules; every finding goes into `diags`. With any error there is no setup
 * and the code is HARK_EPARSE (or why the file could not be read). The caller owns one count. */
int setup_load(struct setup **out, const char *path, struct diags *diags, struct hark_err *err);
/* The same for a daemon that starts (`running` NULL) or reloads, as conf_read_running(). */
int setup_load_running(struct setup **out, const char *path, const struct conf *running,
	struct diags *diags, struct hark_err *err);
/* The same setup with other people; takes the count of `who` in any case. NULL: no memory. */
struct setup *setup_with_who(const struct setup *s, struct who *who);
struct setup *setup_ref(struct setup *s);
void setup_unref(struct setup *s); /* NULL is fine */

#endif
