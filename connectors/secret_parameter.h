/* Whether a parameter of an address, or a header, carries a secret, by its name and what it holds. Pure. */
#ifndef HARK_CONNECTORS_SECRET_PARAMETER_H
#define HARK_CONNECTORS_SECRET_PARAMETER_H

#include "monitor/base/str.h"

/* "token=abc" does, "page_token=abc" and "key=colour" do not; nor does what is empty or has a blank
 * ("{token}"), a switch ("show_password=false") or a header "Accept-Signature: sig1=(…)". */
bool parameter_is_secret(struct str name, struct str value);
/* The next "name=value" of a query; false at its end. */
bool next_parameter(struct str *query, struct str *whole, struct str *name, struct str *value);
/* What stands between '?' and '#'; absent if nothing does. */
struct str query_of(struct str url);

#endif
