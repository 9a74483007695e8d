/* A rule file that is being written: its text stands for what is on disk, or for a file that is not there yet.
 *
 *	struct rules_draft draft = {.path = path, .name = name, .text = text, .alone = true};
 *	source.draft = &draft;
 *	ruleset_check(&source, …);	what is wrong with it
 *
 * Nothing is written here. */
#ifndef HARK_RULES_DRAFT_H
#define HARK_RULES_DRAFT_H

#include "rules/rules.h"

struct rules_draft {
	const char *path; /* where the file is, as ruleset_rule_at() says it, or will be */
	const char *name; /* for findings: as written in the configuration */
	struct str text;
	bool pack; /* it comes with hark: rules without their list are off, not wrong */
	/* The other files only say which ids are taken: neither their rules are loaded, nor lists that the
	 * draft does not use. */
	bool alone;
	/* Who writes it may not read the machine's files through it: lists are CSV or JSON Lines files below the
	 * folder of the rule file or of the configuration, or are read by these rules already. NULL: any may be. */
	const struct ruleset *running;
};

/* Fills in path and name of a new file for the rule of that id: in the first folder that the source's paths name,
 * or beside a pattern that would find it. Strings live in `arena`. HARK_EINVAL: that is no id, absent is one. HARK_ESTATE: they
 * name none. */
int rules_draft_place(const struct rules_source *source, struct str id, struct arena *arena,
	struct rules_draft *out, struct hark_err *err);
/* Whether the draft may have that list, by its path as written and as found. */
bool rules_draft_may_read(const struct rules_draft *draft, struct str written, const char *path);

#endif
