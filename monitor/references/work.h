/* Working a reference: one step, one short transaction, one winner, as with leads. What is refused is kept in its
 * history too. */
#ifndef HARK_REFERENCES_WORK_H
#define HARK_REFERENCES_WORK_H

#include "monitor/config/conf.h"
#include "monitor/references/permission.h"
#include "monitor/store/store.h"

/* Takes the step; what is over ends first, and the owner is whom the policy names today. *out is the reference
 * afterwards, its strings in `arena` or the step's. No transaction may be open. HARK_ESTATE: refused, by the guard or by
 * the state it is in; the sentence says which. */
int reference_work(struct store *s, const struct conf *conf, int64_t id,
	const struct reference_step *step, struct arena *arena, struct reference *out,
	struct hark_err *err);
/* The same in the transaction the caller has open; HARK_EAGAIN: somebody was faster. What is refused is not kept then: that
 * is for reference_refused_within(), in another one, as this one is rolled back. */
int reference_work_within(struct store *s, const struct conf *conf, int64_t id,
	const struct reference_step *step, struct arena *arena, struct reference *out,
	struct hark_err *err);
void reference_refused_within(
	struct store *s, int64_t id, const struct reference_step *step, const struct hark_err *why);
/* The last step a person took that stands: undo takes it back. NULL: none. */
const struct step *reference_last_step(const struct step *v, size_t n);
/* Takes that back, which is *undone then, its strings in `arena`: a change of the permission or its keeper, a use, an
 * outcome, a signature, thanks. HARK_ESTATE: there is none. */
int reference_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct reference *out, struct step *undone, struct hark_err *err);
int reference_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct reference *out, struct step *undone, struct hark_err *err);

/* Somebody is put up by a person, with or without anything said in public. */
struct nomination {
	int64_t person, account;
	struct str by, note;
};
/* HARK_ESTATE: they are a reference already (*id says which). */
int reference_nominate(struct store *s, const struct conf *conf, const struct nomination *n,
	int64_t now_ms, struct arena *arena, int64_t *id, struct hark_err *err);
int reference_nominate_within(struct store *s, const struct conf *conf, const struct nomination *n,
	int64_t now_ms, struct arena *arena, int64_t *id, struct hark_err *err);
/* Compliance lets through what is regulated, as it stands. *n: how many statements. */
int reference_sign(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, size_t *n, struct hark_err *err);
int reference_sign_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, size_t *n, struct hark_err *err);
/* Somebody has thanked them; kept in the history. */
int reference_thank(struct store *s, int64_t id, struct str actor, struct str note, int64_t now_ms,
	struct arena *arena, struct reference *out, struct hark_err *err);
int reference_thank_within(struct store *s, int64_t id, struct str actor, struct str note,
	int64_t now_ms, struct arena *arena, struct reference *out, struct hark_err *err);

/* Ends what is over, reminds, escalates, and looks for gatekeepers, in the transaction the caller has open; for the
 * daemon, now and then. *n: how many references; *made: how many messages of it are in the outbox. */
int references_return_due(struct store *s, const struct conf *conf, int64_t now_ms, size_t *n,
	size_t *made, struct hark_err *err);

#endif
