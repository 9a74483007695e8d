/* What customers said, and what waits for somebody because of it. */
#include "monitor/store/references.h"

#include "monitor/base/json.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/optouts.h"
#include "monitor/store/voices.h"

/* The name of the person whom the parts of a statement say that it praises; absent: none. */
static struct str praised_in(const json_t *parts)
{
	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *part = json_array_get(parts, i);
		if (str_eq_c(json_str(part, "part"), "praise") &&
			str_eq_c(json_str(part, "target"), "person")) {
			return json_str(part, "text");
		}
	}
	return STR_NONE;
}

int64_t store_statement_add(struct store *s, const struct statement *w)
{
	json_t *parts = str_empty(w->parts) ? NULL : json_read(w->parts, NULL);
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO statements (reference, person, account, post, source, url, author, product,"
		" rules, tone, text, hash, parts, said_ms, captured_ms, visibility, regulated, historic,"
		" praised, class) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,"
		" (SELECT CASE WHEN max(visibility = 'all') > 0 THEN 'all' ELSE min(visibility) END FROM signals"
		" WHERE post = $4 AND gone_ms IS NULL))"
		" ON CONFLICT (post) DO NOTHING");
	db_i64_unless(q, w->reference, 0);
	db_i64(q, w->person);
	db_i64_unless(q, w->account, 0);
	db_i64_unless(q, w->post, 0);
	db_text(q, w->source);
	db_text(q, w->url);
	db_text(q, w->author);
	db_text(q, w->product);
	db_text(q, w->rules);
	db_text_c(q, statement_tone_name(w->tone));
	db_text(q, w->text);
	db_text(q, w->hash);
	db_text(q, w->parts);
	db_i64_unless(q, w->said_ms, 0);
	db_i64(q, w->captured_ms);
	db_text_c(q, w->is_private ? "private" : "public");
	db_i64(q, w->regulated);
	db_i64(q, w->historic);
	db_text(q, praised_in(parts));
	int64_t id = db_run_id(q);
	json_decref(parts);
	return id;
}

#define COLUMNS                                                                             \
	"t.id, t.reference, t.post, t.source, t.url, t.author, t.product, t.rules, t.tone," \
	" t.text, t.hash, t.now_hash, t.parts, t.said_ms, t.captured_ms, t.edited_ms,"      \
	" t.deleted_ms, t.visibility, t.regulated, t.signed_by, t.historic, t.person,"      \
	" t.account"
#define STATEMENT "SELECT " COLUMNS " FROM statements t "

static void read_statement(struct db_query *q, struct arena *arena, struct statement *out)
{
	*out = (struct statement){
		.id = db_col_i64(q, 0),
		.reference = db_col_i64(q, 1),
		.post = db_col_i64(q, 2),
		.source = db_col_copy(q, 3, arena),
		.url = db_col_copy(q, 4, arena),
		.author = db_col_copy(q, 5, arena),
		.product = db_col_copy(q, 6, arena),
		.rules = db_col_copy(q, 7, arena),
		.text = db_col_copy(q, 9, arena),
		.hash = db_col_copy(q, 10, arena),
		.now_hash = db_col_copy(q, 11, arena),
		.parts = db_col_copy(q, 12, arena),
		.said_ms = db_col_i64(q, 13),
		.captured_ms = db_col_i64(q, 14),
		.edited_ms = db_col_i64(q, 15),
		.deleted_ms = db_col_i64(q, 16),
		.is_private = str_eq_c(db_col_text(q, 17), "private"),
		.regulated = db_col_i64(q, 18) != 0,
		.signed_by = db_col_copy(q, 19, arena),
		.historic = db_col_i64(q, 20) != 0,
		.person = db_col_i64(q, 21),
		.account = db_col_i64(q, 22),
	};
	statement_tone_parse(db_col_text(q, 8), &out->tone);
}

bool store_statement_of_post(
	struct store *s, int64_t post, struct arena *arena, struct statement *out)
{
	struct db_query *q = db_query(store_db(s), STATEMENT "WHERE post = $1");
	db_i64(q, post);
	bool found = db_step(q);
	if (found) {
		read_statement(q, arena, out);
	}
	db_done(q);
	return found;
}

