/* Whoever is asked for permission, and does not answer, is told so through the outbox; so is who is asked after them,
 * and in the end the owner. Only ids and accounts are named: a message outlives what may have to be forgotten. */
#ifndef HARK_REFERENCES_ASK_TELL_H
#define HARK_REFERENCES_ASK_TELL_H

#include "monitor/config/conf.h"
#include "monitor/references/permission.h"
#include "monitor/store/store.h"

/* hark's own step has been taken on `r`; `before`: who had to answer then. Of other steps nothing is told. *made: for how
 * many receivers. In the caller's transaction. */
int ask_tell(struct store *s, const struct conf *conf, const struct reference *r,
	enum reference_action action, struct str before, int64_t now_ms, size_t *made,
	struct hark_err *err);

#endif
