/* DESIGN. What hangs on a record (aliases, handles, the job) is read beside it, in the order of the records, so
 * that every table is gone through once. */
#include "monitor/store/listed.h"

#include "monitor/base/json.h"
#include "monitor/store/beside.h"
#include "monitor/store/store.h"

#include <stdio.h>

#define CELL_MAX (64u << 10)
#define ATTRS_MAX \
	(sizeof(((struct rules_record *)0)->attrs) / sizeof(((struct rules_record *)0)->attrs[0]))

struct listing {
	struct db *db;
	void (*take)(void *to, const struct rules_record *record);
	void *to;
	struct rules_record record;
	struct buf first, second; /* cells of several values */
	struct arena arena;       /* of one record */
	int64_t n;
};

static void add(struct listing *l, const char *name, struct str value)
{
	if (l->record.attrs_n < ATTRS_MAX) {
		l->record.attrs[l->record.attrs_n].name = str_c(name);
		l->record.attrs[l->record.attrs_n++].value = value.p != NULL ? value : STR("");
	}
}

/* What the user's own columns say. */
static void add_attributes(struct listing *l, struct str text, json_t **tree)
{
	const char *key;
	json_t *value;
	*tree = text.n > 0 ? json_read(text, NULL) : NULL;
	json_object_foreach(*tree, key, value)
	{
		if (json_is_string(value)) {
			add(l, key, str_n(json_string_value(value), json_string_length(value)));
		}
	}
}

static void add_value(struct buf *b, struct str value)
{
	buf_add_c(b, b->n > 0 ? ";" : "");
	buf_add_str(b, value);
}

static void begin(struct listing *l, struct db_query *q, const char *kind, char id[40])
{
	arena_reset(&l->arena);
	buf_clear(&l->first);
	buf_clear(&l->second);
	snprintf(id, 40, "%s_%lld", kind, (long long)db_col_i64(q, 0));
	l->record = (struct rules_record){
		.name = db_col_text(q, 2), .id = db_is_null(q, 1) ? str_c(id) : db_col_text(q, 1)};
}

static void end(struct listing *l, json_t *tree)
{
	l->take(l->to, &l->record);
	l->n++;
	json_decref(tree);
}

static void each_account(struct listing *l)
{
	static const char *const names[] = {"type", "owner", "segment", "region", "territory",
		"industry", "product", "renewal", "motion", "channel", "partner", "parent",
		"preferred"};
	struct beside hanging;
	char id[40];
	beside_open(&hanging, db_query(l->db, "SELECT account, kind, value FROM account_names"
					      " ORDER BY account, kind, value"));
	struct db_query *q = db_query(l->db,
		"SELECT id, external_id, name, kind, owner, segment, region, territory, industry, product,"
		" renewal_on, motion, channel, partner, parent, preferred, attributes FROM accounts ORDER BY id");
	while (db_step(q)) {
		json_t *tree;
		begin(l, q, "account", id);
		for (; beside_is_at(&hanging, db_col_i64(q, 0)); beside_next(&hanging)) {
			bool alias = str_eq_c(db_col_text(hanging.q, 1), "alias");
			add_value(alias ? &l->first : &l->second, db_col_text(hanging.q, 2));
		}
		add(l, "aliases", buf_str(&l->first));
		add(l, "domains", buf_str(&l->second));
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			add(l, names[i], db_col_text(q, (int)i + 3));
		}
		add_attributes(l, db_col_text(q, 16), &tree);
		end(l, tree);
	}
	db_done(q);
	db_done(hanging.q);
}

#define SAME                                                                       \
	"WITH RECURSIVE same(id) AS (SELECT id FROM people WHERE merged_into = $1" \
	" UNION ALL SELECT p.id FROM people p JOIN same ON p.merged_into = same.id) "

