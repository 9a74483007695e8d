#include "monitor/store/findings.h"

#include "monitor/store/driver.h"
#include "monitor/store/signals.h"

#define SELECT_SIGNALS                                                                               \
	"SELECT id, post, story, lead, flags, score, historic, created_ms, rule, rule_file,"         \
	" rule_hash, kind, level, subject_name, title, route, visibility, explain, spans, entities," \
	" lists, gone_ms"                                                                            \
	" FROM signals WHERE "

static void read_signal(struct db_query *q, struct arena *arena, struct stored_signal *out)
{
	struct str *const texts[] = {&out->rule, &out->rule_file, &out->rule_hash, &out->kind,
		&out->level, &out->subject, &out->title, &out->route, &out->visibility,
		&out->explain, &out->spans, &out->entities, &out->lists};
	*out = (struct stored_signal){.id = db_col_i64(q, 0),
		.post = db_col_i64(q, 1),
		.story = db_col_i64(q, 2),
		.lead = db_col_i64(q, 3),
		.flags = (unsigned)db_col_i64(q, 4),
		.score = (int)db_col_i64(q, 5),
		.historic = db_col_i64(q, 6) != 0,
		.created_ms = db_col_i64(q, 7),
		.gone_ms = db_col_i64(q, 21)};
	for (int i = 0; i < 13; i++) {
		*texts[i] = db_col_copy(q, 8 + i, arena);
	}
}

int store_signal_list(struct store *s, const struct signal_filter *filter, struct arena *arena,
	struct stored_signal **out, size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	const char *sql = filter->id != 0     ? SELECT_SIGNALS "id = $1 ORDER BY id LIMIT $2"
			  : filter->lead != 0 ? SELECT_SIGNALS "lead = $1 ORDER BY id LIMIT $2"
			  : filter->post != 0 ? SELECT_SIGNALS "post = $1 ORDER BY id LIMIT $2"
					      : SELECT_SIGNALS SIGNALS_OF_STORY("$1") " ORDER BY id LIMIT $2";
	struct db_query *q = db_query(store_db(s), sql);
	db_i64(q, filter->id != 0     ? filter->id
		  : filter->lead != 0 ? filter->lead
		  : filter->post != 0 ? filter->post
				      : filter->story);
	db_i64(q, (int64_t)filter->max);
	while (db_step(q)) {
		if (filter->rule.p != NULL && !str_eq(db_col_text(q, 8), filter->rule)) {
			continue;
		}
		struct stored_signal *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the signals");
			break;
		}
		*out = grown;
		read_signal(q, arena, &grown[(*n)++]);
	}
	db_done(q);
	return db_check(store_db(s), err);
}

int store_alert_list(struct store *s, int64_t lead, struct arena *arena, struct stored_alert **out,
	size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT receiver, state, last_error, attempt, next_ms, done_ms FROM outbox"
		" WHERE lead = $1 ORDER BY id");
	db_i64(q, lead);
	while (db_step(q)) {
		struct stored_alert *grown = arena_grow(arena, *out, *n, &cap, sizeof(*grown));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the alerts");
			break;
		}
		*out = grown;
		grown[(*n)++] = (struct stored_alert){.receiver = db_col_copy(q, 0, arena),
			.state = db_col_copy(q, 1, arena),
			.error = db_col_copy(q, 2, arena),
			.attempt = db_col_i64(q, 3),
			.next_ms = db_col_i64(q, 4),
			.done_ms = db_col_i64(q, 5)};
	}
	db_done(q);
	return db_check(store_db(s), err);
}

/* $1: the person. */
#define AUTHORS                                                                                  \
	"SELECT author FROM encounters WHERE person = $1 AND author IS NOT NULL UNION"           \
	" SELECT author FROM identities WHERE person = $1 AND author IS NOT NULL UNION"          \
	" SELECT a.id FROM identities i JOIN authors a ON a.handle IN (i.value, '@' || i.value," \
	" ltrim(i.value, '@')) WHERE i.person = $1 AND i.kind = 'handle'"
#define NAMED(table)                                                            \
	"SELECT p.id FROM posts p JOIN (SELECT lower(name) AS name FROM " table \
	" WHERE id = $1) k ON instr(lower(p.text), k.name) > 0 OR instr(lower(p.title), k.name) > 0"
#define NEWEST " ORDER BY 1 DESC LIMIT $2"

int store_posts_about(struct store *s, enum known_what what, int64_t id, size_t max, int64_t *posts,
	size_t *n, struct hark_err *err)
{
	static const char *const sql[] = {
		[KNOWN_PEOPLE] = "SELECT id FROM posts WHERE author IN (" AUTHORS ") UNION"
				 " SELECT post FROM encounters WHERE person = $1 UNION " NAMED(
					 "people") NEWEST,
		[KNOWN_ACCOUNTS] =
			"SELECT g.post FROM signals g JOIN accounts a ON a.id = $1 WHERE g.subject_id ="
			" 'account_' || a.id OR g.subject_id = a.external_id UNION " NAMED(
				"accounts") NEWEST,
	};
	struct db_query *q = db_query(store_db(s), sql[what]);
	db_i64(q, id);
	db_i64(q, (int64_t)max);
	*n = 0;
	while (*n < max && db_step(q)) {
		posts[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
	return db_check(store_db(s), err);
}
