#include "monitor/store/restore.h"

#include "monitor/base/crypto.h"
#include "monitor/store/driver.h"

#include <stdio.h>
#include <string.h>

#define ARENA_MAX ((size_t)256 << 20)

struct taking {
	struct store *to, *from;
	struct db *db; /* of `to` */
	struct arena arena;
	struct str *who; /* as people write whom they mean */
	size_t who_n, who_cap;
	int64_t now_ms;
	struct restore_counts *out;
};

/* The copy may be from before there was a key. */
static int take_key(struct taking *t, struct hark_err *err)
{
	unsigned char theirs[OPTOUT_KEY_BYTES], ours[OPTOUT_KEY_BYTES];
	if (!optouts_key(t->from, false, theirs)) {
		return HARK_OK;
	}
	bool had = optouts_key(t->to, false, ours);
	bool same = had && memcmp(theirs, ours, sizeof(ours)) == 0;
	if (!had) {
		optouts_set_key(t->to, theirs);
	}
	crypto_wipe(theirs, sizeof(theirs));
	crypto_wipe(ours, sizeof(ours));
	return !had || same ? HARK_OK
			    : hark_err_set(err, HARK_ESTATE,
				      "the copy is of another store: who asked to be left alone cannot be"
				      " carried over, their fingerprints have another key");
}

static int take_opt_outs(struct taking *t, struct hark_err *err)
{
	static const char count[] = "SELECT count(*) FROM opt_outs";
	int64_t before = db_run_i64(db_query(t->db, count), 0);
	struct db_query *q =
		db_query(store_db(t->from), "SELECT hash, kind, at_ms, reason FROM opt_outs");
	while (db_step(q)) {
		struct db_query *add = db_query(t->db,
			"INSERT INTO opt_outs (hash, kind, at_ms, reason) VALUES ($1, $2, $3, $4)"
			" ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason");
		db_text(add, db_col_text(q, 0));
		db_text(add, db_col_text(q, 1));
		db_i64(add, db_col_i64(q, 2));
		db_text(add, db_col_text(q, 3));
		db_run(add);
	}
	db_done(q);
	t->out->opt_outs = db_run_i64(db_query(t->db, count), 0) - before;
	int rc = db_check(store_db(t->from), err);
	return rc == HARK_OK ? db_check(t->db, err) : rc;
}

static int take_leaves(struct taking *t, struct hark_err *err)
{
	struct db_query *q =
		db_query(store_db(t->from), "SELECT receiver, mark, at_ms FROM mail_leaves");
	while (db_step(q)) {
		struct db_query *add = db_query(t->db,
			"INSERT INTO mail_leaves (receiver, mark, at_ms) VALUES ($1, $2, $3)"
			" ON CONFLICT (receiver, mark) DO NOTHING");
		db_text(add, db_col_text(q, 0));
		db_text(add, db_col_text(q, 1));
		db_i64(add, db_col_i64(q, 2));
		db_run(add);
	}
	db_done(q);
	return db_check(store_db(t->from), err);
}

/* ---- who gets in ---- */

/* The store that is replaced goes on from the copy. */
static bool goes_on(struct taking *t)
{
	bool found = false;
	struct db_query *q = db_query(t->db, "SELECT hash FROM audit ORDER BY id DESC LIMIT 1");
	if (db_step(q)) {
		struct db_query *same =
			db_query(store_db(t->from), "SELECT 1 FROM audit WHERE hash = $1");
		db_text(same, db_col_text(q, 0));
		found = db_run_i64(same, 0) != 0;
	}
	db_done(q);
	return found;
}

static void disable(struct taking *t, int64_t user, int64_t disabled_ms, bool was_in)
{
	struct db_query *q = db_query(t->db, "UPDATE users SET disabled_ms = $2 WHERE id = $1");
	db_i64(q, user);
	db_i64_unless(q, disabled_ms, 0);
	db_run(q);
	t->out->users_disabled += was_in && disabled_ms != 0 ? 1 : 0;
}

