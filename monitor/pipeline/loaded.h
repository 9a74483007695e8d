/* Leaves in the store which rules and lists were loaded, so that `hark rules diff` can say what a
 * changed file would change. Main thread; a short transaction on a connection of its own. */
#ifndef HARK_PIPELINE_LOADED_H
#define HARK_PIPELINE_LOADED_H

#include "monitor/base/err.h"

#include <stdint.h>

struct ruleset;
struct store;

/* In a transaction of its own. */
int loaded_write(struct store *s, const struct ruleset *r, int64_t now_ms, struct hark_err *err);
/* As above in the store at `url`. */
int loaded_save(const char *url, const struct ruleset *r, int64_t now_ms, struct hark_err *err);

#endif
