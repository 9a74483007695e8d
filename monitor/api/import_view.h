/* An import as JSON, for the command line and the API alike. */
#ifndef HARK_API_IMPORT_VIEW_H
#define HARK_API_IMPORT_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/store/imports.h"

/* One whole object. */
void import_view(struct jsonout *j, const struct import_entry *e);

#endif
