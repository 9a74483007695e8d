#include "monitor/store/move_effects.h"

#include "monitor/base/buf.h"
#include "monitor/base/json.h"
#include "monitor/store/driver.h"
#include "monitor/store/staff.h"

#define NAMES_MAX (64u << 10)
#define NAMED 20 /* more are only counted */

/* --- what is known --- */

/* The value of a member whose name is one of these, without case, "-", "_" and spaces; absent: there is none. */
static struct str attribute(struct str json, const char *const *names, struct arena *arena)
{
	json_t *tree = json.n > 0 ? json_read(json, NULL) : NULL, *value;
	struct str found = STR_NONE;
	const char *key;
	json_object_foreach(tree, key, value)
	{
		char plain[64];
		size_t n = 0;
		for (const char *p = key; *p != '\0' && n + 1 < sizeof(plain); p++) {
			char c = *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p;
			if (c != '-' && c != '_' && c != ' ') {
				plain[n++] = c;
			}
		}
		plain[n] = '\0';
		for (size_t i = 0; names[i] != NULL && json_is_string(value); i++) {
			if (strcmp(plain, names[i]) == 0) {
				found = arena_str(arena, str_c(json_string_value(value)));
			}
		}
	}
	json_decref(tree);
	return found;
}

static bool is_yes(struct str text)
{
	return text.n > 0 && !str_eq_nocase(text, STR("no")) &&
	       !str_eq_nocase(text, STR("false")) && !str_eq_c(text, "0");
}

static void read_person(struct store *s, int64_t person, struct arena *arena, struct move_facts *f)
{
	static const char *const client[] = {"client", "isclient", NULL};
	struct db_query *q = db_query(store_db(s),
		"SELECT CASE WHEN EXISTS (SELECT 1 FROM people o WHERE (o.id = $1 OR o.merged_into = $1) AND"
		" o.kind = 'staff') THEN 'staff' ELSE kind END, role, attributes, COALESCE(external_id,"
		" kind || '_' || id) FROM people WHERE id = $1");
	db_i64(q, person);
	if (db_step(q)) {
		f->person_kind = db_col_copy(q, 0, arena);
		f->client = str_eq_nocase(db_col_text(q, 1), STR("client")) ||
			    is_yes(attribute(db_col_text(q, 2), client, arena));
		f->external_id = db_col_copy(q, 3, arena);
	}
	db_done(q);
}

static struct str kind_of(struct store *s, int64_t account, struct arena *arena)
{
	struct db_query *q = db_query(store_db(s), "SELECT kind FROM accounts WHERE id = $1");
	db_i64(q, account);
	struct str kind = account != 0 && db_step(q) ? db_col_copy(q, 0, arena) : STR_NONE;
	db_done(q);
	return kind;
}

static struct str open_deal(struct store *s, int64_t account, struct arena *arena, bool *open)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT COALESCE(name, external_id, 'a deal') FROM opportunities WHERE account = $1 AND"
		" state = 'open' ORDER BY id DESC LIMIT 1");
	db_i64(q, account);
	*open = account != 0 && db_step(q);
	struct str name = *open ? db_col_copy(q, 0, arena) : STR_NONE;
	db_done(q);
	return name;
}

static void read_plan(struct store *s, int64_t account, same_company_fn same, struct arena *arena,
	struct move_facts *f)
{
	static const char *const plan[] = {"planprovider", "retirementplan", "recordkeeper", NULL};
	struct db_query *q = db_query(store_db(s), "SELECT attributes FROM accounts WHERE id = $1");
	db_i64(q, account);
	if (account != 0 && db_step(q)) {
		f->plan = attribute(db_col_text(q, 0), plan, arena);
	}
	db_done(q);
	int64_t provider = store_account_named(s, f->plan, same);
	f->rival_plan = str_eq_nocase(kind_of(s, provider, arena), STR("competitor"));
}

