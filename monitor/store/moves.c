#include "monitor/store/moves.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/employments.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define SAME_MS (180 * DAY_MS)  /* sources tell of one move within so long */
#define CONTRA_MS (45 * DAY_MS) /* two destinations within so long cannot both be true */

struct found {
	int64_t same, other; /* moves, 0: none */
};

/* Whether a row tells of the same move: the same destination, or the same employer that was left where one of them
 * does not say where to. */
static bool is_same(
	const struct move_told *told, struct str to, struct str from, same_company_fn same)
{
	return told->to.n > 0 && to.n > 0
		       ? same(told->to, to)
		       : told->from.n > 0 && from.n > 0 && same(told->from, from);
}

static bool told_by(struct store *s, int64_t move, int64_t source)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT 1 FROM move_evidence WHERE move = $1 AND source = $2 LIMIT 1");
	db_i64(q, move);
	db_i64(q, source);
	return db_run_i64(q, 0) != 0;
}

static struct found find(struct store *s, const struct move_told *told, same_company_fn same)
{
	struct found f = {0};
	struct db_query *q =
		db_query(store_db(s), "SELECT id, to_employer, from_employer, last_ms FROM moves"
				      " WHERE person = $1 AND last_ms >= $2 ORDER BY id DESC");
	db_i64(q, told->person);
	db_i64(q, told->told_ms - SAME_MS);
	for (bool last = true; f.same == 0 && db_step(q); last = false) {
		struct str to = db_col_text(q, 1), from = db_col_text(q, 2);
		bool goes_on = told->from.n > 0 && to.n > 0 && same(told->from, to);
		if (is_same(told, to, from, same)) {
			f.same = db_col_i64(q, 0);
			continue;
		}
		if (last && goes_on) {
			break; /* another move, even back to where they once went */
		}
		bool near = told->told_ms - db_col_i64(q, 3) < CONTRA_MS;
		/* What the same source tells later is another move. */
		if (last && near && told->to.n > 0 && to.n > 0 &&
			!told_by(s, db_col_i64(q, 0), told->source)) {
			f.other = db_col_i64(q, 0);
		}
	}
	db_done(q);
	return f;
}

static int64_t account_of(struct store *s, struct str name)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT id FROM accounts WHERE name = $1 UNION ALL SELECT account FROM account_names"
		" WHERE kind = 'alias' AND value = $1 LIMIT 1");
	db_text(q, name);
	return name.n > 0 ? db_run_i64(q, 0) : (db_done(q), 0);
}

static int64_t add(struct store *s, const struct move_told *t, int64_t contradicts)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO moves (person, event, to_employer, from_employer, title, was_title, effective,"
		" contradicts, sources, first_ms, last_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9)");
	db_i64(q, t->person);
	db_text(q, t->event);
	db_text(q, t->to.n > 0 ? t->to : STR_NONE);
	db_text(q, t->from.n > 0 ? t->from : STR_NONE);
	db_text(q, t->title.n > 0 ? t->title : STR_NONE);
	db_text(q, t->was_title.n > 0 ? t->was_title : STR_NONE);
	db_text(q, t->effective.n > 0 ? t->effective : STR_NONE);
	db_i64_unless(q, contradicts, 0);
	db_i64(q, t->told_ms);
	return db_run_id(q);
}

/* False: the source has said so before. */
static bool add_evidence(struct store *s, int64_t move, const struct move_told *t)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO move_evidence (move, source, post, event, to_employer, from_employer, title, effective,"
		" url, told_ms, key) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE NOT EXISTS (SELECT 1 FROM"
		" move_evidence WHERE move = $1 AND source = $2 AND event = $4 AND"
		" COALESCE(to_employer, '') = COALESCE($5, '') AND COALESCE(title, '') = COALESCE($7, ''))");
	db_i64(q, move);
	db_i64(q, t->source);
	db_i64_unless(q, t->post, 0);
	db_text(q, t->event);
	db_text(q, t->to.n > 0 ? t->to : STR_NONE);
	db_text(q, t->from.n > 0 ? t->from : STR_NONE);
	db_text(q, t->title.n > 0 ? t->title : STR_NONE);
	db_text(q, t->effective.n > 0 ? t->effective : STR_NONE);
	db_text(q, t->url.n > 0 ? t->url : STR_NONE);
	db_i64(q, t->told_ms);
	db_text(q, t->key.n > 0 ? t->key : STR_NONE);
	return db_run(q) > 0;
}

/* What another source adds is filled in; nothing that was said is written over. */
static void grow(struct store *s, int64_t move, const struct move_told *t)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE moves SET to_employer = COALESCE(to_employer, $2), from_employer = COALESCE(from_employer, $3),"
		" title = COALESCE(title, $4), was_title = COALESCE(was_title, $5), effective = COALESCE(effective, $6),"
		" last_ms = CASE WHEN last_ms < $7 THEN $7 ELSE last_ms END, sources = (SELECT count(DISTINCT source)"
		" FROM move_evidence WHERE move = $1) WHERE id = $1");
	db_i64(q, move);
	db_text(q, t->to.n > 0 ? t->to : STR_NONE);
	db_text(q, t->from.n > 0 ? t->from : STR_NONE);
	db_text(q, t->title.n > 0 ? t->title : STR_NONE);
	db_text(q, t->was_title.n > 0 ? t->was_title : STR_NONE);
	db_text(q, t->effective.n > 0 ? t->effective : STR_NONE);
	db_i64(q, t->told_ms);
	db_run(q);
}

