/* What of a lead leaves the house: one decision for tables, feeds, timelines and whatever else is handed on. Pure.
 *
 * A lead from a private source is there with its number, kind, score and owner, for somebody has to work it; what
 * was said, and where, is not. Its title and why are made of the words that were found, so they are replaced too.
 * Whatever quotes customers asks monitor/references/gate.h instead. */
#ifndef HARK_LEADS_OUTWARD_H
#define HARK_LEADS_OUTWARD_H

#include "monitor/model/lead.h"

#define OUTWARD_INSTEAD "from a private source: see it in hark"

struct outward {
	struct str title, why, url,
		text; /* borrowed; absent where there is none, or it stays inside */
};

/* `e`: the evidence that goes with it, NULL: none. */
struct outward outward_lead(const struct lead *lead, const struct lead_evidence *e);

#endif
