#include "monitor/store/moves.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/base/fold.h"
#include "monitor/store/driver.h"
#include "monitor/store/employments.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define SAME_MS (180 * DAY_MS)  /* sources tell of one move within so long */
#define CONTRA_MS (45 * DAY_MS) /* two destinations within so long cannot both be true */
#define NAME_MAX 4096

/* One store_move_take(). */
struct taking {
	struct store *s;
	const struct move_told *told;
	same_company_fn same;
	int64_t now_ms;
	struct arena arena;
	struct job job;       /* where the person works until now */
	struct str name_key;  /* of the told name */
	struct str from;      /* that was left, told or on record */
	int64_t from_account; /* 0: none that is known */
};

struct found {
	int64_t same, other; /* moves, 0: none */
};

static struct str some(struct str text)
{
	return text.n > 0 ? text : STR_NONE;
}

/* Of people whose names are the same but for case, accents and punctuation. */
static struct str name_key(struct str name, struct arena *arena)
{
	struct buf b;
	buf_init(&b, NAME_MAX * 3);
	fold_words(&b, str_cut_utf8(name, NAME_MAX));
	struct str key = arena_str(arena, b.n > 0 ? buf_str(&b) : STR(""));
	buf_release(&b);
	return key;
}

static bool is_left(const struct move_told *t)
{
	return str_eq_c(t->event, "left");
}

/* Another title where somebody stays. */
static bool is_promotion(const struct taking *k)
{
	const struct move_told *t = k->told;
	struct str from = t->from.n > 0 ? t->from : k->job.employer;
	return str_eq_c(t->event, "changed") && t->to.n > 0 && from.n > 0 && k->same(from, t->to);
}

/* --- which move it is --- */

/* Whether a row tells of the same move: the same destination, or the same employer that was left where one of them
 * does not say where to. Another title there some time later is a promotion. */
static bool is_same(
	const struct taking *k, struct str to, struct str from, struct str title, int64_t last_ms)
{
	const struct move_told *t = k->told;
	if (t->to.n == 0 && t->from.n == 0) {
		return t->person != 0; /* "starting a new job on Monday" */
	}
	if (to.n == 0 && from.n == 0) {
		return true;
	}
	if (t->to.n > 0 && to.n > 0) {
		bool other = t->told_ms - last_ms >= CONTRA_MS && is_promotion(k) &&
			     t->title.n > 0 && title.n > 0 && !store_same_words(t->title, title);
		return k->same(t->to, to) && !other;
	}
	return t->from.n > 0 && from.n > 0 && k->same(t->from, from);
}

static bool told_by(struct store *s, int64_t move, int64_t source)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT 1 FROM move_evidence WHERE move = $1 AND source = $2 LIMIT 1");
	db_i64(q, move);
	db_i64(q, source);
	return db_run_i64(q, 0) != 0;
}

static struct db_query *ask_alike(const struct taking *k)
{
	const struct move_told *t = k->told;
	struct db_query *q = db_query(store_db(k->s),
		t->person != 0
			? "SELECT id, to_employer, from_employer, last_ms, title FROM moves WHERE person = $1"
			  " AND same_as IS NULL AND last_ms >= $2 ORDER BY id DESC"
			: "SELECT id, to_employer, from_employer, last_ms, title FROM moves WHERE name_key = $1"
			  " AND person IS NULL AND last_ms >= $2 ORDER BY id DESC");
	if (t->person != 0) {
		db_i64(q, t->person);
	} else {
		db_text(q, k->name_key);
	}
	db_i64(q, t->told_ms - SAME_MS);
	return q;
}

