/* What is said of a step with a reference, once it is taken: what was kept, for whom, until when, and how it is taken
 * back. */
#ifndef HARK_CLI_REFERENCES_SAID_H
#define HARK_CLI_REFERENCES_SAID_H

#include "monitor/cli/desk.h"
#include "monitor/references/permission.h"

/* Where `r` stands now, in one line, or with --json all of it. */
void references_say(struct cli *cli, const struct reference *r);
/* The same, and what that step has kept. */
void references_say_step(
	struct desk *d, const struct reference *r, const struct reference_step *step);
/* How the last step is taken back. */
void references_say_undo(int64_t id);

#endif
