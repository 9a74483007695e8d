#include "monitor/store/outbox.h"

#include "monitor/base/crypto.h"
#include "monitor/store/driver.h"
#include "monitor/store/outbox_digest.h"

#include <stdio.h>
#include <stdlib.h>

#define QUIET_MAX_MS \
	(26 * INT64_C(3600000)) /* a day, and what the clocks of a place may change by */
#define KIND_RAISED "lead.raised"
#define COLUMNS                                                                               \
	"id, coalesce(lease_token, 0), delivery_id, lead, receiver, kind, urgency, payload, " \
	"state, attempt,"                                                                     \
	" next_ms, created_ms, done_ms, last_status, last_error"

/* It must not repeat, not even after a backup was restored. */
static void delivery_id(char out[37])
{
	unsigned char bytes[16];
	crypto_random(bytes, sizeof(bytes));
	memcpy(out, "msg_", 4);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		snprintf(out + 4 + i * 2, 3, "%02x", bytes[i]);
	}
}

int outbox_add(struct store *s, int64_t lead, struct str receiver, struct str kind,
	struct str urgency, struct str payload, int64_t now_ms, size_t *made, struct hark_err *err)
{
	return outbox_add_at(
		s, lead, receiver, kind, urgency, payload, now_ms, now_ms, made, err);
}

int outbox_add_at(struct store *s, int64_t lead, struct str receiver, struct str kind,
	struct str urgency, struct str payload, int64_t now_ms, int64_t due_ms, size_t *made,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	char id[37];
	delivery_id(id);
	struct db_query *q =
		db_query(db, "INSERT INTO outbox (delivery_id, lead, receiver, kind, urgency, "
			     "payload, state, attempt, next_ms,"
			     " created_ms) VALUES ($1, $2, $3, $4, $5, $6, 'due', 0, $7, $8)"
			     " ON CONFLICT (lead, receiver, kind) DO NOTHING");
	db_text_c(q, id);
	db_i64_unless(q, lead, 0);
	db_text(q, receiver);
	db_text(q, kind);
	db_text(q, urgency);
	db_text(q, payload);
	db_i64(q, due_ms);
	db_i64(q, now_ms);
	*made = (size_t)db_run(q);
	return db_check(db, err);
}

static void read_row(struct db_query *q, struct arena *arena, struct outbox_row *r)
{
	*r = (struct outbox_row){
		.id = db_col_i64(q, 0),
		.lease_token = db_col_i64(q, 1),
		.delivery_id = db_col_copy(q, 2, arena),
		.lead = db_col_i64(q, 3),
		.receiver = db_col_copy(q, 4, arena),
		.kind = db_col_copy(q, 5, arena),
		.urgency = db_col_copy(q, 6, arena),
		.payload = db_col_copy(q, 7, arena),
		.state = db_col_copy(q, 8, arena),
		.attempt = (int)db_col_i64(q, 9),
		.next_ms = db_col_i64(q, 10),
		.created_ms = db_col_i64(q, 11),
		.done_ms = db_col_i64(q, 12),
		.last_status = (int)db_col_i64(q, 13),
		.last_error = db_col_copy(q, 14, arena),
	};
}

static void read_rows(
	struct db *db, struct db_query *q, struct arena *arena, struct outbox_row **rows, size_t *n)
{
	struct outbox_row *v = NULL;
	size_t cap = 0;
	*n = 0;
	while (db_step(q)) {
		v = arena_grow(arena, v, *n, &cap, sizeof(*v));
		if (v == NULL) {
			*n = 0;
			db_fail(db, HARK_ENOMEM, "no memory for the outbox");
			break;
		}
		read_row(q, arena, &v[(*n)++]);
	}
	db_done(q);
	*rows = v;
}

static int by_due(const void *a, const void *b)
{
	const struct outbox_row *x = a, *y = b;
	if (x->next_ms != y->next_ms) {
		return x->next_ms < y->next_ms ? -1 : 1;
	}
	return x->id < y->id ? -1 : x->id > y->id;
}

