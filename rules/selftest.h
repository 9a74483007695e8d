/* A look at the engine before it is trusted: a processor or a compiler that reads words wrongly would
 * miss posts in silence. About a millisecond at every load of rules. Any thread. */
#ifndef HARK_RULES_SELFTEST_H
#define HARK_RULES_SELFTEST_H

#include "monitor/base/err.h"
#include "rules/text.h"

/* HARK_EINVAL: words or names come out wrong here; the sentence says which. Needs fold_init(). */
int selftest(struct hark_err *err);

/* Both hold the same words, for tests. */
bool selftest_same(const struct text *a, const struct text *b);

#endif
