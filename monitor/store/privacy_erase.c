/* DESIGN. A look is the erasure itself, taken back: what it counts is what would go. */
#include "monitor/store/privacy.h"

#include "monitor/store/driver.h"
#include "monitor/store/key_rows.h"
#include "monitor/store/leads.h"
#include "monitor/store/moves.h"
#include "monitor/store/outbox.h"
#include "monitor/store/posts.h"
#include "monitor/store/profiles.h"
#include "monitor/store/retention.h"
#include "monitor/store/signals.h"
#include "monitor/store/words.h"

#define CURSOR_MAX ((size_t)64 << 20)
#define SAVE "SAVEPOINT privacy"
#define TAKE_BACK "ROLLBACK TO privacy"
#define LET_GO "RELEASE privacy"

struct eraser {
	struct store *s;
	struct db *db;
	const struct privacy_found *found;
	struct privacy_counts *out;
	int64_t now_ms;
};

static int64_t run(struct eraser *e, const char *sql, int64_t id)
{
	struct db_query *q = db_query(e->db, sql);
	db_i64(q, id);
	return db_run(q);
}

static int64_t ask(struct eraser *e, const char *sql, int64_t id)
{
	struct db_query *q = db_query(e->db, sql);
	db_i64(q, id);
	return db_run_i64(q, 0);
}

static int64_t run_word(struct eraser *e, const char *sql, struct str word)
{
	struct db_query *q = db_query(e->db, sql);
	db_text(q, word);
	return db_run(q);
}

/* --- leads --- */

/* The face of a lead that others' words still carry: its strongest evidence that is left. */
static void new_face(struct eraser *e, int64_t lead)
{
	e->out->leads_changed++;
	run(e,
		"UPDATE leads SET (title, why, rule, level) = (SELECT coalesce(title, leads.title), explain,"
		" rule, level FROM signals WHERE lead = leads.id ORDER BY score DESC, id LIMIT 1),"
		" version = version + 1 WHERE id = $1",
		lead);
	run(e,
		"UPDATE leads SET signals = (SELECT count(*) FROM signals WHERE lead = leads.id), posts ="
		" (SELECT count(DISTINCT story) FROM signals WHERE lead = leads.id) WHERE id = $1",
		lead);
	outbox_wipe(e->s, lead);
	/* What waits is written anew before it leaves (consent.h). */
	e->out->alerts += run(e,
		"UPDATE outbox SET payload = '{}' WHERE lead = $1 AND state IN"
		" ('due','failed','withdrawn')",
		lead);
	e->out->alerts +=
		run(e, "DELETE FROM outbox WHERE lead = $1 AND state IN ('dead','held')", lead);
}

static bool is_about(struct eraser *e, int64_t lead, const struct optouts *by)
{
	struct db_query *q =
		db_query(e->db, "SELECT subject_kind, subject_id FROM leads WHERE id = $1");
	bool found = false;
	db_i64(q, lead);
	if (db_step(q) && str_eq_c(db_col_text(q, 0), "author")) {
		struct str id = db_col_text(q, 1), source, name = id;
		const struct author a = {.handle = id, .profile_url = id};
		/* Who has a name alone is "source/name". */
		const struct author named = {.display_name = str_split(&name, '/', &source) ? name : id};
		found = optouts_has(by, &a) || optouts_has(by, &named);
	}
	db_done(q);
	for (size_t i = 0; i < e->found->people.n && !found; i++) {
		q = db_query(e->db,
			"SELECT 1 FROM people p JOIN leads l ON l.subject_kind = p.kind AND l.subject_id ="
			" coalesce(p.external_id, p.kind || '_' || p.id) WHERE p.id = $1 AND l.id = $2");
		db_i64(q, e->found->people.v[i]);
		db_i64(q, lead);
		found = db_run_i64(q, 0) != 0;
	}
	return found;
}

/* After the posts: what a lead rests on is what is left then. */
static void erase_lead(struct eraser *e, int64_t lead, const struct optouts *by)
{
	if (is_about(e, lead, by) ||
		ask(e, "SELECT count(*) FROM signals WHERE lead = $1", lead) == 0) {
		e->out->alerts += ask(e, "SELECT count(*) FROM outbox WHERE lead = $1", lead);
		retention_forget_lead(e->s, lead, e->now_ms);
		e->out->leads++;
	} else {
		new_face(e, lead);
	}
}

/* --- posts --- */

