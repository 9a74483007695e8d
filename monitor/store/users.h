/* Who may use the API, and the tokens they use it with. Of a password its argon2id hash is stored, of a token its
 * SHA-256: it is random, so that is enough. */
#ifndef HARK_STORE_USERS_H
#define HARK_STORE_USERS_H

#include "monitor/base/arena.h"
#include "monitor/base/crypto.h"
#include "monitor/model/role.h"
#include "monitor/store/store.h"

struct user {
	int64_t id;
	struct str name; /* as the history of a lead says it */
	enum role role;
	struct str password;             /* hash; absent: has none, so nobody gets in with one */
	int64_t created_ms, disabled_ms; /* 0: is not */
	int64_t tokens;                  /* in force */
};

#define USER_NAME_MAX 64
#define USER_PASSWORD_MIN 12
#define USER_PASSWORD_MAX 1024

/* Login names and mail addresses, so that single sign-on can name them in a header. */
bool user_name_fits(struct str name);
#define USER_NAME_RULE "a user name has 1 to 64 letters, digits and . _ - + @"
#define USER_PASSWORD_RULE "a password has at least 12 characters; a sentence does well"

/* In the caller's transaction, a failure is its. HARK_EBUSY: the name is taken. Ends the link for the first user. */
int store_user_add(struct store *s, const struct user *user, struct hark_err *err);
/* By name. Strings in `arena`. HARK_ENOENT: nobody of that name. */
int store_user_load(struct store *s, struct str name, struct arena *arena, struct user *out,
	struct hark_err *err);
/* By name, those that are disabled too. `now_ms`: for the count of tokens. */
int store_user_list(struct store *s, int64_t now_ms, struct arena *arena, struct user **out,
	size_t *n, struct hark_err *err);
/* How many there are that are not disabled. */
int64_t store_user_count(struct store *s);

/* In the caller's transaction. Writes role, password and disabled of the row `id`. */
void store_user_write(struct store *s, const struct user *user);

struct token {
	int64_t id, user;
	struct str user_name;
	struct str name; /* what it is for */
	enum scope scope;
	enum role role;                             /* of its user, as the user is now */
	int64_t created_ms, expires_ms, revoked_ms; /* revoked: 0, is not */
	int64_t used_ms;                            /* to the hour; 0: never */
};

/* "hark_" and 256 random bits in hexadecimal. */
#define TOKEN_TEXT_MAX 72
void token_make(char out[TOKEN_TEXT_MAX]);

/* In the caller's transaction. Returns its number; 0: a failure, which is the transaction's. */
int64_t store_token_add(
	struct store *s, const struct token *token, const unsigned char hash[CRYPTO_SHA256_BYTES]);
/* HARK_ENOENT: none of that number is in force. */
int store_token_revoke(struct store *s, int64_t id, int64_t now_ms, struct hark_err *err);
/* The token in force whose hash that is, of a user who is not disabled. HARK_ENOENT: there is none. */
int store_token_find(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES], int64_t now_ms,
	struct arena *arena, struct token *out, struct hark_err *err);
/* Newest first, with those that have ended if `all`. */
int store_token_list(struct store *s, bool all, int64_t now_ms, struct arena *arena,
	struct token **out, size_t *n, struct hark_err *err);
/* In the caller's transaction. */
void store_token_used(struct store *s, int64_t id, int64_t now_ms);

#endif