static struct found find(const struct taking *k)
{
	const struct move_told *t = k->told;
	struct found f = {0};
	struct db_query *q = ask_alike(k);
	for (bool last = true; f.same == 0 && db_step(q); last = false) {
		struct str to = db_col_text(q, 1), from = db_col_text(q, 2);
		bool goes_on =
			!is_promotion(k) && t->from.n > 0 && to.n > 0 && k->same(t->from, to);
		if (is_same(k, to, from, db_col_text(q, 4), db_col_i64(q, 3))) {
			f.same = db_col_i64(q, 0);
			continue;
		}
		if (last && goes_on) {
			break; /* another move, even back to where they once went */
		}
		bool near = t->told_ms - db_col_i64(q, 3) < CONTRA_MS;
		bool elsewhere = t->to.n > 0 && to.n > 0 && !k->same(t->to, to);
		/* What the same source tells later is another move; strangers may be two. */
		if (last && near && elsewhere && t->person != 0 &&
			!told_by(k->s, db_col_i64(q, 0), t->source)) {
			f.other = db_col_i64(q, 0);
		}
	}
	db_done(q);
	return f;
}

/* --- accounts --- */

static int64_t account_by(struct store *s, struct str name)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT id FROM accounts WHERE name = $1 UNION ALL SELECT account FROM account_names"
		" WHERE kind = 'alias' AND value = $1 LIMIT 1");
	db_text(q, name);
	return db_run_i64(q, 0);
}

/* "Globex " of "Globex Corporation": what names that mean one begin with. */
static struct str first_word(struct str name, struct buf *pattern)
{
	size_t n = 0;
	while (n < name.n && name.p[n] != ' ') {
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		char c = name.p[i];
		buf_add_c(pattern, c == '%' || c == '_' || c == '\\' ? "\\" : "");
		buf_add_char(pattern, c);
	}
	buf_add_char(pattern, '%');
	return buf_str(pattern);
}

int64_t store_account_named(struct store *s, struct str name, same_company_fn same)
{
	int64_t found = name.n > 0 ? account_by(s, name) : 0;
	if (found != 0 || name.n == 0) {
		return found;
	}
	struct buf pattern;
	bool many = false;
	buf_init(&pattern, NAME_MAX * 2);
	struct db_query *q = db_query(store_db(s),
		"SELECT id, name FROM accounts WHERE name LIKE $1 ESCAPE '\\' UNION ALL SELECT account, value"
		" FROM account_names WHERE kind = 'alias' AND value LIKE $1 ESCAPE '\\'");
	db_text(q, first_word(str_cut_utf8(name, NAME_MAX / 2), &pattern));
	while (db_step(q)) {
		int64_t id = db_col_i64(q, 0);
		if (same(name, db_col_text(q, 1))) {
			many = many || (found != 0 && found != id);
			found = id;
		}
	}
	db_done(q);
	buf_release(&pattern);
	return many ? 0 : found;
}

/* --- writing one --- */

static int64_t add(const struct taking *k)
{
	const struct move_told *t = k->told;
	struct db_query *q = db_query(store_db(k->s),
		"INSERT INTO moves (person, name, name_key, event, to_employer, to_account, from_employer,"
		" from_account, title, was_title, effective, visibility, sources, pending, first_ms,"
		" last_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '" MOVE_VISIBILITY_ALL
		"', 0, 0, $12, $12, $13)");
	db_i64_unless(q, t->person, 0);
	db_text(q, t->name.n > 0 ? t->name : STR(""));
	db_text(q, k->name_key);
	db_text(q, t->event);
	db_text(q, some(t->to));
	db_i64_unless(q, store_account_named(k->s, t->to, k->same), 0);
	db_text(q, some(k->from));
	db_i64_unless(q, k->from_account, 0);
	db_text(q, some(t->title));
	db_text(q, some(t->was_title));
	db_text(q, some(t->effective));
	db_i64(q, t->told_ms);
	db_i64(q, k->now_ms);
	return db_run_id(q);
}

