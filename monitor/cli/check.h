/* Checking a configuration and all it names: what `hark check` shows and `hark init` and
 * `hark sources` make sure of before they are content. */
#ifndef HARK_CLI_CHECK_H
#define HARK_CLI_CHECK_H

#include "monitor/base/diag.h"
#include "monitor/base/err.h"

struct check {
	size_t sources, lists, entries, rules, receivers;
	bool counted; /* rules and entries are known: the rules could be loaded */
};

/* Findings go into `diags`; a failure only means that the check itself could not be done. */
int check_all(const char *path, struct check *out, struct diags *diags, struct hark_err *err);

#endif
