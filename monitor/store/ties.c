#include "monitor/store/ties.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/subjects.h"

#define DAY 10 /* letters of a date */

int store_tie_colleague(struct store *s, struct str who, int64_t *out, struct hark_err *err)
{
	size_t n = 0;
	int rc = HARK_OK;
	*out = 0;
	if (s != NULL) {
		struct db_query *q = db_query(store_db(s),
			"SELECT DISTINCT COALESCE(p.merged_into, p.id) FROM people p LEFT JOIN identities i"
			" ON i.person = p.id WHERE p.kind = 'staff' AND (lower(p.name) = lower($1)"
			" OR p.external_id = $1 OR '' || p.id = $1 OR lower(i.value) = lower($1))");
		db_text(q, who);
		while (db_step(q)) {
			*out = db_col_i64(q, 0);
			n++;
		}
		db_done(q);
		rc = db_check(store_db(s), err);
	}
	who = str_cut_utf8(who, 100);
	return rc != HARK_OK ? rc
	       : n == 1      ? HARK_OK
	       : n > 1       ? hark_err_set(err, HARK_EINVAL,
				       "%zu of the staff are called '%.*s': say the e-mail address or the number",
				       n, STR_FMT(who))
			     : hark_err_set(err, HARK_ENOENT,
				       "'%.*s' is none of the staff that was imported: hark import staff FILE first",
				       STR_FMT(who));
}

/* ---- of a lead ---- */

#define THEIRS "(SELECT id FROM people WHERE id = $1 OR merged_into = $1)"
#define COLLEAGUE                                                                              \
	" JOIN people o ON o.id = t.colleague JOIN people c ON c.id = COALESCE(o.merged_into," \
	" o.id) WHERE (c.left_on IS NULL OR c.left_on > $2)"

/* $1 person, $2 today, $3 how many. The plus keeps the store from going through all addresses for those of one. */
#define FOUND                                                                                   \
	"WITH found AS (SELECT t.id FROM identities i JOIN ties t ON t.link = i.value WHERE"    \
	" +i.kind = 'profile' AND i.person IN " THEIRS                                          \
	" UNION SELECT t.id FROM identities i JOIN ties t ON t.email = i.value WHERE"           \
	" +i.kind = 'email' AND i.person IN " THEIRS                                            \
	" UNION SELECT t.id FROM employments e JOIN people p ON p.id = e.person JOIN ties t ON" \
	" t.account = e.account AND lower(t.name) = lower(p.name) WHERE e.person IN " THEIRS ")"

static const char person_sql[] = FOUND
	" SELECT c.id, c.name, min(t.known_on), count(*) FROM found f JOIN ties t ON t.id = f.id" COLLEAGUE
	" GROUP BY c.id, c.name ORDER BY min(t.known_on) IS NULL, min(t.known_on), c.name LIMIT $3";

/* Others there; $4 the account. */
static const char account_sql[] =
	FOUND " SELECT c.id, c.name, min(t.known_on), count(*) FROM ties t" COLLEAGUE
	      " AND t.account = $4 AND t.id NOT IN (SELECT id FROM found)"
	      " GROUP BY c.id, c.name ORDER BY count(*) DESC, c.name LIMIT $3";

struct reading {
	struct store *store;
	struct lead *lead;
	struct arena *arena;
	size_t cap;
};

static void read_ties(struct reading *r, struct db_query *q, bool to_person)
{
	struct lead *lead = r->lead;
	struct lead_tie *grown;
	while (db_step(q) && (grown = store_grow(store_db(r->store), r->arena, lead->ties,
				      lead->ties_n, &r->cap, sizeof(*grown))) != NULL) {
		lead->ties = grown;
		grown[lead->ties_n++] = (struct lead_tie){.colleague = db_col_i64(q, 0),
			.name = db_col_copy(q, 1, r->arena),
			.since = db_col_copy(q, 2, r->arena),
			.people = to_person ? 1 : db_col_i64(q, 3),
			.to_person = to_person};
	}
	db_done(q);
}

static struct db_query *ask(
	const struct reading *r, const char *sql, int64_t person, const char *today)
{
	struct db_query *q = db_query(store_db(r->store), sql);
	db_i64(q, person);
	db_text(q, str_n(today, DAY));
	db_i64(q, TIES_TOLD_MAX);
	return q;
}

void store_lead_ties(struct store *s, struct lead *lead, int64_t now_ms, struct arena *arena)
{
	struct reading r = {.store = s, .lead = lead, .arena = arena};
	struct subject_facts facts;
	char today[CLOCK_TEXT_MAX];
	clock_rfc3339(now_ms, today);
	lead->ties = NULL;
	lead->ties_n = 0;
	store_subject_facts(s, &lead->subject, arena, &facts);
	int64_t person = lead->known.person != 0 ? lead->known.person : facts.person;
	int64_t account = lead->known.account != 0 ? lead->known.account : facts.account;
	if (person != 0) {
		read_ties(&r, ask(&r, person_sql, person, today), true);
	}
	if (account != 0) {
		struct db_query *q = ask(&r, account_sql, person, today);
		db_i64(q, account);
		read_ties(&r, q, false);
	}
}
