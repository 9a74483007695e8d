#include "monitor/store/repliers.h"

#include "monitor/store/driver.h"
#include "monitor/store/subjects.h"

static struct str motion_of(struct db *db, int64_t account, struct arena *arena)
{
	struct db_query *q = db_query(db, "SELECT motion FROM accounts WHERE id = $1");
	db_i64(q, account);
	struct str motion = db_step(q) ? db_col_copy(q, 0, arena) : STR_NONE;
	db_done(q);
	return motion;
}

bool store_announcement_find(struct store *s, int64_t source, struct str external_id,
	struct arena *arena, struct announcement *out)
{
	struct db *db = store_db(s);
	struct subject_facts facts;
	struct db_query *q = db_query(db,
		"SELECT p.id, p.author, p.url, g.subject_kind, g.subject_id, g.subject_name"
		" FROM posts p JOIN signals g ON g.post = p.id WHERE p.source = $1"
		" AND p.external_id = $2 AND p.deleted_ms IS NULL AND p.visibility = 'public'"
		" AND g.kind = 'purchase-announced' AND g.gone_ms IS NULL ORDER BY g.score DESC, g.id"
		" LIMIT 1");
	db_i64(q, source);
	db_text(q, external_id);
	bool found = db_step(q);
	if (found) {
		*out = (struct announcement){
			.post = db_col_i64(q, 0),
			.author = db_col_i64(q, 1),
			.url = db_col_copy(q, 2, arena),
			.subject = {db_col_copy(q, 3, arena), db_col_copy(q, 4, arena),
				db_col_copy(q, 5, arena)},
		};
	}
	db_done(q);
	if (!found) {
		return false;
	}
	store_subject_facts(s, &out->subject, arena, &facts);
	bool is_person = facts.person != 0 || str_eq_c(out->subject.kind, "author") ||
			 str_eq_c(out->subject.kind, "contact");
	out->motion = facts.account != 0 ? motion_of(db, facts.account, arena) : STR_NONE;
	out->is_company = facts.account != 0 || !is_person;
	return true;
}

size_t store_announcement_replies(struct store *s, int64_t source, struct str external_id,
	int64_t author, struct arena *arena, struct replier *out, size_t max)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		"SELECT p.id, coalesce(p.story, p.id), p.author, p.published, p.historic, a.handle,"
		" a.display_name, a.profile_url FROM edges e JOIN posts p ON p.id = e.post"
		" JOIN authors a ON a.id = p.author"
		" WHERE e.source = $1 AND e.to_ref = $2 AND e.kind = 'reply'"
		" AND (e.to_author = $3 OR e.to_author IS NULL) AND p.deleted_ms IS NULL"
		" AND p.visibility = 'public' ORDER BY p.id LIMIT $4");
	db_i64(q, source);
	db_text(q, external_id);
	db_i64(q, author);
	db_i64(q, (int64_t)max);
	while (n < max && db_step(q)) {
		out[n++] = (struct replier){
			.post = db_col_i64(q, 0),
			.story = db_col_i64(q, 1),
			.author = db_col_i64(q, 2),
			.published = db_col_i64(q, 3),
			.historic = db_col_i64(q, 4) != 0,
			.who = {.handle = db_col_copy(q, 5, arena),
				.display_name = db_col_copy(q, 6, arena),
				.profile_url = db_col_copy(q, 7, arena)},
		};
	}
	db_done(q);
	return n;
}

bool store_announcement_take(
	struct store *s, int64_t announcement, int64_t author, int64_t cap, int64_t *nth)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT count(*) FROM repliers WHERE announcement = $1");
	db_i64(q, announcement);
	*nth = db_run_i64(q, 0) + 1;
	if (*nth > cap) {
		return false;
	}
	q = db_query(store_db(s), "INSERT INTO repliers (announcement, author) VALUES ($1, $2)"
				  " ON CONFLICT (announcement, author) DO NOTHING");
	db_i64(q, announcement);
	db_i64(q, author);
	return db_run(q) > 0;
}

/* Imports and sources differ in the first @. */
static struct str bare(struct str handle)
{
	return str_starts(handle, STR("@")) ? str_n(handle.p + 1, handle.n - 1) : handle;
}

int64_t store_replier_person(
	struct store *s, int64_t author, const struct author *who, bool *is_staff)
{
	bool whole = who->handle.n > 1 && memchr(who->handle.p + 1, '@', who->handle.n - 1) != NULL;
	struct db_query *q = db_query(store_db(s),
		"SELECT DISTINCT p.id, p.kind = 'staff' FROM people p JOIN identities i ON i.person = p.id"
		" WHERE i.author = $1 OR (i.kind = 'handle' AND i.value IN ($2, '@' || $2))"
		" OR (i.kind = 'profile' AND i.value = $3)");
	int64_t person = 0;
	bool many = false;
	*is_staff = false;
	db_i64(q, author);
	db_text(q, whole ? bare(who->handle) : STR_NONE);
	db_text(q, who->profile_url.n > 0 ? who->profile_url : STR_NONE);
	while (db_step(q)) {
		many = many || person != 0;
		person = db_col_i64(q, 0);
		*is_staff = *is_staff || db_col_i64(q, 1) != 0;
	}
	db_done(q);
	return many ? 0 : person;
}