/* False: the source has said so before. */
static bool add_evidence(const struct taking *k, int64_t move)
{
	const struct move_told *t = k->told;
	struct db_query *q = db_query(store_db(k->s),
		"INSERT INTO move_evidence (move, source, post, event, to_employer, from_employer, title, effective,"
		" url, told_ms, key, kind, known_by) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13"
		" WHERE NOT EXISTS (SELECT 1 FROM move_evidence WHERE move = $1 AND source = $2 AND event = $4"
		" AND COALESCE(to_employer, '') = COALESCE($5, '') AND COALESCE(title, '') = COALESCE($7, ''))");
	db_i64(q, move);
	db_i64(q, t->source);
	db_i64_unless(q, t->post, 0);
	db_text(q, t->event);
	db_text(q, some(t->to));
	db_text(q, some(t->from));
	db_text(q, some(t->title));
	db_text(q, some(t->effective));
	db_text(q, some(t->url));
	db_i64(q, t->told_ms);
	db_text(q, some(t->key));
	db_text_c(q, t->kind != NULL ? t->kind : "profile");
	db_text(q, some(t->known_by));
	return db_run(q) > 0;
}

#define COUNT_SOURCES                                                                               \
	"sources = (SELECT count(DISTINCT source) FROM move_evidence WHERE move = moves.id OR move" \
	" IN (SELECT o.id FROM moves o WHERE o.same_as = moves.id))"

/* What another source adds is filled in; nothing that was said is written over. */
static void grow(const struct taking *k, int64_t move)
{
	const struct move_told *t = k->told;
	struct db_query *q = db_query(store_db(k->s),
		"UPDATE moves SET to_account = CASE WHEN to_employer IS NULL THEN $8 ELSE to_account END,"
		" from_account = CASE WHEN from_employer IS NULL THEN $9 ELSE from_account END,"
		" to_employer = COALESCE(to_employer, $2), from_employer = COALESCE(from_employer, $3),"
		" title = COALESCE(title, $4), was_title = COALESCE(was_title, $5), effective = COALESCE(effective, $6),"
		" last_ms = CASE WHEN last_ms < $7 THEN $7 ELSE last_ms END, " COUNT_SOURCES
		" WHERE id = $1");
	db_i64(q, move);
	db_text(q, some(t->to));
	db_text(q, some(k->from));
	db_text(q, some(t->title));
	db_text(q, some(t->was_title));
	db_text(q, some(t->effective));
	db_i64(q, t->told_ms);
	db_i64_unless(q, store_account_named(k->s, t->to, k->same), 0);
	db_i64_unless(q, k->from_account, 0);
	db_run(q);
}

static void run2(struct store *s, const char *sql, int64_t a, int64_t b)
{
	struct db_query *q = db_query(store_db(s), sql);
	db_i64(q, a);
	db_i64(q, b);
	db_run(q);
}

/* Each names the other, unless it names one already. */
static void contradict(struct store *s, int64_t a, int64_t b)
{
	static const char *const sql =
		"UPDATE moves SET contradicts = $2 WHERE id = $1 AND contradicts IS NULL";
	run2(s, sql, a, b);
	run2(s, sql, b, a);
}

static void count_again(struct store *s, int64_t move)
{
	run2(s, "UPDATE moves SET " COUNT_SOURCES " WHERE id = $1 AND $2 = 0", move, 0);
}

/* --- what it means for the jobs --- */

/* Whether somebody works there already, or is known to have left. */
static bool is_known(const struct taking *k)
{
	const struct move_told *t = k->told;
	bool there = k->job.row != 0 && k->job.employer.n > 0;
	if (is_left(t)) {
		bool stays = there && (t->from.n == 0 || k->same(t->from, k->job.employer));
		return !stays && t->from.n > 0 &&
		       store_employment_ended(k->s, t->person, t->from, k->same);
	}
	if (!there || t->to.n == 0 || !k->same(t->to, k->job.employer)) {
		return false;
	}
	bool retold = str_eq_c(t->event, "joined") && t->kind != NULL &&
		      strcmp(t->kind, "announcement") == 0;
	return t->title.n == 0 || retold || store_same_words(t->title, k->job.title);
}

