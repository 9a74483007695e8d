/* The name of a mailbox folder as it stands in a command: modified UTF-7 (RFC 3501 section 5.1.3), in quotes. Pure. */
#ifndef HARK_FETCH_IMAP_FOLDER_H
#define HARK_FETCH_IMAP_FOLDER_H

#include "monitor/base/buf.h"

#define IMAP_FOLDER_MAX 1000 /* bytes of UTF-8 */

/* Appends it. False: it is no UTF-8, holds control characters, or does not fit. */
bool imap_folder(struct str name, struct buf *out);

#endif