static void erase_posts(struct eraser *e)
{
	const struct privacy_ids *posts = &e->found->posts, *named = &e->found->named;
	for (size_t i = 0; i < named->n; i++) {
		store_move_retract(e->s, named->v[i], NULL);
		retention_forget_signals(e->s, named->v[i]);
		store_post_delete(e->s, named->v[i], e->now_ms);
		run(e, "UPDATE posts SET url = NULL WHERE id = $1", named->v[i]);
	}
	for (size_t i = 0; i < posts->n; i++) {
		store_move_retract(e->s, posts->v[i], NULL);
		run(e,
			"UPDATE posts SET story = NULL WHERE id IN"
			" (SELECT post FROM story_copies WHERE story = $1)",
			posts->v[i]);
		run(e, "UPDATE signals SET story = post WHERE " SIGNALS_OF_STORY("$1"), posts->v[i]);
		store_words_leave_post(e->s, posts->v[i]);
		run(e,
			"DELETE FROM posts_at WHERE post = $1"
			" AND external_id = (SELECT external_id FROM posts WHERE id = $1)",
			posts->v[i]);
		key_rows_erase(e->s, posts->v[i]);
		run(e, "DELETE FROM posts WHERE id = $1", posts->v[i]);
	}
	db_run(db_query(e->db,
		"UPDATE reference_tasks SET post = NULL WHERE post IS NOT NULL AND NOT"
		" EXISTS (SELECT 1 FROM posts p WHERE p.id = reference_tasks.post)"));
	e->out->posts += (int64_t)posts->n;
	e->out->named += (int64_t)named->n;
}

/* --- what sources said, and remember --- */

static void erase_profiles(struct eraser *e)
{
	for (size_t i = 0; i < e->found->keys_n; i++) {
		const struct privacy_key *k = &e->found->keys[i];
		struct db_query *q = db_query(
			e->db, "SELECT count(*) FROM profiles WHERE source = $1 AND key = $2");
		db_i64(q, k->source);
		db_text(q, k->key);
		e->out->profiles += db_run_i64(q, 0);
		store_move_forget(e->s, k->source, k->key);
		store_profile_forget(e->s, k->source, k->key);
	}
}

/* A line of a roster's memory: KEY, MISSES, NAME … (connectors/roster_state.h). */
static bool is_theirs(struct eraser *e, const struct optouts *by, struct str line)
{
	struct str key = STR_NONE, misses, name = STR_NONE;
	str_split(&line, '\t', &key);
	str_split(&line, '\t', &misses);
	str_split(&line, '\t', &name);
	const struct author a = {.handle = key, .profile_url = key};
	for (size_t i = 0; i < e->found->words_n; i++) {
		if (str_eq_nocase(name, e->found->words[i])) {
			return true;
		}
	}
	return optouts_has(by, &a);
}

/* The text without the lines that are theirs. False: it has none. */
static bool without(struct eraser *e, const struct optouts *by, struct str text, struct buf *out)
{
	struct str rest = text, line;
	bool dropped = false, first = true;
	buf_clear(out);
	while (str_split(&rest, '\n', &line)) {
		bool theirs = !first && is_theirs(e, by, line);
		dropped |= theirs;
		if (!theirs) {
			buf_add_c(out, first ? "" : "\n");
			buf_add_str(out, line);
		}
		first = false;
	}
	return dropped && out->rc == HARK_OK;
}

static void erase_cursors(struct eraser *e, const struct optouts *by)
{
	struct arena arena;
	struct buf text;
	struct str names[64];
	size_t n = 0;
	arena_init(&arena, 0);
	buf_init(&text, CURSOR_MAX);
	struct db_query *q = db_query(
		e->db, "SELECT source FROM source_cursors WHERE substr(cursor, 1, 7) = 'roster '");
	while (n < sizeof(names) / sizeof(names[0]) && db_step(q)) {
		names[n++] = db_col_copy(q, 0, &arena);
	}
	db_done(q);
	for (size_t i = 0; i < n; i++) {
		q = db_query(e->db, "SELECT cursor FROM source_cursors WHERE source = $1");
		db_text(q, names[i]);
		bool changed = db_step(q) && without(e, by, db_col_text(q, 0), &text);
		db_done(q);
		if (changed) {
			q = db_query(e->db,
				"UPDATE source_cursors SET cursor = $2, hash = 0 WHERE source = $1");
			db_text(q, names[i]);
			db_text(q, buf_str(&text));
			e->out->other += db_run(q);
		}
	}
	buf_release(&text);
	arena_release(&arena);
}

/* --- the rest --- */

