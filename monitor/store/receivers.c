#include "monitor/store/receivers.h"

#include "monitor/store/driver.h"

#define COLUMNS "name, state, failures, last_status, last_error, changed_ms"

static const char *const health_names[] = {"ok", "resting", "disabled"};

static void read_row(struct db_query *q, struct arena *arena, struct receiver_state *out)
{
	struct str health = db_col_text(q, 1);
	*out = (struct receiver_state){.name = db_col_copy(q, 0, arena),
		.health = str_eq_c(health, "disabled")  ? RECEIVER_DISABLED
			  : str_eq_c(health, "resting") ? RECEIVER_RESTING
							: RECEIVER_OK,
		.failures = (int)db_col_i64(q, 2),
		.last_status = (int)db_col_i64(q, 3),
		.last_error = db_col_copy(q, 4, arena),
		.changed_ms = db_col_i64(q, 5)};
}

int store_receiver_load(struct store *s, struct str name, struct arena *arena,
	struct receiver_state *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS " FROM receivers WHERE name = $1");
	db_text(q, name);
	bool found = db_step(q);
	if (found) {
		read_row(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc != HARK_OK ? rc
	       : found       ? HARK_OK
			     : hark_err_set(err, HARK_ENOENT, "nothing is known of receiver '%.*s'",
				       STR_FMT(name));
}

int store_receiver_save(struct store *s, const struct receiver_state *state, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"INSERT INTO receivers (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (name) DO UPDATE SET state = excluded.state, failures = "
		"excluded.failures,"
		" last_status = excluded.last_status, last_error = excluded.last_error,"
		" changed_ms = excluded.changed_ms");
	db_text(q, state->name);
	db_text_c(q, health_names[state->health]);
	db_i64(q, state->failures);
	db_i64(q, state->last_status);
	db_text(q, state->last_error);
	db_i64(q, state->changed_ms);
	db_run(q);
	return db_check(db, err);
}

int store_receiver_each(struct store *s, struct arena *arena, struct receiver_state **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS " FROM receivers ORDER BY name");
	struct receiver_state *v = NULL;
	size_t cap = 0;
	*n = 0;
	while (db_step(q)) {
		v = arena_grow(arena, v, *n, &cap, sizeof(*v));
		if (v == NULL) {
			*n = 0;
			db_fail(db, HARK_ENOMEM, "no memory for the receivers");
			break;
		}
		read_row(q, arena, &v[(*n)++]);
	}
	db_done(q);
	*out = v;
	return db_check(db, err);
}

int64_t store_receiver_digest(struct store *s, struct str name)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT digest_ms FROM receivers WHERE name = $1");
	db_text(q, name);
	return db_run_i64(q, 0);
}

void store_receiver_set_digest(struct store *s, struct str name, int64_t told_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO receivers (name, state, changed_ms, digest_ms) VALUES ($1, 'ok', $2, $2)"
		" ON CONFLICT (name) DO UPDATE SET digest_ms = excluded.digest_ms");
	db_text(q, name);
	db_i64(q, told_ms);
	db_run(q);
}
