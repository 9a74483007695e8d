#include "monitor/store/around.h"

#include "monitor/store/driver.h"
#include "monitor/store/encounters.h"
#include "monitor/store/grow.h"
#include "monitor/store/referrals.h"
#include "monitor/store/ties.h"

/* ---- marketing and sales ---- */

#define THEIRS "(SELECT id FROM people WHERE id = $1 OR merged_into = $1)"

void store_person_worked_on(
	struct store *s, int64_t person, int64_t now_ms, struct arena *arena, struct worked_on *out)
{
	/* Those of the person lead, not all that are answered. */
	struct db_query *q = db_query(store_db(s),
		"WITH found AS (SELECT g.lead AS id FROM encounters e JOIN signals g ON g.post = e.post"
		" WHERE e.person IN " THEIRS
		" UNION SELECT l.id FROM people p JOIN leads l ON l.subject_kind ="
		" p.kind AND l.subject_id = COALESCE(p.external_id, p.kind || '_' || p.id) WHERE p.id IN " THEIRS
		")"
		" SELECT l.id, COALESCE(l.claim_by, ''), CASE l.state WHEN 'claimed' THEN l.claim_until ELSE 0 END"
		" FROM found f CROSS JOIN leads l WHERE l.id = f.id AND l.visibility = 'all' AND l.claim_by IS NOT NULL"
		" AND (l.state = 'answered' OR (l.state = 'claimed' AND l.claim_until > $2))"
		" ORDER BY l.state = 'answered', l.id DESC LIMIT 1");
	*out = (struct worked_on){0};
	db_i64(q, person);
	db_i64(q, now_ms);
	if (db_step(q)) {
		out->lead = db_col_i64(q, 0);
		out->by = db_col_copy(q, 1, arena);
		out->until_ms = db_col_i64(q, 2);
	}
	db_done(q);
}

static void read_asked(struct db *db, int64_t person, struct arena *arena, struct lead_asked *out)
{
	struct db_query *q = db_query(db,
		"SELECT id, COALESCE(ask_to, gatekeeper), ask_due FROM reference_candidates"
		" WHERE person IN " THEIRS " AND permission = 'asked' AND joined IS NULL ORDER BY id DESC LIMIT 1");
	db_i64(q, person);
	if (db_step(q)) {
		out->reference = db_col_i64(q, 0);
		out->by = db_col_copy(q, 1, arena);
		out->until_ms = db_col_i64(q, 2);
	}
	db_done(q);
}

/* ---- rivals ---- */

/* Of the lead $1: its posts, what they reply to and the root, then all that replies to these. */
#define THREAD                                                                                             \
	"WITH said AS (SELECT DISTINCT p.source, p.external_id, p.in_reply_to, p.thread FROM signals g"    \
	" JOIN posts p ON p.id = g.post WHERE g.lead = $1 AND p.deleted_ms IS NULL),"                      \
	" refs AS (SELECT source, external_id AS ref FROM said UNION SELECT source, in_reply_to FROM said" \
	" WHERE in_reply_to IS NOT NULL UNION SELECT source, thread FROM said WHERE thread IS NOT NULL),"  \
	" roots AS (SELECT r.source, r.ref, p.id, p.author FROM refs r JOIN posts p"                       \
	" ON p.source = r.source AND p.external_id = r.ref),"                                              \
	" thread AS (SELECT id FROM roots UNION SELECT e.post FROM roots r JOIN edges e"                   \
	" ON e.to_author = r.author AND e.source = r.source AND e.to_ref = r.ref AND e.kind = 'reply'"     \
	" UNION SELECT e.post FROM refs r JOIN edges e ON e.source = r.source AND e.to_ref = r.ref"        \
	" AND e.to_author IS NULL AND e.kind = 'reply')"

#define HANDLE "lower(ltrim(a.handle, '@'))"
#define SAID_MS "COALESCE(p.published, p.seen_ms)"
#define PEOPLE_OF_AUTHOR                                                                     \
	"identities i WHERE i.author = a.id OR (i.kind = 'handle' AND i.value IN (a.handle," \
	" '@' || a.handle, ltrim(a.handle, '@')))"

