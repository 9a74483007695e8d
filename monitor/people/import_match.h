/* Which stored record a record is. Over the index alone; nothing is read or written. */
#ifndef HARK_PEOPLE_IMPORT_MATCH_H
#define HARK_PEOPLE_IMPORT_MATCH_H

#include "monitor/base/err.h"
#include "monitor/store/record_index.h"

/* The slot, RECORD_NONE: it is new. HARK_EINVAL: it may be one of several, and the sentence says so. */
int import_match(
	struct record_index *x, const struct record *r, uint32_t *slot, struct hark_err *err);
/* What `r` and the record of `slot`, which import_match() gave, have in common: "id", "name and employer" … */
const char *import_match_by(struct record_index *x, const struct record *r, uint32_t slot);
/* Whether all its addresses, or its profile, are keys of the very slot already. */
bool import_has_emails(struct record_index *x, const struct record *r, uint32_t slot);
bool import_has_profile(struct record_index *x, const struct record *r, uint32_t slot);
/* Makes it be found by all that it says. HARK_ENOMEM. */
int import_index(struct record_index *x, uint32_t slot, const struct record *r);
/* The account that a reference or a name means, 0: none, or more than one. */
int64_t import_account(struct record_index *accounts, struct str ref, struct str name);

#endif