int outbox_claim(struct store *s, struct str receiver, int64_t now_ms, int64_t lease_ms, size_t max,
	struct arena *arena, struct outbox_row **rows, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	bool own = !db_in_transaction(db);
	uint64_t token;
	crypto_random(&token, sizeof(token));
	if (own) {
		db_begin(db);
	}
	struct db_query *q = db_query(db,
		"UPDATE outbox SET lease_until = $1, lease_token = $2, attempt = attempt + 1 WHERE "
		"id IN"
		" (SELECT id FROM outbox WHERE state IN ('due','failed') AND receiver = $5 AND "
		"next_ms <= $3"
		" AND (lease_until IS NULL OR lease_until <= $3) ORDER BY next_ms, id LIMIT $4)"
		" RETURNING " COLUMNS);
	db_i64(q, now_ms + lease_ms);
	db_i64(q, (int64_t)(token >> 2) + 1); /* never 0 */
	db_i64(q, now_ms);
	db_i64(q, (int64_t)max);
	db_text(q, receiver);
	read_rows(db, q, arena, rows, n);
	int rc = own ? db_commit(db, err) : db_check(db, err);
	if (rc != HARK_OK) {
		*n = 0;
	} else if (*n > 1) {
		qsort(*rows, *n, sizeof(**rows), by_due); /* RETURNING keeps no order */
	}
	return rc;
}

/* Runs the update of a row under its lease. */
static int complete(struct db *db, struct db_query *q, int64_t id, struct hark_err *err)
{
	bool lost = db_run(q) == 0;
	int rc = db_check(db, err);
	if (rc == HARK_OK && lost) {
		return hark_err_set(err, HARK_ESTATE,
			"alert %lld: its lease is over, another delivery owns it", (long long)id);
	}
	return rc;
}

/* The lead's clock starts with the first alert that got through. */
static void note_alerted(struct db *db, int64_t id, int64_t now_ms)
{
	struct db_query *q =
		db_query(db, "UPDATE leads SET alerted_ms = $2 WHERE alerted_ms IS NULL AND"
			     " id = (SELECT lead FROM outbox WHERE id = $1 AND kind = '" KIND_RAISED
			     "' AND state = 'sent')");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
}

int outbox_sent(struct store *s, int64_t id, int64_t lease_token, int64_t now_ms, int status,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	bool own = !db_in_transaction(db);
	if (own) {
		db_begin(db);
	}
	struct db_query *q = db_query(db,
		"UPDATE outbox SET state = 'sent', done_ms = $3, last_status = $4, last_error = "
		"NULL,"
		" lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	db_i64(q, now_ms);
	db_i64(q, status);
	int rc = complete(db, q, id, err);
	if (rc == HARK_OK) {
		note_alerted(db, id, now_ms);
		rc = own ? db_commit(db, err) : db_check(db, err);
	} else if (own) {
		db_rollback(db);
	}
	return rc;
}

int outbox_retry(struct store *s, int64_t id, int64_t lease_token, int64_t next_ms, int status,
	struct str error, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET state = 'failed', next_ms = $3, last_status = $4, last_error = "
		"$5,"
		" lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	db_i64(q, next_ms);
	db_i64(q, status);
	db_text(q, error);
	return complete(db, q, id, err);
}

int outbox_dead(struct store *s, int64_t id, int64_t lease_token, int64_t now_ms, int status,
	struct str error, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET state = 'dead', done_ms = $3, last_status = $4, last_error = $5,"
		" lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	db_i64(q, now_ms);
	db_i64(q, status);
	db_text(q, error);
	return complete(db, q, id, err);
}

/* A row that is kept back or withdrawn was not attempted. */
static int set_aside(struct store *s, int64_t id, int64_t lease_token, const char *state,
	struct str why, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET state = $4, attempt = attempt - 1, last_error = $3,"
		" lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	db_text(q, why);
	db_text(q, str_c(state));
	return complete(db, q, id, err);
}

int outbox_hold(
	struct store *s, int64_t id, int64_t lease_token, struct str why, struct hark_err *err)
{
	return set_aside(s, id, lease_token, "held", why, err);
}

int outbox_withdraw(
	struct store *s, int64_t id, int64_t lease_token, struct str why, struct hark_err *err)
{
	return set_aside(s, id, lease_token, "withdrawn", why, err);
}

int outbox_rewrite(
	struct store *s, int64_t id, int64_t lease_token, struct str payload, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "UPDATE outbox SET payload = $3 WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	db_text(q, payload);
	return complete(db, q, id, err);
}

int outbox_release(struct store *s, int64_t id, int64_t lease_token, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET attempt = attempt - 1, lease_until = NULL, lease_token = NULL"
		" WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	return complete(db, q, id, err);
}

int outbox_put_off(
	struct store *s, int64_t id, int64_t lease_token, int64_t next_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET attempt = attempt - 1, next_ms = $3, lease_until = NULL,"
		" lease_token = NULL WHERE id = $1 AND lease_token = $2");
	db_i64(q, id);
	db_i64(q, lease_token);
	db_i64(q, next_ms);
	return complete(db, q, id, err);
}

