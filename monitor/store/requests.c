#include "monitor/store/requests.h"

#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/history.h"

static const char *const states[REQUEST_STATES] = {
	"open", "named", "fulfilled", "refused", "withdrawn", "expired"};

const char *request_state_name(enum request_state state)
{
	return states[state];
}

bool request_state_parse(struct str name, enum request_state *out)
{
	for (size_t i = 0; i < REQUEST_STATES; i++) {
		if (str_eq_c(name, states[i])) {
			*out = (enum request_state)i;
			return true;
		}
	}
	return false;
}

int64_t store_request_add(struct store *s, const struct request *r)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_requests (opportunity, deal, account, rep, stage, value_cents, currency,"
		" activity, role, weighs, state, rule, why, created_ms, due_ms, next_ms, level, ended_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17)");
	db_i64_unless(q, r->opportunity, 0);
	db_text(q, r->deal);
	db_i64_unless(q, r->account, 0);
	db_text(q, r->rep);
	db_text(q, r->stage);
	db_i64(q, r->value_cents);
	db_text(q, r->currency);
	db_text(q, r->activity);
	db_text(q, r->role);
	db_text(q, r->weighs);
	db_text_c(q, states[r->state]);
	db_text(q, r->rule);
	db_text(q, r->why);
	db_i64(q, r->created_ms);
	db_i64(q, r->due_ms);
	db_i64_unless(q, r->next_ms, 0);
	db_i64_unless(q, r->ended_ms, 0);
	return db_run_id(q);
}

int store_request_write(struct store *s, const struct request *r, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE reference_requests SET state = $3, why = $4, first_ms = $5, next_ms = $6, level = $7,"
		" ended_ms = $8, ended_by = $9, version = version + 1 WHERE id = $1 AND version = $2");
	db_i64(q, r->id);
	db_i64(q, r->version);
	db_text_c(q, states[r->state]);
	db_text(q, r->why);
	db_i64_unless(q, r->first_ms, 0);
	db_i64_unless(q, r->next_ms, 0);
	db_i64(q, r->level);
	db_i64_unless(q, r->ended_ms, 0);
	db_text(q, r->ended_by);
	bool lost = db_run(q) == 0;
	int rc = db_check(db, err);
	return rc == HARK_OK && lost
		       ? hark_err_set(err, HARK_EAGAIN,
				 "req_%lld was changed by somebody else just now", (long long)r->id)
		       : rc;
}

#define COLUMNS                                                                                \
	"SELECT r.id, r.version, r.opportunity, r.account, r.deal, a.name, r.rep, r.stage,"    \
	" r.currency, r.value_cents, r.activity, r.role, r.weighs, r.state, r.rule, r.why,"    \
	" r.created_ms, r.first_ms, r.due_ms, r.next_ms, r.level, r.ended_ms, r.ended_by FROM" \
	" reference_requests r LEFT JOIN accounts a ON a.id = r.account "

static void read_request(struct db_query *q, struct arena *arena, struct request *r)
{
	*r = (struct request){
		.id = db_col_i64(q, 0),
		.version = db_col_i64(q, 1),
		.opportunity = db_col_i64(q, 2),
		.account = db_col_i64(q, 3),
		.deal = db_col_copy(q, 4, arena),
		.account_name = db_col_copy(q, 5, arena),
		.rep = db_col_copy(q, 6, arena),
		.stage = db_col_copy(q, 7, arena),
		.currency = db_col_copy(q, 8, arena),
		.value_cents = db_col_i64(q, 9),
		.activity = db_col_copy(q, 10, arena),
		.role = db_col_copy(q, 11, arena),
		.weighs = db_col_copy(q, 12, arena),
		.rule = db_col_copy(q, 14, arena),
		.why = db_col_copy(q, 15, arena),
		.created_ms = db_col_i64(q, 16),
		.first_ms = db_col_i64(q, 17),
		.due_ms = db_col_i64(q, 18),
		.next_ms = db_col_i64(q, 19),
		.level = db_col_i64(q, 20),
		.ended_ms = db_col_i64(q, 21),
		.ended_by = db_col_copy(q, 22, arena),
	};
	request_state_parse(db_col_text(q, 13), &r->state);
}

int store_request_load(
	struct store *s, int64_t id, struct arena *arena, struct request *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, COLUMNS "WHERE r.id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		read_request(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no req_%lld", (long long)id)
		       : rc;
}

void store_request_event(struct store *s, int64_t id, const struct step *e)
{
	struct db_query *q =
		db_query(store_db(s), "INSERT INTO request_events (request," HISTORY_WRITTEN
				      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
	db_i64(q, id);
	history_bind(q, e->at_ms, e);
	db_run(q);
}

int store_request_events(struct store *s, int64_t id, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "SELECT" HISTORY_READ " FROM request_events WHERE request = $1 ORDER BY id");
	db_i64(q, id);
	return history_read(db, q, arena, out, n, err);
}

