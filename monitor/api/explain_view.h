/* An explanation as JSON, for the command line and the API alike. */
#ifndef HARK_API_EXPLAIN_VIEW_H
#define HARK_API_EXPLAIN_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/model/post.h"

struct explanation;

/* One object. */
void explain_json(const struct explanation *x, const struct post *post, struct jsonout *j);
/* "there is no list called products", of an inactive rule. */
void explain_missing(const struct explanation *x, struct buf *out);
const char *explain_outcome_name(const struct explanation *x); /* "match", "no match", … */

#endif
