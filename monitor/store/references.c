#include "monitor/store/references.h"

#include "monitor/model/id.h"
#include "monitor/people/company_name.h"
#include "monitor/store/driver.h"
#include "monitor/store/staff.h"
#include "monitor/store/grow.h"
#include "monitor/store/history.h"

#define ALIKE_MAX 2000

/* ---- who ---- */

void store_person_job(struct store *s, int64_t person, struct arena *arena, struct person_job *out)
{
	/* Of several records that are one person the last job counts. */
	struct db_query *q = db_query(store_db(s),
		"WITH RECURSIVE faces (id) AS (SELECT $1 UNION SELECT o.id FROM people o JOIN faces f ON"
		" o.merged_into = f.id) SELECT p.kind, e.account, a.kind, e.title FROM people p LEFT JOIN"
		" employments e ON e.id = (SELECT max(id) FROM employments WHERE person IN (SELECT id FROM"
		" faces) AND ended_ms IS NULL AND account IS NOT NULL) LEFT JOIN accounts a ON a.id = e.account WHERE p.id = $1");
	*out = (struct person_job){0};
	db_i64(q, person);
	if (db_step(q)) {
		out->person_kind = db_col_copy(q, 0, arena);
		out->account = db_col_i64(q, 1);
		out->account_kind = db_col_copy(q, 2, arena);
		out->title = db_col_copy(q, 3, arena);
	}
	db_done(q);
}

/* ---- writing ---- */

int64_t store_reference_of(struct store *s, int64_t person, int64_t account)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT id FROM reference_candidates WHERE person = $1 AND account = $2 AND joined IS NULL");
	db_i64(q, person);
	db_i64(q, account);
	return db_run_i64(q, 0);
}

static void bind_state(struct db_query *q, const struct reference *r)
{
	db_text(q, r->nominated_by);
	db_text(q, r->title);
	db_text_c(q, authority_name(r->authority));
	db_text(q, r->authoriser);
	db_text(q, r->owner);
	db_text(q, r->gatekeeper);
	db_text(q, r->second);
	db_i64_unless(q, r->orphaned_ms, 0);
	db_text(q, r->orphan_why);
	db_text_c(q, permission_name(r->permission));
	db_i64(q, r->stage_ms);
	db_text_c(q, statement_tone_name(r->tone));
	db_i64(q, r->score);
	db_i64(q, r->statements);
	db_i64_unless(q, r->rest_until, 0);
	db_text(q, r->hold_reason);
	db_i64_unless(q, r->hold_until, 0);
	db_text(q, r->held_by);
	db_i64(q, r->historic);
	db_text(q, r->assigned_by);
	db_text(q, r->scope);
	db_i64_unless(q, r->consent, 0);
	db_i64_unless(q, r->expires_ms, 0);
	db_text(q, r->ask_to);
	db_i64_unless(q, r->ask_due, 0);
	db_i64_unless(q, r->ask_next, 0);
	db_i64(q, r->ask_level);
}

int64_t store_reference_add(struct store *s, const struct reference *r)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_candidates (person, account, origin, created_ms, updated_ms,"
		" nominated_by, title, authority, authoriser, owner, gatekeeper, second, orphaned_ms,"
		" orphan_why, permission, stage_ms, tone, score, statements, rest_until, hold_reason,"
		" hold_until, held_by, historic, assigned_by, scope, consent, expires_ms, ask_to, ask_due, ask_next,"
		" ask_level) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10,"
		" $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)");
	db_i64(q, r->person);
	db_i64(q, r->account);
	db_text(q, r->origin);
	db_i64(q, r->created_ms);
	bind_state(q, r);
	return db_run_id(q);
}

int store_reference_write(
	struct store *s, const struct reference *r, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE reference_candidates SET updated_ms = $3, nominated_by = $4, title = $5,"
		" authority = $6, authoriser = $7, owner = $8, gatekeeper = $9, second = $10,"
		" orphaned_ms = $11, orphan_why = $12, permission = $13, stage_ms = $14, tone = $15,"
		" score = $16, statements = $17, rest_until = $18, hold_reason = $19, hold_until = $20,"
		" held_by = $21, historic = $22, assigned_by = $23, scope = $24, consent = $25,"
		" expires_ms = $26, ask_to = $27, ask_due = $28, ask_next = $29, ask_level = $30, version = version + 1 WHERE id = $1 AND version = $2");
	db_i64(q, r->id);
	db_i64(q, r->version);
	db_i64(q, now_ms);
	bind_state(q, r);
	bool lost = db_run(q) == 0;
	int rc = db_check(db, err);
	return rc == HARK_OK && lost
		       ? hark_err_set(err, HARK_EAGAIN,
				 "ref_%lld was changed by somebody else just now", (long long)r->id)
		       : rc;
}

