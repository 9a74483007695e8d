#include "monitor/store/sessions.h"

#include "monitor/store/driver.h"

static struct db_query *of_hash(
	struct store *s, const char *sql, const unsigned char hash[CRYPTO_SHA256_BYTES])
{
	struct db_query *q = db_query(store_db(s), sql);
	db_blob(q, str_n((const char *)hash, CRYPTO_SHA256_BYTES));
	return q;
}

void store_session_add(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES], int64_t user,
	int64_t now_ms)
{
	struct db_query *q = of_hash(s,
		"INSERT INTO sessions (hash, owner, made_ms, used_ms) VALUES ($1, $2, $3, $3)",
		hash);
	db_i64(q, user);
	db_i64(q, now_ms);
	db_run(q);
}

int store_session_find(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES],
	int64_t now_ms, struct arena *arena, struct user *out, int64_t *used_ms,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = of_hash(s,
		"SELECT u.id, u.name, u.role, n.used_ms FROM sessions n JOIN users u ON u.id = n.owner"
		" WHERE n.hash = $1 AND n.made_ms > $2 AND n.used_ms > $3 AND u.disabled_ms IS NULL",
		hash);
	db_i64(q, now_ms - SESSION_LIFE_MS);
	db_i64(q, now_ms - SESSION_IDLE_MS);
	bool found = db_step(q);
	if (found) {
		*out = (struct user){.id = db_col_i64(q, 0),
			.name = db_col_copy(q, 1, arena),
			.role = ROLE_VIEWER};
		role_parse(db_col_text(q, 2), &out->role);
		*used_ms = db_col_i64(q, 3);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found ? hark_err_set(err, HARK_ENOENT, "no such session") : rc;
}

void store_session_used(
	struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES], int64_t now_ms)
{
	struct db_query *q = of_hash(s, "UPDATE sessions SET used_ms = $2 WHERE hash = $1", hash);
	db_i64(q, now_ms);
	db_run(q);
}

void store_session_end(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES])
{
	db_run(of_hash(s, "DELETE FROM sessions WHERE hash = $1", hash));
}

void store_sessions_end(struct store *s, int64_t user)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM sessions WHERE owner = $1");
	db_i64(q, user);
	db_run(q);
}

void store_sessions_purge(struct store *s, int64_t now_ms)
{
	struct db_query *q =
		db_query(store_db(s), "DELETE FROM sessions WHERE made_ms <= $1 OR used_ms <= $2");
	db_i64(q, now_ms - SESSION_LIFE_MS);
	db_i64(q, now_ms - SESSION_IDLE_MS);
	db_run(q);
}
