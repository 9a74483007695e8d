/* What people have said of leads: relevant or not. Only added to; the last word on a lead counts. */
#ifndef HARK_STORE_VERDICTS_H
#define HARK_STORE_VERDICTS_H

#include "monitor/base/arena.h"
#include "monitor/model/lead.h"
#include "monitor/store/store.h"

/* One word on a lead, with the event of its history. Inside the caller's transaction. */
void store_verdict_add(struct store *s, const struct lead *lead, bool good, struct str reason,
	struct str actor, int64_t now_ms);
/* The last word on a lead; false: nobody has said one. *at_ms: when. */
bool store_verdict_of(struct store *s, int64_t lead, bool *good, int64_t *at_ms);

/* One finding of a judged lead. Slices are borrowed until the next one. */
struct judged {
	int64_t lead;
	bool good;
	int score, score_max; /* of the lead */
	unsigned flags, traits;
	int64_t stories;
	struct str lead_rule; /* the one that gave score_max */
	struct str rule, source;
	struct str entities; /* JSON, or absent */
};
/* All findings of all judged leads, those of one lead together; false ends it. Must not use the store. */
int store_judged_each(struct store *s, bool (*fn)(void *ctx, const struct judged *j), void *ctx,
	struct hark_err *err);

#endif
