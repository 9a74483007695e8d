#include "monitor/store/subjects.h"

#include "monitor/model/score.h"
#include "monitor/store/driver.h"

static int64_t find(struct db *db, const char *sql, struct str value)
{
	struct db_query *q = db_query(db, sql);
	db_text(q, value);
	return db_run_i64(q, 0);
}

/* Lists from imported records call one without an id of its own "contact_12". */
static int64_t row_in_id(const char *kind, struct str id)
{
	size_t n = strlen(kind);
	int64_t row = 0;
	bool is_own = id.n > n + 1 && memcmp(id.p, kind, n) == 0 && id.p[n] == '_' &&
		      str_i64(str_n(id.p + n + 1, id.n - n - 1), &row);
	return is_own ? row : 0;
}

/* A list has the name its rule file gives it, so its entries tell what they are: a person by the row in the
 * id, or by an id with the name, as one system may number its accounts the same way. */
static int64_t person_of(struct db *db, const struct subject *s)
{
	int64_t row = row_in_id("contact", s->id);
	bool is_contact = str_eq_c(s->kind, "contact");
	if (row == 0 && !str_empty(s->id) && (is_contact || !str_empty(s->name))) {
		struct db_query *q = db_query(db,
			"SELECT id FROM people WHERE external_id = $1 AND ($2 = '' OR name = $2)");
		db_text(q, s->id);
		db_text(q, is_contact ? STR("") : s->name);
		row = db_run_i64(q, 0);
	}
	if (row == 0) {
		return 0;
	}
	struct db_query *q =
		db_query(db, "SELECT coalesce(merged_into, id) FROM people WHERE id = $1");
	db_i64(q, row);
	return db_run_i64(q, 0);
}

static int64_t account_of(struct db *db, const struct subject *s)
{
	int64_t row = row_in_id("account", s->id);
	if (row == 0 && !str_empty(s->id)) {
		row = find(db, "SELECT id FROM accounts WHERE external_id = $1", s->id);
	}
	if (row == 0 && !str_empty(s->name)) {
		row = find(
			db, "SELECT id FROM accounts WHERE name = $1 ORDER BY id LIMIT 1", s->name);
	}
	if (row == 0 && !str_empty(s->name)) {
		row = find(db,
			"SELECT account FROM account_names WHERE kind = 'alias' AND value = $1"
			" ORDER BY account LIMIT 1",
			s->name);
	}
	return row;
}

static int64_t employer_of(struct db *db, int64_t person)
{
	struct db_query *q = db_query(db,
		"SELECT account FROM employments WHERE person = $1 AND ended_ms IS NULL"
		" AND account IS NOT NULL ORDER BY id DESC LIMIT 1");
	db_i64(q, person);
	return db_run_i64(q, 0);
}

static void resolve(struct db *db, const struct subject *s, struct subject_facts *out)
{
	if (str_eq_c(s->kind, "author")) {
		return;
	}
	bool is_account = str_eq_c(s->kind, "account") || row_in_id("account", s->id) != 0;
	out->person = is_account ? 0 : person_of(db, s);
	if (out->person != 0) {
		out->account = employer_of(db, out->person);
	} else if (!str_eq_c(s->kind, "contact")) {
		out->account = account_of(db, s);
	}
}

static void read_account(struct db *db, struct arena *arena, struct subject_facts *out)
{
	struct str *const texts[] = {&out->name, &out->kind, &out->owner, &out->territory,
		&out->region, &out->industry, &out->product, &out->segment, &out->channel,
		&out->partner, &out->preferred};
	struct db_query *q = db_query(db,
		"SELECT name, kind, owner, territory, region, industry, product, segment, channel,"
		" partner, preferred FROM accounts WHERE id = $1");
	db_i64(q, out->account);
	if (db_step(q)) {
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			*texts[i] = db_col_copy(q, (int)i, arena);
		}
	}
	db_done(q);
}

static void read_open(struct db *db, struct arena *arena, struct subject_facts *out)
{
	struct db_query *q = db_query(db,
		"SELECT coalesce(name, external_id), owner FROM opportunities WHERE account = $1"
		" AND state = 'open' ORDER BY id DESC LIMIT 1");
	db_i64(q, out->account);
	out->deal = db_step(q);
	if (out->deal) {
		out->deal_name = db_col_copy(q, 0, arena);
		out->deal_owner = db_col_copy(q, 1, arena);
	}
	db_done(q);
	q = db_query(db, "SELECT coalesce(name, external_id) FROM cases WHERE account = $1"
			 " AND state = 'open' ORDER BY id DESC LIMIT 1");
	db_i64(q, out->account);
	out->open_case = db_step(q);
	if (out->open_case) {
		out->case_name = db_col_copy(q, 0, arena);
	}
	db_done(q);
}

static void read_person(struct db *db, struct arena *arena, struct subject_facts *out)
{
	struct db_query *q =
		db_query(db, "SELECT preferred, owner, territory, name FROM people WHERE id = $1");
	db_i64(q, out->person);
	if (db_step(q)) {
		struct str *const texts[] = {
			&out->preferred, &out->owner, &out->territory, &out->person_name};
		for (int i = 0; i < 4; i++) {
			struct str value = db_col_copy(q, i, arena);
			/* The person's own choice goes first; owner and territory are the account's. */
			if (!str_empty(value) && (i == 0 || str_empty(*texts[i]))) {
				*texts[i] = value;
			}
		}
	}
	db_done(q);
}

void store_subject_facts(struct store *s, const struct subject *subject, struct arena *arena,
	struct subject_facts *out)
{
	struct db *db = store_db(s);
	*out = (struct subject_facts){0};
	resolve(db, subject, out);
	if (out->account != 0) {
		read_account(db, arena, out);
		read_open(db, arena, out);
	}
	if (out->person != 0) {
		read_person(db, arena, out);
	}
}

void store_subject_rows(
	struct store *s, const struct subject *subject, int64_t *person, int64_t *account)
{
	struct subject_facts facts = {0};
	resolve(store_db(s), subject, &facts);
	*person = facts.person;
	*account = facts.account;
}

unsigned store_subject_traits(struct store *s, const struct subject *subject)
{
	struct db *db = store_db(s);
	struct subject_facts who = {0};
	unsigned traits = 0;
	resolve(db, subject, &who);
	if (who.account != 0) {
		struct db_query *q = db_query(db,
			"SELECT CASE kind WHEN 'customer' THEN 1 WHEN 'target' THEN 2 ELSE 0 END,"
			" EXISTS (SELECT 1 FROM opportunities o WHERE o.account = a.id AND o.state = 'open'),"
			" EXISTS (SELECT 1 FROM cases c WHERE c.account = a.id AND c.state = 'open')"
			" FROM accounts a WHERE id = $1");
		db_i64(q, who.account);
		if (db_step(q)) {
			int64_t kind = db_col_i64(q, 0);
			traits |= kind == 1 ? TRAIT_CUSTOMER : kind == 2 ? TRAIT_TARGET : 0;
			traits |= db_col_i64(q, 1) != 0 ? TRAIT_DEAL : 0;
			traits |= db_col_i64(q, 2) != 0 ? TRAIT_CASE : 0;
		}
		db_done(q);
	}
	return traits | (who.person != 0 ? TRAIT_CONTACT : 0);
}
