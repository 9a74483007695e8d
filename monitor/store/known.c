#include "monitor/store/known.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/seen.h"

#include <stdio.h>

#define VALUE_MAX (64u << 10)

/* ---- lists ---- */

/* For LIKE … ESCAPE '\': what stands for itself. */
static void write_pattern(struct buf *b, struct str words)
{
	buf_add_char(b, '%');
	for (size_t i = 0; i < words.n; i++) {
		buf_add_c(b, strchr("%_\\", words.p[i]) != NULL && words.p[i] != '\0' ? "\\" : "");
		buf_add_char(b, words.p[i]);
	}
	buf_add_char(b, '%');
}

/* Behind the row of $1 in the order of names; the first line is what an index can be read from. */
#define AFTER(table)                                                                            \
	" name >= coalesce((SELECT name FROM " table " WHERE id = $1), '')"                     \
	" AND ($1 = 0 OR (name, id) > (SELECT name, id FROM " table " WHERE id = $1))"          \
	" ORDER BY name, id"
#define IN_ORDER(table) "SELECT id FROM " table " WHERE" AFTER(table)
#define LIKE " LIKE $2 ESCAPE '\\'"

/* Each may be on a page of its own, in the order of names as in that of their numbers: so a page is made of the numbers
 * of all who may be meant, read in one go each way, and of the rows of those it shows. */
static const struct {
	const char *all, *meant; /* numbers in the order of names: with words, $2, those to look at */
	const char *row;         /* of the number $1, if $2 means it, '': anybody; as $3 sees it */
} lists[] = {
	[KNOWN_PEOPLE] = {IN_ORDER("people"),
		"SELECT id FROM people WHERE id IN (SELECT id FROM people WHERE name" LIKE
		" UNION SELECT person FROM identities WHERE value" LIKE
		" UNION SELECT person FROM employments WHERE employer" LIKE ") AND" AFTER("people"),
		"SELECT p.id, p.name, e.title, e.employer, p.owner, p.kind, p.merged_into FROM people p"
		" LEFT JOIN employments e ON e.id = (SELECT max(id) FROM employments"
		" WHERE person = p.id AND" JOB_STANDS("employments", "$3") ")"
		" WHERE p.id = $1 AND ($2 = '' OR p.name" LIKE " OR e.employer" LIKE
		" OR EXISTS (SELECT 1 FROM identities i WHERE i.person = p.id AND i.value" LIKE "))"},
	[KNOWN_ACCOUNTS] = {IN_ORDER("accounts"),
		"SELECT id FROM accounts WHERE id IN (SELECT id FROM accounts WHERE name" LIKE
		" UNION SELECT account FROM account_names WHERE value" LIKE ") AND" AFTER("accounts"),
		"SELECT a.id, a.name, a.kind, a.domain, a.owner, (SELECT count(DISTINCT"
		" COALESCE(p.merged_into, p.id)) FROM employments e JOIN people p ON p.id = e.person"
		" WHERE e.account = a.id AND" JOB_STANDS("e", "$3") ") FROM accounts a"
		" WHERE a.id = $1 AND ($2 = '' OR a.name" LIKE " OR EXISTS (SELECT 1 FROM account_names n"
		" WHERE n.account = a.id AND n.value" LIKE "))"},
};

static bool is_there(struct db *db, enum known_what what, int64_t id)
{
	struct db_query *q = db_query(db, what == KNOWN_PEOPLE ? "SELECT 1 FROM people WHERE id = $1"
							       : "SELECT 1 FROM accounts WHERE id = $1");
	db_i64(q, id);
	return db_run_i64(q, 0) != 0;
}

