/* Whose a file is, for those who may not reach it. */
#ifndef HARK_BASE_OWNER_H
#define HARK_BASE_OWNER_H

#include "monitor/base/err.h"

/* Where `errnum` says that this process may not reach `path` (EACCES, EPERM), appends to *err who may: the user
 * whose it is, or whose folder on the way to it is closed. *err stays as it is for any other errnum, and for
 * files of this process's own user, or where there is no room. Any thread. */
void owner_say(struct hark_err *err, int errnum, const char *path);

#endif
