#include "monitor/store/driver.h"
#include "monitor/store/moves.h"

#define COLUMNS                                                                                       \
	"m.id, m.person, COALESCE(p.name, m.name), m.event, m.to_employer, m.from_employer, m.title," \
	" m.was_title, m.effective, m.visibility, m.contradicts, m.to_account, m.from_account,"       \
	" m.sources, m.first_ms, m.last_ms FROM moves m LEFT JOIN people p ON p.id = m.person"

static struct move_row read_row(struct db_query *q, struct arena *arena)
{
	struct move_row r = {.id = db_col_i64(q, 0), .person = db_col_i64(q, 1)};
	struct str *const texts[] = {&r.name, &r.event, &r.to, &r.from, &r.title, &r.was_title,
		&r.effective, &r.visibility};
	int64_t *const numbers[] = {&r.contradicts, &r.to_account, &r.from_account, &r.sources,
		&r.first_ms, &r.last_ms};
	for (int i = 0; i < 8; i++) {
		*texts[i] = db_col_copy(q, i + 2, arena);
	}
	for (int i = 0; i < 6; i++) {
		*numbers[i] = db_col_i64(q, i + 10);
	}
	r.grade = r.sources > 2 ? 'A' : r.sources == 2 ? 'B' : 'C';
	return r;
}

#define PAGE                                                                             \
	" AND ($2 IS NULL OR m.visibility = $2) AND ($4 IS NULL OR m.visibility IN ('all', $4))" \
	" AND m.id < $5 ORDER BY m.id DESC LIMIT $3"

int store_move_list(struct store *s, const struct move_filter *filter, struct arena *arena,
	struct move_row **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		filter->whose == MOVES_STRANGE
			? "SELECT " COLUMNS " WHERE m.person IS NULL AND $1 = 0" PAGE
		: filter->person != 0
			? "SELECT " COLUMNS " WHERE m.person IN (SELECT id FROM people WHERE id = $1 OR"
			  " merged_into = $1) AND m.same_as IS NULL" PAGE
			: "SELECT " COLUMNS " WHERE m.person IS NOT NULL AND $1 = 0 AND m.same_as IS NULL" PAGE);
	db_i64(q, filter->person);
	db_text(q, filter->visibility);
	db_i64(q, (int64_t)filter->max);
	db_text(q, filter->seen_as);
	db_i64(q, filter->before != 0 ? filter->before : INT64_MAX);
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
		"SELECT COALESCE(o.name, 'a source that is gone'), e.kind, e.known_by, e.event, e.to_employer,"
		" e.from_employer, e.title, e.effective, e.url, e.told_ms, p.visibility FROM move_evidence e LEFT JOIN sources o"
		" ON o.id = e.source LEFT JOIN posts p ON p.id = e.post WHERE e.move = $1 OR e.move IN (SELECT id FROM moves WHERE same_as = $1)"
		" ORDER BY e.id");
	db_i64(q, id);
	while (db_step(q) && (*out = arena_grow(arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		struct move_source *m = &(*out)[(*n)++];
		struct str *const texts[] = {&m->source, &m->kind, &m->known_by, &m->event, &m->to,
			&m->from, &m->title, &m->effective, &m->url};
		for (int i = 0; i < 9; i++) {
			*texts[i] = db_col_copy(q, i, arena);
		}
		m->told_ms = db_col_i64(q, 9);
		m->is_private = str_eq_c(db_col_text(q, 10), "private");
	}
	db_done(q);
}

bool store_move_row(struct store *s, int64_t id, struct arena *arena, struct move_row *out)
{
	struct db_query *q = db_query(store_db(s), "SELECT " COLUMNS " WHERE m.id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		*out = read_row(q, arena);
	}
	db_done(q);
	return found;
}

int store_move_load(struct store *s, int64_t id, struct arena *arena, struct move_row *out,
	struct move_source **sources, size_t *n, struct hark_err *err)
{
	bool found = store_move_row(s, id, arena, out);
	*sources = NULL;
	*n = 0;
	if (found) {
		read_sources(s, id, arena, sources, n);
	}
	int rc = db_check(store_db(s), err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT, "there is no move %lld: `hark moves list`",
				 (long long)id)
		       : rc;
}

void store_move_pending(struct store *s, size_t max, struct arena *arena, int64_t **ids, size_t *n)
{
	size_t cap = 0;
	struct db_query *q = db_query(
		store_db(s), "SELECT id FROM moves WHERE pending <> 0 ORDER BY id LIMIT $1");
	db_i64(q, (int64_t)max);
	*ids = NULL;
	*n = 0;
	while (db_step(q)) {
		int64_t *grown = arena_grow(arena, *ids, *n, &cap, sizeof(**ids));
		if (grown == NULL) {
			db_fail(store_db(s), HARK_ENOMEM, "no memory for the moves");
			break;
		}
		*ids = grown;
		grown[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
}

void store_move_settled(struct store *s, int64_t move, struct str visibility)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE moves SET pending = 0, visibility = COALESCE($2, visibility) WHERE id = $1");
	db_i64(q, move);
	db_text(q, visibility.n > 0 ? visibility : STR_NONE);
	db_run(q);
}