static const char rivals_sql[] = THREAD
	" SELECT id, name, handle, url, said_ms, how FROM (SELECT c.id, c.name, p.url,"
	" COALESCE(a.handle, a.display_name) AS handle, " SAID_MS " AS said_ms,"
	" CASE WHEN EXISTS (SELECT 1 FROM account_names n WHERE n.account = c.id AND n.kind = 'domain' AND"
	" (" HANDLE " = n.value OR " HANDLE " LIKE '%@' || n.value OR " HANDLE
	" LIKE '%.' || n.value))"
	" THEN 'domain' WHEN lower(c.name) IN (lower(a.display_name), " HANDLE
	") OR EXISTS (SELECT 1 FROM"
	" account_names n WHERE n.account = c.id AND n.kind = 'alias' AND lower(n.value) IN"
	" (lower(a.display_name), " HANDLE ")) THEN 'name'"
	" WHEN EXISTS (SELECT 1 FROM employments j WHERE j.account = c.id AND j.ended_ms IS NULL AND j.person"
	" IN (SELECT i.person FROM " PEOPLE_OF_AUTHOR ")) THEN 'employer' END AS how"
	" FROM thread t JOIN posts p ON p.id = t.id AND p.deleted_ms IS NULL"
	" AND p.visibility <> 'private' JOIN authors a ON a.id = p.author"
	" JOIN accounts c ON c.kind = 'competitor') x WHERE how IS NOT NULL ORDER BY said_ms, id";

static const char ours_sql[] = THREAD
	" SELECT min(" SAID_MS
	") FROM thread t JOIN posts p ON p.id = t.id AND p.deleted_ms IS NULL"
	" JOIN authors a ON a.id = p.author WHERE EXISTS (SELECT 1 FROM people s WHERE s.kind = 'staff'"
	" AND s.id IN (SELECT i.person FROM " PEOPLE_OF_AUTHOR "))";

static bool is_listed(const struct lead_around *a, int64_t account)
{
	for (size_t i = 0; i < a->rivals_n; i++) {
		if (a->rivals[i].account == account) {
			return true;
		}
	}
	return false;
}

/* The first word of each rival. */
static void read_rivals(struct db *db, struct lead *lead, struct arena *arena)
{
	struct lead_around *a = &lead->around;
	size_t cap = 0;
	struct db_query *q = db_query(db, rivals_sql);
	db_i64(q, lead->id);
	while (db_step(q)) {
		if (is_listed(a, db_col_i64(q, 0))) {
			continue;
		}
		a->rivals = store_grow(db, arena, a->rivals, a->rivals_n, &cap, sizeof(*a->rivals));
		if (a->rivals == NULL) {
			a->rivals_n = 0;
			break;
		}
		a->rivals[a->rivals_n++] = (struct lead_rival){
			.account = db_col_i64(q, 0),
			.name = db_col_copy(q, 1, arena),
			.handle = db_col_copy(q, 2, arena),
			.url = db_col_copy(q, 3, arena),
			.at_ms = db_col_i64(q, 4),
			.how = db_col_copy(q, 5, arena),
		};
	}
	db_done(q);
}

/* By how much each was before us, or is, as long as nobody of ours has spoken. */
static void compare_with_ours(struct db *db, struct lead *lead, int64_t now_ms)
{
	struct lead_around *a = &lead->around;
	struct db_query *q = db_query(db, ours_sql);
	db_i64(q, lead->id);
	int64_t ours_ms = db_run_i64(q, 0);
	if (ours_ms == 0 || (lead->answered_ms != 0 && lead->answered_ms < ours_ms)) {
		ours_ms = lead->answered_ms;
	}
	for (size_t i = 0; i < a->rivals_n; i++) {
		a->rivals[i].ours_ms = ours_ms;
		a->rivals[i].ahead_ms = (ours_ms != 0 ? ours_ms : now_ms) - a->rivals[i].at_ms;
	}
}

int store_lead_around(struct store *s, struct lead *lead, int64_t now_ms, struct arena *arena,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	lead->around = (struct lead_around){0};
	store_lead_known(s, lead, arena);
	if (lead->known.person != 0) {
		read_asked(db, lead->known.person, arena, &lead->around.asked);
	}
	store_lead_ties(s, lead, now_ms, arena);
	store_lead_referrals(s, lead, arena);
	read_rivals(db, lead, arena);
	if (lead->around.rivals_n > 0) {
		compare_with_ours(db, lead, now_ms);
	}
	return db_check(db, err);
}
