#include "monitor/store/reference_facts.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/optouts.h"

int store_account_sales(struct store *s, int64_t account, struct arena *arena,
	struct account_sales *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct str *const texts[] = {&out->name, &out->kind, &out->owner, &out->motion,
		&out->channel, &out->segment, &out->region, &out->industry, &out->product,
		&out->partner, &out->preferred, &out->deal_owner};
	struct db_query *q = db_query(db,
		"SELECT name, kind, owner, motion, channel, segment, region, industry, product, partner,"
		" preferred, (SELECT owner FROM opportunities o WHERE o.account = a.id AND o.state = 'open'"
		" ORDER BY o.id DESC LIMIT 1) FROM accounts a WHERE id = $1");
	*out = (struct account_sales){0};
	db_i64(q, account);
	bool found = db_step(q);
	for (size_t i = 0; found && i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i] = db_col_copy(q, (int)i, arena);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found ? hark_err_set(err, HARK_ENOENT, "there is no account %lld",
						 (long long)account)
				       : rc;
}

/* The first row of texts, absent where there is none. */
static void read_texts(struct db *db, const char *sql, int64_t id, struct arena *arena,
	struct str *a, struct str *b)
{
	struct db_query *q = db_query(db, sql);
	db_i64(q, id);
	if (db_step(q)) {
		*a = db_col_copy(q, 0, arena);
		if (b != NULL) {
			*b = db_col_copy(q, 1, arena);
		}
	}
	db_done(q);
}

static void read_open(
	struct db *db, int64_t account, struct arena *arena, struct reference_facts *out)
{
	read_texts(db,
		"SELECT coalesce(name, external_id, 'a case') FROM cases WHERE account = $1 AND"
		" state = 'open' ORDER BY id DESC LIMIT 1",
		account, arena, &out->open_case, NULL);
	read_texts(db,
		"SELECT coalesce(name, external_id, 'a case') FROM cases WHERE account = $1 AND"
		" state = 'ok-with-progress' ORDER BY id DESC LIMIT 1",
		account, arena, &out->ok_case, NULL);
	read_texts(db,
		"SELECT coalesce(name, external_id, 'a deal'), closes_on FROM opportunities WHERE"
		" account = $1 AND state = 'open' ORDER BY closes_on IS NULL, closes_on, id LIMIT 1",
		account, arena, &out->deal, &out->deal_closes);
}

static void read_age(struct db *db, const char *sql, struct arena *arena, struct str *out)
{
	char text[CLOCK_TEXT_MAX];
	int64_t at = db_run_i64(db_query(db, sql), 0);
	if (at != 0) {
		*out = arena_str(arena, str_cut_utf8(str_c(clock_rfc3339(at, text)), 10));
	}
}

static void read_moments(struct db *db, const char *sql, int64_t id, struct str activity,
	int64_t since_ms, struct arena *arena, struct moments *out)
{
	size_t cap = 0;
	struct db_query *q = db_query(db, sql);
	db_i64(q, id);
	db_text_or_empty(q, activity);
	db_i64(q, since_ms);
	while (db_step(q) &&
		(out->v = store_grow(db, arena, out->v, out->n, &cap, sizeof(*out->v))) != NULL) {
		out->v[out->n++] = db_col_i64(q, 0);
	}
	db_done(q);
}

static void read_statements(struct db *db, int64_t id, struct reference_facts *out)
{
	struct db_query *q = db_query(db,
		"SELECT count(*), coalesce(sum(visibility = 'public'), 0), coalesce(sum(regulated = 1 AND"
		" signed_by IS NULL), 0) FROM statements WHERE reference = $1 AND deleted_ms IS NULL"
		" AND (now_hash IS NULL OR now_hash = hash) AND tone IN ('mixed', 'positive', 'neutral')");
	db_i64(q, id);
	if (db_step(q)) {
		out->standing = db_col_i64(q, 0);
		out->standing_public = db_col_i64(q, 1);
		out->unsigned_regulated = db_col_i64(q, 2);
	}
	db_done(q);
}