/* False: the words do not mean it. */
static bool take_one(struct db *db, enum known_what what, int64_t id, struct str pattern, struct str seen_as,
	void (*take)(void *ctx, const struct known_row *row), void *ctx)
{
	struct db_query *q = db_query(db, lists[what].row);
	db_i64(q, id);
	db_text(q, pattern);
	db_text(q, seen_as);
	bool meant = db_step(q);
	if (meant) {
		struct known_row row = {.id = id};
		for (int i = 0; i < (what == KNOWN_PEOPLE ? 6 : 5); i++) {
			row.cells[i] = db_col_text(q, i + 1);
		}
		take(ctx, &row);
	}
	db_done(q);
	return meant;
}

int store_known_list(struct store *s, enum known_what what, struct str words, struct str seen_as,
	int64_t after, size_t max, void (*take)(void *ctx, const struct known_row *row), void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct buf pattern;
	if (after != 0 && !is_there(db, what, after)) {
		return hark_err_set(err, HARK_EINVAL, STORE_PAGE_GONE);
	}
	buf_init(&pattern, VALUE_MAX);
	if (words.n > 0) {
		write_pattern(&pattern, words);
	}
	struct str like = words.n > 0 ? buf_str(&pattern) : STR("");
	struct db_query *q = db_query(db, words.n > 0 ? lists[what].meant : lists[what].all);
	db_i64(q, after);
	if (words.n > 0) {
		db_text(q, like);
	}
	for (size_t n = 0; n < max && db_step(q);) {
		n += take_one(db, what, db_col_i64(q, 0), like, seen_as, take, ctx);
	}
	db_done(q);
	int rc = pattern.rc != HARK_OK
			 ? hark_err_set(err, pattern.rc, "more words than can be looked for")
			 : db_check(db, err);
	buf_release(&pattern);
	return rc;
}

/* ---- one ---- */

struct card {
	struct db *db;
	int64_t id;
	const struct known_view *view;
	void (*take)(void *ctx, const struct known_line *line);
	void *ctx;
};

static void tell(const struct card *c, const char *section, const char *name, struct str value)
{
	const struct known_line line = {.section = section, .name = name, .value = value};
	c->take(c->ctx, &line);
}

/* The columns of the one row, called by `names` (ends with NULL). False: there is none. */
static bool own_lines(const struct card *c, const char *sql, const char *const *names)
{
	struct db_query *q = db_query(c->db, sql);
	db_i64(q, c->id);
	bool found = db_step(q);
	for (int i = 0; found && names[i] != NULL; i++) {
		struct str value = db_col_text(q, i);
		if (value.n > 0) {
			tell(c, NULL, names[i], value);
		}
	}
	db_done(q);
	return found;
}

/* Rows of (kind, value); the row is $1. */
static void lines_of(const struct card *c, const char *section, struct db_query *q)
{
	while (db_step(q)) {
		char name[64];
		snprintf(name, sizeof(name), "%.*s", STR_FMT(db_col_text(q, 0)));
		tell(c, section, name, db_col_text(q, 1));
	}
	db_done(q);
}

static void hanging_lines(const struct card *c, const char *section, const char *sql)
{
	struct db_query *q = db_query(c->db, sql);
	db_i64(q, c->id);
	lines_of(c, section, q);
}

/* Of what not everybody may see: who looks is $2. */
static void seen_lines(const struct card *c, const char *section, const char *sql)
{
	struct db_query *q = db_query(c->db, sql);
	db_i64(q, c->id);
	db_text(q, c->view->seen_as);
	lines_of(c, section, q);
}

bool known_date(struct str text)
{
	static const char shape[] = "dddd-dd-dd";
	bool good = text.n == 4 || text.n == 7 || text.n == 10;
	for (size_t i = 0; good && i < text.n; i++) {
		good = shape[i] == 'd' ? text.p[i] >= '0' && text.p[i] <= '9'
				       : text.p[i] == shape[i];
	}
	return good;
}

/* The last day of what is written, as a text that compares: "2026-09" is before "2026-09~". */
static int compare_dates(struct str a, bool a_ends, struct str b, bool b_ends)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = memcmp(a.p, b.p, n);
	if (order != 0 || a.n == b.n) {
		return order;
	}
	return a.n < b.n ? (a_ends ? 1 : -1) : (b_ends ? -1 : 1);
}

