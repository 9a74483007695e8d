/* The histories of leads, references and requests: tables of one shape. */
#ifndef HARK_STORE_HISTORY_H
#define HARK_STORE_HISTORY_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"
#include "monitor/model/step.h"
#include "monitor/store/driver.h"

/* What history_read() takes, in this order. */
#define HISTORY_READ " id, at_ms, actor, action, from_state, to_state, note, before"
/* Reads all rows of `q` and ends it. Strings in `arena`. */
int history_read(struct db *db, struct db_query *q, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err);

/* What history_bind() gives, in this order. */
#define HISTORY_WRITTEN " at_ms, actor, action, from_state, to_state, note, before"
void history_bind(struct db_query *q, int64_t at_ms, const struct step *step);

#endif