void store_statement_write(struct store *s, const struct statement *w)
{
	json_t *parts = str_empty(w->parts) ? NULL : json_read(w->parts, NULL);
	struct db_query *q = db_query(store_db(s),
		"UPDATE statements SET reference = $2, tone = $3, text = $4, now_hash = $5, parts = $6,"
		" edited_ms = $7, deleted_ms = $8, regulated = $9, signed_by = $10, historic = $11,"
		" hash = $12, captured_ms = $13, praised = $14 WHERE id = $1");
	db_i64(q, w->id);
	db_i64_unless(q, w->reference, 0);
	db_text_c(q, statement_tone_name(w->tone));
	db_text(q, w->text);
	db_text(q, w->now_hash);
	db_text(q, w->parts);
	db_i64_unless(q, w->edited_ms, 0);
	db_i64_unless(q, w->deleted_ms, 0);
	db_i64(q, w->regulated);
	db_text(q, w->signed_by);
	db_i64(q, w->historic);
	db_text(q, w->hash);
	db_i64(q, w->captured_ms);
	db_text(q, praised_in(parts));
	db_run(q);
	json_decref(parts);
}

bool store_statement_now(struct store *s, const struct statement *what, struct arena *arena,
	struct str *title, struct str *text)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT title, text FROM posts WHERE id = $1 AND deleted_ms IS NULL AND purged_ms IS NULL");
	db_i64(q, what->post);
	bool found = db_step(q);
	if (found) {
		*title = db_col_copy(q, 0, arena);
		*text = db_col_copy(q, 1, arena);
	}
	db_done(q);
	return found;
}

bool store_statement_is_for(struct store *s, const struct statement *what, struct str class)
{
	/* What does not stand in its post any more, or has lost it, is for whom it was. */
	struct db_query *q = db_query(store_db(s),
		"SELECT $2 = '' OR coalesce(max(CASE WHEN gone_ms IS NULL THEN shown END), max(shown),"
		" (SELECT t.class IS NULL OR t.class IN ('all', $2) FROM statements t WHERE t.id = $3), false)"
		" FROM (SELECT gone_ms, visibility IN ('all', $2) AS shown FROM signals WHERE post = $1) v");
	db_i64(q, what->post);
	db_text_or_empty(q, class);
	db_i64(q, what->id);
	return db_run_i64(q, 0) != 0;
}

bool store_statement_load(struct store *s, int64_t id, struct arena *arena, struct statement *out)
{
	struct db_query *q = db_query(store_db(s), STATEMENT "WHERE id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		read_statement(q, arena, out);
	}
	db_done(q);
	return found;
}

size_t store_statements_sign(struct store *s, int64_t reference, struct str by, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE statements SET signed_by = $2, signed_ms = $3 WHERE reference = $1 AND"
		" regulated = 1 AND signed_by IS NULL AND deleted_ms IS NULL");
	db_i64(q, reference);
	db_text(q, by);
	db_i64(q, now_ms);
	int64_t n = db_run(q);
	return n > 0 ? (size_t)n : 0;
}

void store_statements_unsign(struct store *s, int64_t reference, int64_t at_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE statements SET signed_by = NULL, signed_ms = NULL WHERE reference = $1 AND"
		" signed_ms = $2");
	db_i64(q, reference);
	db_i64(q, at_ms);
	db_run(q);
}

int store_reference_statements(struct store *s, int64_t id, struct arena *arena,
	struct statement **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct optouts o;
	size_t cap = 0;
	struct db_query *q = db_query(db, STATEMENT
		"WHERE reference = $1 ORDER BY CASE tone WHEN 'mixed' THEN 0 WHEN 'positive'"
		" THEN 1 WHEN 'neutral' THEN 2 ELSE 3 END, captured_ms DESC, id DESC");
	db_i64(q, id);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		read_statement(q, arena, &(*out)[(*n)++]);
	}
	db_done(q);
	optouts_init(&o, s, NULL);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i].opted_out = optouts_has_person(&o, (*out)[i].person);
	}
	optouts_release(&o);
	return db_check(db, err);
}

/* ---- service ---- */

void store_service_mark(
	struct store *s, int64_t account, int64_t statement, int64_t now_ms, int64_t until_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO service_marks (account, statement, at_ms, until_ms)"
		" VALUES ($1, $2, $3, $4)");
	db_i64(q, account);
	db_i64(q, statement);
	db_i64(q, now_ms);
	db_i64(q, until_ms);
	db_run(q);
}

