#include "monitor/store/reviews.h"

#include "monitor/base/buf.h"
#include "monitor/store/driver.h"
#include "monitor/store/follow.h"
#include "monitor/store/references.h"
#include "monitor/store/unplaced.h"

#include <stdio.h>

#define AUTHOR_NAME "COALESCE(a.display_name, a.handle, a.profile_url)"
#define COLUMNS                                                                              \
	"r.id, r.person, r.other, r.kind, r.detail, r.state, r.decided_by, r.created_ms,"    \
	" r.decided_ms, p.name, COALESCE(o.name, " AUTHOR_NAME ", m.name), r.author, r.move" \
	" FROM reviews r"                                                                    \
	" JOIN people p ON p.id = r.person LEFT JOIN people o ON o.id = r.other"             \
	" LEFT JOIN authors a ON a.id = r.author LEFT JOIN moves m ON m.id = r.move"

static struct review read_row(struct db_query *q, struct arena *arena)
{
	return (struct review){.id = db_col_i64(q, 0),
		.person = db_col_i64(q, 1),
		.other = db_col_i64(q, 2),
		.kind = db_col_copy(q, 3, arena),
		.detail = db_col_copy(q, 4, arena),
		.state = db_col_copy(q, 5, arena),
		.decided_by = db_col_copy(q, 6, arena),
		.created_ms = db_col_i64(q, 7),
		.decided_ms = db_col_i64(q, 8),
		.person_name = db_col_copy(q, 9, arena),
		.other_name = db_col_copy(q, 10, arena),
		.author = db_col_i64(q, 11),
		.move = db_col_i64(q, 12)};
}

int store_review_list(struct store *s, struct str state, int64_t before, size_t max,
	struct arena *arena, struct review **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db, "SELECT " COLUMNS " WHERE ($1 IS NULL OR r.state = $1)"
					  " AND ($2 = 0 OR r.id < $2) ORDER BY r.id DESC LIMIT $3");
	db_text(q, state);
	db_i64(q, before);
	db_i64(q, (int64_t)max);
	*out = NULL;
	*n = 0;
	while (db_step(q)) {
		*out = arena_grow(arena, *out, *n, &cap, sizeof(**out));
		if (*out == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the reviews");
			break;
		}
		(*out)[(*n)++] = read_row(q, arena);
	}
	db_done(q);
	return db_check(db, err);
}

int store_review_load(
	struct store *s, int64_t id, struct arena *arena, struct review *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS " WHERE r.id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		*out = read_row(q, arena);
	}
	db_done(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no review %lld: `hark review list`", (long long)id)
		       : rc;
}

/* All values of one column, without doubles, as one text. */
static struct str joined(struct store *s, struct arena *arena, const char *sql, int64_t id)
{
	struct buf all;
	struct db_query *q = db_query(store_db(s), sql);
	buf_init(&all, 1 << 16);
	db_i64(q, id);
	while (db_step(q)) {
		buf_add_c(&all, all.n > 0 ? "; " : "");
		buf_add_str(&all, db_col_text(q, 0));
	}
	db_done(q);
	struct str out = all.n > 0 ? arena_str(arena, buf_str(&all)) : STR_NONE;
	buf_release(&all);
	return out;
}

#define IDENTITIES(kind)                                                                          \
	"SELECT DISTINCT value FROM identities WHERE person = $1 AND kind = '" kind "' ORDER BY " \
	"value LIMIT 20"
#define EMPLOYMENTS(column)                                                                  \
	"SELECT DISTINCT " column " FROM employments WHERE person = $1 AND ended_ms IS NULL" \
	" AND " column " IS NOT NULL AND " column " <> '' ORDER BY " column " LIMIT 20"

