#include "monitor/store/first_user.h"

#include "monitor/store/driver.h"

#include <stdio.h>

/* Its value: the hash, and when its day is over, in digits. */
#define NAME "first link"

int store_first_check(struct store *s, struct hark_err *err)
{
	struct db *db = store_db(s);
	bool some = db_run_i64(db_query(db, "SELECT 1 FROM users LIMIT 1"), 0) != 0;
	int rc = db_check(db, err);
	return rc == HARK_OK && some
		       ? hark_err_set(err, HARK_ESTATE,
				 "the link is for the first user, and there are users: an admin "
				 "makes more with `hark user add`")
		       : rc;
}

int store_first_link(
	struct store *s, int64_t now_ms, char token[TOKEN_TEXT_MAX], struct hark_err *err)
{
	unsigned char value[CRYPTO_SHA256_BYTES + 24];
	int rc = store_first_check(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	token_make(token);
	crypto_sha256(str_c(token), value);
	int digits = snprintf((char *)value + CRYPTO_SHA256_BYTES, 24, "%lld",
		(long long)(now_ms + FIRST_LINK_MS));
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO settings (name, value) VALUES ('" NAME
		"', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
	db_blob(q, str_n((const char *)value, CRYPTO_SHA256_BYTES + (size_t)digits));
	db_run(q);
	return db_check(store_db(s), err);
}

static bool fits(struct str kept, struct str token, int64_t now_ms)
{
	unsigned char hash[CRYPTO_SHA256_BYTES];
	int64_t until_ms;
	crypto_sha256(token, hash);
	return kept.n > sizeof(hash) && crypto_equal(kept.p, hash, sizeof(hash)) &&
	       str_i64(str_n(kept.p + sizeof(hash), kept.n - sizeof(hash)), &until_ms) &&
	       now_ms < until_ms;
}

int store_first_allows(struct store *s, struct str token, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	int rc = store_first_check(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	struct db_query *q = db_query(db, "SELECT value FROM settings WHERE name = '" NAME "'");
	bool good = db_step(q) && fits(db_col_blob(q, 0), token, now_ms);
	db_done(q);
	rc = db_check(db, err);
	return rc == HARK_OK && !good
		       ? hark_err_set(err, HARK_EAUTH,
				 "this link is no more: it was used, a day has passed or a newer "
				 "one was made; `hark user link` makes another")
		       : rc;
}

void store_first_end(struct store *s)
{
	db_run(db_query(store_db(s), "DELETE FROM settings WHERE name = '" NAME "'"));
}