/* When a job began and ended, as far as anybody knows: what records say, else when it was seen. */
struct job_dates {
	struct str from, to; /* to: absent while it stands */
	char seen[CLOCK_TEXT_MAX], ended[CLOCK_TEXT_MAX];
};

static void read_dates(struct db_query *q, struct job_dates *d)
{
	clock_rfc3339(db_col_i64(q, 5), d->seen);
	clock_rfc3339(db_col_i64(q, 4), d->ended);
	d->from = db_is_null(q, 2) ? str_n(d->seen, 10) : db_col_text(q, 2);
	d->to = !db_is_null(q, 3)   ? db_col_text(q, 3)
		: !db_is_null(q, 4) ? str_n(d->ended, 10)
				    : STR_NONE;
}

/* Whoever begins or ends on a day that is not told to the day may have been there until its end. */
static bool is_held(const struct job_dates *d, struct str as_of)
{
	return as_of.n == 0 ||
	       (compare_dates(d->from, false, as_of, true) <= 0 &&
		       (d->to.n == 0 || compare_dates(d->to, false, as_of, true) > 0));
}

/* "Head of Sales at Globex, since 2026-01, until 2026-09, told by move 3". */
static void job_line(
	const struct card *c, struct db_query *q, const struct job_dates *d, struct buf *b)
{
	struct str title = db_col_text(q, 0), employer = db_col_text(q, 1);
	bool ended = !db_is_null(q, 4), held = c->view->as_of.n > 0;
	buf_clear(b);
	buf_printf(b, "%.*s%s%.*s", STR_FMT(title), title.n > 0 && employer.n > 0 ? " at " : "",
		STR_FMT(employer));
	if (!db_is_null(q, 2)) {
		buf_printf(b, ", since %.*s", STR_FMT(db_col_text(q, 2)));
	}
	if (!db_is_null(q, 3)) {
		buf_printf(b, ", until %.*s", STR_FMT(db_col_text(q, 3)));
	} else if (ended) {
		buf_printf(b, ", until %.10s or before", d->ended);
	}
	buf_printf(b, ", seen %.10s", d->seen);
	if (!db_is_null(q, 6)) {
		buf_printf(b, ", told by move %lld", (long long)db_col_i64(q, 6));
	} else {
		buf_add_c(b, ", imported");
	}
	tell(c, "jobs", held ? "then" : ended ? "before" : "now", buf_str(b));
}

#define SEEN(move) MOVE_SEEN(move, "$2")

static void job_lines(const struct card *c)
{
	struct buf b;
	struct db_query *q = db_query(c->db,
		"SELECT title, employer, valid_from, CASE WHEN " SEEN(
			"ended_move") " THEN valid_to END,"
				      " CASE WHEN " SEEN(
					      "ended_move") " THEN ended_ms END, observed_ms, move FROM employments e"
							    " WHERE (person = $1 OR person IN (SELECT id FROM people WHERE merged_into = $1)) AND " SEEN(
								    "e.move") " ORDER BY ended_ms IS NOT NULL, id DESC");
	db_i64(q, c->id);
	db_text(q, c->view->seen_as);
	bool any = c->view->as_of.n == 0;
	buf_init(&b, VALUE_MAX);
	while (db_step(q)) {
		struct job_dates d;
		read_dates(q, &d);
		if (is_held(&d, c->view->as_of)) {
			any = true;
			job_line(c, q, &d, &b);
		}
	}
	if (!any) {
		buf_printf(&b, "no job of theirs is known as of %.*s", STR_FMT(c->view->as_of));
		tell(c, "jobs", "unknown", buf_str(&b));
	}
	db_done(q);
	buf_release(&b);
}

#define THEIRS "(SELECT id FROM people WHERE id = $1 OR merged_into = $1)"

