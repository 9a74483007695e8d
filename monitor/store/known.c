#include "monitor/store/known.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/store/driver.h"

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

static const char *const list_sql[] = {
	[KNOWN_PEOPLE] =
		"SELECT p.id, p.name, e.title, e.employer, p.owner, p.kind, p.merged_into FROM people p"
		" LEFT JOIN employments e ON e.id = (SELECT max(id) FROM employments"
		" WHERE person = p.id AND ended_ms IS NULL)"
		" WHERE $1 = '' OR p.name LIKE $2 ESCAPE '\\' OR e.employer LIKE $2 ESCAPE '\\'"
		" OR EXISTS (SELECT 1 FROM identities i WHERE i.person = p.id AND i.value LIKE $2 ESCAPE '\\')"
		" ORDER BY p.name, p.id LIMIT $3",
	[KNOWN_ACCOUNTS] =
		"SELECT a.id, a.name, a.kind, a.domain, a.owner, (SELECT count(DISTINCT"
		" COALESCE(p.merged_into, p.id)) FROM employments e JOIN people p ON p.id = e.person"
		" WHERE e.account = a.id AND e.ended_ms IS NULL) FROM accounts a"
		" WHERE $1 = '' OR a.name LIKE $2 ESCAPE '\\'"
		" OR EXISTS (SELECT 1 FROM account_names n WHERE n.account = a.id AND n.value LIKE $2"
		" ESCAPE '\\') ORDER BY a.name, a.id LIMIT $3",
};

int store_known_list(struct store *s, enum known_what what, struct str words, size_t max,
	void (*take)(void *ctx, const struct known_row *row), void *ctx, struct hark_err *err)
{
	struct buf pattern;
	buf_init(&pattern, VALUE_MAX);
	write_pattern(&pattern, words);
	struct db_query *q = db_query(store_db(s), list_sql[what]);
	db_text(q, words.n > 0 ? words : STR(""));
	db_text(q, buf_str(&pattern));
	db_i64(q, (int64_t)max);
	while (db_step(q)) {
		struct known_row row = {.id = db_col_i64(q, 0)};
		for (int i = 0; i < (what == KNOWN_PEOPLE ? 6 : 5); i++) {
			row.cells[i] = db_col_text(q, i + 1);
		}
		take(ctx, &row);
	}
	db_done(q);
	int rc = pattern.rc != HARK_OK
			 ? hark_err_set(err, pattern.rc, "more words than can be looked for")
			 : db_check(store_db(s), err);
	buf_release(&pattern);
	return rc;
}

/* ---- one ---- */

struct card {
	struct db *db;
	int64_t id;
	void (*take)(void *ctx, const char *section, const char *name, struct str value);
	void *ctx;
};

/* The columns of the one row, called by `names` (ends with NULL). False: there is none. */
static bool own_lines(const struct card *c, const char *sql, const char *const *names)
{
	struct db_query *q = db_query(c->db, sql);
	db_i64(q, c->id);
	bool found = db_step(q);
	for (int i = 0; found && names[i] != NULL; i++) {
		struct str value = db_col_text(q, i);
		if (value.n > 0) {
			c->take(c->ctx, NULL, names[i], value);
		}
	}
	db_done(q);
	return found;
}

/* Rows of (kind, value). */
static void hanging_lines(const struct card *c, const char *section, const char *sql)
{
	struct db_query *q = db_query(c->db, sql);
	db_i64(q, c->id);
	while (db_step(q)) {
		char name[64];
		snprintf(name, sizeof(name), "%.*s", STR_FMT(db_col_text(q, 0)));
		c->take(c->ctx, section, name, db_col_text(q, 1));
	}
	db_done(q);
}