int store_person_side(struct store *s, int64_t id, struct arena *arena, struct person_side *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "SELECT name, kind, owner, location, merged_into FROM people WHERE id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	*out = (struct person_side){.id = id};
	if (found) {
		out->name = db_col_copy(q, 0, arena);
		out->kind = db_col_copy(q, 1, arena);
		out->owner = db_col_copy(q, 2, arena);
		out->place = db_col_copy(q, 3, arena);
		out->merged_into = db_col_i64(q, 4);
	}
	db_done(q);
	out->employer = joined(s, arena, EMPLOYMENTS("employer"), id);
	out->title = joined(s, arena, EMPLOYMENTS("title"), id);
	out->email = joined(s, arena, IDENTITIES("email"), id);
	out->profile = joined(s, arena, IDENTITIES("profile"), id);
	out->handle = joined(s, arena, IDENTITIES("handle"), id);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no person %lld: hark people list shows them",
				 (long long)id)
		       : rc;
}

/* From the newest post backwards: it is the first that is theirs, and few are asked for. */
static void add_said(struct db *db, int64_t author, struct arena *arena, struct person_side *out)
{
	struct db_query *q = db_query(db,
		"SELECT coalesce(text, title), url FROM posts WHERE author = $1 AND visibility <> 'private'"
		" AND deleted_ms IS NULL AND coalesce(text, title) IS NOT NULL ORDER BY id DESC LIMIT 1");
	db_i64(q, author);
	if (db_step(q)) {
		out->said = db_col_copy(q, 0, arena);
		out->said_at = db_col_copy(q, 1, arena);
	}
	db_done(q);
}

int store_author_side(struct store *s, int64_t id, struct arena *arena, struct person_side *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "SELECT display_name, handle, profile_url, bio FROM authors WHERE id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	*out = (struct person_side){.id = id, .kind = STR("author")};
	if (found) {
		out->name = db_col_copy(q, 0, arena);
		out->handle = db_col_copy(q, 1, arena);
		out->profile = db_col_copy(q, 2, arena);
		out->bio = db_col_copy(q, 3, arena);
	}
	db_done(q);
	add_said(db, id, arena, out);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no author %lld", (long long)id)
		       : rc;
}

int store_mover_side(struct store *s, int64_t move, struct arena *arena, struct person_side *out,
	struct hark_err *err)
{
	struct move_row m;
	struct buf employers;
	*out = (struct person_side){.id = move, .kind = STR("move")};
	bool found = store_move_row(s, move, arena, &m);
	if (found) {
		buf_init(&employers, 1 << 16);
		buf_add_str(&employers, m.from);
		buf_add_c(&employers, m.from.n > 0 && m.to.n > 0 ? "; " : "");
		buf_add_str(&employers, m.to);
		out->name = m.name;
		out->title = m.title.n > 0 ? m.title : m.was_title;
		out->employer = employers.n > 0 ? arena_str(arena, buf_str(&employers)) : STR_NONE;
		buf_release(&employers);
	}
	int rc = db_check(store_db(s), err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no move %lld", (long long)move)
		       : rc;
}

static bool put_up(struct store *s, const char *sql, int64_t person, int64_t other,
	struct str detail, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s), sql);
	db_i64(q, person);
	db_i64(q, other);
	db_text(q, detail);
	db_i64(q, now_ms);
	return db_run(q) > 0;
}

bool store_review_author(
	struct store *s, int64_t person, int64_t author, struct str detail, int64_t now_ms)
{
	return put_up(s,
		"INSERT INTO reviews (kind, person, author, detail, state, created_ms)"
		" VALUES ('same-name', $1, $2, $3, 'open', $4) ON CONFLICT (person, author) DO NOTHING",
		person, author, detail, now_ms);
}

bool store_review_move(
	struct store *s, int64_t person, int64_t move, struct str detail, int64_t now_ms)
{
	return put_up(s,
		"INSERT INTO reviews (kind, person, move, detail, state, created_ms)"
		" VALUES ('same-name', $1, $2, $3, 'open', $4) ON CONFLICT (person, move) DO NOTHING",
		person, move, detail, now_ms);
}

