/* Whether something that a command line names is there, and what may have been meant if it is not. */
#ifndef HARK_CLI_NAMES_H
#define HARK_CLI_NAMES_H

#include "monitor/base/arena.h"
#include "monitor/cli/cli.h"

/* Names looked through at most. */
#define NAMES_MAX 200000

struct names {
	struct arena *arena; /* borrowed; copies of the names */
	struct str wanted;
	bool found;     /* in whatever case it is written */
	const char **v; /* what there is */
	size_t n, cap;
};

void names_take(struct names *names, struct str name);
/* The rules there are now; with rules that have errors every name is taken for one. */
void names_take_rules(struct names *names, const struct cli *cli);
/* EXIT_DONE if it was found, else says that there is no such `what`, with the nearest name, or `hint` where none is
 * near. */
int names_check(
	const struct names *names, const struct cli *cli, const char *what, const char *hint);

#endif
