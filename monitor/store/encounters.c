#include "monitor/store/encounters.h"

#include "monitor/store/driver.h"

#include <stdio.h>

#define HOPS_MAX 100 /* merges end at the oldest, and nobody is merged into somebody newer */

static int64_t who_is(struct db *db, int64_t id)
{
	for (int i = 0; i < HOPS_MAX; i++) {
		struct db_query *q =
			db_query(db, "SELECT COALESCE(merged_into, 0) FROM people WHERE id = $1");
		db_i64(q, id);
		int64_t into = db_run_i64(q, -1);
		if (into <= 0) {
			return into == 0 ? id : 0;
		}
		id = into;
	}
	return 0;
}

bool store_person_met(
	struct store *s, const struct optouts *o, int64_t id, struct arena *arena, struct met *out)
{
	struct db *db = store_db(s);
	out->person = who_is(db, id);
	if (out->person == 0 || optouts_has_person(o, out->person)) {
		out->person = 0;
		return false;
	}
	struct db_query *q =
		db_query(db, "SELECT kind, COALESCE(external_id, kind || '_' || id), name"
			     " FROM people WHERE id = $1");
	db_i64(q, out->person);
	if (db_step(q)) {
		out->kind = db_col_copy(q, 0, arena);
		out->id = db_col_copy(q, 1, arena);
		out->name = db_col_copy(q, 2, arena);
	}
	db_done(q);
	return true;
}

int64_t store_author_person(
	struct store *s, int64_t row, const struct author *a, struct arena *arena, struct str *how)
{
	static const char by_value[] =
		"SELECT person, CASE confidence WHEN 'reviewed' THEN replace(origin, ':', ' ')"
		" ELSE kind || ' ' || value END FROM identities WHERE author = $1 UNION ALL"
		" SELECT person, kind || ' ' || value FROM identities WHERE confidence <> 'imported'"
		" AND ((kind = 'handle' AND value = $2) OR (kind = 'profile' AND value = $3))";
	bool whole = a->handle.n > 1 && memchr(a->handle.p + 1, '@', a->handle.n - 1) != NULL;
	struct db_query *q = db_query(store_db(s), by_value);
	int64_t person = 0;
	bool many = false;
	db_i64_unless(q, row, 0);
	db_text(q, whole ? a->handle : STR_NONE);
	db_text(q, a->profile_url.n > 0 ? a->profile_url : STR_NONE);
	*how = STR_NONE;
	while (db_step(q)) {
		int64_t other = db_col_i64(q, 0);
		*how = person == 0 ? db_col_copy(q, 1, arena) : *how;
		many = many || (person != 0 && person != other);
		person = other;
	}
	db_done(q);
	return many ? 0 : person;
}

bool store_author_is_other(struct store *s, int64_t author, int64_t person)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT 1 FROM reviews WHERE author = $1 AND person = $2"
				      " AND state = 'rejected' LIMIT 1");
	db_i64(q, author);
	db_i64(q, person);
	return db_run_i64(q, 0) != 0;
}

void store_encounter_add(
	struct store *s, int64_t post, int64_t author, const struct met *met, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO encounters (post, person, author, known_by, grade, at_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (post) DO NOTHING");
	db_i64(q, post);
	db_i64(q, met->person);
	db_i64_unless(q, author, 0);
	db_text(q, met->known_by);
	db_text(q, str_n(&met->grade, 1));
	db_i64(q, now_ms);
	db_run(q);
}

enum encounter store_encounter_of(struct store *s, const struct optouts *o, int64_t post,
	struct arena *arena, struct met *out, int64_t *author)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT e.person, e.known_by, e.grade, p.author, EXISTS (SELECT 1 FROM signals g WHERE"
		" g.post = p.id) FROM posts p LEFT JOIN encounters e ON e.post = p.id WHERE p.id = $1");
	enum encounter found = ENCOUNTER_UNKNOWN;
	int64_t person = 0;
	db_i64(q, post);
	if (db_step(q)) {
		person = db_col_i64(q, 0);
		out->known_by = db_col_copy(q, 1, arena);
		out->grade = db_is_null(q, 2) ? 0 : db_col_text(q, 2).p[0];
		*author = db_col_i64(q, 3);
		found = person != 0             ? ENCOUNTER_KNOWN
			: db_col_i64(q, 4) == 0 ? ENCOUNTER_NONE
						: ENCOUNTER_UNKNOWN;
	}
	db_done(q);
	if (found == ENCOUNTER_KNOWN && !store_person_met(s, o, person, arena, out)) {
		found = ENCOUNTER_UNKNOWN;
	}
	return found;
}

void store_identity_learn(struct store *s, const struct learned *l, int64_t now_ms)
{
	char origin[40];
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO identities (kind, value, person, author, confidence, origin, created_ms)"
		" VALUES ($1, $2, $3, $4, 'proven', $5, $6) ON CONFLICT (kind, value, person) DO NOTHING");
	snprintf(origin, sizeof(origin), "post:%lld", (long long)l->post);
	db_text_c(q, l->kind);
	db_text(q, l->value);
	db_i64(q, l->person);
	db_i64_unless(q, l->author, 0);
	db_text_c(q, origin);
	db_i64(q, now_ms);
	db_run(q);
}

/* The account where the person works today. */
static void read_account(struct db *db, struct arena *arena, struct lead_known *k)
{
	struct db_query *q =
		db_query(db, "SELECT a.id, a.name, a.kind FROM employments e JOIN accounts a"
			     " ON a.id = e.account WHERE e.person = $1 AND e.ended_ms IS NULL"
			     " ORDER BY e.id DESC LIMIT 1");
	db_i64(q, k->person);
	if (db_step(q)) {
		k->account = db_col_i64(q, 0);
		k->account_name = db_col_copy(q, 1, arena);
		k->account_kind = db_col_copy(q, 2, arena);
	}
	db_done(q);
}

void store_lead_known(struct store *s, struct lead *lead, struct arena *arena)
{
	struct db *db = store_db(s);
	struct lead_known *k = &lead->known;
	*k = (struct lead_known){0};
	struct db_query *q = db_query(db,
		"SELECT p.id, p.name, e.known_by, e.grade FROM signals g JOIN encounters e ON e.post = g.post"
		" JOIN people p ON p.id = COALESCE((SELECT merged_into FROM people o WHERE o.id = e.person),"
		" e.person) WHERE g.lead = $1 AND COALESCE(p.external_id, p.kind || '_' || p.id) = $2"
		" ORDER BY e.grade, g.id LIMIT 1");
	db_i64(q, lead->id);
	db_text(q, lead->subject.id);
	if (db_step(q)) {
		k->person = db_col_i64(q, 0);
		k->name = db_col_copy(q, 1, arena);
		k->known_by = db_col_copy(q, 2, arena);
		k->grade = db_col_text(q, 3).n > 0 ? db_col_text(q, 3).p[0] : 0;
	}
	db_done(q);
	if (k->person != 0) {
		read_account(db, arena, k);
	}
}
