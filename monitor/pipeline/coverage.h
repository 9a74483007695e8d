/* What was not heard of a source: the gap a poll leaves behind, or closes. Pure.
 *
 * Between two polls in their time nothing is missed as long as the later reaches back to what the earlier had:
 * that is what makes a gap whole again, too. Hours in which a source rests belong to no gap, but where more was
 * published in them than the next poll reaches back. */
#ifndef HARK_PIPELINE_COVERAGE_H
#define HARK_PIPELINE_COVERAGE_H

#include "monitor/base/hours.h"
#include "monitor/store/gaps.h"
#include "monitor/store/source_state.h"

struct coverage {
	bool good;                 /* a whole answer, all its pages */
	bool failed;               /* none that is any good; neither: we did not ask for one */
	bool reached;              /* it goes back to what is known */
	bool was_polled;           /* since harkd started */
	const struct hours *hours; /* when it is asked; NULL: always */
};

/* Since when a source that was heard last at `heard_ms`, and was to be heard again `every_ms` later, is not heard:
 * since then, or where it went to rest before that, since its hours opened. */
int64_t coverage_since_ms(const struct hours *hours, int64_t heard_ms, int64_t every_ms);

/* `before`: what was remembered when the poll began. Cause GAP_NONE: nothing to record. */
void coverage_gap(const struct source_state *before, const struct coverage *c, int64_t every_ms,
	int64_t now_ms, struct gap *out);

#endif
