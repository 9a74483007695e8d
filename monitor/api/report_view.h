/* Reports as JSON, for the command line and the API alike. */
#ifndef HARK_API_REPORT_VIEW_H
#define HARK_API_REPORT_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/leads/blind.h"
#include "monitor/leads/clocks.h"

/* One list each. */
void report_view_clocks(struct jsonout *j, const struct clocks_row *v, size_t n);
void report_view_blind(struct jsonout *j, const struct blind_row *v, size_t n);

#endif