/* All values of the first column, with at most NAMED of them by name. */
static struct str named(struct db_query *q, struct arena *arena, size_t *n)
{
	struct buf b;
	buf_init(&b, NAMES_MAX);
	*n = 0;
	while (db_step(q)) {
		if ((*n)++ < NAMED) {
			buf_add_c(&b, b.n > 0 ? ", " : "");
			buf_add_str(&b, db_col_text(q, 0));
		}
	}
	db_done(q);
	if (*n > NAMED) {
		buf_printf(&b, " and %zu more", *n - NAMED);
	}
	struct str names = b.n > 0 ? arena_str(arena, buf_str(&b)) : STR_NONE;
	buf_release(&b);
	return names;
}

/* Whether a text names somebody ($1) by whichever name records call who owns or keeps them. */
#define NAMES(text)                                                                               \
	"lower(" text ") IN (SELECT lower(name) FROM people WHERE id = $1 UNION SELECT"           \
	" lower(external_id) FROM people WHERE id = $1 UNION SELECT lower(value) FROM identities" \
	" WHERE person = $1 AND kind = 'email')"

/* Statements t that praise somebody ($1) of us by name. */
#define PRAISED                                                                         \
	" FROM statements t JOIN people p ON p.id = $1 AND" STAFF_PRAISED("t.praised") \
	" WHERE t.praised IS NOT NULL AND t.deleted_ms IS NULL AND t.account IS NOT NULL"

void store_move_facts(struct store *s, const struct move_row *m, same_company_fn same,
	struct arena *arena, struct move_facts *out)
{
	struct db *db = store_db(s);
	*out = (struct move_facts){0};
	read_person(s, m->person, arena, out);
	struct db_query *q = db_query(
		db, "SELECT 1 FROM reference_candidates WHERE " NAMES("gatekeeper") " LIMIT 1");
	db_i64(q, m->person);
	out->gatekeeper = db_run_i64(q, 0) != 0;
	out->new_kind = kind_of(s, m->to_account, arena);
	out->old_kind = kind_of(s, m->from_account, arena);
	out->deal_new_name = open_deal(s, m->to_account, arena, &out->deal_new);
	out->deal = open_deal(s, m->from_account, arena, &out->deal_old);
	read_plan(s, m->from_account, same, arena, out);
	q = db_query(db, "SELECT name FROM accounts WHERE " NAMES(
				 "owner") " OR id IN (SELECT t.account" PRAISED ") ORDER BY name");
	db_i64(q, m->person);
	out->accounts = named(q, arena, &out->accounts_n);
}

void store_move_orphans(struct store *s, const struct move_row *m, struct arena *arena,
	struct orphan **out, size_t *n)
{
	size_t cap = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT r.id, CASE WHEN r.person = $1 THEN 'the reference' WHEN " NAMES(
			"r.gatekeeper") " THEN 'the gatekeeper of' ELSE 'the owner of' END || ' ' || COALESCE(p.name, 'a reference') ||"
					" COALESCE(' at ' || a.name, '') FROM reference_candidates r LEFT JOIN people p ON p.id = r.person"
					" LEFT JOIN accounts a ON a.id = r.account WHERE (r.person = $1 AND (r.account = $2 OR $2 = 0))"
					" OR " NAMES("r.gatekeeper") " OR " NAMES(
						"r.owner") " ORDER BY r.id");
	db_i64(q, m->person);
	db_i64(q, m->from_account);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct orphan *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the references of a move");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct orphan){db_col_i64(q, 0), db_col_copy(q, 1, arena)};
	}
	db_done(q);
}

void store_move_praised(struct store *s, const struct move_row *m, struct arena *arena,
	struct praised_at **out, size_t *n)
{
	size_t cap = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT a.id, min(v.reference), a.name FROM (SELECT t.account AS account, t.reference AS reference" PRAISED
		" AND t.reference IS NOT NULL) v JOIN accounts a ON a.id = v.account GROUP BY a.id, a.name ORDER BY a.id");
	db_i64(q, m->person);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct praised_at *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the accounts of a move");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct praised_at){
			db_col_i64(q, 0), db_col_i64(q, 1), db_col_copy(q, 2, arena)};
	}
	db_done(q);
}

