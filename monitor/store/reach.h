/* How far what was said has gone: where else the story was published, and before how many. */
#ifndef HARK_STORE_REACH_H
#define HARK_STORE_REACH_H

#include "monitor/model/lead.h"
#include "monitor/store/store.h"

#define REACH_COPIES_MAX 20

/* Fills `reach` of each; everything is in `arena`. What was deleted where it was published has no reach any more. */
int store_lead_reach(struct store *s, struct lead_evidence *evidence, size_t n, struct arena *arena,
	struct hark_err *err);

#endif
