/* Alerts that are about several leads at once, and belong to none. */
#ifndef HARK_STORE_OUTBOX_DIGEST_H
#define HARK_STORE_OUTBOX_DIGEST_H

#include "monitor/store/driver.h"

/* A lead goes, or the words that it was told with: those that wait no longer name it, those that were sent are
 * emptied. In the caller's transaction. */
void outbox_forget_lead(struct db *db, int64_t lead);

#endif
