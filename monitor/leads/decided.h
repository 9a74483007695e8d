/* What was decided about telling people of a lead, for the command line and the API alike, and what would have it
 * decided otherwise. Only reads. */
#ifndef HARK_LEADS_DECIDED_H
#define HARK_LEADS_DECIDED_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/model/lead.h"
#include "monitor/store/decisions.h"

/* One sentence for people. */
void decided_sentence(const struct decision *d, struct buf *out);
/* As an array of {stage, cause, receiver, value, threshold, at}. */
void decided_json(const struct decision *v, size_t n, struct jsonout *j);

/* Whether somebody would be told of a lead that a rule raised now. */
bool decided_would_tell(struct store *s, const struct conf *conf, const struct lead *lead,
	struct str rule, struct str route, int64_t now_ms, struct arena *arena);
/* Replays a budget or quiet hours that delayed an alert, as of then: calls back with the change that would have had
 * it sent at once. */
int decided_delays(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct decision *v, size_t n, struct arena *arena,
	void (*fn)(void *ctx, const char *change), void *ctx, struct hark_err *err);
/* Tries what would have somebody told of a lead that nobody hears of now: the silence ended, the inhibition
 * gone, the score of the next route, an owner with a receiver. Calls back with a sentence for each change that
 * really does. */
int decided_flips(struct store *s, const struct conf *conf, const struct lead *lead, int64_t now_ms,
	struct arena *arena, void (*fn)(void *ctx, const char *change), void *ctx,
	struct hark_err *err);

#endif