/* What they did and said, the last first. */
static void timeline(const struct card *c)
{
	struct db_query *q = db_query(c->db,
		"SELECT at_ms, what, text FROM (SELECT m.first_ms AS at_ms, 'move' AS what, CASE m.event WHEN 'left'"
		" THEN 'leaves ' || COALESCE(m.from_employer, 'a job') ELSE 'joins ' || COALESCE(m.to_employer,"
		" 'another employer') || COALESCE(' as ' || m.title, '') || COALESCE(', from ' || m.from_employer, '')"
		" END || ', move ' || m.id AS text FROM moves m WHERE m.person IN " THEIRS
		" AND m.same_as IS NULL AND " SEEN(
			"m.id") " UNION ALL SELECT COALESCE(p.published, p.received_ms), COALESCE(t.tone, 'post'),"
				" CASE WHEN p.visibility = 'private' THEN 'a private post' ELSE COALESCE(p.title || ': ', '') ||"
				" substr(COALESCE(p.text, ''), 1, 160) || COALESCE(', ' || p.url, '') END FROM encounters e"
				" JOIN posts p ON p.id = e.post LEFT JOIN statements t ON t.post = p.id WHERE e.person IN " THEIRS
				" AND p.deleted_ms IS NULL AND p.purged_ms IS NULL AND ($2 IS NULL OR NOT EXISTS (SELECT 1 FROM signals g"
				" WHERE g.post = p.id AND g.gone_ms IS NULL) OR EXISTS (SELECT 1 FROM signals g WHERE g.post = p.id"
				" AND g.gone_ms IS NULL AND g.visibility IN ('all', $2)))) l ORDER BY at_ms DESC LIMIT 50");
	db_i64(q, c->id);
	db_text(q, c->view->seen_as);
	while (db_step(q)) {
		char what[40];
		snprintf(what, sizeof(what), "%.*s", STR_FMT(db_col_text(q, 1)));
		const struct known_line line = {"timeline", what, db_col_text(q, 2), db_col_i64(q, 0)};
		c->take(c->ctx, &line);
	}
	db_done(q);
}

static bool person_lines(const struct card *c)
{
	static const char *const names[] = {"name", "kind", "id", "owner", "role", "territory",
		"location", "language", "preferred", "left", "attributes", NULL};
	if (!own_lines(c,
		    "SELECT name, kind, external_id, owner, role, territory, location, lang, preferred, left_on,"
		    " attributes FROM people WHERE id = $1",
		    names)) {
		return false;
	}
	job_lines(c);
	timeline(c);
	hanging_lines(c, "ties",
		"SELECT 'knows', count(*) || ' people by their own export' FROM ties WHERE colleague = $1"
		" HAVING count(*) > 0");
	hanging_lines(c, "known by",
		"SELECT kind, value || CASE confidence WHEN 'proven' THEN ', proven by ' || replace(origin, ':', ' ')"
		" WHEN 'reviewed' THEN ', accepted in ' || replace(origin, ':', ' ') ELSE '' END"
		" FROM identities WHERE person = $1 ORDER BY kind, value");
	hanging_lines(c, "one with",
		"SELECT 'person', name || ' (' || id || ')' FROM people WHERE merged_into = $1 OR id ="
		" (SELECT merged_into FROM people WHERE id = $1) ORDER BY id");
	hanging_lines(c, "to review",
		"SELECT r.kind, COALESCE(p.name || ' (' || p.id || ')', 'move ' || r.move, 'author ' ||"
		" COALESCE(a.display_name, a.handle, a.profile_url)) || ': ' || COALESCE(r.detail, '') FROM reviews r"
		" LEFT JOIN people p ON p.id = CASE WHEN r.person = $1 THEN r.other ELSE r.person END"
		" LEFT JOIN authors a ON a.id = r.author"
		" WHERE (r.person = $1 OR r.other = $1) AND r.state = 'open' ORDER BY r.id");
	hanging_lines(c, "imports",
		"SELECT 'import ' || i.id, i.kind || ' of ' || i.file FROM people p JOIN imports i"
		" ON i.id = p.import OR i.id = p.touched WHERE p.id = $1 ORDER BY i.id");
	return true;
}