void store_reference_event(struct store *s, int64_t id, const struct step *event)
{
	struct db_query *q =
		db_query(store_db(s), "INSERT INTO reference_events (reference," HISTORY_WRITTEN
				      ", keeper) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
	db_i64(q, id);
	history_bind(q, event->at_ms, event);
	db_text(q, event->keeper);
	db_run(q);
}

size_t store_references_orphan(struct store *s, int64_t person, bool secret, int64_t now_ms)
{
#define KEPT                                                                                       \
	" WHERE orphaned_ms IS NULL AND joined IS NULL AND gatekeeper IS NOT NULL AND EXISTS (SELECT 1 FROM people p" \
	" WHERE p.id = $1 AND " GOES_BY("gatekeeper") ")"
#define WHY "gatekeeper || CASE WHEN $3 = 0 THEN ' has left' ELSE ' cannot be asked any more' END"
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_events (reference, at_ms, action, note) SELECT id, $2,"
		" 'orphaned', " WHY " FROM reference_candidates" KEPT);
	db_i64(q, person);
	db_i64(q, now_ms);
	db_i64(q, secret);
	db_run(q);
	q = db_query(store_db(s),
		"UPDATE reference_candidates SET orphaned_ms = $2, orphan_told_ms = NULL, orphan_why = " WHY
		", updated_ms = $2, version = version + 1" KEPT);
	db_i64(q, person);
	db_i64(q, now_ms);
	db_i64(q, secret);
	int64_t n = db_run(q);
	return n > 0 ? (size_t)n : 0;
#undef WHY
#undef KEPT
}

/* What only first polls found, and nobody worked on, is no news. */
#define UNTOLD                                                                                     \
	" WHERE orphaned_ms IS NOT NULL AND orphan_why IS NOT NULL AND orphan_told_ms IS NULL AND" \
	" joined IS NULL AND (historic = 0 OR permission <> 'found')"

int store_orphaned_untold(struct store *s, struct arena *arena, struct orphaned **out, size_t *n,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT orphan_why, id FROM reference_candidates" UNTOLD
		" ORDER BY min(orphaned_ms) OVER (PARTITION BY orphan_why), orphan_why, id");
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		if (*n == 0 || !str_eq((*out)[*n - 1].why, db_col_text(q, 0))) {
			*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out));
			if (*out == NULL) {
				break;
			}
			(*out)[(*n)++] = (struct orphaned){.why = db_col_copy(q, 0, arena)};
		}
		struct orphaned *o = &(*out)[*n - 1];
		if (o->total++ < ORPHANED_NAMED) {
			o->ids[o->ids_n++] = db_col_i64(q, 1);
		}
	}
	db_done(q);
	return db_check(db, err);
}

void store_orphaned_told(struct store *s, struct str why, int64_t now_ms)
{
	struct db_query *q =
		db_query(store_db(s), "UPDATE reference_candidates SET orphan_told_ms = $2" UNTOLD
				      " AND orphan_why = $1");
	db_text(q, why);
	db_i64(q, now_ms);
	db_run(q);
}

bool store_is_colleague(struct store *s, struct str name)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT EXISTS (SELECT 1 FROM users WHERE lower(name) = lower($1)) OR EXISTS (SELECT 1"
		" FROM people p WHERE p.kind = 'staff' AND " GOES_BY(
			"$1") ") OR EXISTS (SELECT 1 FROM accounts WHERE lower(owner) = lower($1))");
	db_text(q, name);
	return db_run_i64(q, 0) != 0;
}

bool store_has_left(struct store *s, struct str name, struct arena *arena, struct str *when)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT coalesce(p.left_on, '') FROM people p WHERE " STAFF_GONE " AND " STAFF_ALONE(
			"$1") " LIMIT 1");
	db_text(q, name);
	bool left = db_step(q);
	if (left) {
		*when = db_col_copy(q, 0, arena);
	}
	db_done(q);
	return left;
}

/* ---- looking ---- */

#define COLUMNS                                                                                  \
	"SELECT r.id, r.version, r.person, r.account, p.name, a.name, r.origin, r.nominated_by," \
	" r.title, r.authority, r.authoriser, r.owner, r.gatekeeper, r.second, r.orphaned_ms,"   \
	" r.orphan_why, r.permission, r.stage_ms, r.tone, r.score, r.statements, r.rest_until,"  \
	" r.hold_reason, r.hold_until, r.held_by, r.historic, r.created_ms, r.updated_ms,"       \
	" r.assigned_by, r.scope, r.consent, r.expires_ms, r.ask_to, r.ask_due, r.ask_next,"     \
	" r.ask_level, r.joined FROM reference_candidates r JOIN people p ON p.id = r.person"              \
	" JOIN accounts a ON a.id = r.account "