int outbox_hold_all(struct store *s, struct str receiver, struct str why, int64_t now_ms, size_t *n,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET state = 'held', last_error = $2, lease_until = NULL, "
		"lease_token = NULL"
		" WHERE state IN ('due','failed') AND receiver = $1"
		" AND (lease_until IS NULL OR lease_until <= $3)");
	db_text(q, receiver);
	db_text(q, why);
	db_i64(q, now_ms);
	*n = (size_t)db_run(q);
	return db_check(db, err);
}

size_t outbox_stop(struct store *s, int64_t lead, int64_t now_ms)
{
	struct db_query *q =
		db_query(store_db(s), "DELETE FROM outbox WHERE lead = $1 AND state <> 'sent'"
				      " AND (lease_until IS NULL OR lease_until <= $2)");
	db_i64(q, lead);
	db_i64(q, now_ms);
	return (size_t)db_run(q);
}

size_t outbox_withdraw_all(struct store *s, int64_t lead, struct str why, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE outbox SET last_error = $2 WHERE lead = $1 AND state = 'withdrawn'");
	db_i64(q, lead);
	db_text(q, why);
	db_run(q);
	q = db_query(store_db(s),
		"UPDATE outbox SET state = 'withdrawn', last_error = $2, lease_until = NULL,"
		" lease_token = NULL WHERE lead = $1 AND state IN ('due','failed')"
		" AND (lease_until IS NULL OR lease_until <= $3)");
	db_i64(q, lead);
	db_text(q, why);
	db_i64(q, now_ms);
	return (size_t)db_run(q);
}

size_t outbox_bring_back(struct store *s, int64_t lead)
{
	struct db_query *q =
		db_query(store_db(s), "UPDATE outbox SET state = 'due', last_error = NULL"
				      " WHERE lead = $1 AND state = 'withdrawn'");
	db_i64(q, lead);
	return (size_t)db_run(q);
}

void outbox_wipe(struct store *s, int64_t lead)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE outbox SET payload = '{}' WHERE lead = $1 AND state IN"
		" ('sent','withdrawn')");
	db_i64(q, lead);
	db_run(q);
	outbox_forget_lead(store_db(s), lead);
}

int outbox_recover(struct store *s, struct hark_err *err)
{
	struct db *db = store_db(s);
	db_run(db_query(db, "UPDATE outbox SET lease_until = NULL, lease_token = NULL"
			    " WHERE state IN ('due','failed') AND lease_until IS NOT NULL"));
	return db_check(db, err);
}

int outbox_follow_clock(struct store *s, int64_t moved_ms, int64_t now_ms, int64_t wait_max_ms,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "UPDATE outbox SET lease_until = lease_until + $1"
			     " WHERE state IN ('due','failed') AND lease_until IS NOT NULL");
	db_i64(q, moved_ms);
	db_run(q);
	q = db_query(db,
		"UPDATE outbox SET next_ms = CASE WHEN next_ms + $1 < $2 THEN next_ms + $1 ELSE $2 END"
		" WHERE state = 'failed'");
	db_i64(q, moved_ms < 0 ? moved_ms : 0); /* set forward, it comes sooner */
	db_i64(q, now_ms + wait_max_ms);
	db_run(q);
	q = db_query(db,
		"UPDATE outbox SET next_ms = $1, created_ms = CASE WHEN created_ms > $1 THEN $1"
		" ELSE created_ms END WHERE state IN ('due','withdrawn')"
		" AND (created_ms > $1 OR next_ms > $2)");
	db_i64(q, now_ms);
	db_i64(q, now_ms + QUIET_MAX_MS);
	db_run(q);
	return db_check(db, err);
}