/* --- deciding --- */

struct decision {
	struct store *s;
	struct review review;
	struct str actor;
	same_company_fn same;
	recount_fn recount;
	int64_t now_ms;
};

static void tell(struct decision *d, const char *action, int64_t person, int64_t other)
{
	struct db_query *q = db_query(store_db(d->s),
		"INSERT INTO people_events (review, person, other, at_ms, actor, action)"
		" VALUES ($1, $2, $3, $4, $5, $6)");
	db_i64(q, d->review.id);
	db_i64(q, person);
	db_i64_unless(q, other, 0);
	db_i64(q, d->now_ms);
	db_text(q, d->actor);
	db_text_c(q, action);
	db_run(q);
}

static void set_state(struct decision *d, const char *state)
{
	struct db_query *q = db_query(store_db(d->s),
		"UPDATE reviews SET state = $2, decided_ms = $3, decided_by = $4 WHERE id = $1");
	bool open = strcmp(state, "open") == 0;
	db_i64(q, d->review.id);
	db_text_c(q, state);
	db_i64_unless(q, open ? 0 : d->now_ms, 0);
	db_text(q, open ? STR_NONE : d->actor);
	db_run(q);
}

/* Who a person is, after all merges: at the end of the row of those that are merged into one another. Only ends
 * are merged, so there is one. */
static int64_t who_is(struct decision *d, int64_t person)
{
	for (int64_t next = person; next != 0;) {
		struct db_query *q =
			db_query(store_db(d->s), "SELECT merged_into FROM people WHERE id = $1");
		person = next;
		db_i64(q, person);
		next = db_run_i64(q, 0);
	}
	return person;
}

/* What is known of the person stays, so updated_ms does: an import is not newer for it. */
static void point(struct decision *d, int64_t person, int64_t to)
{
	struct db_query *q =
		db_query(store_db(d->s), "UPDATE people SET merged_into = $2 WHERE id = $1");
	db_i64(q, person);
	db_i64_unless(q, to, 0);
	db_run(q);
}

/* What their references rest on is other statements now. */
static void recount_both(struct decision *d, int64_t keep, int64_t gone)
{
	struct arena arena;
	int64_t *ids;
	size_t n;
	arena_init(&arena, 0);
	store_references_of_both(d->s, keep, gone, &arena, &ids, &n);
	for (size_t i = 0; i < n && d->recount != NULL; i++) {
		d->recount(d->s, ids[i], d->now_ms);
	}
	arena_release(&arena);
}

/* The one that stays is the older. */
static void merge(struct decision *d)
{
	int64_t a = who_is(d, d->review.person), b = who_is(d, d->review.other);
	if (a != b) { /* else another review has done it */
		int64_t keep = a < b ? a : b, gone = a < b ? b : a;
		point(d, gone, keep);
		tell(d, "merge", keep, gone);
		store_references_follow(d->s, d->review.id, keep, gone, d->now_ms);
		recount_both(d, keep, gone);
	}
	set_state(d, "accepted");
}

/* Whether another review says of the same two that they are one. */
static bool is_said_elsewhere(struct decision *d)
{
	struct db_query *q = db_query(store_db(d->s),
		"SELECT count(*) FROM reviews WHERE state = 'accepted' AND id <> $1"
		" AND person = $2 AND other = $3");
	db_i64(q, d->review.id);
	db_i64(q, d->review.person);
	db_i64(q, d->review.other);
	return db_run_i64(q, 0) > 0;
}