int store_service_list(struct store *s, bool all, int64_t now_ms, struct arena *arena,
	struct service_mark **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT m.id, m.account, m.at_ms, m.until_ms, m.cleared_ms, a.name, p.name, t.text,"
		" t.url, m.cleared_by, m.note, t.visibility, m.statement FROM service_marks m JOIN accounts a ON"
		" a.id = m.account JOIN statements t ON t.id = m.statement JOIN people p ON"
		" p.id = t.person WHERE $1 = 1 OR (m.cleared_ms IS NULL AND m.until_ms > $2)"
		" ORDER BY m.id DESC");
	db_i64(q, all);
	db_i64(q, now_ms);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = (struct service_mark){
			.id = db_col_i64(q, 0),
			.account = db_col_i64(q, 1),
			.at_ms = db_col_i64(q, 2),
			.until_ms = db_col_i64(q, 3),
			.cleared_ms = db_col_i64(q, 4),
			.account_name = db_col_copy(q, 5, arena),
			.person_name = db_col_copy(q, 6, arena),
			.text = db_col_copy(q, 7, arena),
			.url = db_col_copy(q, 8, arena),
			.cleared_by = db_col_copy(q, 9, arena),
			.note = db_col_copy(q, 10, arena),
			.is_private = str_eq_c(db_col_text(q, 11), "private"),
			.statement = db_col_i64(q, 12),
		};
	}
	db_done(q);
	return db_check(db, err);
}

int store_service_clear(struct store *s, int64_t account, struct str by, struct str note,
	int64_t now_ms, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE service_marks SET cleared_ms = $2, cleared_by = $3, note = $4 WHERE account = $1"
		" AND cleared_ms IS NULL AND until_ms > $2");
	db_i64(q, account);
	db_i64(q, now_ms);
	db_text(q, by);
	db_text(q, note);
	int64_t changed = db_run(q);
	*n = changed > 0 ? (size_t)changed : 0;
	int rc = db_check(db, err);
	return rc == HARK_OK && changed == 0
		       ? hark_err_set(err, HARK_ENOENT, "nothing of that account is with service")
		       : rc;
}

/* ---- tasks ---- */

static int64_t new_task(struct store *s)
{
	return store_new_id(s, "tasks", "SELECT max(id) FROM reference_tasks");
}

/* id: of a new row, or 0. */
static int64_t write_task(
	struct db *db, const char *sql, const struct author_task *t, int64_t id, int64_t now_ms)
{
	struct db_query *q = db_query(db, sql);
	db_i64(q, t->author);
	db_i64(q, t->post);
	db_text_c(q, statement_tone_name(t->tone));
	db_i64(q, t->historic);
	db_i64(q, now_ms);
	db_i64(q, t->posts);
	if (id != 0) {
		db_i64(q, id);
	}
	return db_run(q);
}

/* Most authors have none yet, and one statement for both cases would save pages aside for the update. */
void store_author_task(struct store *s, const struct author_task *t, int64_t now_ms)
{
	struct db *db = store_db(s);
	if (write_task(db,
		    "INSERT INTO reference_tasks (kind, author, post, tone, posts, historic, created_ms,"
		    " last_ms, id) VALUES ('find-out-who', $1, $2, $3, $6, $4, $5, $5, $7)"
		    " ON CONFLICT (kind, author) DO NOTHING",
		    t, new_task(s), now_ms) == 0) {
		write_task(db,
			"UPDATE reference_tasks SET posts = $6, last_ms = $5, post = $2, tone = $3,"
			" historic = historic * $4 WHERE kind = 'find-out-who' AND author = $1",
			t, 0, now_ms);
	}
}

void store_author_task_done(struct store *s, int64_t author, struct str by, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE reference_tasks SET done_ms = $2, note = $3 WHERE author = $1"
		" AND done_ms IS NULL");
	db_i64(q, author);
	db_i64(q, now_ms);
	db_text(q, by);
	db_run(q);
}

void store_author_task_again(struct store *s, int64_t author, int64_t now_ms)
{
	int64_t id = new_task(s);
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO reference_tasks (kind, author, post, tone, posts, historic, created_ms,"
		" last_ms, id) SELECT 'find-out-who', u.author, u.post, u.tone, (SELECT count(*) FROM unplaced"
		" WHERE author = $1 AND tone <> 'negative'), (SELECT min(historic) FROM unplaced WHERE"
		" author = $1 AND tone <> 'negative'), $2, $2, $3 FROM unplaced u WHERE u.author = $1 AND"
		" u.tone <> 'negative' ORDER BY u.post DESC LIMIT 1 ON CONFLICT (kind, author) DO UPDATE SET"
		" done_ms = NULL, note = NULL, posts = excluded.posts, post = excluded.post,"
		" tone = excluded.tone WHERE reference_tasks.done_ms IS NOT NULL AND"
		" reference_tasks.done_by IS NULL");
	db_i64(q, author);
	db_i64(q, now_ms);
	db_i64(q, id);
	db_run(q);
}