static void read_reference(struct db_query *q, struct arena *arena, struct reference *r)
{
	*r = (struct reference){
		.id = db_col_i64(q, 0),
		.version = db_col_i64(q, 1),
		.person = db_col_i64(q, 2),
		.account = db_col_i64(q, 3),
		.person_name = db_col_copy(q, 4, arena),
		.account_name = db_col_copy(q, 5, arena),
		.origin = db_col_copy(q, 6, arena),
		.nominated_by = db_col_copy(q, 7, arena),
		.title = db_col_copy(q, 8, arena),
		.authoriser = db_col_copy(q, 10, arena),
		.owner = db_col_copy(q, 11, arena),
		.gatekeeper = db_col_copy(q, 12, arena),
		.second = db_col_copy(q, 13, arena),
		.orphaned_ms = db_col_i64(q, 14),
		.orphan_why = db_col_copy(q, 15, arena),
		.stage_ms = db_col_i64(q, 17),
		.score = (int)db_col_i64(q, 19),
		.statements = db_col_i64(q, 20),
		.rest_until = db_col_i64(q, 21),
		.hold_reason = db_col_copy(q, 22, arena),
		.hold_until = db_col_i64(q, 23),
		.held_by = db_col_copy(q, 24, arena),
		.historic = db_col_i64(q, 25) != 0,
		.created_ms = db_col_i64(q, 26),
		.updated_ms = db_col_i64(q, 27),
		.assigned_by = db_col_copy(q, 28, arena),
		.scope = db_col_copy(q, 29, arena),
		.consent = db_col_i64(q, 30),
		.expires_ms = db_col_i64(q, 31),
		.ask_to = db_col_copy(q, 32, arena),
		.ask_due = db_col_i64(q, 33),
		.ask_next = db_col_i64(q, 34),
		.ask_level = db_col_i64(q, 35),
		.joined = db_col_i64(q, 36),
	};
	authority_parse(db_col_text(q, 9), &r->authority);
	permission_parse(db_col_text(q, 16), &r->permission);
	statement_tone_parse(db_col_text(q, 18), &r->tone);
}

int store_reference_load(struct store *s, int64_t id, struct arena *arena, struct reference *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, COLUMNS "WHERE r.id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		read_reference(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no ref_%lld", (long long)id)
		       : rc;
}

void store_reference_list_sql(const struct reference_filter *f, struct buf *sql)
{
	buf_add_c(sql,
		COLUMNS "WHERE r.historic = $1 AND r.joined IS NULL AND ($2 = '' OR lower(a.name) = lower($2)"
			" OR lower(a.external_id) = lower($2)) AND ($3 = '' OR lower(r.owner) ="
			" lower($3) OR lower(r.gatekeeper) = lower($3)) AND ($4 = 0 OR"
			" r.orphaned_ms IS NOT NULL) AND ($5 = 0 OR r.gatekeeper IS NULL)"
			" AND r.permission IN (''");
	for (unsigned i = 0; i < PERMISSIONS; i++) {
		if (f->permissions == 0 || (f->permissions & 1u << i) != 0) {
			buf_printf(sql, ",'%s'", permission_name((enum permission)i));
		}
	}
	buf_add_c(sql, ") AND r.score <= $7 AND ($6 = 0 OR r.score < $7 OR r.id > $6)"
		       " ORDER BY r.score DESC, r.id LIMIT $8");
}

int store_reference_list(struct store *s, const struct reference_filter *f, struct arena *arena,
	struct reference **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct buf sql;
	size_t cap = 0;
	buf_init(&sql, 4096);
	store_reference_list_sql(f, &sql);
	struct db_query *q = db_query(db, buf_c(&sql));
	db_i64(q, f->historic);
	db_text_or_empty(q, f->account);
	db_text_or_empty(q, f->owner);
	db_i64(q, f->orphaned);
	db_i64(q, f->unowned);
	db_i64(q, f->after);
	db_i64(q, f->after != 0 ? f->after_score : INT64_MAX);
	db_i64(q, (int64_t)f->max);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		read_reference(q, arena, &(*out)[(*n)++]);
	}
	db_done(q);
	buf_release(&sql);
	return db_check(db, err);
}

int store_reference_events(struct store *s, int64_t id, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT" HISTORY_READ " FROM reference_events WHERE reference = $1 ORDER BY id");
	db_i64(q, id);
	return history_read(db, q, arena, out, n, err);
}

/* "Globex" is Globex Corporation, if no other account is called so. *out: 0, none is. Reads all names, once nothing is
 * called what somebody has typed: two tenths of a second for 100,000. */
