/* The one link with which the first admin names themselves, while a store has no user.
 *
 * What the link holds is a token, of which a hash is kept, for a day. A new one takes the place of the one before, and
 * the first user, however made, ends it. In the caller's transaction where something is written. */
#ifndef HARK_STORE_FIRST_USER_H
#define HARK_STORE_FIRST_USER_H

#include "monitor/store/users.h"

#define FIRST_LINK_MS (24 * 3600 * INT64_C(1000))

/* HARK_ESTATE: there are users, be they disabled; `err` says what to do. */
int store_first_check(struct store *s, struct hark_err *err);
/* A new token. Fails as store_first_check(). */
int store_first_link(
	struct store *s, int64_t now_ms, char token[TOKEN_TEXT_MAX], struct hark_err *err);
/* HARK_EAUTH: the token is not that of the link, or its day is over. Fails as store_first_check(), too. */
int store_first_allows(struct store *s, struct str token, int64_t now_ms, struct hark_err *err);

/* The link is no more. */
void store_first_end(struct store *s);

#endif