static void erase_words(struct eraser *e)
{
	for (size_t i = 0; i < e->found->words_n; i++) {
		struct str word = e->found->words[i];
		e->out->other += run_word(e,
			"DELETE FROM silences WHERE what = 'who' AND lower(value) = lower($1)",
			word);
		e->out->other += run_word(e,
			"DELETE FROM moves WHERE person IS NULL AND lower(name) = lower($1)", word);
		e->out->other +=
			run_word(e, "DELETE FROM peeks WHERE lower(who) = lower($1)", word);
		/* What the reference desk was told names whom it is about. */
		e->out->alerts += run_word(e,
			"DELETE FROM outbox WHERE kind = '" REFERENCE_DESK "' AND lead IS NULL"
			" AND instr(lower(payload), lower($1)) > 0",
			word);
		run_word(e, "DELETE FROM replays WHERE instr(lower(body), lower($1)) > 0", word);
		run_word(e,
			"UPDATE loaded_lists SET names = NULL WHERE instr(lower(names), lower($1)) > 0",
			word);
		run_word(e,
			"UPDATE edges SET to_ref = NULL WHERE to_ref IS NOT NULL AND"
			" instr(lower(to_ref), lower($1)) > 0",
			word);
	}
}

/* What tells them in a copy that is restored one day. */
static int list_rows(struct eraser *e, struct hark_err *err)
{
	struct optouts list;
	char text[OPTOUT_ROW_MAX];
	int rc = optouts_init(&list, e->s, err);
	for (size_t i = 0; i < e->found->people.n && rc == HARK_OK; i++) {
		int64_t id = e->found->people.v[i];
		struct str row = optouts_row(
			text, id, ask(e, "SELECT created_ms FROM people WHERE id = $1", id));
		rc = optouts_add(&list, OPTOUT_ROW, row, STR(OPTOUT_ERASED), e->now_ms, err);
	}
	optouts_release(&list);
	return rc;
}

static void erase_people(struct eraser *e)
{
	const struct privacy_ids *people = &e->found->people, *authors = &e->found->authors;
	for (size_t i = 0; i < people->n; i++) {
		e->out->moves +=
			ask(e, "SELECT count(*) FROM moves WHERE person = $1", people->v[i]);
		e->out->people += ask(e, "SELECT count(*) FROM people WHERE id = $1", people->v[i]);
		run(e, "DELETE FROM people WHERE id = $1", people->v[i]);
	}
	for (size_t i = 0; i < authors->n; i++) {
		store_words_leave_author(e->s, authors->v[i]);
		e->out->authors += run(e, "DELETE FROM authors WHERE id = $1", authors->v[i]);
	}
}

int privacy_opt_out(struct store *s, const struct privacy_found *found, struct str reason,
	int64_t now_ms, struct privacy_counts *out, struct hark_err *err)
{
	struct optouts list;
	int64_t before = db_run_i64(db_query(store_db(s), "SELECT count(*) FROM opt_outs"), 0);
	int rc = optouts_init(&list, s, err);
	for (size_t i = 0; i < found->names.n && rc == HARK_OK; i++) {
		const struct optout_value *v = &found->names.v[i];
		rc = optouts_add(&list, v->kind, v->value, reason, now_ms, err);
	}
	optouts_release(&list);
	/* Whoever wants to be left alone is not to be reached through a colleague either. */
	for (size_t i = 0; i < found->ties.n; i++) {
		struct db_query *q = db_query(store_db(s), "DELETE FROM ties WHERE id = $1");
		db_i64(q, found->ties.v[i]);
		out->other += db_run(q);
	}
	out->fingerprints +=
		db_run_i64(db_query(store_db(s), "SELECT count(*) FROM opt_outs"), 0) - before;
	return rc == HARK_OK ? db_check(store_db(s), err) : rc;
}

int privacy_erase(struct store *s, const struct privacy_found *found, bool look, int64_t now_ms,
	struct privacy_counts *out, struct hark_err *err)
{
	struct eraser e = {s, store_db(s), found, out, now_ms};
	const struct optouts by = {.store = s, .any = true, .only = &found->names};
	db_exec(e.db, SAVE);
	int rc = privacy_opt_out(s, found, STR(OPTOUT_ERASED), now_ms, out, err);
	rc = rc == HARK_OK ? list_rows(&e, err) : rc;
	if (rc == HARK_OK) {
		erase_posts(&e);
		for (size_t i = 0; i < found->leads.n; i++) {
			erase_lead(&e, found->leads.v[i], &by);
		}
		erase_profiles(&e);
		erase_cursors(&e, &by);
		erase_words(&e);
		erase_people(&e);
		rc = db_check(e.db, err);
	}
	if (rc == HARK_OK && look) {
		db_exec(e.db, TAKE_BACK);
	}
	if (rc == HARK_OK) {
		db_exec(e.db, LET_GO);
		rc = db_check(e.db, err);
	}
	return rc;
}