/* The names, handles and last job of those that are one with person `id` and have no entry of their own. */
static void add_same(struct listing *l, int64_t id, struct str *employer, struct str *title)
{
	struct db_query *q = db_query(l->db,
		SAME "SELECT 'name', name FROM people WHERE id IN (SELECT id FROM same) UNION ALL"
		     " SELECT kind, value FROM identities WHERE person IN (SELECT id FROM same)"
		     " AND kind IN ('handle', 'profile')");
	db_i64(q, id);
	while (db_step(q)) {
		bool name = str_eq_c(db_col_text(q, 0), "name");
		add_value(name ? &l->second : &l->first, db_col_text(q, 1));
	}
	db_done(q);
	q = db_query(l->db,
		SAME "SELECT employer, title FROM employments WHERE ended_ms IS NULL AND"
		     " (person = $1 OR person IN (SELECT id FROM same)) ORDER BY id DESC LIMIT 1");
	db_i64(q, id);
	if (db_step(q)) {
		*employer = db_col_copy(q, 0, &l->arena);
		*title = db_col_copy(q, 1, &l->arena);
	}
	db_done(q);
}

static void each_person(struct listing *l, const char *kind)
{
	static const char *const names[] = {"owner", "role", "territory", "location", "preferred"};
	struct beside known, jobs;
	char id[40];
	beside_open(&known, db_query(l->db, "SELECT person, value FROM identities WHERE kind IN"
					    " ('handle', 'profile') ORDER BY person, id"));
	beside_open(&jobs, db_query(l->db, "SELECT person, employer, title FROM employments"
					   " WHERE ended_ms IS NULL ORDER BY person, id"));
	struct db_query *q = db_query(l->db,
		"SELECT id, external_id, name, owner, role, territory, location, preferred, attributes,"
		" EXISTS (SELECT 1 FROM people n WHERE n.merged_into = p.id)"
		" FROM people p WHERE kind = $1 AND NOT EXISTS (SELECT 1 FROM people o WHERE"
		" o.id = p.merged_into AND o.kind = p.kind) ORDER BY id");
	db_text_c(q, kind);
	while (db_step(q)) {
		json_t *tree;
		struct str employer = STR_NONE, title = STR_NONE;
		begin(l, q, kind, id);
		for (; beside_is_at(&known, db_col_i64(q, 0)); beside_next(&known)) {
			add_value(&l->first, db_col_text(known.q, 1));
		}
		for (; beside_is_at(&jobs, db_col_i64(q, 0)); beside_next(&jobs)) {
			employer = db_col_copy(jobs.q, 1, &l->arena);
			title = db_col_copy(jobs.q, 2, &l->arena);
		}
		if (db_col_i64(q, 9) != 0) {
			add_same(l, db_col_i64(q, 0), &employer, &title);
		}
		add(l, "aliases", buf_str(&l->second));
		add(l, "handles", buf_str(&l->first));
		add(l, "employer", employer);
		add(l, "title", title);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			add(l, names[i], db_col_text(q, (int)i + 3));
		}
		add_attributes(l, db_col_text(q, 8), &tree);
		end(l, tree);
	}
	db_done(q);
	db_done(known.q);
	db_done(jobs.q);
}

/* A store of an older hark is brought up to date: the daemon, too, reads its lists before it opens it. */
static int open_store(struct store **s, const char *url, struct hark_err *err)
{
	int rc = store_open(s, url, STORE_READ_ONLY, err);
	return rc == HARK_ESTATE ? store_open(s, url, 0, err) : rc;
}

int store_listed_each(void *url, const char *kind,
	void (*take)(void *to, const struct rules_record *record), void *to, struct hark_err *err)
{
	struct store *s = NULL;
	int rc = open_store(&s, url, err);
	if (rc != HARK_OK) {
		return rc;
	}
	struct listing l = {.db = store_db(s), .take = take, .to = to};
	buf_init(&l.first, CELL_MAX);
	buf_init(&l.second, CELL_MAX);
	arena_init(&l.arena, 0);
	db_begin_read(l.db);
	if (strcmp(kind, "accounts") == 0) {
		each_account(&l);
	} else if (strcmp(kind, "contacts") == 0) {
		each_person(&l, "contact");
	} else if (strcmp(kind, "staff") == 0) {
		each_person(&l, "staff");
	}
	rc = db_commit(l.db, err);
	buf_release(&l.first);
	buf_release(&l.second);
	arena_release(&l.arena);
	store_close(s);
	return rc == HARK_OK && l.n == 0
		       ? hark_err_set(err, HARK_ENOENT, "no %s are imported", kind)
		       : rc;
}
