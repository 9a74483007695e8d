#include "monitor/store/records.h"

#include "monitor/base/hash.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/store/driver.h"
#include "monitor/store/employments.h"
#include "monitor/store/record_table.h"
#include "monitor/store/references.h"
#include "monitor/store/removed.h"

#include <stdio.h>
#include <stdlib.h>

#define SQL_MAX 4096
#define BEFORE_MAX (1u << 20)

struct records {
	struct store *store;
	struct db *db;
	enum record_kind kind;
	const struct record_table *table;
	int64_t import, now_ms;
	bool look;
	int64_t orphaned;
	bool removed; /* there are numbers of undone imports to be given back */
	struct buf insert, select, update; /* SQL */
	struct buf touch;          /* update without the columns, for the sake of their indexes */
	struct buf before, merged; /* scratch */
	struct arena arena;        /* of one record */
};

/* ---- statements ---- */

static void write_insert(struct records *w)
{
	const struct record_table *t = w->table;
	struct buf *b = &w->insert;
	buf_printf(b, "INSERT INTO %s (", t->name);
	for (size_t i = 0; i < t->n; i++) {
		buf_printf(b, "%s, ", t->columns[i].name);
	}
	buf_printf(b, "attributes, import, touched, print, created_ms, updated_ms%s%s%s) VALUES (",
		t->more, w->kind == RECORD_ACCOUNT ? ", domain" : "",
		record_is_person(w->kind) || w->kind == RECORD_ACCOUNT ? ""
		: w->kind == RECORD_SURVEY                             ? ", account, person"
								       : ", account");
	for (size_t i = 1; i <= t->n; i++) {
		buf_printf(b, "$%zu, ", i);
	}
	size_t n = t->n;
	buf_printf(b, "$%zu, $%zu, $%zu, $%zu, $%zu, $%zu%s", n + 1, n + 2, n + 2, n + 3, n + 4,
		n + 4, t->values);
	if (!record_is_person(w->kind)) { /* its domain, or whose it is */
		buf_printf(b, ", $%zu", n + 5);
	}
	buf_printf(b, w->kind == RECORD_SURVEY ? ", $%zu)" : ")", n + 6);
}

static void write_select(struct records *w)
{
	buf_add_c(&w->select, "SELECT attributes, touched, print, updated_ms");
	for (size_t i = 0; i < w->table->n; i++) {
		buf_printf(&w->select, ", %s", w->table->columns[i].name);
	}
	buf_printf(&w->select, " FROM %s WHERE id = $1", w->table->name);
}

/* What does not change is bound as NULL. */
static void write_update(struct records *w)
{
	static const char head[] = "UPDATE %s SET touched = $2, print = $3, updated_ms = $4";
	buf_printf(&w->touch, head, w->table->name);
	buf_add_c(&w->touch, " WHERE id = $1");
	buf_printf(&w->update, head, w->table->name);
	buf_add_c(&w->update, ", attributes = COALESCE($5, attributes)");
	for (size_t i = 0; i < w->table->n; i++) {
		buf_printf(&w->update, ", %s = COALESCE($%zu, %s)", w->table->columns[i].name,
			i + 6, w->table->columns[i].name);
	}
	buf_add_c(&w->update, " WHERE id = $1");
}

int records_open(struct records **out, struct store *s, enum record_kind kind, int64_t import,
	int64_t now_ms, struct hark_err *err)
{
	struct records *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to import");
	}
	*w = (struct records){.store = s,
		.db = store_db(s),
		.kind = kind,
		.table = record_table(kind),
		.import = import,
		.now_ms = now_ms,
		.look = import == 0,
		.removed = import != 0 && store_removed_any(s, kind)};
	buf_init(&w->insert, SQL_MAX);
	buf_init(&w->select, SQL_MAX);
	buf_init(&w->update, SQL_MAX);
	buf_init(&w->touch, SQL_MAX);
	buf_init(&w->before, BEFORE_MAX);
	buf_init(&w->merged, BEFORE_MAX);
	arena_init(&w->arena, 0);
	write_insert(w);
	write_select(w);
	write_update(w);
	if (w->insert.rc != HARK_OK || w->select.rc != HARK_OK || w->update.rc != HARK_OK ||
		w->touch.rc != HARK_OK) {
		records_close(w);
		return hark_err_set(err, HARK_ENOMEM, "no memory to import");
	}
	*out = w;
	return HARK_OK;
}

void records_close(struct records *w)
{
	if (w == NULL) {
		return;
	}
	buf_release(&w->insert);
	buf_release(&w->select);
	buf_release(&w->update);
	buf_release(&w->touch);
	buf_release(&w->before);
	buf_release(&w->merged);
	arena_release(&w->arena);
	free(w);
}

