/* Browsers that are logged in: by the hash of what their cookie holds. In the caller's transaction where something
 * is written. */
#ifndef HARK_STORE_SESSIONS_H
#define HARK_STORE_SESSIONS_H

#include "monitor/store/users.h"

#define SESSION_IDLE_MS (12 * 3600 * INT64_C(1000))
#define SESSION_LIFE_MS (7 * 24 * 3600 * INT64_C(1000))

void store_session_add(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES], int64_t user,
	int64_t now_ms);
/* Whose it is; *used_ms: when it was used last, to the hour. HARK_ENOENT: it is over, or its user is disabled. */
int store_session_find(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES],
	int64_t now_ms, struct arena *arena, struct user *out, int64_t *used_ms,
	struct hark_err *err);
void store_session_used(
	struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES], int64_t now_ms);
void store_session_end(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES]);
/* All of a user. */
void store_sessions_end(struct store *s, int64_t user);
/* Those that are over. */
void store_sessions_purge(struct store *s, int64_t now_ms);

#endif