/* What was told long ago, or before what is known of today began, says nothing of today. */
static bool is_old(const struct taking *k)
{
	char told[CLOCK_TEXT_MAX];
	const struct move_told *t = k->told;
	clock_rfc3339(t->told_ms, told);
	struct str day = str_n(told, k->job.since.n < 10 ? k->job.since.n : 10);
	bool later = day.n > 0 && memcmp(k->job.since.p, day.p, day.n) > 0;
	return t->told_ms < k->now_ms - SAME_MS || later;
}

/* Who left without a date had left by the day it was told. */
static void follow(const struct taking *k, int64_t move)
{
	char told[CLOCK_TEXT_MAX];
	const struct move_told *t = k->told;
	bool left = is_left(t), there = k->job.row != 0 && k->job.employer.n > 0;
	bool apart = left && there && t->from.n > 0 && !k->same(t->from, k->job.employer);
	if (t->person == 0 || is_old(k) || apart || (!left && t->to.n == 0)) {
		return;
	}
	struct str since = some(t->effective);
	struct str day = str_n(clock_rfc3339(t->told_ms, told), 10);
	bool stays = there && t->to.n > 0 && k->same(t->to, k->job.employer);
	struct employment e = {.employer = left    ? STR_NONE
					   : stays ? k->job.employer
						   : t->to,
		.title = left || t->title.n == 0 ? STR_NONE : t->title,
		.since = left ? STR_NONE : since,
		.left = !left         ? STR_NONE
			: since.n > 0 ? since
				      : day,
		.account = left    ? 0
			   : stays ? k->job.account
				   : store_account_named(k->s, t->to, k->same),
		.move = move};
	int64_t at_ms = t->told_ms < k->now_ms ? t->told_ms : k->now_ms;
	store_employment_observe(k->s, t->person, &e, false, at_ms);
}

/* What was left, where only the record says so. */
static void complete(struct taking *k)
{
	const struct move_told *t = k->told;
	bool stays = t->to.n > 0 && k->job.employer.n > 0 && k->same(t->to, k->job.employer);
	k->from = t->from;
	if (t->from.n == 0 && !stays && k->job.employer.n > 0 && !is_old(k)) {
		k->from = k->job.employer;
		k->from_account = k->job.account;
	}
	if (k->from_account == 0) {
		bool on_record =
			k->from.n > 0 && k->job.employer.n > 0 && k->same(k->from, k->job.employer);
		k->from_account = on_record && k->job.account != 0
					  ? k->job.account
					  : store_account_named(k->s, k->from, k->same);
	}
}

/* --- strangers --- */

/* What strangers of that name were said to do there was this person. */
static void adopt(const struct taking *k, int64_t move)
{
	struct taking other = *k;
	struct move_told told = *k->told;
	told.person = 0;
	other.told = &told;
	if (told.name.n == 0 || (told.to.n == 0 && told.from.n == 0)) {
		return;
	}
	for (;;) {
		struct found f = find(&other);
		struct db_query *q = db_query(store_db(k->s),
			"SELECT 1 FROM reviews WHERE move = $1 AND person = $2 AND state = 'rejected'");
		db_i64(q, f.same);
		db_i64(q, k->told->person);
		if (db_run_i64(q, 0) != 0 || f.same == 0) {
			return;
		}
		run2(k->s, "UPDATE move_evidence SET move = $2 WHERE move = $1", f.same, move);
		run2(k->s, "DELETE FROM moves WHERE id = $1 AND $2 <> 0", f.same, move);
	}
}

static bool says_where(struct store *s, int64_t move)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT 1 FROM moves WHERE id = $1 AND to_employer IS NOT NULL");
	db_i64(q, move);
	return db_run_i64(q, 0) != 0;
}

