/* Signatures of Standard Webhooks 1.0.0: "v1," and the base64 of HMAC-SHA256 over id.timestamp.body.
 * Pure. */
#ifndef HARK_NOTIFY_SIGN_H
#define HARK_NOTIFY_SIGN_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

/* Appends one signature, after a space if there is one already. `secret`: "whsec_" and base64, or
 * the key itself. HARK_EPARSE: what follows whsec_ is no base64, or no key at all. */
int sign_add(struct buf *out, struct str secret, struct str id, struct str timestamp,
	struct str body, struct hark_err *err);

#endif