/* --- what did follow --- */

bool store_move_effect_add(struct store *s, const struct move_effect *e)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT id FROM move_effects WHERE move = $1 AND effect = $2 AND COALESCE(reference, 0) = $3");
	db_i64(q, e->move);
	db_text(q, e->effect);
	db_i64(q, e->reference);
	int64_t known = db_run_i64(q, 0);
	if (known != 0) {
		q = db_query(db, "UPDATE move_effects SET lead = COALESCE(lead, $2) WHERE id = $1");
		db_i64(q, known);
		db_i64_unless(q, e->lead, 0);
		db_run(q);
		return false;
	}
	q = db_query(db,
		"INSERT INTO move_effects (move, effect, make, lead, account, reference, text, class,"
		" at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
	db_i64(q, e->move);
	db_text(q, e->effect);
	db_text(q, e->make);
	db_i64_unless(q, e->lead, 0);
	db_i64_unless(q, e->account, 0);
	db_i64_unless(q, e->reference, 0);
	db_text(q, e->text);
	db_text(q, e->class);
	db_i64(q, e->at_ms);
	return db_run(q) > 0;
}

int store_move_effects(struct store *s, int64_t move, int64_t account, struct arena *arena,
	struct move_effect **out, size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT e.id, e.move, e.lead, e.account, e.reference, e.effect, e.make, e.text, e.class, a.name,"
		" p.name, e.at_ms FROM move_effects e JOIN moves m ON m.id = e.move LEFT JOIN people p ON"
		" p.id = m.person LEFT JOIN accounts a ON a.id = e.account WHERE ($1 <> 0 AND e.move = $1) OR"
		" ($2 <> 0 AND e.account = $2 AND e.make = 'note') ORDER BY CASE WHEN $1 = 0 THEN -e.id ELSE e.id END");
	db_i64(q, move);
	db_i64(q, account);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		struct move_effect *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM,
				"no memory for what followed from a move");
			break;
		}
		*out = grown;
		struct move_effect *e = &grown[(*n)++];
		*e = (struct move_effect){.id = db_col_i64(q, 0),
			.move = db_col_i64(q, 1),
			.lead = db_col_i64(q, 2),
			.account = db_col_i64(q, 3),
			.reference = db_col_i64(q, 4),
			.effect = db_col_copy(q, 5, arena),
			.make = db_col_copy(q, 6, arena),
			.text = db_col_copy(q, 7, arena),
			.class = db_col_copy(q, 8, arena),
			.account_name = db_col_copy(q, 9, arena),
			.person_name = db_col_copy(q, 10, arena),
			.at_ms = db_col_i64(q, 11)};
	}
	db_done(q);
	return db_check(store_db(s), err);
}

int store_move_story(struct store *s, int64_t id, struct arena *arena, struct move_row *m,
	struct move_story *out, struct hark_err *err)
{
	*out = (struct move_story){0};
	int rc = store_move_load(s, id, arena, m, &out->told, &out->told_n, err);
	return rc == HARK_OK
		       ? store_move_effects(s, id, 0, arena, &out->effects, &out->effects_n, err)
		       : rc;
}

bool store_move_best_post(struct store *s, int64_t move, struct move_post *out)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT p.id, COALESCE(p.story, p.id), p.published, p.historic FROM move_evidence e JOIN posts p ON"
		" p.id = e.post WHERE (e.move = $1 OR e.move IN (SELECT id FROM moves WHERE same_as = $1)) AND"
		" p.deleted_ms IS NULL ORDER BY p.historic, e.id DESC LIMIT 1");
	db_i64(q, move);
	bool found = db_step(q);
	if (found) {
		*out = (struct move_post){db_col_i64(q, 0), db_col_i64(q, 1), db_col_i64(q, 2),
			db_col_i64(q, 3) != 0};
	}
	db_done(q);
	return found;
}