static int64_t take(struct taking *k)
{
	const struct move_told *t = k->told;
	struct found f = find(k);
	if (f.same == 0 && (t->person != 0 ? is_known(k) : t->to.n + t->from.n == 0)) {
		return 0;
	}
	int64_t move = f.same != 0 ? f.same : add(k);
	if (!add_evidence(k, move)) {
		return 0;
	}
	bool opens = f.same != 0 && !says_where(k->s, move) && t->to.n > 0;
	if (t->person != 0) {
		adopt(k, move);
	}
	grow(k, move);
	if (f.same == 0 && f.other != 0) {
		contradict(k->s, move, f.other);
	} else if (f.same == 0 || opens) { /* new, or it is known now where to */
		follow(k, move);
	}
	return move;
}

int64_t store_move_take(
	struct store *s, const struct move_told *told, same_company_fn same, int64_t now_ms)
{
	struct taking k = {.s = s, .told = told, .same = same, .now_ms = now_ms};
	arena_init(&k.arena, 0);
	k.name_key = name_key(told->name, &k.arena);
	if (told->person != 0) {
		store_employment_today(s, told->person, &k.arena, &k.job);
	}
	complete(&k);
	int64_t move = take(&k);
	arena_release(&k.arena);
	return move;
}

/* --- evidence that comes and goes --- */

void store_move_post(struct store *s, int64_t move, int64_t source, struct str key, int64_t post)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE move_evidence SET post = $4 WHERE id = (SELECT max(id) FROM move_evidence"
		" WHERE move = $1 AND source = $2 AND key = $3)");
	db_i64(q, move);
	db_i64(q, source);
	db_text(q, key);
	db_i64(q, post);
	db_run(q);
}

bool store_move_in_story(struct store *s, int64_t story)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM move_evidence WHERE post = $1"
		" OR post IN (SELECT post FROM story_copies WHERE story = $1) LIMIT 1");
	db_i64(q, story);
	return db_run_i64(q, 0) != 0;
}

int64_t store_move_of_post(struct store *s, int64_t post)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT COALESCE(m.same_as, m.id) FROM move_evidence e JOIN moves m ON m.id = e.move"
		" WHERE e.post = $1 ORDER BY e.id DESC LIMIT 1");
	db_i64(q, post);
	return db_run_i64(q, 0);
}

static void drop(struct store *s, int64_t move)
{
	store_employment_forget_move(s, move);
	run2(s, "DELETE FROM moves WHERE id = $1 AND $2 = 0", move, 0);
}

/* After evidence of it has gone. */
static void look_again(struct store *s, int64_t move)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM move_evidence WHERE move = $1 OR move IN (SELECT id FROM moves WHERE"
		" same_as = $1) LIMIT 1");
	db_i64(q, move);
	if (db_run_i64(q, 0) == 0) {
		drop(s, move);
	} else {
		count_again(s, move);
	}
}

void store_move_retract(struct store *s, int64_t post, const struct move_told *still)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT id, move FROM move_evidence WHERE post = $1 AND NOT (event = $2 AND"
		" COALESCE(to_employer, '') = $3 AND COALESCE(from_employer, '') = $4 AND"
		" COALESCE(title, '') = $5) ORDER BY id LIMIT 1");
	int64_t id = 0, move = 0;
	db_i64(q, post);
	db_text(q, still != NULL ? still->event : STR(""));
	db_text(q, still != NULL && still->to.n > 0 ? still->to : STR(""));
	db_text(q, still != NULL && still->from.n > 0 ? still->from : STR(""));
	db_text(q, still != NULL && still->title.n > 0 ? still->title : STR(""));
	if (db_step(q)) { /* a post tells of one move */
		id = db_col_i64(q, 0);
		move = db_col_i64(q, 1);
	}
	db_done(q);
	if (id != 0) {
		run2(s, "DELETE FROM move_evidence WHERE id = $1 AND $2 <> 0", id, move);
		look_again(s, move);
	}
}

