/* Who would be told of a lead that never was: tests of routes. Pure. Silences, what is open at an account and
 * used budgets are left out: they pass, and routes stay. */
#ifndef HARK_LEADS_ROUTE_TRY_H
#define HARK_LEADS_ROUTE_TRY_H

#include "monitor/leads/route.h"

/* out->receivers comes from `arena`, as do the texts. Without `at:` quiet hours are not looked at. HARK_ENOMEM. */
int route_try(const struct conf *conf, const struct conf_route_test *t, struct arena *arena,
	struct route_answer *out);
/* Whether exactly those are told, and held, that the test names; else what is different, for people, appended to
 * `why`. */
bool route_test_holds(const struct conf *conf, const struct conf_route_test *t,
	const struct route_answer *got, struct buf *why);

#endif