/* "Head of Sales at Globex, since 2026-01, until 2026-09". */
static void job_lines(const struct card *c)
{
	struct buf b;
	struct db_query *q = db_query(c->db,
		"SELECT title, employer, valid_from, valid_to, ended_ms, observed_ms FROM employments"
		" WHERE person = $1 ORDER BY ended_ms IS NOT NULL, id DESC");
	db_i64(q, c->id);
	buf_init(&b, VALUE_MAX);
	while (db_step(q)) {
		char seen[CLOCK_TEXT_MAX];
		bool ended = !db_is_null(q, 4);
		struct str title = db_col_text(q, 0), employer = db_col_text(q, 1);
		buf_clear(&b);
		buf_printf(&b, "%.*s%s%.*s", STR_FMT(title),
			title.n > 0 && employer.n > 0 ? " at " : "", STR_FMT(employer));
		if (!db_is_null(q, 2)) {
			buf_printf(&b, ", since %.*s", STR_FMT(db_col_text(q, 2)));
		}
		if (!db_is_null(q, 3)) {
			buf_printf(&b, ", until %.*s", STR_FMT(db_col_text(q, 3)));
		} else if (ended) {
			clock_rfc3339(db_col_i64(q, 4), seen);
			buf_printf(&b, ", until %.10s or before", seen);
		}
		clock_rfc3339(db_col_i64(q, 5), seen);
		buf_printf(&b, ", seen %.10s", seen);
		c->take(c->ctx, "jobs", ended ? "before" : "now", buf_str(&b));
	}
	db_done(q);
	buf_release(&b);
}

static bool person_lines(const struct card *c)
{
	static const char *const names[] = {"name", "kind", "id", "owner", "role", "territory",
		"location", "preferred", "left", "attributes", NULL};
	if (!own_lines(c,
		    "SELECT name, kind, external_id, owner, role, territory, location, preferred, left_on,"
		    " attributes FROM people WHERE id = $1",
		    names)) {
		return false;
	}
	job_lines(c);
	hanging_lines(c, "known by",
		"SELECT kind, value || CASE confidence WHEN 'proven' THEN ', proven by ' || replace(origin, ':', ' ')"
		" WHEN 'reviewed' THEN ', accepted in ' || replace(origin, ':', ' ') ELSE '' END"
		" FROM identities WHERE person = $1 ORDER BY kind, value");
	hanging_lines(c, "one with",
		"SELECT 'person', name || ' (' || id || ')' FROM people WHERE merged_into = $1 OR id ="
		" (SELECT merged_into FROM people WHERE id = $1) ORDER BY id");
	hanging_lines(c, "to review",
		"SELECT r.kind, COALESCE(p.name || ' (' || p.id || ')', 'author ' || COALESCE(a.display_name,"
		" a.handle, a.profile_url)) || ': ' || COALESCE(r.detail, '') FROM reviews r"
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
	hanging_lines(c, "notes",
		"SELECT e.effect, e.text || CASE WHEN p.name IS NULL THEN '' ELSE ', move ' || e.move END FROM"
		" move_effects e JOIN moves m ON m.id = e.move LEFT JOIN people p ON p.id = m.person WHERE"
		" e.account = $1 AND e.make = 'note' AND e.class = 'all' ORDER BY e.id DESC LIMIT 20");
	hanging_lines(c, "surveys",
		"SELECT kind, 'mean ' || (sum(score) / count(*) / 100) || '.' ||"
		" (sum(score) / count(*) / 10 % 10) || ' of ' || count(*) || COALESCE(' answers, the last ' ||"
		" max(answered_on), ' answers') FROM surveys WHERE account = $1 GROUP BY kind ORDER BY kind");
	hanging_lines(c, "people",
		"SELECT p.name, COALESCE(e.title, '') FROM employments e JOIN people p ON p.id = e.person"
		" WHERE e.account = $1 AND e.ended_ms IS NULL AND NOT EXISTS (SELECT 1 FROM employments o"
		" WHERE o.person = p.merged_into AND o.account = $1 AND o.ended_ms IS NULL)"
		" ORDER BY p.name, p.id LIMIT 20");
	hanging_lines(c, "imports",
		"SELECT 'import ' || i.id, i.kind || ' of ' || i.file FROM accounts a JOIN imports i"
		" ON i.id = a.import OR i.id = a.touched WHERE a.id = $1 ORDER BY i.id");
	return true;
}

int store_known_show(struct store *s, enum known_what what, int64_t id,
	void (*take)(void *ctx, const char *section, const char *name, struct str value), void *ctx,
	struct hark_err *err)
{
	const struct card c = {store_db(s), id, take, ctx};
	bool found = what == KNOWN_PEOPLE ? person_lines(&c) : account_lines(&c);
	int rc = db_check(store_db(s), err);
	return rc != HARK_OK || found
		       ? rc
		       : hark_err_set(err, HARK_ENOENT, "there is no %s %lld",
				 what == KNOWN_PEOPLE ? "person" : "account", (long long)id);
}
