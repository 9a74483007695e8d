#include "monitor/store/questions.h"

#include "monitor/store/driver.h"

#define COLUMNS                                                                       \
	"q.signal, q.post, q.source, coalesce(q.author, 0), q.ref, q.thread, q.bare," \
	" q.asked_ms, coalesce(q.due_ms, 0), coalesce(q.answer, 0),"                  \
	" coalesce(q.answered_ms, 0), coalesce(q.lead, 0), q.outcome"
#define COLUMNS_N 13
static struct question read_row(struct db_query *q, struct arena *arena)
{
	return (struct question){
		.signal = db_col_i64(q, 0),
		.post = db_col_i64(q, 1),
		.source = db_col_i64(q, 2),
		.author = db_col_i64(q, 3),
		.ref = db_col_copy(q, 4, arena),
		.thread = db_col_copy(q, 5, arena),
		.bare = db_col_i64(q, 6) != 0,
		.asked_ms = db_col_i64(q, 7),
		.due_ms = db_col_i64(q, 8),
		.answer = db_col_i64(q, 9),
		.answered_ms = db_col_i64(q, 10),
		.lead = db_col_i64(q, 11),
		.outcome = db_col_copy(q, 12, arena),
	};
}

bool store_questions_any(struct store *s)
{
	return db_run_i64(db_query(store_db(s), "SELECT 1 FROM questions LIMIT 1"), 0) != 0;
}

bool store_question_add(struct store *s, const struct question *question)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO questions (signal, post, source, author, ref, thread, bare, asked_ms, due_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (signal) DO NOTHING");
	db_i64(q, question->signal);
	db_i64(q, question->post);
	db_i64(q, question->source);
	db_i64_unless(q, question->author, 0);
	db_text(q, question->ref);
	db_text(q, question->thread);
	db_i64(q, question->bare);
	db_i64(q, question->asked_ms);
	db_i64(q, question->due_ms);
	return db_run(q) > 0;
}

bool store_question_of(struct store *s, int64_t signal, struct arena *arena, struct question *out)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT " COLUMNS " FROM questions q WHERE q.signal = $1");
	db_i64(q, signal);
	bool found = db_step(q);
	if (found) {
		*out = read_row(q, arena);
	}
	db_done(q);
	return found;
}

size_t store_questions_met(struct store *s, int64_t source, int64_t author, struct str in_reply_to,
	struct str thread, struct arena *arena, struct question *out, size_t max)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT " COLUMNS " FROM questions q WHERE q.source = $1 AND q.ref = $2"
		" AND coalesce(q.author, 0) <> $4 UNION"
		" SELECT " COLUMNS " FROM questions q WHERE q.source = $1 AND q.thread = $3"
		" AND coalesce(q.author, 0) <> $4 AND (q.bare = 1 OR $2 = '') ORDER BY 1 LIMIT $5");
	db_i64(q, source);
	db_text_or_empty(q, in_reply_to);
	db_text_or_empty(q, thread);
	db_i64(q, author);
	db_i64(q, (int64_t)max);
	while (n < max && db_step(q)) {
		out[n++] = read_row(q, arena);
	}
	db_done(q);
	return n;
}

static struct answer_post read_answer(struct db_query *q, struct arena *arena)
{
	return (struct answer_post){
		.post = db_col_i64(q, 0),
		.author = db_col_i64(q, 1),
		.who = {.handle = db_col_copy(q, 2, arena),
			.display_name = db_col_copy(q, 3, arena),
			.profile_url = db_col_copy(q, 4, arena)},
		.at_ms = db_col_i64(q, 5),
	};
}

#define ANSWER                                                          \
	"SELECT p.id, coalesce(p.author, 0), a.handle, a.display_name," \
	" a.profile_url, coalesce(p.published, p.seen_ms)"

size_t store_question_replies(struct store *s, const struct question *question, struct arena *arena,
	struct answer_post *out, size_t max)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		question->author != 0 ? ANSWER
			" FROM edges e JOIN posts p ON p.id = e.post"
			" LEFT JOIN authors a ON a.id = p.author"
			" WHERE e.to_author = $3 AND e.source = $1 AND e.to_ref = $2"
			" AND e.kind = 'reply' AND coalesce(e.from_author, 0) <> $3"
			" AND p.deleted_ms IS NULL"
			" AND coalesce(p.published, p.seen_ms) >= $4 ORDER BY p.id LIMIT $5"
				      : ANSWER
			" FROM edges e JOIN posts p ON p.id = e.post"
			" LEFT JOIN authors a ON a.id = p.author"
			" WHERE e.to_author IS NULL AND e.source = $1 AND e.to_ref = $2"
			" AND e.kind = 'reply' AND coalesce(e.from_author, 0) <> $3"
			" AND p.deleted_ms IS NULL"
			" AND coalesce(p.published, p.seen_ms) >= $4 ORDER BY p.id LIMIT $5");
	db_i64(q, question->source);
	db_text(q, question->ref);
	db_i64(q, question->author);
	db_i64(q, question->asked_ms);
	db_i64(q, (int64_t)max);
	while (n < max && db_step(q)) {
		out[n++] = read_answer(q, arena);
	}
	db_done(q);
	return n;
}

