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
/* The same for receivers, who are told of a hold no more than its code and when it ends (guard_outside()). */
int lead_guard_outside(struct store *s, const struct conf *conf, struct lead *lead, int64_t now_ms,
	struct arena *arena, struct hark_err *err);
/* All that an alert says beside the lead and its evidence: whom it is about, who of us knows them, who recommended us to
 * them, and the guard. What cannot be read is left out: an alert goes out without it. */
void lead_alert_facts(struct store *s, const struct conf *conf, struct lead *lead, int64_t now_ms,
	struct arena *arena);

#endif