static void take_user(struct taking *t, int64_t id, struct str name, bool was_in, bool successor)
{
	struct db_query *now = db_query(
		store_db(t->from), "SELECT role, password, disabled_ms FROM users WHERE name = $1");
	db_text(now, name);
	if (db_step(now)) {
		struct db_query *q = db_query(t->db,
			"UPDATE users SET role = $2, password = $3 WHERE id = $1 AND (role <> $2 OR"
			" coalesce(password, '') <> coalesce($3, ''))");
		db_i64(q, id);
		db_text(q, db_col_text(now, 0));
		db_text(q, db_col_text(now, 1));
		t->out->users_changed += db_run(q);
		disable(t, id, db_col_i64(now, 2), was_in);
	} else if (successor && was_in) {
		disable(t, id, t->now_ms, was_in);
	}
	db_done(now);
}

static void take_token(struct taking *t, int64_t id, struct str hash, bool successor)
{
	struct db_query *now =
		db_query(store_db(t->from), "SELECT revoked_ms FROM tokens WHERE hash = $1");
	db_blob(now, hash);
	bool found = db_step(now);
	int64_t revoked_ms = found ? db_col_i64(now, 0) : successor ? t->now_ms : 0;
	db_done(now);
	if (revoked_ms != 0) {
		struct db_query *q =
			db_query(t->db, "UPDATE tokens SET revoked_ms = $2 WHERE id = $1");
		db_i64(q, id);
		db_i64(q, revoked_ms);
		t->out->tokens_revoked += db_run(q);
	}
}

static int take_access(struct taking *t, struct hark_err *err)
{
	bool successor = goes_on(t);
	struct db_query *q =
		db_query(t->db, "SELECT id, name, disabled_ms IS NULL FROM users ORDER BY id");
	while (db_step(q)) {
		take_user(t, db_col_i64(q, 0), db_col_text(q, 1), db_col_i64(q, 2) != 0, successor);
	}
	db_done(q);
	q = db_query(t->db, "SELECT id, hash FROM tokens WHERE revoked_ms IS NULL ORDER BY id");
	while (db_step(q)) {
		take_token(t, db_col_i64(q, 0), db_col_blob(q, 1), successor);
	}
	db_done(q);
	int rc = db_check(store_db(t->from), err);
	return rc == HARK_OK ? db_check(t->db, err) : rc;
}

/* ---- who was erased ---- */

static void mean(struct taking *t, const char *before, struct str text)
{
	struct buf whole;
	buf_init(&whole, 8192);
	buf_add_c(&whole, before);
	buf_add_str(&whole, text);
	struct str kept = arena_str(&t->arena, buf_str(&whole));
	struct str *v = arena_grow(&t->arena, t->who, t->who_n, &t->who_cap, sizeof(*v));
	buf_release(&whole);
	if (v == NULL || kept.p == NULL) {
		db_fail(t->db, HARK_ENOMEM, "no memory for who was erased");
		return;
	}
	t->who = v;
	t->who[t->who_n++] = kept;
}

/* Rows of handle, profile and name. */
static void look_at_authors(struct taking *t, const struct optouts *erased, const char *sql)
{
	struct db_query *q = db_query(t->db, sql);
	while (db_step(q)) {
		const struct author a = {.handle = db_col_text(q, 0),
			.profile_url = db_col_text(q, 1),
			.display_name = db_col_text(q, 2)};
		bool has_erased = optouts_has(erased, &a);
		if (has_erased && str_empty(a.handle) && str_empty(a.profile_url)) {
			mean(t, OPTOUT_NAME_MARK, a.display_name);
		} else if (has_erased) {
			bool is_handle = !str_empty(a.handle);
			bool marked = str_empty(a.profile_url) && is_handle && a.handle.p[0] != '@';
			mean(t, marked ? "@" : "",
				str_empty(a.profile_url) ? a.handle : a.profile_url);
			if (is_handle && !str_empty(a.profile_url)) {
				mean(t, a.handle.p[0] != '@' ? "@" : "", a.handle);
			}
		}
	}
	db_done(q);
}

