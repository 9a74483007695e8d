/* The packs that come with hark: rule files that only need lists. */
#ifndef HARK_RULES_PACK_H
#define HARK_RULES_PACK_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

struct pack {
	struct str name;  /* as under rules: in a configuration, "packs/praise" */
	struct str file;  /* its path */
	struct str about; /* the comment it opens with, on one line; may be empty */
};

/* All packs of a folder, by name; strings and array live in `arena`. HARK_EIO: there is no such
 * folder. */
int packs_find(
	const char *dir, struct arena *arena, struct pack **out, size_t *n, struct hark_err *err);

#endif
