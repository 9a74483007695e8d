/* What was not heard of a source: the gap a poll leaves behind, or closes. Pure.
 *
 * Between two polls in their time nothing is missed as long as the later reaches back to what the earlier had:
 * that is what makes a gap whole again, too. */
#ifndef HARK_PIPELINE_COVERAGE_H
#define HARK_PIPELINE_COVERAGE_H

#include "monitor/store/gaps.h"
#include "monitor/store/source_state.h"

struct coverage {
	bool good;       /* a whole answer, all its pages */
	bool failed;     /* none that is any good; neither: we did not ask for one */
	bool reached;    /* it goes back to what is known */
	bool was_polled; /* since harkd started */
};

/* `before`: what was remembered when the poll began. Cause GAP_NONE: nothing to record. */
void coverage_gap(const struct source_state *before, const struct coverage *c, int64_t every_ms,
	int64_t now_ms, struct gap *out);

#endif