/* ---- what a record says ---- */

uint64_t record_print(const struct record *r)
{
	struct str parts[RECORD_FIELDS + 1];
	memcpy(parts, r->field, sizeof(r->field));
	parts[RECORD_FIELDS] = r->attributes;
	return hash128(parts, RECORD_FIELDS + 1).lo | 1;
}

static void bind_value(struct db_query *q, const struct record_column *c, struct str value)
{
	int64_t number;
	if (value.n == 0) {
		db_null(q);
	} else if (c->is_number && str_i64(value, &number)) {
		db_i64(q, number);
	} else {
		db_text(q, value);
	}
}

static struct str first_line(struct str s)
{
	struct str one = STR_NONE;
	return str_split(&s, '\n', &one) && one.n > 0 ? one : STR_NONE;
}

static struct employment employment_of(
	const struct records *w, const struct record *r, const struct record_links *links)
{
	return (struct employment){.employer = r->field[REC_ACCOUNT],
		.title = r->field[REC_TITLE].n > 0 ? r->field[REC_TITLE] : STR_NONE,
		.since = r->field[REC_SINCE].n > 0 ? r->field[REC_SINCE] : STR_NONE,
		.left = r->field[REC_LEFT].n > 0 ? r->field[REC_LEFT] : STR_NONE,
		.account = links->account,
		.import = w->import};
}

/* ---- what hangs on a row ---- */

/* Returns how many were new. */
static int64_t add_identity(struct records *w, int64_t person, const char *kind, struct str value)
{
	static const char known[] =
		"SELECT count(*) FROM identities WHERE kind = $1 AND value = $2 AND person = $3";
	static const char add[] =
		"INSERT INTO identities (kind, value, person, confidence, origin, import, created_ms)"
		" VALUES ($1, $2, $3, 'imported', 'import', $4, $5) ON CONFLICT (kind, value, person)"
		" DO NOTHING";
	struct db_query *q = db_query(w->db, w->look ? known : add);
	db_text_c(q, kind);
	db_text(q, value);
	db_i64(q, person);
	if (w->look) {
		return db_run_i64(q, 0) == 0;
	}
	db_i64(q, w->import);
	db_i64(q, w->now_ms);
	return db_run(q);
}

static int64_t add_identities(
	struct records *w, int64_t person, const struct record *r, const struct record_links *known)
{
	struct str rest = known->emailed ? STR_NONE : r->field[REC_EMAIL], one;
	int64_t added = 0;
	while (str_split(&rest, '\n', &one)) {
		added += add_identity(w, person, "email", one);
	}
	if (r->field[REC_LINK].n > 0 && !known->profiled) {
		added += add_identity(w, person, "profile", r->field[REC_LINK]);
	}
	if (r->field[REC_HANDLE].n > 0) {
		added += add_identity(w, person, "handle", r->field[REC_HANDLE]);
	}
	return added;
}

static int64_t add_name(struct records *w, int64_t account, const char *kind, struct str value)
{
	static const char known[] =
		"SELECT count(*) FROM account_names WHERE account = $1 AND kind = $2 AND value = $3";
	static const char add[] =
		"INSERT INTO account_names (account, kind, value, import)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT (account, kind, value) DO NOTHING";
	struct db_query *q = db_query(w->db, w->look ? known : add);
	db_i64(q, account);
	db_text_c(q, kind);
	db_text(q, value);
	if (w->look) {
		return db_run_i64(q, 0) == 0;
	}
	db_i64(q, w->import);
	return db_run(q);
}

static int64_t add_names(struct records *w, int64_t account, const struct record *r)
{
	struct str rest = r->field[REC_ALIASES], one;
	int64_t added = 0;
	while (str_split(&rest, '\n', &one)) {
		added += add_name(w, account, "alias", one);
	}
	rest = r->field[REC_DOMAINS];
	while (str_split(&rest, '\n', &one)) {
		added += add_name(w, account, "domain", one);
	}
	return added;
}

/* ---- a new row ---- */

/* Of a colleague who has left: nobody keeps the gates they kept. */
static void look_who_left(struct records *w, int64_t id, const struct record *r)
{
	if (w->kind == RECORD_STAFF && r->field[REC_LEFT].n > 0) {
		w->orphaned += (int64_t)store_references_orphan(w->store, id, false, w->now_ms);
	}
}

int64_t records_orphaned(const struct records *w)
{
	return w->orphaned;
}

