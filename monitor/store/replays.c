#include "monitor/store/replays.h"

#include "monitor/store/driver.h"

bool store_replay_find(
	struct store *s, int64_t user, struct str key, struct arena *arena, struct replay *out)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT request, status, etag, body FROM replays WHERE owner = $1 AND key = $2");
	db_i64(q, user);
	db_text(q, key);
	bool found = db_step(q);
	if (found) {
		*out = (struct replay){
			.user = user,
			.key = key,
			.request = db_col_blob_copy(q, 0, arena),
			.status = (int)db_col_i64(q, 1),
			.etag = db_col_copy(q, 2, arena),
			.body = db_col_copy(q, 3, arena),
		};
	}
	db_done(q);
	return found;
}

void store_replay_add(struct store *s, const struct replay *r, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO replays (owner, key, request, status, etag, body, made_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_i64(q, r->user);
	db_text(q, r->key);
	db_blob(q, r->request);
	db_i64(q, r->status);
	db_text(q, r->etag);
	db_text(q, r->body);
	db_i64(q, now_ms);
	db_run(q);
}

void store_replays_purge(struct store *s, int64_t before_ms)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM replays WHERE made_ms < $1");
	db_i64(q, before_ms);
	db_run(q);
}