int store_task_list(struct store *s, bool historic, bool done, struct arena *arena,
	struct task **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct optouts o;
	size_t cap = 0;
	optouts_init(&o, s, NULL);
	struct db_query *q = db_query(db,
		"SELECT t.id, t.kind, t.tone, t.posts, t.created_ms, t.last_ms, t.done_ms, a.handle,"
		" a.display_name, a.profile_url, o.name, p.url, p.text, t.done_by, t.note, t.historic,"
		" p.visibility, p.id, u.regulated FROM reference_tasks t JOIN authors a ON a.id = t.author"
		" LEFT JOIN posts p ON p.id = t.post LEFT JOIN unplaced u ON u.post = p.id"
		" LEFT JOIN sources o ON o.id = p.source WHERE t.historic = $1"
		" AND (t.done_ms IS NOT NULL) = $2 ORDER BY CASE t.tone WHEN 'mixed' THEN 0"
		" WHEN 'positive' THEN 1 ELSE 2 END, t.posts DESC, t.id");
	db_i64(q, historic);
	db_i64(q, done);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		struct task *t = &(*out)[(*n)++];
		*t = (struct task){
			.id = db_col_i64(q, 0),
			.kind = db_col_copy(q, 1, arena),
			.posts = db_col_i64(q, 3),
			.created_ms = db_col_i64(q, 4),
			.last_ms = db_col_i64(q, 5),
			.done_ms = db_col_i64(q, 6),
			.handle = db_col_copy(q, 7, arena),
			.name = db_col_copy(q, 8, arena),
			.profile_url = db_col_copy(q, 9, arena),
			.source = db_col_copy(q, 10, arena),
			.url = db_col_copy(q, 11, arena),
			.text = db_col_copy(q, 12, arena),
			.done_by = db_col_copy(q, 13, arena),
			.note = db_col_copy(q, 14, arena),
			.historic = db_col_i64(q, 15) != 0,
			.is_private = str_eq_c(db_col_text(q, 16), "private"),
			.post = db_col_i64(q, 17),
			.regulated = db_col_i64(q, 18) != 0,
		};
		statement_tone_parse(db_col_text(q, 2), &t->tone);
		const struct author who = {.handle = t->handle,
			.display_name = t->name,
			.profile_url = t->profile_url};
		*n -= optouts_has(&o, &who);
	}
	db_done(q);
	optouts_release(&o);
	return db_check(db, err);
}

int store_task_end(struct store *s, int64_t id, struct str by, struct str note, int64_t now_ms,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE reference_tasks SET done_ms = $2, done_by = $3, note = $4 WHERE id = $1"
		" AND done_ms IS NULL");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_text(q, by);
	db_text(q, note);
	int64_t changed = db_run(q);
	int rc = db_check(db, err);
	return rc == HARK_OK && changed == 0
		       ? hark_err_set(err, HARK_ENOENT, "no task %lld is open", (long long)id)
		       : rc;
}

/* ---- all of them ---- */

int store_voices(struct store *s, int64_t reference, struct str account, struct str product,
	struct str industry, struct arena *arena, struct voice **out, size_t *n,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	const struct str filters[] = {account, product, industry};
	struct optouts o;
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT " COLUMNS ", p.name, r.title, a.name, a.industry, r.permission, r.consent,"
		" r.expires_ms FROM statements t JOIN people p ON p.id = t.person LEFT JOIN accounts a"
		" ON a.id = t.account LEFT JOIN reference_candidates r ON r.person = t.person AND"
		" r.account = t.account AND r.joined IS NULL WHERE ($1 = 0 OR t.reference = $1) AND ($2 = '' OR lower(a.name)"
		" = lower($2)) AND ($3 = '' OR lower(t.product) = lower($3)) AND ($4 = '' OR"
		" lower(a.industry) = lower($4)) AND t.tone <> 'none'"
		" ORDER BY coalesce(t.said_ms, t.captured_ms) DESC, t.id DESC");
	db_i64(q, reference);
	for (size_t i = 0; i < 3; i++) {
		db_text_or_empty(q, filters[i]);
	}
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		struct voice *v = &(*out)[(*n)++];
		read_statement(q, arena, &v->statement);
		v->person = db_col_copy(q, 23, arena);
		v->title = db_col_copy(q, 24, arena);
		v->account = db_col_copy(q, 25, arena);
		v->industry = db_col_copy(q, 26, arena);
		permission_parse(db_col_text(q, 27), &v->permission);
		v->consent = db_col_i64(q, 28);
		v->expires_ms = db_col_i64(q, 29);
	}
	db_done(q);
	optouts_init(&o, s, NULL);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i].statement.opted_out = optouts_has_person(&o, (*out)[i].statement.person);
	}
	optouts_release(&o);
	return db_check(db, err);
}
