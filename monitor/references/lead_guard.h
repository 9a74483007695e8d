/* What the guard says of asking whoever a lead is about, for those who look at the lead and not at the board. */
#ifndef HARK_REFERENCES_LEAD_GUARD_H
#define HARK_REFERENCES_LEAD_GUARD_H

#include "monitor/base/arena.h"
#include "monitor/config/conf.h"
#include "monitor/model/lead.h"
#include "monitor/store/store.h"

/* Fills lead->around.guard where somebody is known who is a reference and the lead is about what they said of us; strings
 * in `arena`. That the lead itself is claimed is no verdict here: its card says so. */
int lead_guard(struct store *s, const struct conf *conf, struct lead *lead, int64_t now_ms,
	struct arena *arena, struct hark_err *err);

#endif
