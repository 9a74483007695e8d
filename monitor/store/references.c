#include "monitor/store/references.h"

#include "monitor/model/id.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"

/* ---- who ---- */

void store_person_job(struct store *s, int64_t person, struct arena *arena, struct person_job *out)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT p.kind, e.account, a.kind, e.title FROM people p LEFT JOIN employments e ON e.id ="
		" (SELECT max(id) FROM employments WHERE person = p.id AND ended_ms IS NULL"
		" AND account IS NOT NULL) LEFT JOIN accounts a ON a.id = e.account WHERE p.id = $1");
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
		"SELECT id FROM reference_candidates WHERE person = $1 AND account = $2");
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
}

int64_t store_reference_add(struct store *s, const struct reference *r)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_candidates (person, account, origin, created_ms, updated_ms,"
		" nominated_by, title, authority, authoriser, owner, gatekeeper, second, orphaned_ms,"
		" orphan_why, permission, stage_ms, tone, score, statements, rest_until, hold_reason,"
		" hold_until, held_by, historic) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10,"
		" $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)");
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
		" held_by = $21, historic = $22, version = version + 1 WHERE id = $1 AND version = $2");
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

void store_reference_event(struct store *s, int64_t id, const struct reference_event *event)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_events (reference, at_ms, actor, action, from_state, to_state,"
		" note) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_i64(q, id);
	db_i64(q, event->at_ms);
	db_text(q, event->actor);
	db_text(q, event->action);
	db_text(q, event->from);
	db_text(q, event->to);
	db_text(q, event->note);
	db_run(q);
}

size_t store_references_orphan(struct store *s, int64_t person, int64_t now_ms)
{
	static const char keeps[] =
		" WHERE orphaned_ms IS NULL AND EXISTS (SELECT 1 FROM people p WHERE p.id = $1 AND"
		" (lower(p.name) = lower(gatekeeper) OR lower(p.external_id) = lower(gatekeeper)))";
	struct db *db = store_db(s);
	struct buf sql;
	buf_init(&sql, 2000);
	buf_printf(&sql,
		"INSERT INTO reference_events (reference, at_ms, action, note) SELECT id, $2,"
		" 'orphaned', gatekeeper || ' has left' FROM reference_candidates%s",
		keeps);
	struct db_query *q = db_query(db, buf_c(&sql));
	db_i64(q, person);
	db_i64(q, now_ms);
	db_run(q);
	buf_clear(&sql);
	buf_printf(&sql,
		"UPDATE reference_candidates SET orphaned_ms = $2, orphan_why = gatekeeper ||"
		" ' has left', updated_ms = $2, version = version + 1%s",
		keeps);
	q = db_query(db, buf_c(&sql));
	db_i64(q, person);
	db_i64(q, now_ms);
	int64_t n = db_run(q);
	buf_release(&sql);
	return n > 0 ? (size_t)n : 0;
}

/* ---- looking ---- */

#define COLUMNS                                                                                  \
	"SELECT r.id, r.version, r.person, r.account, p.name, a.name, r.origin, r.nominated_by," \
	" r.title, r.authority, r.authoriser, r.owner, r.gatekeeper, r.second, r.orphaned_ms,"   \
	" r.orphan_why, r.permission, r.stage_ms, r.tone, r.score, r.statements, r.rest_until,"  \
	" r.hold_reason, r.hold_until, r.held_by, r.historic, r.created_ms, r.updated_ms"        \
	" FROM reference_candidates r JOIN people p ON p.id = r.person"                          \
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

static void bind_or_any(struct db_query *q, struct str value)
{
	db_text(q, value.p != NULL ? value : STR(""));
}

int store_reference_list(struct store *s, const struct reference_filter *f, struct arena *arena,
	struct reference **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct buf sql;
	size_t cap = 0;
	buf_init(&sql, 4096);
	buf_add_c(&sql,
		COLUMNS "WHERE r.historic = $1 AND ($2 = '' OR lower(a.name) = lower($2)"
			" OR lower(a.external_id) = lower($2)) AND ($3 = '' OR lower(r.owner) ="
			" lower($3) OR lower(r.gatekeeper) = lower($3)) AND ($4 = 0 OR"
			" r.orphaned_ms IS NOT NULL) AND ($5 = 0 OR r.gatekeeper IS NULL)"
			" AND r.permission IN (''");
	for (unsigned i = 0; i < PERMISSIONS; i++) {
		if (f->permissions == 0 || (f->permissions & 1u << i) != 0) {
			buf_printf(&sql, ",'%s'", permission_name((enum permission)i));
		}
	}
	buf_add_c(&sql, ") ORDER BY r.score DESC, r.id LIMIT $6");
	struct db_query *q = db_query(db, buf_c(&sql));
	db_i64(q, f->historic);
	bind_or_any(q, f->account);
	bind_or_any(q, f->owner);
	db_i64(q, f->orphaned);
	db_i64(q, f->unowned);
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

int store_reference_events(struct store *s, int64_t id, struct arena *arena,
	struct reference_event **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT id, at_ms, actor, action, from_state, to_state, note FROM reference_events"
		" WHERE reference = $1 ORDER BY id");
	db_i64(q, id);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = (struct reference_event){
			.id = db_col_i64(q, 0),
			.at_ms = db_col_i64(q, 1),
			.actor = db_col_copy(q, 2, arena),
			.action = db_col_copy(q, 3, arena),
			.from = db_col_copy(q, 4, arena),
			.to = db_col_copy(q, 5, arena),
			.note = db_col_copy(q, 6, arena),
		};
	}
	db_done(q);
	return db_check(db, err);
}

int store_account_find(struct store *s, struct str name, int64_t *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT id FROM accounts WHERE id = $2 OR external_id = $1 OR lower(name) = lower($1)"
		" OR EXISTS (SELECT 1 FROM account_names n WHERE n.account = accounts.id AND"
		" lower(n.value) = lower($1)) ORDER BY lower(name) <> lower($1), id LIMIT 1");
	int64_t row = 0;
	id_parse("account", name, &row);
	db_text(q, name);
	db_i64(q, row);
	*out = db_run_i64(q, 0);
	int rc = db_check(db, err);
	return rc == HARK_OK && *out == 0
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no account '%.*s': hark accounts lists them",
				 STR_FMT(str_cut_utf8(name, 80)))
		       : rc;
}
