/* The routes of the configuration, for the command line and the API alike. */
#ifndef HARK_API_ROUTE_VIEW_H
#define HARK_API_ROUTE_VIEW_H

#include "monitor/base/buf.h"
#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"

/* "kind pain, score from 60". */
void route_when(const struct conf_route *r, struct buf *out);
/* Route `i` of them as an object. */
void route_json(const struct conf *c, size_t i, struct jsonout *j);

#endif