/* Who left without a date had left by the day it was told. */
static enum employment_change observe(
	struct store *s, const struct move_told *t, bool look, int64_t now_ms)
{
	char told[CLOCK_TEXT_MAX];
	bool left = t->to.n == 0;
	struct str since = t->effective.n > 0 ? t->effective : STR_NONE;
	struct str day = str_n(clock_rfc3339(t->told_ms, told), 10);
	struct employment e = {.employer = t->to,
		.title = left || t->title.n == 0 ? STR_NONE : t->title,
		.since = left ? STR_NONE : since,
		.left = !left         ? STR_NONE
			: since.n > 0 ? since
				      : day,
		.account = account_of(s, t->to)};
	return store_employment_observe(s, t->person, &e, look, now_ms);
}

static bool says_where(struct store *s, int64_t move)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT 1 FROM moves WHERE id = $1 AND to_employer IS NOT NULL");
	db_i64(q, move);
	return db_run_i64(q, 0) != 0;
}

int64_t store_move_take(
	struct store *s, const struct move_told *told, same_company_fn same, int64_t now_ms)
{
	struct found f = find(s, told, same);
	if (f.same == 0 && observe(s, told, true, now_ms) == EMPLOYMENT_SAME) {
		return 0;
	}
	int64_t move = f.same != 0 ? f.same : add(s, told, f.other);
	if (!add_evidence(s, move, told)) {
		return 0;
	}
	bool opens = !says_where(s, move) && told->to.n > 0;
	grow(s, move, told);
	if (opens && f.same != 0) {
		observe(s, told, false, now_ms); /* it is known now where to */
	} else if (f.same == 0 && f.other != 0) {
		struct db_query *q = db_query(store_db(s),
			"UPDATE moves SET contradicts = $2 WHERE id = $1 AND contradicts IS NULL");
		db_i64(q, f.other);
		db_i64(q, move);
		db_run(q);
	} else if (f.same == 0) {
		observe(s, told, false, now_ms);
	}
	return move;
}

void store_move_forget(struct store *s, int64_t source, struct str key)
{
	static const char *const steps[] = {
		"DELETE FROM moves WHERE id IN (SELECT move FROM move_evidence WHERE source = $1 AND key = $2)"
		" AND NOT EXISTS (SELECT 1 FROM move_evidence e WHERE e.move = moves.id AND e.source <> $1)",
		"UPDATE moves SET sources = sources - 1 WHERE id IN (SELECT move FROM move_evidence WHERE"
		" source = $1 AND key = $2)",
		"DELETE FROM move_evidence WHERE source = $1 AND key = $2"};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct db_query *q = db_query(store_db(s), steps[i]);
		db_i64(q, source);
		db_text(q, key);
		db_run(q);
	}
}

/* --- reading --- */

#define COLUMNS                                                                                   \
	"m.id, m.person, p.name, m.to_employer, m.from_employer, m.title, m.was_title, "          \
	"m.effective, m.contradicts, m.sources, m.first_ms, m.last_ms FROM moves m JOIN people p" \
	" ON p.id = m.person"

static struct move_row read_row(struct db_query *q, struct arena *arena)
{
	int64_t sources = db_col_i64(q, 9);
	return (struct move_row){.id = db_col_i64(q, 0),
		.person = db_col_i64(q, 1),
		.name = db_col_copy(q, 2, arena),
		.to = db_col_copy(q, 3, arena),
		.from = db_col_copy(q, 4, arena),
		.title = db_col_copy(q, 5, arena),
		.was_title = db_col_copy(q, 6, arena),
		.effective = db_col_copy(q, 7, arena),
		.contradicts = db_col_i64(q, 8),
		.sources = sources,
		.grade = sources > 2    ? 'A'
			 : sources == 2 ? 'B'
					: 'C',
		.first_ms = db_col_i64(q, 10),
		.last_ms = db_col_i64(q, 11)};
}

int store_move_list(struct store *s, int64_t person, size_t max, struct arena *arena,
	struct move_row **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT " COLUMNS " WHERE ($1 = 0 OR m.person = $1) ORDER BY m.id DESC LIMIT $2");
	db_i64(q, person);
	db_i64(q, (int64_t)max);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		*out = arena_grow(arena, *out, *n, &cap, sizeof(**out));
		if (*out == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the moves");
			break;
		}
		(*out)[(*n)++] = read_row(q, arena);
	}
	db_done(q);
	return db_check(db, err);
}

static void read_sources(
	struct store *s, int64_t id, struct arena *arena, struct move_source **out, size_t *n)
{
	size_t cap = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT COALESCE(o.name, 'a source that is gone'), e.event, e.to_employer, e.from_employer, e.title,"
		" e.effective, e.url, e.told_ms FROM move_evidence e LEFT JOIN sources o ON o.id = e.source"
		" WHERE e.move = $1 ORDER BY e.id");
	db_i64(q, id);
	while (db_step(q) && (*out = arena_grow(arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		struct move_source *m = &(*out)[(*n)++];
		struct str *const texts[] = {
			&m->source, &m->event, &m->to, &m->from, &m->title, &m->effective, &m->url};
		for (int i = 0; i < 7; i++) {
			*texts[i] = db_col_copy(q, i, arena);
		}
		m->told_ms = db_col_i64(q, 7);
	}
	db_done(q);
}

int store_move_load(struct store *s, int64_t id, struct arena *arena, struct move_row *out,
	struct move_source **sources, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS " WHERE m.id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		*out = read_row(q, arena);
	}
	db_done(q);
	*sources = NULL;
	*n = 0;
	if (found) {
		read_sources(s, id, arena, sources, n);
	}
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no move %lld: `hark moves list`",
				 (long long)id)
		       : rc;
}
