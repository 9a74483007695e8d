/* What to know before somebody is asked, or talks with a prospect: their own words in public, and a motive. For people;
 * nothing is sent. */
#ifndef HARK_REFERENCES_BRIEF_H
#define HARK_REFERENCES_BRIEF_H

#include "monitor/base/jsonout.h"
#include "monitor/references/gate.h"
#include "monitor/references/guard.h"
#include "monitor/references/reader.h"

struct brief {
	struct reference r;
	struct statement *v; /* what stands in public, with an address or without, and is for the reader */
	size_t n;
	size_t left_out[GATE_VERDICTS]; /* how many are not among them, by why */
	struct guard_answer guard;
	struct str motive; /* absent: nothing says */
};

/* Strings in the reader's arena. HARK_ENOENT; HARK_ESTATE: they have asked to be left alone. */
int brief_load(
	const struct reader *who, int64_t reference, struct brief *out, struct hark_err *err);
/* One whole object. */
void brief_json(const struct brief *b, struct jsonout *j);

#endif