static bool account_lines(const struct card *c)
{
	static const char *const names[] = {"name", "type", "id", "owner", "segment", "region",
		"territory", "industry", "product", "renewal", "motion", "channel", "partner",
		"clause", "contract-end", "live", "parent", "preferred", "attributes", NULL};
	if (!own_lines(c,
		    "SELECT name, kind, external_id, owner, segment, region, territory, industry, product,"
		    " renewal_on, motion, channel, partner, clause, contract_until, live_on, parent,"
		    " preferred, attributes FROM accounts WHERE id = $1",
		    names)) {
		return false;
	}
	hanging_lines(c, "names",
		"SELECT kind, value FROM account_names WHERE account = $1 ORDER BY kind, value");
	hanging_lines(c, "deals",
		"SELECT state, COALESCE(name, external_id) || COALESCE(', ' || stage, '') ||"
		" COALESCE(', ' || (value_cents / 100), '') || COALESCE(' ' || currency, '') ||"
		" COALESCE(', closes ' || closes_on, '') FROM opportunities WHERE account = $1"
		" ORDER BY state = 'open' DESC, closes_on DESC, id LIMIT 20");
	hanging_lines(c, "cases",
		"SELECT state, COALESCE(name, external_id) || COALESCE(', ' || priority, '') ||"
		" COALESCE(', opened ' || created_on, '') FROM cases WHERE account = $1"
		" ORDER BY state = 'closed', created_on DESC, id LIMIT 20");
	seen_lines(c, "notes",
		"SELECT e.effect, e.text || CASE WHEN p.name IS NULL THEN '' ELSE ', move ' || e.move END FROM"
		" move_effects e JOIN moves m ON m.id = e.move LEFT JOIN people p ON p.id = m.person WHERE"
		" e.account = $1 AND e.make = 'note' AND (e.class = 'all' OR $2 IS NULL OR e.class = $2) ORDER BY e.id DESC LIMIT 20");
	hanging_lines(c, "surveys",
		"SELECT kind, 'mean ' || (sum(score) / count(*) / 100) || '.' ||"
		" (sum(score) / count(*) / 10 % 10) || ' of ' || count(*) || COALESCE(' answers, the last ' ||"
		" max(answered_on), ' answers') FROM surveys WHERE account = $1 GROUP BY kind ORDER BY kind");
	seen_lines(c, "people",
		"SELECT p.name, COALESCE(e.title, '') FROM employments e JOIN people p ON p.id = e.person"
		" WHERE e.account = $1 AND" JOB_STANDS("e", "$2") " AND NOT EXISTS (SELECT 1 FROM employments o"
		" WHERE o.person = p.merged_into AND o.account = $1 AND" JOB_STANDS("o", "$2") ")"
		" ORDER BY p.name, p.id LIMIT 20");
	hanging_lines(c, "ties",
		"SELECT p.name, 'knows ' || count(*) || ' there' FROM ties t JOIN people p ON p.id = t.colleague"
		" WHERE t.account = $1 GROUP BY p.id, p.name ORDER BY count(*) DESC, p.name LIMIT 20");
	hanging_lines(c, "imports",
		"SELECT 'import ' || i.id, i.kind || ' of ' || i.file FROM accounts a JOIN imports i"
		" ON i.id = a.import OR i.id = a.touched WHERE a.id = $1 ORDER BY i.id");
	return true;
}

/* ---- by name ---- */

