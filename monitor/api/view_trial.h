/* What trying rules has given, as JSON, for the command line and the API alike: their tests, a backtest, a preview. */
#ifndef HARK_API_VIEW_TRIAL_H
#define HARK_API_VIEW_TRIAL_H

#include "monitor/pipeline/preview.h"

/* One object a case. */
void view_rule_test(struct jsonout *j, const struct rule_test_result *r);
void view_backtest(struct jsonout *j, const struct backtest *t);
void view_preview(struct jsonout *j, const struct preview *p);
/* diags_json() as the value of `key`. */
void view_findings(struct jsonout *j, const char *key, struct diags *d);

#endif