int store_reference_facts(struct store *s, const struct reference *r, struct str activity,
	int64_t since_ms, int64_t now_ms, struct arena *arena, struct reference_facts *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	*out = (struct reference_facts){0};
	int rc = store_account_sales(s, r->account, arena, &out->sales, err);
	if (rc != HARK_OK) {
		return rc;
	}
	out->opted_out = store_person_opted_out(s, r->person);
	read_open(db, r->account, arena, out);
	read_age(db, "SELECT max(at_ms) FROM imports WHERE kind LIKE 'case%' AND undone_ms IS NULL",
		arena, &out->cases_age);
	read_age(db,
		"SELECT max(at_ms) FROM imports WHERE kind LIKE 'opportunit%' AND undone_ms IS NULL",
		arena, &out->deals_age);
	struct db_query *q = db_query(db,
		"SELECT max(until_ms) FROM service_marks WHERE account = $1 AND cleared_ms IS NULL"
		" AND until_ms > $2");
	db_i64(q, r->account);
	db_i64(q, now_ms);
	out->service_until = db_run_i64(q, 0);
	/* A person may be a reference of two accounts, as after a move. */
	read_moments(db,
		"SELECT at_ms FROM reference_activities WHERE reference IN (SELECT id FROM"
		" reference_candidates WHERE person = $1) AND $2 = $2 AND at_ms > $3 ORDER BY at_ms DESC",
		r->person, STR_NONE, since_ms, arena, &out->person);
	read_moments(db,
		"SELECT at_ms FROM reference_activities WHERE reference IN (SELECT id FROM"
		" reference_candidates WHERE account = $1) AND $2 = $2 AND at_ms > $3 ORDER BY at_ms DESC",
		r->account, STR_NONE, since_ms, arena, &out->account);
	if (!str_empty(activity)) {
		read_moments(db,
			"SELECT at_ms FROM reference_activities WHERE reference IN (SELECT id FROM"
			" reference_candidates WHERE person = $1) AND activity = $2 AND at_ms > $3"
			" ORDER BY at_ms DESC",
			r->person, activity, since_ms, arena, &out->activity);
	}
	read_statements(db, r->id, out);
	store_person_worked_on(s, r->person, now_ms, arena, &out->worked_on);
	return db_check(db, err);
}

int64_t store_activity_add(struct store *s, const struct activity *a)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_activities (reference, activity, at_ms, actor, request, expected,"
		" prospect_tone, customer_tone, minutes, lessons, done_ms) VALUES ($1, $2, $3, $4, $5, $6,"
		" $7, $8, $9, $10, $11)");
	db_i64(q, a->reference);
	db_text(q, a->activity);
	db_i64(q, a->at_ms);
	db_text(q, a->actor);
	db_i64_unless(q, a->request, 0);
	db_text(q, a->expected);
	db_text(q, a->prospect_tone);
	db_text(q, a->customer_tone);
	db_i64_unless(q, a->minutes, -1);
	db_text(q, a->lessons);
	db_i64_unless(q, a->done_ms, 0);
	return db_run_id(q);
}

void store_activity_write(struct store *s, const struct activity *a)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE reference_activities SET expected = $2, prospect_tone = $3, customer_tone = $4,"
		" minutes = $5, lessons = $6, done_ms = $7 WHERE id = $1");
	db_i64(q, a->id);
	db_text(q, a->expected);
	db_text(q, a->prospect_tone);
	db_text(q, a->customer_tone);
	db_i64_unless(q, a->minutes, -1);
	db_text(q, a->lessons);
	db_i64_unless(q, a->done_ms, 0);
	db_run(q);
}

void store_activity_drop(struct store *s, int64_t id)
{
	struct db_query *q =
		db_query(store_db(s), "DELETE FROM reference_activities WHERE id = $1");
	db_i64(q, id);
	db_run(q);
}

/* The rows of a query that is bound. */
static int read_activities(struct db *db, struct db_query *q, struct arena *arena,
	struct activity **out, size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = (struct activity){
			.id = db_col_i64(q, 0),
			.reference = db_col_i64(q, 1),
			.at_ms = db_col_i64(q, 2),
			.request = db_col_i64(q, 3),
			.minutes = db_col_i64_or(q, 4, -1),
			.done_ms = db_col_i64(q, 5),
			.activity = db_col_copy(q, 6, arena),
			.actor = db_col_copy(q, 7, arena),
			.expected = db_col_copy(q, 8, arena),
			.prospect_tone = db_col_copy(q, 9, arena),
			.customer_tone = db_col_copy(q, 10, arena),
			.lessons = db_col_copy(q, 11, arena),
		};
	}
	db_done(q);
	return db_check(db, err);
}

#define ACTIVITIES                                                                           \
	"SELECT id, reference, at_ms, request, minutes, done_ms, activity, actor, expected," \
	" prospect_tone, customer_tone, lessons FROM reference_activities "

int store_activities(struct store *s, int64_t person, struct arena *arena, struct activity **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, ACTIVITIES
		"WHERE reference IN (SELECT id FROM reference_candidates WHERE person = $1)"
		" ORDER BY at_ms DESC, id DESC");
	db_i64(q, person);
	return read_activities(db, q, arena, out, n, err);
}

int store_activities_of(struct store *s, int64_t request, struct arena *arena,
	struct activity **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, ACTIVITIES "WHERE request = $1 ORDER BY at_ms, id");
	db_i64(q, request);
	return read_activities(db, q, arena, out, n, err);
}