/* What this review merged, and nothing that another one did. */
static void take_back(struct decision *d)
{
	struct db_query *q = db_query(store_db(d->s),
		"SELECT e.person, e.other FROM people_events e JOIN people p ON p.id = e.other"
		" WHERE e.review = $1 AND e.action = 'merge' AND p.merged_into = e.person"
		" ORDER BY e.id DESC LIMIT 1");
	db_i64(q, d->review.id);
	bool merged = db_step(q);
	int64_t keep = merged ? db_col_i64(q, 0) : 0, gone = merged ? db_col_i64(q, 1) : 0;
	db_done(q);
	if (merged && !is_said_elsewhere(d)) {
		point(d, gone, 0);
		tell(d, "unmerge", keep, gone);
		store_references_return(d->s, d->review.id, keep, d->now_ms);
		recount_both(d, keep, gone);
	}
	set_state(d, "open");
}

/* Moves of strangers that the author told of himself; `whose` picks them. */
static void each_own_move(struct decision *d, const char *whose, bool accept, int64_t person)
{
	int64_t move;
	do {
		struct db_query *q = db_query(store_db(d->s), whose);
		db_i64(q, d->review.author);
		db_i64(q, person);
		move = db_run_i64(q, 0);
		if (move != 0 && accept) {
			store_move_accept(d->s, move, person, d->same, d->now_ms);
		} else if (move != 0) {
			store_move_disown(d->s, move, d->now_ms);
		}
	} while (move != 0 && db_check(store_db(d->s), NULL) == HARK_OK);
}

#define OWN_MOVES                                                                                     \
	"SELECT e.move FROM move_evidence e JOIN posts p ON p.id = e.post JOIN moves m ON"            \
	" m.id = e.move JOIN authors a ON a.id = p.author WHERE p.author = $1 AND e.known_by IS NULL" \
	" AND m.name = a.display_name AND "
#define OWN_STRANGE OWN_MOVES "m.person IS NULL AND $2 > 0 LIMIT 1"
#define OWN_ACCEPTED OWN_MOVES "m.person = $2 LIMIT 1"

/* The author's addresses become the person's; the row of the author itself stands for one that has none. */
static void take_author(struct decision *d)
{
	char origin[40];
	struct db_query *q = db_query(store_db(d->s),
		"INSERT INTO identities (kind, value, person, author, confidence, origin, created_ms)"
		" SELECT v.kind, v.value, $2, $1, 'reviewed', $3, $4 FROM"
		" (SELECT 'author' AS kind, key AS value FROM authors WHERE id = $1 UNION ALL"
		" SELECT 'profile', profile_url FROM authors WHERE id = $1 AND profile_url <> '' UNION ALL"
		" SELECT 'handle', handle FROM authors WHERE id = $1 AND handle LIKE '%_@%_.%_') v"
		" WHERE true ON CONFLICT (kind, value, person) DO NOTHING");
	snprintf(origin, sizeof(origin), "review:%lld", (long long)d->review.id);
	db_i64(q, d->review.author);
	db_i64(q, who_is(d, d->review.person));
	db_text_c(q, origin);
	db_i64(q, d->now_ms);
	db_run(q);
	each_own_move(d, OWN_STRANGE, true, who_is(d, d->review.person));
	tell(d, "know-author", d->review.person, 0);
	set_state(d, "accepted");
}

/* Their words wait for their author again, and the references they were taken for rest on less. */
static void give_words_back(struct decision *d, int64_t person)
{
	const struct step event = {.at_ms = d->now_ms,
		.actor = d->actor,
		.action = STR("given back"),
		.note = STR("what was said is somebody else's after all")};
	struct arena arena;
	int64_t *references;
	size_t n;
	arena_init(&arena, 0);
	store_unplaced_again(d->s, d->review.author, person, &arena, &references, &n);
	for (size_t i = 0; i < n; i++) {
		store_reference_event(d->s, references[i], &event);
		if (d->recount != NULL) {
			d->recount(d->s, references[i], d->now_ms);
		}
	}
	store_author_task_again(d->s, d->review.author, d->now_ms);
	arena_release(&arena);
}

