/* Whether what somebody sent us is signed with the secret we share. Pure.
 *
 * Two kinds are known: Standard Webhooks 1.0.0 (webhook-id, -timestamp and -signature, a list of
 * "v1,BASE64" of HMAC-SHA256 over id.timestamp.body), and the header of hubs, "sha256=HEX" of an HMAC over
 * the body, as WebSub (W3C Recommendation, section 7.1) and GitHub (X-Hub-Signature-256) send it. */
#ifndef HARK_API_SIGNATURE_H
#define HARK_API_SIGNATURE_H

#include "monitor/base/str.h"

#define SIGNATURE_AGE_MAX_MS (5 * 60 * 1000) /* either way: clocks differ, and a replay is late */

enum signature {
	SIGNATURE_GOOD,
	SIGNATURE_LACKS, /* a header that must be there is not, or is none */
	SIGNATURE_WRONG,
	SIGNATURE_OLD,    /* of another time than now */
	SIGNATURE_NO_KEY, /* the secret is none */
};

/* The headers as sent; absent ones lack. `secret`: "whsec_" and base64, or the key itself. */
struct signature_message {
	struct str id, timestamp, signature, body;
};
enum signature signature_webhook(
	const struct signature_message *m, struct str secret, int64_t now_ms);

/* `any`: SHA-1 and the longer SHA-2 are taken as well as SHA-256. */
enum signature signature_hub(struct str header, struct str body, struct str secret, bool any);

/* What is wrong, for the sender; a constant. */
const char *signature_why(enum signature s);

#endif
