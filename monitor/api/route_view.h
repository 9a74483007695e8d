/* The routes of the configuration, for the command line and the API alike. */
#ifndef HARK_API_ROUTE_VIEW_H
#define HARK_API_ROUTE_VIEW_H

#include "monitor/base/buf.h"
#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/leads/route.h"
#include "monitor/store/decisions.h"

/* "kind pain, score from 60". */
void route_when(const struct conf_route *r, struct buf *out);
/* Route `i` of them as an object. */
void route_json(const struct conf *c, size_t i, struct jsonout *j);

/* What was noted on the way to an answer, for sentences and JSON. NULL: no memory. */
struct decision *route_decisions(const struct route_answer *a, struct arena *arena);
/* Who would be told and why; `ok`: those are who was expected. */
void route_answer_json(const struct conf *c, const struct route_answer *a, bool ok,
	const struct decision *notes, struct jsonout *j);
/* What came of the tests of the configuration. */
void route_tests_json(
	const struct conf *c, struct diags *diags, size_t failed, struct jsonout *j);

#endif
