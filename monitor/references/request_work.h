/* Working requests for references: one step, one short transaction, as with references. What is refused is kept in the
 * history too. */
#ifndef HARK_REFERENCES_REQUEST_WORK_H
#define HARK_REFERENCES_REQUEST_WORK_H

#include "monitor/references/request.h"

/* What is asked for. */
struct request_ask {
	const struct deal *deal;
	struct str rep, activity, role, weighs;
	bool dry; /* only says what would come of it */
};
/* Makes the request, or one that is refused, by out->state with its rule and why. Strings in `arena`. */
int request_make(struct store *s, const struct conf *conf, const struct request_ask *ask,
	int64_t now_ms, struct arena *arena, struct request *out, struct hark_err *err);
/* This and what ends in _within below: the same in the transaction the caller has open, where HARK_EAGAIN is that
 * somebody was faster, and what is refused is kept by request_refused_within() in another one. */
int request_make_within(struct store *s, const struct conf *conf, const struct request_ask *ask,
	int64_t now_ms, struct arena *arena, struct request *out, struct hark_err *err);
/* HARK_ESTATE: refused, by the state it is in, or by the guard where somebody is named. */
int request_work(struct store *s, const struct conf *conf, int64_t id,
	const struct request_step *step, struct arena *arena, struct request *out,
	struct hark_err *err);
int request_work_within(struct store *s, const struct conf *conf, int64_t id,
	const struct request_step *step, struct arena *arena, struct request *out,
	struct hark_err *err);
void request_refused_within(
	struct store *s, int64_t id, const struct request_step *step, const struct hark_err *why);
/* The last step a person took that stands: undo takes it back. NULL: none. */
const struct step *request_last_step(const struct step *v, size_t n);
/* Takes that back. HARK_ESTATE: there is none. */
int request_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms, struct arena *arena,
	struct request *out, struct hark_err *err);
int request_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct request *out, struct hark_err *err);

/* Ends requests whose time is up, tells where nobody is named yet and which deals need a reference, in the transaction
 * the caller has open; for the daemon, now and then. *made: messages. */
int requests_return_due(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err);

#endif
