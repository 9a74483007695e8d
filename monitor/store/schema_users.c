/* Who uses hark, who asked to be left alone by it, and what the store keeps for itself. */
#include "monitor/store/schema.h"

const char schema_users[] =
	/* Who uses the API, and with what. Of tokens and passwords only hashes. */
	"CREATE TABLE users ("
	" id {id}, name text NOT NULL UNIQUE, role text NOT NULL, password text,"
	" created_ms bigint NOT NULL, disabled_ms bigint);"

	"CREATE TABLE tokens ("
	" id {id}, owner bigint NOT NULL REFERENCES users(id) ON DELETE CASCADE,"
	" name text NOT NULL, hash bytea NOT NULL UNIQUE,"
	" scope text NOT NULL CHECK (scope IN ('read','write','metrics','feed')),"
	" created_ms bigint NOT NULL, expires_ms bigint NOT NULL, revoked_ms bigint,"
	" used_ms bigint);"
	"CREATE INDEX tokens_owner ON tokens (owner);"

	/* Browsers that are logged in; hash: of what their cookie holds. */
	"CREATE TABLE sessions ("
	" hash bytea PRIMARY KEY, owner bigint NOT NULL REFERENCES users(id) ON DELETE CASCADE,"
	" made_ms bigint NOT NULL, used_ms bigint NOT NULL);"
	"CREATE INDEX sessions_owner ON sessions (owner);"

	/* What was answered to requests with a key (replays.h), for a day. */
	"CREATE TABLE replays ("
	" owner bigint NOT NULL REFERENCES users(id) ON DELETE CASCADE, key text NOT NULL,"
	" request bytea NOT NULL, status bigint NOT NULL, etag text, body text NOT NULL,"
	" made_ms bigint NOT NULL, PRIMARY KEY (owner, key));"
	"CREATE INDEX replays_made ON replays (made_ms);"

	/* A keyed fingerprint, never the handle itself: who asked to be left alone. */
	"CREATE TABLE opt_outs ("
	" hash text PRIMARY KEY, kind text NOT NULL, at_ms bigint NOT NULL, reason text);"

	/* What this store keeps for itself: the key of those fingerprints. */
	"CREATE TABLE settings (name text PRIMARY KEY, value bytea NOT NULL);"

	/* Who looked at, exported or erased what; no content. Each entry's hash rests on the one before (audit.h). */
	"CREATE TABLE audit ("
	" id {id}, at_ms bigint NOT NULL, actor text, action text NOT NULL, target text,"
	" note text, hash text);";