bool store_answer_load(struct store *s, int64_t post, struct arena *arena, struct answer_post *out)
{
	struct db_query *q =
		db_query(store_db(s), ANSWER " FROM posts p LEFT JOIN authors a ON a.id = p.author"
					     " WHERE p.id = $1 AND p.deleted_ms IS NULL");
	db_i64(q, post);
	bool found = db_step(q);
	if (found) {
		*out = read_answer(q, arena);
	}
	db_done(q);
	return found;
}

void store_question_answered(struct store *s, int64_t signal, int64_t post, int64_t at_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE questions SET answer = $2, answered_ms = $3 WHERE signal = $1");
	db_i64(q, signal);
	db_i64_unless(q, post, 0);
	db_i64_unless(q, at_ms, 0);
	db_run(q);
}

void store_question_settle(struct store *s, int64_t signal, const char *outcome, int64_t lead)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE questions SET due_ms = NULL, outcome = $2, lead = $3 WHERE signal = $1");
	db_i64(q, signal);
	db_text_c(q, outcome);
	db_i64_unless(q, lead, 0);
	db_run(q);
}

static struct due_question read_due(struct db_query *q, struct arena *arena)
{
	int at = COLUMNS_N;
	struct due_question d = {.q = read_row(q, arena)};
	struct str kind = db_col_text(q, at + 1), level = db_col_text(q, at + 2);
	d.signal = (struct signal){
		.rule = db_col_copy(q, at, arena),
		.flags = (unsigned)db_col_i64(q, at + 3),
		.score = (int)db_col_i64(q, at + 4),
		.subject = {db_col_copy(q, at + 5, arena), db_col_copy(q, at + 6, arena),
			db_col_copy(q, at + 7, arena)},
		.title = db_col_copy(q, at + 8, arena),
		.owner = db_col_copy(q, at + 9, arena),
		.route = db_col_copy(q, at + 10, arena),
		.visibility = db_col_copy(q, at + 11, arena),
		.lead_key = db_col_copy(q, at + 12, arena),
		.explain = db_col_copy(q, at + 13, arena),
	};
	signal_kind_parse(kind, &d.signal.kind);
	signal_level_parse(level, &d.signal.level);
	d.story = db_col_i64(q, at + 14);
	d.published = db_col_i64(q, at + 15);
	d.gone = db_col_i64(q, at + 16) != 0;
	d.who = (struct author){.handle = db_col_copy(q, at + 17, arena),
		.display_name = db_col_copy(q, at + 18, arena),
		.profile_url = db_col_copy(q, at + 19, arena)};
	return d;
}

size_t store_questions_due(
	struct store *s, int64_t now_ms, struct arena *arena, struct due_question *out, size_t max)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT " COLUMNS ", g.rule, g.kind, g.level, g.flags, g.score, g.subject_kind,"
		" g.subject_id, g.subject_name, g.title, g.owner, g.route, g.visibility,"
		" g.lead_key, g.explain, g.story, coalesce(p.published, 0),"
		" g.gone_ms IS NOT NULL OR p.deleted_ms IS NOT NULL OR g.lead IS NOT NULL,"
		" a.handle, a.display_name, a.profile_url"
		" FROM questions q JOIN sources o ON o.id = q.source AND o.failures = 0"
		" JOIN signals g ON g.id = q.signal JOIN posts p ON p.id = q.post"
		" LEFT JOIN authors a ON a.id = q.author"
		" WHERE q.due_ms <= $1 ORDER BY q.due_ms, q.signal LIMIT $2");
	db_i64(q, now_ms);
	db_i64(q, (int64_t)max);
	while (n < max && db_step(q)) {
		out[n++] = read_due(q, arena);
	}
	db_done(q);
	return n;
}

bool store_questions_are_due(struct store *s, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM questions q JOIN sources o ON o.id = q.source AND o.failures = 0"
		" WHERE q.due_ms <= $1 LIMIT 1");
	db_i64(q, now_ms);
	return db_run_i64(q, 0) != 0;
}
