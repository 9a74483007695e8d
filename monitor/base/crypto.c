#include "monitor/base/crypto.h"

#include <nettle/hmac.h>
#include <nettle/nettle-meta.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define PASSWORD_OPS 3
#define PASSWORD_BYTES ((size_t)19 << 20)
#define PASSWORDS_AT_ONCE 2

_Static_assert(CRYPTO_PASSWORD_MAX >= crypto_pwhash_STRBYTES, "what is kept of a password fits");
_Static_assert(CRYPTO_SHA256_BYTES == crypto_hash_sha256_BYTES, "SHA-256 gives 32 bytes");
_Static_assert(CRYPTO_HMAC_BYTES == crypto_auth_hmacsha256_BYTES, "SHA-256 gives 32 bytes");

/* sodium_init() is thread-safe and returns at once when it has been called before. */
static void need_sodium(void)
{
	if (sodium_init() < 0) {
		abort();
	}
}

void crypto_hmac_sha256(
	struct str key, const struct str *parts, size_t n, unsigned char out[CRYPTO_HMAC_BYTES])
{
	crypto_auth_hmacsha256_state state;
	need_sodium();
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)(key.n > 0 ? key.p : ""), key.n);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n > 0) {
			crypto_auth_hmacsha256_update(
				&state, (const unsigned char *)parts[i].p, parts[i].n);
		}
	}
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

size_t crypto_hmac(enum crypto_digest digest, struct str key, struct str text,
	unsigned char out[CRYPTO_DIGEST_MAX])
{
	static const struct nettle_hash *const hashes[] = {
		[CRYPTO_SHA1] = &nettle_sha1,
		[CRYPTO_SHA256] = &nettle_sha256,
		[CRYPTO_SHA384] = &nettle_sha384,
		[CRYPTO_SHA512] = &nettle_sha512,
	};
	const struct nettle_hash *hash = hashes[digest];
	union {
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
		struct sha512_ctx sha512; /* of SHA-384 as well */
	} outer, inner, state;
	hmac_set_key(
		&outer, &inner, &state, hash, key.n, (const uint8_t *)(key.n > 0 ? key.p : ""));
	if (text.n > 0) {
		hmac_update(&state, hash, text.n, (const uint8_t *)text.p);
	}
	hmac_digest(&outer, &inner, &state, hash, hash->digest_size, out);
	crypto_wipe(&outer, sizeof(outer));
	crypto_wipe(&inner, sizeof(inner));
	crypto_wipe(&state, sizeof(state));
	return hash->digest_size;
}

void crypto_sha1(struct str text, unsigned char out[CRYPTO_SHA1_BYTES])
{
	struct sha1_ctx sum;
	sha1_init(&sum);
	sha1_update(&sum, text.n, (const uint8_t *)text.p);
	sha1_digest(&sum, CRYPTO_SHA1_BYTES, out);
}

int crypto_base64(struct buf *out, const void *bytes, size_t n)
{
	size_t room =
		sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL); /* and its NUL */
	char *p = buf_room(out, room);
	if (p != NULL) {
		sodium_bin2base64(p, room, bytes, n, sodium_base64_VARIANT_ORIGINAL);
		buf_grew(out, room - 1);
	}
	return out->rc;
}

int crypto_base64_decode(struct buf *out, struct str text, struct hark_err *err)
{
	while (text.n > 0 && text.p[text.n - 1] == '=') {
		text.n--;
	}
	size_t room = text.n / 4 * 3 + 3, got = 0;
	char *p = buf_room(out, room);
	const char *end = NULL;
	if (p == NULL) {
		return hark_err_set(
			err, out->rc, "no room to decode %zu characters of base64", text.n);
	}
	if (text.n > 0 && (sodium_base642bin((unsigned char *)p, room, text.p, text.n, NULL, &got,
				   &end, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0 ||
				  end != text.p + text.n)) {
		sodium_memzero(p, room);
		return hark_err_set(err, HARK_EPARSE, "not base64 (%zu characters)", text.n);
	}
	buf_grew(out, got);
	return HARK_OK;
}

void crypto_sha256(struct str text, unsigned char out[CRYPTO_SHA256_BYTES])
{
	crypto_hash_sha256(out, (const unsigned char *)(text.n > 0 ? text.p : ""), text.n);
}

static pthread_mutex_t password_lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t password_turn = PTHREAD_COND_INITIALIZER;
static int passwords_at_work;

static void take_turn(void)
{
	pthread_mutex_lock(&password_lock);
	while (passwords_at_work >= PASSWORDS_AT_ONCE) {
		pthread_cond_wait(&password_turn, &password_lock);
	}
	passwords_at_work++;
	pthread_mutex_unlock(&password_lock);
}

static void end_turn(void)
{
	pthread_mutex_lock(&password_lock);
	passwords_at_work--;
	pthread_cond_signal(&password_turn);
	pthread_mutex_unlock(&password_lock);
}

bool crypto_password_hash(struct str password, char out[CRYPTO_PASSWORD_MAX])
{
	need_sodium();
	take_turn();
	int rc = crypto_pwhash_str(
		out, password.n > 0 ? password.p : "", password.n, PASSWORD_OPS, PASSWORD_BYTES);
	end_turn();
	return rc == 0;
}

bool crypto_password_check(const char *kept, struct str password)
{
	/* Of no password: the salt and the result are random bytes. */
	static const char nobody[] = "$argon2id$v=19$m=19456,t=3,p=1$dGhpc0lzTm9ib2R5c1NhbHQ$"
				     "Zm9yIG5vYm9keSwgYnV0IGFzIGxvbmcgYXMgb3RoZXJz";
	need_sodium();
	take_turn();
	int rc = crypto_pwhash_str_verify(
		kept != NULL ? kept : nobody, password.n > 0 ? password.p : "", password.n);
	end_turn();
	return rc == 0 && kept != NULL;
}

char *crypto_sha256_hex(struct str text, char out[CRYPTO_SHA256_HEX_MAX])
{
	unsigned char digest[CRYPTO_SHA256_BYTES];
	need_sodium();
	crypto_sha256(text, digest);
	return sodium_bin2hex(out, CRYPTO_SHA256_HEX_MAX, digest, sizeof(digest));
}

void crypto_random(void *out, size_t n)
{
	need_sodium();
	randombytes_buf(out, n);
}

void crypto_wipe(void *bytes, size_t n)
{
	if (n > 0) {
		sodium_memzero(bytes, n);
	}
}

void crypto_wipe_buf(struct buf *b)
{
	crypto_wipe(b->p, b->cap);
	buf_release(b);
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return n == 0 || sodium_memcmp(a, b, n) == 0;
}
