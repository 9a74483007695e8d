#include "monitor/notify/sign.h"

#include "monitor/base/crypto.h"

#define SECRET_MAX 4096

/* The key behind a secret, appended to `key`. */
static int read_key(struct buf *key, struct str secret, struct hark_err *err)
{
	const struct str prefix = STR("whsec_");
	int rc;
	if (str_starts(secret, prefix)) {
		rc = crypto_base64_decode(
			key, str_n(secret.p + prefix.n, secret.n - prefix.n), err);
	} else {
		rc = buf_add_str(key, secret);
	}
	if (rc != HARK_OK) {
		hark_err_wrap(err, "the webhook's secret starts with whsec_ but goes on wrong");
		return rc;
	}
	return key->n > 0 ? HARK_OK
			  : hark_err_set(err, HARK_EPARSE, "the webhook's secret is empty");
}

int sign_add(struct buf *out, struct str secret, struct str id, struct str timestamp,
	struct str body, struct hark_err *err)
{
	unsigned char mac[CRYPTO_HMAC_BYTES];
	const struct str parts[] = {id, STR("."), timestamp, STR("."), body};
	struct buf key;
	buf_init(&key, SECRET_MAX);
	int rc = read_key(&key, secret, err);
	if (rc == HARK_OK) {
		crypto_hmac_sha256(buf_str(&key), parts, 5, mac);
		buf_add_c(out, out->n > 0 ? " v1," : "v1,");
		rc = crypto_base64(out, mac, sizeof(mac));
	}
	crypto_wipe_buf(&key);
	return rc;
}
