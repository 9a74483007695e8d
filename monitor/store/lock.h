/* Who owns a database: a lock file beside it, held as long as the owner lives. The kernel lets go of
 * it however the owner dies, so there is nothing to clean up. */
#ifndef HARK_STORE_LOCK_H
#define HARK_STORE_LOCK_H

#include "monitor/base/err.h"

/* *fd: close it to let go. HARK_EBUSY names the owner. HARK_EINVAL: the file has several names, of which each would
 * have a lock of its own. */
int lock_take(int *fd, const char *database, struct hark_err *err);

/* The pid of the harkd that owns a store ("sqlite:PATH"), 0 if none runs. For messages: the lock is
 * looked at without being taken, so that nobody who starts meanwhile is turned away. */
long lock_owner(const char *store);

#endif