static void look_at_people(struct taking *t, const struct optouts *erased)
{
	struct db_query *q = db_query(t->db, "SELECT kind, value FROM identities");
	while (db_step(q)) {
		struct str kind = db_col_text(q, 0), value = db_col_text(q, 1);
		if (optouts_lists(erased, optout_kind_of_identity(kind, value), value)) {
			bool plain = str_eq_c(kind, "handle") && value.p[0] != '@';
			mean(t, plain ? "@" : "", value);
		}
	}
	db_done(q);
	q = db_query(t->db, "SELECT id, external_id, created_ms FROM people");
	while (db_step(q)) {
		char number[24], text[OPTOUT_ROW_MAX];
		struct str row = optouts_row(text, db_col_i64(q, 0), db_col_i64(q, 2));
		if (optouts_lists(erased, OPTOUT_RECORD, db_col_text(q, 1)) ||
			optouts_lists(erased, OPTOUT_ROW, row)) {
			snprintf(number, sizeof(number), "#%lld", (long long)db_col_i64(q, 0));
			mean(t, "", str_c(number));
		}
	}
	db_done(q);
}

static int erase_one(struct taking *t, struct str who, struct hark_err *err)
{
	struct arena arena;
	struct privacy_found found;
	struct privacy_counts counts = {0};
	const struct privacy_who one = {&who, 1};
	arena_init(&arena, ARENA_MAX);
	int rc = privacy_find(t->to, &one, true, &arena, &found, err);
	if (rc == HARK_OK) {
		rc = privacy_erase(t->to, &found, false, t->now_ms, &counts, err);
		t->out->erased += counts.people > 0 ? counts.people : counts.authors;
	}
	arena_release(&arena);
	return rc == HARK_ENOENT ? HARK_OK : rc; /* gone with one before */
}

static int erase_again(struct taking *t, struct hark_err *err)
{
	struct optouts erased;
	int rc = optouts_init(&erased, t->to, err);
	if (rc == HARK_OK && erased.any) {
		erased.erased_only = true;
		look_at_authors(t, &erased, "SELECT handle, profile_url, display_name FROM authors");
		look_at_authors(t, &erased, "SELECT handle, url, NULL FROM profiles");
		look_at_people(t, &erased);
		rc = db_check(t->db, err);
	}
	optouts_release(&erased);
	for (size_t i = 0; i < t->who_n && rc == HARK_OK; i++) {
		rc = erase_one(t, t->who[i], err);
	}
	return rc;
}

static int64_t count_of(struct db *db, const char *sql)
{
	return db_run_i64(db_query(db, sql), 0);
}

static void count_all(struct taking *t)
{
	t->out->posts = count_of(t->db, "SELECT count(*) FROM posts");
	t->out->leads = count_of(t->db, "SELECT count(*) FROM leads");
	t->out->people = count_of(t->db, "SELECT count(*) FROM people");
	t->out->users = count_of(t->db, "SELECT count(*) FROM users");
}

int restore_take_over(struct store *to, struct store *from, int64_t now_ms,
	struct restore_counts *out, struct hark_err *err)
{
	struct taking t = {
		.to = to, .from = from, .db = store_db(to), .now_ms = now_ms, .out = out};
	*out = (struct restore_counts){0};
	arena_init(&t.arena, ARENA_MAX);
	int rc = store_begin(to, err);
	bool begun = rc == HARK_OK;
	if (rc == HARK_OK && from != NULL) {
		rc = take_key(&t, err);
		rc = rc == HARK_OK ? take_opt_outs(&t, err) : rc;
		rc = rc == HARK_OK ? take_leaves(&t, err) : rc;
		rc = rc == HARK_OK ? take_access(&t, err) : rc;
		rc = rc == HARK_OK ? erase_again(&t, err) : rc;
	}
	if (rc == HARK_OK) {
		db_exec(t.db, "DELETE FROM sessions"); /* of a copy that no hark backup made */
		count_all(&t);
		rc = store_commit(to, err);
	} else if (begun) {
		store_rollback(to);
	}
	arena_release(&t.arena);
	return rc;
}
