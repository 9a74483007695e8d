/* Imported records as the lists of rules see them (`from: contacts`). */
#ifndef HARK_STORE_LISTED_H
#define HARK_STORE_LISTED_H

#include "rules/rules.h"

/* For struct rules_records; `url` is the store's. Opens it for as long as the call takes. HARK_ENOENT: there is no
 * store, or nothing of that kind in it. Any thread. */
int store_listed_each(void *url, const char *kind,
	void (*take)(void *to, const struct rules_record *record), void *to, struct hark_err *err);

#endif
