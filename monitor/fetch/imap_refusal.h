/* Which refusals of a mailbox pass by themselves, at the log-in and behind it. Pure. */
#ifndef HARK_FETCH_IMAP_REFUSAL_H
#define HARK_FETCH_IMAP_REFUSAL_H

#include "monitor/base/str.h"

/* Of what stands behind "NO ": a reason that has to do with the server and the hour, not with the user, the folder
 * or one mail (RFC 5530). [ALERT] only says that people are to read it; there its words decide. */
bool imap_is_passing(struct str said);

#endif
