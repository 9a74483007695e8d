/* What a receiver is told about a lead, as JSON (the payload of Standard Webhooks: type, timestamp,
 * data). Pure. */
#ifndef HARK_LEADS_ALERT_H
#define HARK_LEADS_ALERT_H

#include "monitor/model/lead.h"

#define ALERT_RAISED "lead.raised"
/* Standard Webhooks asks for less than 20 KB. */
#define ALERT_BYTES_MAX 20000
/* Pieces of evidence that are looked at for one. */
#define ALERT_EVIDENCE_MAX 12

/* Writes the payload. Title, why and rule are those of the first piece of evidence, which is what
 * raised the alert; what is historic says so. It is always below ALERT_BYTES_MAX: long texts are cut
 * around what matched, and evidence and referrals that do not fit are left to `hark leads show`. spans count bytes
 * of the text given here. `privacy`: where the person may ask what is known, may be absent. `out` is
 * cleared first. */
int alert_write(const struct lead *lead, const struct lead_evidence *evidence, size_t n,
	struct str privacy, int64_t now_ms, struct buf *out);

#endif
