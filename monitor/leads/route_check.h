/* What hark check, hark routes test and the API find out about routes. */
#ifndef HARK_LEADS_ROUTE_CHECK_H
#define HARK_LEADS_ROUTE_CHECK_H

#include "monitor/config/conf.h"

/* Tries the tests of the configuration: an error for each that does not hold. `failed` may be NULL. HARK_ENOMEM. */
int route_check_tests(const struct conf *conf, struct diags *diags, size_t *failed);
/* A warning for kinds of leads that rules raise and no route takes. Nothing where there is no receiver. */
void route_check_kinds(const struct conf *conf, const struct ruleset *rules, struct diags *diags);

#endif