static const char *const find_sql[][2] = {
	[KNOWN_PEOPLE] = {"SELECT id FROM people WHERE lower(name) = lower($1) AND merged_into IS NULL ORDER BY id",
		"SELECT id FROM people WHERE name LIKE $1 ESCAPE '\\' AND merged_into IS NULL ORDER BY id"},
	[KNOWN_ACCOUNTS] =
		{"SELECT id FROM accounts WHERE lower(name) = lower($1) UNION SELECT account FROM"
		 " account_names WHERE lower(value) = lower($1) ORDER BY 1",
			"SELECT id FROM accounts WHERE name LIKE $1 ESCAPE '\\' ORDER BY id"},
};

/* Rows that fit: how many, the first, and all as "4, 7, 9". */
static size_t find_all(
	struct store *s, const char *sql, struct str words, int64_t *first, struct buf *all)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s), sql);
	db_text(q, words);
	while (db_step(q)) {
		*first = n == 0 ? db_col_i64(q, 0) : *first;
		if (n++ < 20) {
			buf_printf(all, "%s%lld", n > 1 ? ", " : "", (long long)db_col_i64(q, 0));
		}
	}
	db_done(q);
	return n;
}

#define LIST_OF(what) ((what) == KNOWN_PEOPLE ? "hark people list" : "hark accounts list")

static int lacks_number(enum known_what what, int64_t id, struct hark_err *err)
{
	return hark_err_set(err, HARK_ENOENT, "there is no %s %lld: %s shows them",
		what == KNOWN_PEOPLE ? "person" : "account", (long long)id, LIST_OF(what));
}

static int find_number(struct store *s, enum known_what what, int64_t id, struct hark_err *err)
{
	struct db_query *q = db_query(store_db(s),
		what == KNOWN_PEOPLE ? "SELECT 1 FROM people WHERE id = $1"
				     : "SELECT 1 FROM accounts WHERE id = $1");
	db_i64(q, id);
	bool found = db_run_i64(q, 0) != 0;
	int rc = db_check(store_db(s), err);
	return rc != HARK_OK || found ? rc : lacks_number(what, id, err);
}

int store_known_find(
	struct store *s, enum known_what what, struct str words, int64_t *out, struct hark_err *err)
{
	struct buf pattern, all;
	if (str_i64(words, out) && *out > 0) {
		return find_number(s, what, *out, err);
	}
	buf_init(&pattern, VALUE_MAX);
	buf_init(&all, VALUE_MAX);
	write_pattern(&pattern, words);
	size_t n = find_all(s, find_sql[what][0], words, out, &all);
	if (n == 0) {
		n = find_all(s, find_sql[what][1], buf_str(&pattern), out, &all);
	}
	int rc = db_check(store_db(s), err);
	if (rc == HARK_OK && n == 0) {
		rc = hark_err_set(err, HARK_ENOENT, "there is no %s '%.*s': %s shows them",
			what == KNOWN_PEOPLE ? "person" : "account",
			STR_FMT(str_cut_utf8(words, 100)), LIST_OF(what));
	} else if (rc == HARK_OK && n > 1) {
		rc = hark_err_set(err, HARK_EINVAL, "%zu %s are called '%.*s': %s", n,
			what == KNOWN_PEOPLE ? "people" : "accounts",
			STR_FMT(str_cut_utf8(words, 100)), buf_c(&all));
	}
	buf_release(&pattern);
	buf_release(&all);
	return rc;
}

int store_known_show(struct store *s, enum known_what what, int64_t id,
	const struct known_view *view,
	void (*take)(void *ctx, const struct known_line *line), void *ctx, struct hark_err *err)
{
	const struct card c = {store_db(s), id, view, take, ctx};
	bool found = what == KNOWN_PEOPLE ? person_lines(&c) : account_lines(&c);
	int rc = db_check(store_db(s), err);
	return rc != HARK_OK || found ? rc : lacks_number(what, id, err);
}

int64_t store_known_addresses(struct store *s, int64_t person)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT count(*) FROM identities WHERE person = $1");
	db_i64(q, person);
	return db_run_i64(q, 0);
}
