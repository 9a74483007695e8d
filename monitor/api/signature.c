#include "monitor/api/signature.h"

#include "monitor/base/crypto.h"
#include "monitor/notify/sign.h"

#define ID_MAX 256
#define SIGNATURES_MAX 8 /* in one header: those of a rotation, and no flood of them */

static bool same(struct str a, struct str b)
{
	return a.n == b.n && crypto_equal(a.p, b.p, a.n);
}

static bool is_now(struct str seconds, int64_t now_ms)
{
	int64_t at;
	if (!str_i64(seconds, &at) || at < 0 || at > INT64_C(1) << 40) {
		return false;
	}
	int64_t apart = at * 1000 - now_ms;
	return apart <= SIGNATURE_AGE_MAX_MS && -apart <= SIGNATURE_AGE_MAX_MS;
}

static bool is_among(struct str list, struct str wanted)
{
	bool found = false;
	struct str one;
	for (int i = 0; i < SIGNATURES_MAX && str_split(&list, ' ', &one); i++) {
		found |= same(one, wanted);
	}
	return found;
}

enum signature signature_webhook(
	const struct signature_message *m, struct str secret, int64_t now_ms)
{
	struct buf wanted;
	if (m->id.n == 0 || m->id.n > ID_MAX || m->timestamp.n == 0 || m->signature.n == 0) {
		return SIGNATURE_LACKS;
	}
	buf_init(&wanted, 200);
	int rc = sign_add(&wanted, secret, m->id, m->timestamp, m->body, NULL);
	bool is_good = rc == HARK_OK && is_among(m->signature, buf_str(&wanted));
	crypto_wipe_buf(&wanted);
	if (rc != HARK_OK) {
		return SIGNATURE_NO_KEY;
	}
	if (!is_good) {
		return SIGNATURE_WRONG;
	}
	return is_now(m->timestamp, now_ms) ? SIGNATURE_GOOD : SIGNATURE_OLD;
}

static int nibble(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Exactly `n` bytes. */
static bool read_hex(struct str text, unsigned char *out, size_t n)
{
	if (text.n != 2 * n) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		int high = nibble(text.p[2 * i]), low = nibble(text.p[2 * i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

enum signature signature_hub(struct str header, struct str body, struct str secret, bool any)
{
	static const struct {
		struct str name;
		enum crypto_digest digest;
	} known[] = {{STR("sha256"), CRYPTO_SHA256}, {STR("sha1"), CRYPTO_SHA1},
		{STR("sha384"), CRYPTO_SHA384}, {STR("sha512"), CRYPTO_SHA512}};
	unsigned char wanted[CRYPTO_DIGEST_MAX], got[CRYPTO_DIGEST_MAX];
	struct str hex = header, name;
	if (secret.n == 0) {
		return SIGNATURE_NO_KEY;
	}
	if (!str_split(&hex, '=', &name) || hex.p == NULL) {
		return SIGNATURE_LACKS;
	}
	for (size_t i = 0; i < (any ? sizeof(known) / sizeof(known[0]) : 1); i++) {
		if (str_eq_nocase(name, known[i].name)) {
			size_t n = crypto_hmac(known[i].digest, secret, body, wanted);
			return read_hex(hex, got, n) && crypto_equal(got, wanted, n)
				       ? SIGNATURE_GOOD
				       : SIGNATURE_WRONG;
		}
	}
	return SIGNATURE_LACKS;
}

const char *signature_why(enum signature s)
{
	static const char *const why[] = {
		[SIGNATURE_GOOD] = "the signature is right",
		[SIGNATURE_LACKS] = "the signature is missing, or is none hark knows",
		[SIGNATURE_WRONG] = "the signature is wrong: both sides need the same key",
		[SIGNATURE_OLD] = "the message is more than five minutes old, or a clock is wrong",
		[SIGNATURE_NO_KEY] = "hark has no key to check the signature with",
	};
	return why[s];
}