static int find_alike(struct db *db, struct str name, int64_t *out, struct hark_err *err)
{
	struct buf names;
	size_t n = 0;
	buf_init(&names, ALIKE_MAX);
	struct db_query *q = db_query(db, "SELECT id, name FROM accounts ORDER BY id");
	while (db_step(q)) {
		struct str other = db_col_text(q, 1);
		if (company_name_alike(name, other)) {
			*out = db_col_i64(q, 0);
			buf_printf(&names, "%s%.*s", n++ > 0 ? ", " : "",
				STR_FMT(str_cut_utf8(other, 80)));
		}
	}
	db_done(q);
	int rc = db_check(db, err);
	if (rc == HARK_OK && n > 1) {
		rc = hark_err_set(err, HARK_ENOENT, "'%.*s' may be several accounts, say which: %.*s",
			STR_FMT(str_cut_utf8(name, 80)), STR_FMT(buf_str(&names)));
	}
	buf_release(&names);
	return rc;
}

/* Each part of an index of its own. By name comes before by what else it is called. */
const char *store_account_find_sql(void)
{
	return "SELECT 0, id FROM accounts WHERE lower(name) = lower($1)"
	       " UNION ALL SELECT 1, id FROM accounts WHERE id = $2"
	       " UNION ALL SELECT 1, id FROM accounts WHERE external_id = $1"
	       " UNION ALL SELECT 1, account FROM account_names WHERE lower(value) = lower($1)"
	       " ORDER BY 1, 2 LIMIT 1";
}

int store_account_find(struct store *s, struct str name, int64_t *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, store_account_find_sql());
	int64_t row = 0;
	id_parse("account", name, &row);
	db_text(q, name);
	db_i64(q, row);
	*out = db_step(q) ? db_col_i64(q, 1) : 0;
	db_done(q);
	int rc = db_check(db, err);
	rc = rc == HARK_OK && *out == 0 ? find_alike(db, name, out, err) : rc;
	return rc == HARK_OK && *out == 0
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no account '%.*s': hark accounts list shows them",
				 STR_FMT(str_cut_utf8(name, 80)))
		       : rc;
}

int store_references_due(struct store *s, int64_t now_ms, size_t max, struct arena *arena,
	int64_t **ids, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT id FROM reference_candidates WHERE joined IS NULL AND (hold_until <= $1 OR ask_next <= $1 OR"
		" (expires_ms <= $1 AND permission IN ('internal-only', 'named')) OR"
		" (permission = 'found' AND (orphaned_ms IS NOT NULL OR gatekeeper IS NULL)))"
		" ORDER BY hold_until IS NULL AND ask_next IS NULL AND expires_ms IS NULL,"
		" orphaned_ms IS NULL OR orphan_told_ms IS NOT NULL, id LIMIT $2");
	db_i64(q, now_ms);
	db_i64(q, (int64_t)max);
	*ids = NULL;
	*n = 0;
	while (db_step(q) &&
		(*ids = store_grow(db, arena, *ids, *n, &cap, sizeof(**ids))) != NULL) {
		(*ids)[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
	return db_check(db, err);
}

void store_permission_add(struct store *s, int64_t reference, const struct grant *g)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO permissions (reference, state, scope, granted_by, expires_ms, statement,"
		" text_hash, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
	db_i64(q, reference);
	db_text_c(q, permission_name(g->state));
	db_text(q, g->scope);
	db_text(q, g->granted_by);
	db_i64_unless(q, g->expires_ms, 0);
	db_i64_unless(q, g->statement, 0);
	db_text(q, g->text_hash);
	db_text(q, g->actor);
	db_i64(q, g->at_ms);
	db_run(q);
}

struct str store_permission_hash(
	struct store *s, int64_t reference, int64_t statement, struct arena *arena)
{
	struct str hash = STR_NONE;
	struct db_query *q = db_query(store_db(s),
		"SELECT text_hash FROM permissions WHERE reference = $1 AND statement = $2"
		" ORDER BY id DESC LIMIT 1");
	db_i64(q, reference);
	db_i64(q, statement);
	if (db_step(q)) {
		hash = db_col_copy(q, 0, arena);
	}
	db_done(q);
	return hash;
}

int store_person_name(
	struct store *s, int64_t person, struct arena *arena, struct str *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT name FROM people WHERE id = $1");
	db_i64(q, person);
	bool found = db_step(q);
	if (found) {
		*out = db_col_copy(q, 0, arena);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found ? hark_err_set(err, HARK_ENOENT,
						 "there is no person %lld: hark people list shows them",
						 (long long)person)
				       : rc;
}
