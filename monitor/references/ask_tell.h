/* Whoever is asked for permission is told so through the outbox, and again if they do not answer; so is who is asked
 * after them, and in the end the owner. Nobody is told what they did themselves. Only ids and accounts are named: a message outlives what may have to be forgotten. */
#ifndef HARK_REFERENCES_ASK_TELL_H
#define HARK_REFERENCES_ASK_TELL_H

#include "monitor/config/conf.h"
#include "monitor/references/permission.h"
#include "monitor/store/store.h"

/* `step` has been taken on `r`; `before`: who had to answer then. Of steps that ask nobody nothing is told. *made: for
 * how many receivers. In the caller's transaction. */
int ask_tell(struct store *s, const struct conf *conf, const struct reference *r,
	const struct reference_step *step, struct str before, size_t *made, struct hark_err *err);

#endif
