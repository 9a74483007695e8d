/* A step in the history of a lead, a reference or a request, which only grows, and what was changed in a post; both as
 * JSON. */
#ifndef HARK_MODEL_STEP_H
#define HARK_MODEL_STEP_H

#include "monitor/base/hash.h"
#include "monitor/base/jsonout.h"

struct step {
	int64_t id, at_ms;
	struct str actor; /* absent: hark itself */
	struct str action;
	struct str from, to; /* states, absent if it stayed */
	struct str note;
	struct str before; /* what undo brings back, JSON; absent: nobody's step */
	/* Of a reference: who was asked, or was to answer; absent: it is no part of an ask. */
	struct str keeper;
};

/* One object. */
void step_json(const struct step *s, struct jsonout *j);

struct step_edits {
	int64_t count, last_ms;
	struct hash128 before, after; /* of the text */
};

/* A member of that name. */
void step_edits_json(const char *key, const struct step_edits *e, struct jsonout *j);

#endif
