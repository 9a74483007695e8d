/* base64 as strangers write it. Where it is our own or has to be exact: monitor/base/crypto.h. */
#ifndef HARK_PARSE_BASE64_H
#define HARK_PARSE_BASE64_H

#include "monitor/base/buf.h"

/* Appends the bytes that are meant. What is no base64 is passed over, padding may be missing or stand between two
 * texts. False: there was such damage. HARK_ELIMIT in out->rc: there is more than it may hold, and the beginning is
 * in it. */
bool base64_read(struct str text, struct buf *out);

#endif
