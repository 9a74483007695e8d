#include "monitor/store/employments.h"

#include "monitor/base/fold.h"
#include "monitor/store/driver.h"

#define WORDS_MAX (64u << 10)

bool store_same_words(struct str a, struct str b)
{
	struct buf x, y;
	if (str_eq(a, b)) {
		return true;
	}
	buf_init(&x, WORDS_MAX);
	buf_init(&y, WORDS_MAX);
	fold_words(&x, a);
	fold_words(&y, b);
	bool same = x.n > 0 && str_eq(buf_str(&x), buf_str(&y));
	buf_release(&x);
	buf_release(&y);
	return same;
}

void store_employment_add(
	struct store *s, int64_t person, const struct employment *e, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO employments (person, account, employer, title, valid_from, valid_to, observed_ms,"
		" ended_ms, origin, confidence, import, ended_by, move)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
	bool left = e->left.n > 0, told = e->move != 0;
	db_i64(q, person);
	db_i64_unless(q, e->account, 0);
	db_text(q, e->employer.n > 0 ? e->employer : STR(""));
	db_text(q, e->title);
	db_text(q, e->since);
	db_text(q, e->left);
	db_i64(q, now_ms);
	db_i64_unless(q, left ? now_ms : 0, 0);
	db_text_c(q, told ? "move" : "import");
	db_text_c(q, told ? "told" : "imported");
	db_i64_unless(q, e->import, 0);
	db_i64_unless(q, left ? e->import : 0, 0);
	db_i64_unless(q, e->move, 0);
	db_run(q);
}

static void end(
	struct store *s, int64_t row, struct str when, const struct employment *e, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE employments SET ended_ms = $2, valid_to = COALESCE($3, valid_to), ended_by = $4,"
		" ended_move = $5 WHERE id = $1");
	db_i64(q, row);
	db_i64(q, now_ms);
	db_text(q, when.n > 0 ? when : STR_NONE);
	db_i64_unless(q, e->import, 0);
	db_i64_unless(q, e->move, 0);
	db_run(q);
}

struct standing {
	int64_t row;  /* 0: none */
	int64_t move; /* it rests on; 0: on none */
	bool same_employer, same_title;
	struct str employer; /* a copy, if the file does not say */
};

static struct standing look_up(
	struct store *s, int64_t person, const struct employment *e, struct arena *arena)
{
	struct standing st = {0};
	struct db_query *q = db_query(store_db(s),
		"SELECT id, employer, title, move FROM employments WHERE person = $1 AND ended_ms IS NULL"
		" ORDER BY id DESC LIMIT 1");
	db_i64(q, person);
	if (db_step(q)) {
		st.row = db_col_i64(q, 0);
		st.move = db_col_i64(q, 3);
		st.same_employer =
			e->employer.n == 0 || store_same_words(e->employer, db_col_text(q, 1));
		st.same_title = e->title.n == 0 || store_same_words(e->title, db_col_text(q, 2));
		st.employer = e->employer.n == 0 ? db_col_copy(q, 1, arena) : e->employer;
	}
	db_done(q);
	return st;
}

/* Whether a file says what a move that was heard of has ended. */
static bool is_late(struct store *s, const struct standing *st, const struct employment *e)
{
	if (st->move == 0 || e->import == 0) {
		return false;
	}
	struct db_query *q =
		db_query(store_db(s), "SELECT employer FROM employments WHERE ended_move = $1");
	bool late = false;
	db_i64(q, st->move);
	while (!late && db_step(q)) {
		late = store_same_words(e->employer, db_col_text(q, 0));
	}
	db_done(q);
	return late;
}

enum employment_change store_employment_observe(
	struct store *s, int64_t person, const struct employment *e, bool look, int64_t now_ms)
{
	struct arena arena;
	enum employment_change change = EMPLOYMENT_SAME;
	arena_init(&arena, 0);
	struct standing st = look_up(s, person, e, &arena);
	struct employment next = *e;
	next.employer = st.row != 0 ? st.employer : e->employer;
	if (st.row == 0) {
		bool says = (e->employer.n > 0 || e->title.n > 0) && e->left.n == 0;
		change = says ? EMPLOYMENT_FIRST : EMPLOYMENT_SAME;
	} else if (e->left.n > 0) {
		change = EMPLOYMENT_LEFT;
	} else if (!st.same_employer) {
		change = is_late(s, &st, e) ? EMPLOYMENT_SAME : EMPLOYMENT_MOVED;
	} else if (!st.same_title) {
		change = EMPLOYMENT_RETITLED;
	}
	if (!look && st.row != 0 && change != EMPLOYMENT_SAME) {
		end(s, st.row, change == EMPLOYMENT_LEFT ? e->left : e->since, e, now_ms);
	}
	if (!look && change != EMPLOYMENT_SAME && change != EMPLOYMENT_LEFT) {
		store_employment_add(s, person, &next, now_ms);
	}
	arena_release(&arena);
	return change;
}

void store_employment_today(struct store *s, int64_t person, struct arena *arena, struct job *out)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT id, account, employer, title, valid_from FROM employments WHERE person = $1"
		" AND ended_ms IS NULL ORDER BY id DESC LIMIT 1");
	*out = (struct job){0};
	db_i64(q, person);
	if (db_step(q)) {
		*out = (struct job){.row = db_col_i64(q, 0),
			.account = db_col_i64(q, 1),
			.employer = db_col_copy(q, 2, arena),
			.title = db_col_copy(q, 3, arena),
			.since = db_col_copy(q, 4, arena)};
	}
	db_done(q);
}

bool store_employment_ended(struct store *s, int64_t person, struct str employer,
	bool (*same)(struct str a, struct str b))
{
	struct db_query *q = db_query(store_db(s),
		"SELECT employer FROM employments WHERE person = $1 AND ended_ms IS NOT NULL");
	bool found = false;
	db_i64(q, person);
	while (!found && db_step(q)) {
		struct str was = db_col_text(q, 0);
		found = was.n > 0 && same(employer, was);
	}
	db_done(q);
	return found;
}

void store_employment_forget_move(struct store *s, int64_t move)
{
	static const char *const steps[] = {"DELETE FROM employments WHERE move = $1",
		"UPDATE employments SET ended_ms = NULL, valid_to = NULL, ended_move = NULL"
		" WHERE ended_move = $1 AND NOT EXISTS (SELECT 1 FROM employments o WHERE"
		" o.person = employments.person AND o.ended_ms IS NULL)"};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct db_query *q = db_query(store_db(s), steps[i]);
		db_i64(q, move);
		db_run(q);
	}
}
