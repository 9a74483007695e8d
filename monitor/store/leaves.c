#include "monitor/store/leaves.h"

#include "monitor/base/crypto.h"
#include "monitor/store/driver.h"
#include "monitor/store/optouts.h"

#include <stdio.h>

bool store_leave_mark(struct store *s, struct str receiver, struct str address, bool make,
	char out[LEAVE_MARK_MAX])
{
	unsigned char key[OPTOUT_KEY_BYTES], mac[CRYPTO_HMAC_BYTES];
	const struct str parts[] = {
		STR("no more mails:"), receiver, STR(":"), address};
	if (!optouts_key(s, make, key)) {
		return false;
	}
	crypto_hmac_sha256(str_n((const char *)key, sizeof(key)), parts, 4, mac);
	crypto_wipe(key, sizeof(key));
	for (size_t i = 0; i < sizeof(mac); i++) {
		snprintf(out + i * 2, 3, "%02x", mac[i]);
	}
	return true;
}

int64_t store_leave_since(struct store *s, struct str receiver, struct str mark)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT at_ms FROM mail_leaves WHERE receiver = $1 AND mark = $2");
	db_text(q, receiver);
	db_text(q, mark);
	return db_run_i64(q, 0);
}

bool store_leave_has(struct store *s, struct str receiver, struct str mark)
{
	return store_leave_since(s, receiver, mark) != 0;
}

void store_leave_add(struct store *s, struct str receiver, struct str mark, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO mail_leaves (receiver, mark, at_ms) VALUES ($1, $2, $3)"
		" ON CONFLICT (receiver, mark) DO NOTHING");
	db_text(q, receiver);
	db_text(q, mark);
	db_i64(q, now_ms);
	db_run(q);
}

int64_t store_leave_end(struct store *s, struct str receiver)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM mail_leaves WHERE receiver = $1");
	db_text(q, receiver);
	return db_run(q);
}
