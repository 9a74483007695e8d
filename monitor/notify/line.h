/* An alert as one line for people:
 *
 *	LEAD 72  purchase-intent  Jane Doe: "looking for an alternative to …"  (asks for a product)  https://…
 *
 * Pure. What strangers wrote cannot end the line or drive a terminal. */
#ifndef HARK_NOTIFY_LINE_H
#define HARK_NOTIFY_LINE_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

/* Appends the line of a payload, without its end. HARK_EPARSE: the payload is no JSON object. */
int line_of_alert(struct buf *out, struct str payload, struct hark_err *err);

#endif