/* What posts were taken for on the word of this review is not known any more; leads keep their names. */
static void give_author_back(struct decision *d)
{
	char origin[40];
	snprintf(origin, sizeof(origin), "review:%lld", (long long)d->review.id);
	struct db_query *q = db_query(
		store_db(d->s), "DELETE FROM identities WHERE author = $1 AND origin = $2");
	db_i64(q, d->review.author);
	db_text_c(q, origin);
	if (db_run(q) > 0) {
		q = db_query(store_db(d->s), "DELETE FROM encounters WHERE author = $1");
		db_i64(q, d->review.author);
		db_run(q);
		each_own_move(d, OWN_ACCEPTED, false, who_is(d, d->review.person));
		give_words_back(d, who_is(d, d->review.person));
	}
	tell(d, "forget-author", d->review.person, 0);
	set_state(d, "open");
}

static void take_move(struct decision *d)
{
	int64_t person = who_is(d, d->review.person);
	store_move_accept(d->s, d->review.move, person, d->same, d->now_ms);
	tell(d, "know-mover", person, 0);
	set_state(d, "accepted");
}

static void give_move_back(struct decision *d)
{
	if (str_eq_c(d->review.state, "accepted")) {
		store_move_disown(d->s, d->review.move, d->now_ms);
		tell(d, "forget-mover", d->review.person, 0);
	}
	set_state(d, "open");
}

/* Of several people of that name one has moved. */
static int refuse_second(struct decision *d, struct hark_err *err)
{
	struct db_query *q = db_query(store_db(d->s),
		"SELECT id FROM reviews WHERE move = $1 AND state = 'accepted' LIMIT 1");
	db_i64(q, d->review.move);
	long long other = (long long)db_run_i64(q, 0);
	return other == 0
		       ? HARK_OK
		       : hark_err_set(err, HARK_ESTATE,
				 "review %lld says that it was somebody else: `hark review undo %lld` first",
				 other, other);
}

static int decide(struct decision *d, enum review_step step, struct hark_err *err)
{
	bool open = str_eq_c(d->review.state, "open");
	if (open == (step == REVIEW_REOPEN)) {
		return hark_err_set(err, HARK_ESTATE,
			open ? "review %lld is open: there is nothing to take back"
			     : "review %lld is decided already: `hark review undo %lld` takes it back",
			(long long)d->review.id, (long long)d->review.id);
	}
	bool author = d->review.author != 0, move = d->review.move != 0;
	if (step == REVIEW_ACCEPT && move && refuse_second(d, err) != HARK_OK) {
		return HARK_ESTATE;
	}
	if (step == REVIEW_ACCEPT) {
		move ? take_move(d) : author ? take_author(d) : merge(d);
	} else if (step == REVIEW_REOPEN) {
		move ? give_move_back(d) : author ? give_author_back(d) : take_back(d);
	} else {
		set_state(d, "rejected");
		tell(d, "keep-apart", d->review.person, d->review.other);
	}
	return HARK_OK;
}

int store_review_decide_within(struct store *s, int64_t id, enum review_step step, struct str actor,
	same_company_fn same, recount_fn recount, int64_t now_ms, struct hark_err *err)
{
	struct arena arena;
	struct decision d = {.s = s, .actor = actor, .same = same, .recount = recount, .now_ms = now_ms};
	arena_init(&arena, 0);
	int rc = store_review_load(s, id, &arena, &d.review, err);
	rc = rc == HARK_OK ? decide(&d, step, err) : rc;
	arena_release(&arena);
	return rc;
}

int store_review_decide(struct store *s, int64_t id, enum review_step step, struct str actor,
	same_company_fn same, recount_fn recount, int64_t now_ms, struct hark_err *err)
{
	int rc = store_begin(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = store_review_decide_within(s, id, step, actor, same, recount, now_ms, err);
	if (rc != HARK_OK) {
		store_rollback(s);
		return rc;
	}
	return store_commit(s, err);
}
