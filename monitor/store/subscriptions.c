#include "monitor/store/subscriptions.h"

#include "monitor/store/driver.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[SUBSCRIPTION_STATES] = {
	[SUBSCRIPTION_ASKED] = "asked",
	[SUBSCRIPTION_ACTIVE] = "active",
	[SUBSCRIPTION_DENIED] = "denied",
	[SUBSCRIPTION_LEAVING] = "leaving",
};

const char *subscription_state_name(enum subscription_state state)
{
	return (size_t)state < SUBSCRIPTION_STATES ? names[state] : "";
}

static enum subscription_state state_of(struct str name)
{
	for (size_t i = 0; i < SUBSCRIPTION_STATES; i++) {
		if (str_eq_c(name, names[i])) {
			return (enum subscription_state)i;
		}
	}
	return SUBSCRIPTION_ASKED;
}

static char *copy_of(struct str s)
{
	char *copy = malloc(s.n + 1);
	if (copy != NULL) {
		memcpy(copy, s.n > 0 ? s.p : "", s.n);
		copy[s.n] = '\0';
	}
	return copy;
}

struct subscription *subscription_new(
	struct str source, struct str topic, struct str hub, struct str callback)
{
	struct subscription *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return NULL;
	}
	s->source = copy_of(source);
	s->topic = copy_of(topic);
	s->hub = copy_of(hub);
	s->callback = copy_of(callback);
	if (s->source == NULL || s->topic == NULL || s->hub == NULL || s->callback == NULL) {
		subscription_free(s);
		return NULL;
	}
	return s;
}

void subscription_free(struct subscription *s)
{
	if (s != NULL) {
		free(s->source);
		free(s->topic);
		free(s->hub);
		free(s->callback);
		free(s);
	}
}

void store_subscription_save(struct store *s, const struct subscription *row)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO subscriptions (id, source, topic, hub, callback, secret, state, internal,"
		" asked_ms, lease_ms, next_ms, failures, error, pushed_ms, pushes, ignored) VALUES"
		" ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
		" ON CONFLICT (id) DO UPDATE SET state = excluded.state, internal = excluded.internal,"
		" asked_ms = excluded.asked_ms, lease_ms = excluded.lease_ms, next_ms = excluded.next_ms,"
		" failures = excluded.failures, error = excluded.error, pushed_ms = excluded.pushed_ms,"
		" pushes = excluded.pushes, ignored = excluded.ignored");
	db_text_c(q, row->id);
	db_text_c(q, row->source);
	db_text_c(q, row->topic);
	db_text_c(q, row->hub);
	db_text_c(q, row->callback);
	db_text_c(q, row->secret);
	db_text_c(q, subscription_state_name(row->state));
	db_i64(q, row->internal);
	db_i64(q, row->asked_ms);
	db_i64(q, row->lease_ms);
	db_i64(q, row->next_ms);
	db_i64(q, row->failures);
	db_text_c(q, row->error);
	db_i64(q, row->pushed_ms);
	db_i64(q, row->pushes);
	db_i64(q, row->ignored);
	db_run(q);
}

void store_subscription_remove(struct store *s, const char *id)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM subscriptions WHERE id = $1");
	db_text_c(q, id);
	db_run(q);
}

static void copy_text(char *to, size_t size, struct str from)
{
	snprintf(to, size, "%.*s", STR_FMT(from));
}

/* NULL: no memory. */
static struct subscription *read_row(struct db_query *q)
{
	struct subscription *s = subscription_new(
		db_col_text(q, 1), db_col_text(q, 2), db_col_text(q, 3), db_col_text(q, 4));
	if (s == NULL) {
		return NULL;
	}
	copy_text(s->id, sizeof(s->id), db_col_text(q, 0));
	copy_text(s->secret, sizeof(s->secret), db_col_text(q, 5));
	s->state = state_of(db_col_text(q, 6));
	s->internal = db_col_i64(q, 7) != 0;
	s->asked_ms = db_col_i64(q, 8);
	s->lease_ms = db_col_i64(q, 9);
	s->next_ms = db_col_i64(q, 10);
	s->failures = db_col_i64(q, 11);
	copy_text(s->error, sizeof(s->error), db_col_text(q, 12));
	s->pushed_ms = db_col_i64(q, 13);
	s->pushes = db_col_i64(q, 14);
	s->ignored = db_col_i64(q, 15);
	return s;
}

int store_subscriptions_each(struct store *s, struct str source,
	bool (*fn)(void *ctx, struct subscription *row), void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT id, source, topic, hub, callback, secret, state, internal, asked_ms, lease_ms,"
		" next_ms, failures, error, pushed_ms, pushes, ignored FROM subscriptions"
		" WHERE CAST($1 AS text) IS NULL OR source = $1 ORDER BY state = 'leaving', source, id");
	bool more = true;
	db_text(q, source);
	while (more && db_step(q)) {
		struct subscription *row = read_row(q);
		if (row == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the subscriptions");
			break;
		}
		more = fn(ctx, row);
	}
	db_done(q);
	return db_check(db, err);
}

int store_hubs_each(struct store *s,
	void (*fn)(void *ctx, struct str source, struct str hub, struct str topic, bool paused),
	void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT name, hub, topic, paused FROM sources WHERE hub IS NOT NULL");
	while (db_step(q)) {
		fn(ctx, db_col_text(q, 0), db_col_text(q, 1), db_col_text(q, 2),
			db_col_i64(q, 3) != 0);
	}
	db_done(q);
	return db_check(db, err);
}