void store_move_forget(struct store *s, int64_t source, struct str key)
{
	for (;;) {
		struct db_query *q = db_query(store_db(s),
			"SELECT move FROM move_evidence WHERE source = $1 AND key = $2 LIMIT 1");
		db_i64(q, source);
		db_text(q, key);
		int64_t move = db_run_i64(q, 0);
		if (move == 0) {
			return;
		}
		q = db_query(store_db(s),
			"DELETE FROM move_evidence WHERE move = $1 AND source = $2 AND key = $3");
		db_i64(q, move);
		db_i64(q, source);
		db_text(q, key);
		db_run(q);
		look_again(s, move);
	}
}

bool store_move_is_quiet(
	struct store *s, struct str name, bool (*quiet)(void *ctx, int64_t person), void *ctx)
{
	struct db_query *q = db_query(store_db(s), "SELECT id FROM people WHERE name = $1");
	bool found = false;
	db_text(q, name);
	while (!found && db_step(q)) {
		found = quiet(ctx, db_col_i64(q, 0));
	}
	db_done(q);
	return found;
}

/* --- decisions --- */

/* Which told of it first. */
static int64_t source_of(struct store *s, int64_t move)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT source FROM move_evidence WHERE move = $1 ORDER BY id LIMIT 1");
	db_i64(q, move);
	return db_run_i64(q, 0);
}

void store_move_accept(
	struct store *s, int64_t move, int64_t person, same_company_fn same, int64_t now_ms)
{
	struct taking k = {.s = s, .same = same, .now_ms = now_ms};
	struct move_row m;
	arena_init(&k.arena, 0);
	if (store_move_row(s, move, &k.arena, &m)) {
		const struct move_told told = {.person = person,
			.source = source_of(s, move),
			.name = m.name,
			.kind = "announcement",
			.event = m.event,
			.to = m.to,
			.from = m.from,
			.title = m.title,
			.effective = m.effective,
			.told_ms = m.first_ms};
		k.told = &told;
		store_employment_today(s, person, &k.arena, &k.job);
		complete(&k);
		struct found f = find(&k);
		run2(s, "UPDATE moves SET person = $2, pending = 1 WHERE id = $1", move, person);
		if (f.same != 0) {
			run2(s, "UPDATE moves SET same_as = $2, pending = 0 WHERE id = $1", move,
				f.same);
			count_again(s, f.same);
		} else {
			grow(&k, move);
			if (f.other != 0) {
				contradict(s, move, f.other);
			} else {
				follow(&k, move);
			}
		}
	}
	arena_release(&k.arena);
}

void store_move_disown(struct store *s, int64_t move, int64_t now_ms)
{
	struct db_query *q = db_query(
		store_db(s), "SELECT same_as FROM moves WHERE id = $1 AND person IS NOT NULL");
	db_i64(q, move);
	int64_t same = db_run_i64(q, 0);
	store_employment_forget_move(s, move);
	run2(s,
		"UPDATE signals SET gone_ms = $2 WHERE gone_ms IS NULL AND post IN (SELECT post FROM move_evidence"
		" WHERE move = $1) AND rule IN (SELECT 'effects/' || effect FROM move_effects WHERE move = $1)",
		move, now_ms);
	run2(s, "DELETE FROM move_effects WHERE move = $1 AND $2 > 0", move, now_ms);
	run2(s, "UPDATE moves SET contradicts = NULL WHERE contradicts = $1 AND $2 > 0", move, now_ms);
	run2(s,
		"UPDATE moves SET person = NULL, same_as = NULL, contradicts = NULL, pending = 0,"
		" visibility = '" MOVE_VISIBILITY_ALL "' WHERE id = $1 AND $2 > 0",
		move, now_ms);
	if (same != 0) {
		count_again(s, same);
	}
}