int64_t records_add(struct records *w, const struct record *r, const struct record_links *links)
{
	if (w->look) {
		return 0;
	}
	struct db_query *q = db_query(w->db, buf_c(&w->insert));
	for (size_t i = 0; i < w->table->n; i++) {
		bind_value(q, &w->table->columns[i], r->field[w->table->columns[i].field]);
	}
	db_text(q, r->attributes);
	db_i64(q, w->import);
	db_i64_unless(q, (int64_t)r->print, 0);
	db_i64(q, w->now_ms);
	if (w->kind == RECORD_ACCOUNT) {
		db_text(q, first_line(r->field[REC_DOMAINS]));
	} else if (!record_is_person(w->kind)) {
		db_i64_unless(q, links->account, 0);
	}
	if (w->kind == RECORD_SURVEY) {
		db_i64_unless(q, links->person, 0);
	}
	int64_t id = db_run_id(q);
	id = w->removed ? store_removed_take(w->store, r, id) : id;
	look_who_left(w, id, r);
	if (record_is_person(w->kind)) {
		struct employment e = employment_of(w, r, links);
		add_identities(w, id, r, links);
		if (e.employer.n > 0 || e.title.n > 0) {
			store_employment_add(w->store, id, &e, w->now_ms);
		}
	} else if (w->kind == RECORD_ACCOUNT) {
		add_names(w, id, r);
	}
	return id;
}

/* ---- a row that is known ---- */

/* What is stored under the new attributes, with those of the file put over it; absent: nothing changes. */
static struct str merge_attributes(struct records *w, struct str old, struct str fresh)
{
	if (fresh.n == 0) {
		return STR_NONE;
	}
	json_t *all = old.n > 0 ? json_read(old, NULL) : json_object();
	json_t *more = json_read(fresh, NULL);
	struct str out = STR_NONE;
	json_t *was = json_deep_copy(all);
	if (all != NULL && more != NULL && json_object_update(all, more) == 0 &&
		!json_equal(all, was)) {
		char *text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
		out = text != NULL ? arena_str(&w->arena, str_c(text)) : STR_NONE;
		free(text);
	}
	json_decref(was);
	json_decref(all);
	json_decref(more);
	return out;
}

struct change {
	struct str fresh[RECORD_FIELDS]; /* by column; absent: as it was */
	struct str attributes;
	bool columns; /* one of the row's own differs */
	bool differs;
	bool found;
};

static void note_before(
	struct jsonout *j, const struct record_column *c, struct db_query *q, int at)
{
	jsonout_key(j, c->name);
	if (db_is_null(q, at)) {
		jsonout_null(j);
	} else if (c->is_number) {
		jsonout_i64(j, db_col_i64(q, at));
	} else {
		jsonout_str(j, db_col_text(q, at));
	}
}

static bool is_same(struct db_query *q, int at, const struct record_column *c, struct str value)
{
	int64_t number;
	if (c->is_number && str_i64(value, &number)) {
		return !db_is_null(q, at) && db_col_i64(q, at) == number;
	}
	return str_eq(db_col_text(q, at), value);
}

/* Compares the row with the record; what it was goes into `before`. */
static struct change compare(struct records *w, int64_t id, const struct record *r)
{
	struct change c = {0};
	struct jsonout j;
	struct db_query *q = db_query(w->db, buf_c(&w->select));
	db_i64(q, id);
	buf_clear(&w->before);
	jsonout_init(&j, &w->before);
	if (db_step(q)) {
		c.found = true;
		jsonout_object(&j);
		jsonout_key_i64(&j, "touched", db_col_i64(q, 1));
		jsonout_key_i64(&j, "print", db_col_i64(q, 2));
		jsonout_key_i64(&j, "updated_ms", db_col_i64(q, 3));
		for (size_t i = 0; i < w->table->n; i++) {
			const struct record_column *column = &w->table->columns[i];
			struct str value = r->field[column->field];
			if (value.n > 0 && !is_same(q, (int)i + 4, column, value)) {
				note_before(&j, column, q, (int)i + 4);
				c.fresh[i] = value;
				c.columns = true;
			}
		}
		c.attributes = merge_attributes(w, db_col_text(q, 0), r->attributes);
		if (c.attributes.p != NULL) {
			jsonout_key(&j, "attributes");
			if (db_is_null(q, 0)) {
				jsonout_null(&j);
			} else {
				jsonout_str(&j, db_col_text(q, 0));
			}
			c.columns = true;
		}
		jsonout_end_object(&j);
	}
	db_done(q);
	c.differs = c.columns;
	return c;
}

static void keep_before(struct records *w, int64_t id)
{
	struct db_query *q = db_query(w->db,
		"INSERT INTO import_changes (import, record, person, before) VALUES ($1, $2, $3, $4)");
	db_i64(q, w->import);
	db_i64(q, id);
	db_i64_unless(q, record_is_person(w->kind) ? id : 0, 0);
	db_text(q, buf_str(&w->before));
	db_run(q);
}

