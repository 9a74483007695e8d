/* How a use of a reference went, as both sides say, and the rest that follows from it. */
#ifndef HARK_REFERENCES_OUTCOMES_H
#define HARK_REFERENCES_OUTCOMES_H

#include "monitor/config/conf.h"
#include "monitor/store/reference_facts.h"

/* From bad to great. */
extern const char *const outcome_tones[]; /* ends with NULL */
/* Whether a use was tepid: either side says so, or worse. Pure. */
bool outcome_is_tepid(const struct activity *a);
/* Whether the last two that are told were tepid; `v` newest first. Pure. */
bool outcomes_tire(const struct activity *v, size_t n);

/* What is told of the last use; absent members stay as they are. */
struct outcome {
	struct str expected, prospect, customer, lessons;
	int64_t minutes; /* -1: not said */
};
/* In a transaction of its own. *rest_until: until when they rest because of it, 0: they do not. HARK_ESTATE: they were
 * never used. */
int outcomes_tell(struct store *s, const struct conf *conf, int64_t reference,
	const struct outcome *o, struct str actor, int64_t now_ms, struct arena *arena,
	int64_t *rest_until, struct hark_err *err);
/* The same in the caller's. */
int outcomes_tell_within(struct store *s, const struct conf *conf, int64_t reference,
	const struct outcome *o, struct str actor, int64_t now_ms, struct arena *arena,
	int64_t *rest_until, struct hark_err *err);
/* The step of it in the history, and what that has kept of before, put back: for undo. Within the caller's transaction,
 * who writes the reference. */
#define OUTCOME_ACTION "outcome"
int outcomes_take_back(
	struct store *s, struct reference *r, struct str before, struct hark_err *err);

#endif
