/* The last look before an alert leaves: somebody in it may have asked to be left alone since it was
 * made, or have deleted or edited the post; its lead may have been closed or put off. */
#ifndef HARK_NOTIFY_CONSENT_H
#define HARK_NOTIFY_CONSENT_H

#include "monitor/config/conf.h"
#include "monitor/store/outbox.h"

/* Takes what opted-out authors said, and what was deleted or edited away, out of the payloads of claimed
 * rows, and brings the words of edited posts up to date; a row with nothing else in it
 * is given up, emptied, and leaves the list (*n shrinks); so does, withdrawn, one that nobody is to be told of while its
 * lead is as it is. Payloads live in `arena`. Inside the claim's
 * transaction. What it says of the people stays as in any alert (lead_alert_facts()). */
int consent_check(struct store *s, struct outbox_row *rows, size_t *n, const struct conf *conf,
	int64_t now_ms, struct arena *arena, struct hark_err *err);

#endif
