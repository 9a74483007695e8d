/* Signatures, passwords, random bytes and constant-time comparison: the only home of libsodium, and of nettle for
 * what libsodium lacks, is crypto.c.
 *
 * Every function may be called from any thread, none needs a set-up call. A program without a
 * working source of random bytes cannot go on: it aborts. */
#ifndef HARK_BASE_CRYPTO_H
#define HARK_BASE_CRYPTO_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#define CRYPTO_HMAC_BYTES 32

/* HMAC-SHA256 over the parts one after the other, without separators; any key length. */
void crypto_hmac_sha256(
	struct str key, const struct str *parts, size_t n, unsigned char out[CRYPTO_HMAC_BYTES]);

/* What a hub may sign with; SHA-1 is for those that know nothing newer. */
enum crypto_digest {
	CRYPTO_SHA1,
	CRYPTO_SHA256,
	CRYPTO_SHA384,
	CRYPTO_SHA512,
};
#define CRYPTO_DIGEST_MAX 64
/* HMAC with any of them over one text. Returns how many bytes of `out` it has filled. */
size_t crypto_hmac(enum crypto_digest digest, struct str key, struct str text,
	unsigned char out[CRYPTO_DIGEST_MAX]);

/* Standard base64 with padding, appended. Returns the buffer's state. */
int crypto_base64(struct buf *out, const void *bytes, size_t n);
/* Appends what `text` stands for; padding may be missing. HARK_EPARSE: it is no base64. The
 * sentence never repeats `text`, which may be a secret. */
int crypto_base64_decode(struct buf *out, struct str text, struct hark_err *err);

/* SHA-1, for the handshake of a WebSocket, which asks for it and trusts nothing to it. libsodium has none. */
#define CRYPTO_SHA1_BYTES 20
void crypto_sha1(struct str text, unsigned char out[CRYPTO_SHA1_BYTES]);

/* SHA-256, for what nobody could guess in the first place: tokens. */
#define CRYPTO_SHA256_BYTES 32
void crypto_sha256(struct str text, unsigned char out[CRYPTO_SHA256_BYTES]);

/* What is kept of a password: argon2id, 19 MiB and three passes, some 60 ms. At most two are worked out at
 * once, others wait for their turn, so that many who try cannot take all the memory. */
#define CRYPTO_PASSWORD_MAX 128
/* False: no memory. */
bool crypto_password_hash(struct str password, char out[CRYPTO_PASSWORD_MAX]);
/* Whether it is the one that `kept` was made of. NULL: nobody's, which takes as long to find out. */
bool crypto_password_check(const char *kept, struct str password);
/* The same as 64 hexadecimal digits and a NUL. Returns `out`. */
#define CRYPTO_SHA256_HEX_MAX 65
char *crypto_sha256_hex(struct str text, char out[CRYPTO_SHA256_HEX_MAX]);

/* Unpredictable bytes, for ids, tokens and keys. */
void crypto_random(void *out, size_t n);
/* Overwrites, whatever the compiler thinks of it. */
void crypto_wipe(void *bytes, size_t n);
/* Overwrites the content of a buffer and releases it. */
void crypto_wipe_buf(struct buf *b);
/* Takes as long for equal bytes as for others. */
bool crypto_equal(const void *a, const void *b, size_t n);

#endif
