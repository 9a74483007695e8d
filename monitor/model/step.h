/* A step in the history of a lead, a reference or a request, as JSON. */
#ifndef HARK_MODEL_STEP_H
#define HARK_MODEL_STEP_H

#include "monitor/base/jsonout.h"

struct step {
	int64_t at_ms;
	struct str actor; /* absent: hark itself */
	struct str action;
	struct str from, to; /* states, absent if it stayed */
	struct str note;
};

/* One object. */
void step_json(const struct step *s, struct jsonout *j);

#endif
