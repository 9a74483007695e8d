#include "monitor/store/users.h"

#include "monitor/store/driver.h"
#include "monitor/store/first_user.h"

#include <stdio.h>

static struct str hash_bytes(const unsigned char hash[CRYPTO_SHA256_BYTES])
{
	return str_n((const char *)hash, CRYPTO_SHA256_BYTES);
}

/* A failure of the connection that says no memory; NULL. */
static void *grow(struct db *db, struct arena *arena, void *v, size_t n, size_t *cap, size_t size)
{
	void *moved = arena_grow(arena, v, n, cap, size);
	if (moved == NULL) {
		db_fail(db, HARK_ENOMEM, "no memory for a list of users");
	}
	return moved;
}

/* ---- users ---- */

bool user_name_fits(struct str name)
{
	static const char taken[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "._-+@";
	for (size_t i = 0; i < name.n; i++) {
		if (memchr(taken, name.p[i], sizeof(taken) - 1) == NULL) {
			return false;
		}
	}
	return name.n > 0 && name.n <= USER_NAME_MAX;
}

#define USER_COLUMNS                                                                    \
	"u.id, u.name, u.role, u.password, u.created_ms, u.disabled_ms,"                \
	" (SELECT count(*) FROM tokens t WHERE t.owner = u.id AND t.revoked_ms IS NULL" \
	" AND t.expires_ms > $1)"

static void read_user(struct db_query *q, struct arena *arena, struct user *u)
{
	*u = (struct user){
		.id = db_col_i64(q, 0),
		.name = db_col_copy(q, 1, arena),
		.role = ROLE_VIEWER,
		.password = db_col_copy(q, 3, arena),
		.created_ms = db_col_i64(q, 4),
		.disabled_ms = db_col_i64(q, 5),
		.tokens = db_col_i64(q, 6),
	};
	role_parse(db_col_text(q, 2), &u->role);
}

int store_user_add(struct store *s, const struct user *user, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"INSERT INTO users (name, role, password, created_ms) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (name) DO NOTHING");
	db_text(q, user->name);
	db_text_c(q, role_name(user->role));
	db_text(q, user->password);
	db_i64(q, user->created_ms);
	bool taken = db_run(q) == 0;
	store_first_end(s);
	int rc = db_check(db, err);
	return rc == HARK_OK && taken
		       ? hark_err_set(err, HARK_EBUSY, "there is a user '%.*s' already",
				 STR_FMT(user->name))
		       : rc;
}

int store_user_load(struct store *s, struct str name, struct arena *arena, struct user *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " USER_COLUMNS " FROM users u WHERE u.name = $2");
	db_i64(q, 0);
	db_text(q, name);
	bool found = db_step(q);
	if (found) {
		read_user(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no user '%.*s': hark user list shows them", STR_FMT(name))
		       : rc;
}

int store_user_list(struct store *s, int64_t now_ms, struct arena *arena, struct user **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db, "SELECT " USER_COLUMNS " FROM users u ORDER BY u.name");
	db_i64(q, now_ms);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct user *grown = grow(db, arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			break;
		}
		*out = grown;
		read_user(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}

int64_t store_user_count(struct store *s)
{
	return db_run_i64(
		db_query(store_db(s), "SELECT count(*) FROM users WHERE disabled_ms IS NULL"), 0);
}

void store_user_write(struct store *s, const struct user *user)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE users SET role = $2, password = $3, disabled_ms = $4 WHERE id = $1");
	db_i64(q, user->id);
	db_text_c(q, role_name(user->role));
	db_text(q, user->password);
	db_i64_unless(q, user->disabled_ms, 0);
	db_run(q);
}

/* ---- tokens ---- */

void token_make(char out[TOKEN_TEXT_MAX])
{
	unsigned char bytes[32];
	int n = snprintf(out, TOKEN_TEXT_MAX, "hark_");
	crypto_random(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		n += snprintf(out + n, TOKEN_TEXT_MAX - (size_t)n, "%02x", bytes[i]);
	}
	crypto_wipe(bytes, sizeof(bytes));
}

#define TOKEN_COLUMNS                                                                 \
	"t.id, t.owner, u.name, t.name, t.scope, u.role, t.created_ms, t.expires_ms," \
	" t.revoked_ms, t.used_ms FROM tokens t JOIN users u ON u.id = t.owner"

static void read_token(struct db_query *q, struct arena *arena, struct token *t)
{
	*t = (struct token){
		.id = db_col_i64(q, 0),
		.user = db_col_i64(q, 1),
		.user_name = db_col_copy(q, 2, arena),
		.name = db_col_copy(q, 3, arena),
		.scope = SCOPE_READ,
		.role = ROLE_VIEWER,
		.created_ms = db_col_i64(q, 6),
		.expires_ms = db_col_i64(q, 7),
		.revoked_ms = db_col_i64(q, 8),
		.used_ms = db_col_i64(q, 9),
	};
	scope_parse(db_col_text(q, 4), &t->scope);
	role_parse(db_col_text(q, 5), &t->role);
}

int64_t store_token_add(
	struct store *s, const struct token *token, const unsigned char hash[CRYPTO_SHA256_BYTES])
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO tokens (owner, name, hash, scope, created_ms, expires_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6)");
	db_i64(q, token->user);
	db_text(q, token->name);
	db_blob(q, hash_bytes(hash));
	db_text_c(q, scope_name(token->scope));
	db_i64(q, token->created_ms);
	db_i64(q, token->expires_ms);
	return db_run_id(q);
}

int store_token_revoke(struct store *s, int64_t id, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "UPDATE tokens SET revoked_ms = $2"
			     " WHERE id = $1 AND revoked_ms IS NULL AND expires_ms > $2");
	db_i64(q, id);
	db_i64(q, now_ms);
	bool none = db_run(q) == 0;
	int rc = db_check(db, err);
	return rc == HARK_OK && none
		       ? hark_err_set(err, HARK_ENOENT, "no token %lld is in force", (long long)id)
		       : rc;
}

int store_token_find(struct store *s, const unsigned char hash[CRYPTO_SHA256_BYTES], int64_t now_ms,
	struct arena *arena, struct token *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT " TOKEN_COLUMNS " WHERE t.hash = $1 AND t.revoked_ms IS NULL"
			     " AND t.expires_ms > $2 AND u.disabled_ms IS NULL");
	db_blob(q, hash_bytes(hash));
	db_i64(q, now_ms);
	bool found = db_step(q);
	if (found) {
		read_token(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found ? hark_err_set(err, HARK_ENOENT, "no such token is in force")
				       : rc;
}

int store_token_list(struct store *s, bool all, int64_t now_ms, struct arena *arena,
	struct token **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q =
		db_query(db, "SELECT " TOKEN_COLUMNS
			     " WHERE $1 = 1 OR (t.revoked_ms IS NULL AND t.expires_ms > $2)"
			     " ORDER BY t.id DESC");
	db_i64(q, all);
	db_i64(q, now_ms);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct token *grown = grow(db, arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			break;
		}
		*out = grown;
		read_token(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}

void store_token_used(struct store *s, int64_t id, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s), "UPDATE tokens SET used_ms = $2 WHERE id = $1");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
}