bool store_request_name(struct store *s, int64_t id, const struct request_name *n)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO request_names (request, reference, lender, at_ms, actor)"
		" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (request, reference) DO NOTHING");
	db_i64(q, id);
	db_i64(q, n->reference);
	db_text(q, n->lender);
	db_i64(q, n->at_ms);
	db_text(q, n->actor);
	return db_run(q) > 0;
}

void store_request_unname(struct store *s, int64_t id)
{
	struct db_query *q = db_query(store_db(s),
		"DELETE FROM request_names WHERE id = (SELECT max(id) FROM request_names WHERE request = $1)");
	db_i64(q, id);
	db_run(q);
}

int store_request_names(struct store *s, int64_t id, struct arena *arena, struct request_name **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT n.reference, n.at_ms, p.name, a.name, n.lender, n.actor FROM request_names n"
		" JOIN reference_candidates r ON r.id = n.reference JOIN people p ON p.id = r.person"
		" JOIN accounts a ON a.id = r.account WHERE n.request = $1 ORDER BY n.id");
	db_i64(q, id);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = (struct request_name){
			.reference = db_col_i64(q, 0),
			.at_ms = db_col_i64(q, 1),
			.person = db_col_copy(q, 2, arena),
			.account = db_col_copy(q, 3, arena),
			.lender = db_col_copy(q, 4, arena),
			.actor = db_col_copy(q, 5, arena),
		};
	}
	db_done(q);
	return db_check(db, err);
}

int store_requests(struct store *s, const struct request_filter *f, struct arena *arena,
	struct request **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct request one;
	size_t cap = 0;
	/* A deal that is lost ends its requests. */
	struct db_query *q = db_query(db, COLUMNS
		"WHERE ($1 = '' OR lower(r.rep) = lower($1)) AND ($2 = 0 OR (r.ended_ms IS NULL AND"
		" (r.next_ms <= $3 OR EXISTS (SELECT 1 FROM opportunities o WHERE o.id = r.opportunity"
		" AND o.state = 'lost')))) AND r.id > $4 ORDER BY r.id");
	db_text_or_empty(q, f->rep);
	db_i64(q, f->due);
	db_i64(q, f->now_ms);
	db_i64(q, f->after);
	*out = NULL;
	*n = 0;
	while (*n < f->max && db_step(q)) {
		read_request(q, arena, &one);
		if ((f->states == 0 || (f->states & 1u << one.state) != 0) &&
			(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
			(*out)[(*n)++] = one;
		}
	}
	db_done(q);
	return db_check(db, err);
}

int64_t store_requests_open(struct store *s, int64_t opportunity)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM reference_requests WHERE opportunity = $1 AND ended_ms IS NULL");
	db_i64(q, opportunity);
	return db_run_i64(q, 0);
}

/* ---- lent and borrowed ---- */

/* Nobody lends to themselves. Of several ways to write a name the one with capitals is told. */
#define LENDING                                                                                   \
	"SELECT min(who), sum(lent), sum(borrowed) FROM (SELECT n.lender AS who, 1 AS lent, 0 AS" \
	" borrowed FROM request_names n JOIN reference_requests r ON r.id = n.request WHERE"      \
	" n.lender IS NOT NULL AND lower(n.lender) <> lower(r.rep) UNION ALL SELECT r.rep,"       \
	" 0, 1 FROM request_names n JOIN reference_requests r ON r.id = n.request WHERE"          \
	" lower(coalesce(n.lender, '')) <> lower(r.rep)) AS given "

static void read_lending(struct db_query *q, struct arena *arena, struct lending *l)
{
	*l = (struct lending){.who = arena != NULL ? db_col_copy(q, 0, arena) : STR_NONE,
		.lent = db_col_i64(q, 1),
		.borrowed = db_col_i64(q, 2)};
}

struct lending store_lending_of(struct store *s, struct str who)
{
	struct lending out = {0};
	struct db_query *q =
		db_query(store_db(s), LENDING "WHERE lower(who) = lower($1) GROUP BY lower(who)");
	db_text(q, who);
	if (db_step(q)) {
		read_lending(q, NULL, &out);
	}
	db_done(q);
	out.who = who;
	return out;
}

int store_lending(
	struct store *s, struct arena *arena, struct lending **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		LENDING "GROUP BY lower(who) ORDER BY sum(lent) - sum(borrowed) DESC, lower(who)");
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		read_lending(q, arena, &(*out)[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}