int outbox_next_due(
	struct store *s, struct str receiver, int64_t now_ms, int64_t *due_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT next_ms FROM outbox WHERE state IN ('due','failed')"
			     " AND receiver = $1 AND (lease_until IS NULL OR lease_until <= $2)"
			     " ORDER BY next_ms LIMIT 1");
	db_text(q, receiver);
	db_i64(q, now_ms);
	*due_ms = db_run_i64(q, INT64_MAX);
	return db_check(db, err);
}

int outbox_receivers(
	struct store *s, struct arena *arena, struct str **names, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "SELECT DISTINCT receiver FROM outbox WHERE state IN ('due','failed')");
	struct str *v = NULL;
	size_t cap = 0;
	*n = 0;
	while (db_step(q)) {
		v = arena_grow(arena, v, *n, &cap, sizeof(*v));
		if (v == NULL) {
			*n = 0;
			db_fail(db, HARK_ENOMEM, "no memory for the outbox");
			break;
		}
		v[(*n)++] = db_col_copy(q, 0, arena);
	}
	db_done(q);
	*names = v;
	return db_check(db, err);
}

int outbox_list(struct store *s, struct str state, struct str receiver, int64_t after, size_t max,
	struct arena *arena, struct outbox_row **rows, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT " COLUMNS " FROM outbox WHERE state = $1 AND id > $2 AND"
			     " ($3 = '' OR receiver = $3) ORDER BY id LIMIT $4");
	db_text(q, state);
	db_i64(q, after);
	db_text_or_empty(q, receiver);
	db_i64(q, (int64_t)max);
	read_rows(db, q, arena, rows, n);
	return db_check(db, err);
}

int outbox_count(
	struct store *s, struct str receiver, struct outbox_counts *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		receiver.p == NULL
			? "SELECT 'sent', (SELECT count(*) FROM outbox) - (SELECT count(*) FROM outbox"
			  " WHERE state IN ('due','failed')) - (SELECT count(*) FROM outbox WHERE state IN"
			  " ('dead','held')) - (SELECT count(*) FROM outbox WHERE state = 'withdrawn')"
			  " UNION ALL SELECT state, count(*) FROM outbox WHERE state IN"
			  " ('due','failed') GROUP BY state UNION ALL SELECT state, count(*) FROM outbox"
			  " WHERE state IN ('dead','held') GROUP BY state"
			  " UNION ALL SELECT 'withdrawn', count(*) FROM outbox WHERE state = 'withdrawn'"
			: "SELECT state, count(*) FROM outbox WHERE receiver = $1 GROUP BY state");
	*out = (struct outbox_counts){0};
	if (receiver.p != NULL) {
		db_text(q, receiver);
	}
	while (db_step(q)) {
		struct str state = db_col_text(q, 0);
		int64_t *to = str_eq_c(state, "due")      ? &out->due
			      : str_eq_c(state, "sent")   ? &out->sent
			      : str_eq_c(state, "failed") ? &out->failed
			      : str_eq_c(state, "dead")   ? &out->dead
			      : str_eq_c(state, "held")   ? &out->held
							  : &out->withdrawn;
		*to = db_col_i64(q, 1);
	}
	db_done(q);
	return db_check(db, err);
}

int outbox_replay(struct store *s, int64_t id, struct str receiver, int64_t now_ms, size_t *n,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE outbox SET state = 'due', attempt = 0, next_ms = $1, done_ms = NULL"
		" WHERE state IN ('dead','held') AND ($2 = 0 OR id = $2) AND ($3 = '' OR receiver "
		"= $3)");
	db_i64(q, now_ms);
	db_i64(q, id);
	db_text_or_empty(q, receiver);
	*n = (size_t)db_run(q);
	return db_check(db, err);
}