static void write_change(
	struct records *w, int64_t id, const struct record *r, const struct change *c)
{
	struct db_query *q = db_query(w->db, buf_c(c->columns ? &w->update : &w->touch));
	db_i64(q, id);
	db_i64(q, w->import);
	db_i64_unless(q, (int64_t)r->print, 0);
	db_i64(q, w->now_ms);
	if (c->columns) {
		db_text(q, c->attributes);
		for (size_t i = 0; i < w->table->n; i++) {
			bind_value(q, &w->table->columns[i], c->fresh[i]);
		}
	}
	db_run(q);
	keep_before(w, id);
}

bool records_change(
	struct records *w, int64_t id, const struct record *r, const struct record_links *links)
{
	arena_reset(&w->arena);
	struct change c = compare(w, id, r);
	if (!c.found) {
		return false;
	}
	if (record_is_person(w->kind)) {
		struct employment e = employment_of(w, r, links);
		c.differs |= add_identities(w, id, r, links) > 0;
		c.differs |= store_employment_observe(w->store, id, &e, w->look, w->now_ms) !=
			     EMPLOYMENT_SAME;
	} else if (w->kind == RECORD_ACCOUNT) {
		c.differs |= add_names(w, id, r) > 0;
	}
	if (c.differs && !w->look) {
		write_change(w, id, r, &c);
		look_who_left(w, id, r);
	}
	return c.differs;
}

/* ---- between records ---- */

struct unlinked {
	const char *select, *update;
};

static int64_t link_table(struct db *db, const struct unlinked *u,
	int64_t (*find)(void *ctx, struct str ref, struct str name), void *ctx)
{
	int64_t linked = 0;
	struct db_query *q = db_query(db, u->select);
	while (db_step(q)) {
		int64_t account = find(ctx, db_col_text(q, 1), db_col_text(q, 2));
		if (account != 0) {
			struct db_query *set = db_query(db, u->update);
			db_i64(set, db_col_i64(q, 0));
			db_i64(set, account);
			linked += db_run(set);
		}
	}
	db_done(q);
	return linked;
}

int64_t records_link_accounts(
	struct store *s, int64_t (*find)(void *ctx, struct str ref, struct str name), void *ctx)
{
	static const struct unlinked tables[] = {
		{"SELECT id, NULL, employer FROM employments WHERE account IS NULL AND employer <> ''",
			"UPDATE employments SET account = $2 WHERE id = $1"},
		{"SELECT id, account_ref, account_name FROM opportunities WHERE account IS NULL",
			"UPDATE opportunities SET account = $2 WHERE id = $1"},
		{"SELECT id, account_ref, account_name FROM cases WHERE account IS NULL",
			"UPDATE cases SET account = $2 WHERE id = $1"},
		{"SELECT id, account_ref, account_name FROM surveys WHERE account IS NULL",
			"UPDATE surveys SET account = $2 WHERE id = $1"},
		{"SELECT id, NULL, account_name FROM ties WHERE account IS NULL",
			"UPDATE ties SET account = $2 WHERE id = $1"},
	};
	int64_t linked = 0;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		linked += link_table(store_db(s), &tables[i], find, ctx);
	}
	return linked;
}

struct str records_account_name(struct store *s, int64_t account, struct arena *arena)
{
	struct db_query *q = db_query(store_db(s), "SELECT name FROM accounts WHERE id = $1");
	db_i64(q, account);
	struct str name = db_step(q) ? db_col_copy(q, 0, arena) : STR_NONE;
	db_done(q);
	return name;
}

bool records_review(struct store *s, const char *kind, int64_t person, int64_t other,
	struct str detail, int64_t import, bool look, int64_t now_ms)
{
	struct db *db = store_db(s);
	int64_t low = person < other ? person : other, high = person < other ? other : person;
	struct db_query *q =
		db_query(db, "SELECT count(*) FROM reviews WHERE kind = $1 AND person = $2"
			     " AND other = $3");
	db_text_c(q, kind);
	db_i64(q, low);
	db_i64(q, high);
	if (db_run_i64(q, 0) != 0) {
		return false;
	}
	if (!look) {
		q = db_query(db, "INSERT INTO reviews (kind, person, other, detail, import, state,"
				 " created_ms) VALUES ($1, $2, $3, $4, $5, 'open', $6)");
		db_text_c(q, kind);
		db_i64(q, low);
		db_i64(q, high);
		db_text(q, detail);
		db_i64(q, import);
		db_i64(q, now_ms);
		db_run(q);
	}
	return true;
}
