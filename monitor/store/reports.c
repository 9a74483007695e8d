#include "monitor/store/reports.h"

#include "monitor/store/driver.h"
#include "monitor/store/optouts.h"
#include "monitor/store/staff.h"
#include "monitor/store/undone.h"

/* $1 since, $2 now, $3 kind, $4 rule; "" for any. Every statement names all four, in this order. */
#define FOUND                                                                   \
	" g.gone_ms IS NULL AND p.deleted_ms IS NULL AND g.created_ms >= $1"    \
	" AND g.created_ms <= $2 AND ($3 = '' OR g.kind = $3) AND ($4 = '' OR g.rule = $4)"
#define UNUSED " ($1 <= $2 OR $3 = $4)"

/* Owners of what passes on when they leave. */
#define OWNERS                                                                                   \
	"(SELECT owner AS word FROM leads UNION SELECT claim_by FROM leads UNION SELECT owner"   \
	" FROM accounts UNION SELECT owner FROM people UNION SELECT owner FROM opportunities"    \
	" UNION SELECT owner FROM cases UNION SELECT owner FROM reference_candidates UNION"      \
	" SELECT gatekeeper FROM reference_candidates)"

static const struct {
	const char *sql;
	int texts, numbers;
	bool whom; /* the last text and number: a person, an author or a lead, left out if they have opted out */
} reports[] = {
	/* Threads of private sources are not named. */
	[REPORT_VENUES] = {"SELECT o.name, CASE WHEN p.visibility <> 'private' THEN p.thread END AS thread,"
			   " count(DISTINCT p.id) AS posts, count(DISTINCT g.lead),"
			   " count(DISTINCT p.author) FROM signals g JOIN posts p ON p.id = g.post"
			   " JOIN sources o ON o.id = p.source WHERE" FOUND
			   " GROUP BY o.name, 2 ORDER BY posts DESC, o.name, 2",
		2, 3},
	[REPORT_LINKS] = {"SELECT DISTINCT p.url, p.detail FROM signals g JOIN posts p ON p.id = g.post"
			  " WHERE" FOUND " AND p.detail IS NOT NULL",
		2, 0},
	[REPORT_TALKERS] =
		{"SELECT DISTINCT a.handle, a.display_name, a.profile_url, p.detail, 'author',"
		 " a.id, (SELECT count(*) FROM edges e WHERE e.to_author = a.id AND e.kind = 'reply'"
		 " AND e.source = p.source AND e.to_ref = p.external_id), a.id, p.id"
		 " FROM signals g JOIN posts p ON p.id = g.post JOIN authors a ON a.id = p.author"
		 " WHERE" FOUND,
			5, 3, true},
	[REPORT_REPS] =
		{"SELECT coalesce((SELECT s.name FROM people s WHERE s.kind = 'staff' AND s.name = e.actor),"
		 " (SELECT min(s.name) FROM identities i JOIN people s ON s.id = i.person AND s.kind = 'staff'"
		 " WHERE i.value IN (e.actor, '@' || e.actor, ltrim(e.actor, '@'))), e.actor) AS name,"
		 " e.action, count(DISTINCT e.lead) FROM lead_events e WHERE e.at_ms >= $1 AND e.at_ms <= $2"
		 " AND e.actor IS NOT NULL AND e.action IN ('claim','answer','win') AND" STEP_STANDS("lead_events", "lead", "e")
		 " GROUP BY 1, 2 UNION ALL"
		 " SELECT s.name, 'helped', count(DISTINCT e.to_author) FROM" STAFF_AUTHORS
		 " JOIN edges e ON e.from_author = a.id AND e.kind = 'reply' AND e.to_author <> a.id"
		 " JOIN posts p ON p.id = e.post AND p.deleted_ms IS NULL"
		 " WHERE coalesce(e.at_ms, p.seen_ms) >= $1 AND $3 = $3 AND $4 = $4 GROUP BY s.name UNION ALL"
		 " SELECT s.name, 'advocates', count(DISTINCT e.to_author) FROM" STAFF_AUTHORS
		 " JOIN edges e ON e.from_author = a.id AND e.kind = 'reply' JOIN"
		 " (SELECT p.author AS author, max(coalesce(p.published, p.seen_ms)) AS said_ms FROM signals g"
		 " JOIN posts p ON p.id = g.post WHERE g.kind = 'praise' AND g.gone_ms IS NULL"
		 " AND p.deleted_ms IS NULL AND g.created_ms >= $1 GROUP BY p.author) v"
		 " ON v.author = e.to_author AND v.said_ms > e.at_ms GROUP BY s.name ORDER BY 1, 2",
			2, 1},
	[REPORT_OPENED] =
		{"WITH said AS MATERIALIZED (SELECT g.subject_id AS id, g.subject_name AS name,"
		 " n.person AS person, g.rule AS rule, min(coalesce(p.published, p.seen_ms)) AS first_ms"
		 " FROM signals g JOIN posts p ON p.id = g.post LEFT JOIN encounters n ON n.post = g.post"
		 " WHERE g.gone_ms IS NULL AND ($3 = '' OR g.kind = $3) AND ($4 = '' OR g.rule = $4)"
		 " GROUP BY 1, 2, 3, 4)"
		 " SELECT coalesce(o.name, o.external_id), a.name, o.created_on, o.state, w.rule,"
		 " min(w.first_ms), coalesce(o.value_cents, 0) FROM opportunities o"
		 " JOIN accounts a ON a.id = o.account LEFT JOIN said w ON (w.id = 'account_' || a.id"
		 " OR w.id = a.external_id OR w.name = a.name OR w.person IN"
		 " (SELECT e.person FROM employments e WHERE e.account = a.id))"
		 " WHERE o.created_on IS NOT NULL AND" UNUSED
		 " GROUP BY o.id, o.name, o.external_id, a.name, o.created_on, o.state, o.value_cents, w.rule"
		 " ORDER BY o.created_on, o.id, 6",
			5, 2},
	[REPORT_DAYS] = {"SELECT g.rule, o.name, ($2 - g.created_ms) / 86400000 AS day, count(*)"
			 " FROM signals g JOIN posts p ON p.id = g.post JOIN sources o ON o.id = p.source"
			 " WHERE g.historic = 0 AND" FOUND " GROUP BY g.rule, o.name, day"
			 " ORDER BY g.rule, o.name, day",
		2, 2},
	[REPORT_HANDLES] =
		{"SELECT s.name, s.left_on, a.handle, (SELECT count(DISTINCT x.person) FROM identities x"
		 " WHERE x.kind = 'handle' AND x.value = i.value), coalesce(a.followers, -1),"
		 " (SELECT count(DISTINCT e.to_author) FROM edges e WHERE e.from_author = a.id"
		 " AND e.to_author <> a.id), coalesce((SELECT max(coalesce(e.at_ms, 0)) FROM edges e"
		 " WHERE e.from_author = a.id), 0) FROM" STAFF_AUTHORS " WHERE" UNUSED
		 " ORDER BY s.name, a.handle",
			4, 3},
	/* Conversations by a handle of the company's stay there. */
	[REPORT_HANDOVER] =
		{"WITH gone AS MATERIALIZED (SELECT p.id AS id, p.name AS name, p.left_on AS left_on FROM people p"
		 " WHERE p.merged_into IS NULL AND" STAFF_GONE "), called AS MATERIALIZED (SELECT g.name AS name,"
		 " g.left_on AS left_on, w.word AS word FROM gone g JOIN people p ON p.id = g.id JOIN " OWNERS " w"
		 " ON w.word IS NOT NULL AND ((" STAFF_ALONE("w.word") ") OR EXISTS (SELECT 1 FROM identities h WHERE"
		 " h.person = p.id AND h.kind = 'handle' AND h.value IN (w.word, '@' || w.word,"
		 " ltrim(w.word, '@'))))) SELECT name, left_on, what, which, more, whom, number, last_ms, about FROM ("
		 "SELECT c.name, c.left_on, 1 AS place, 'lead' AS what, coalesce(l.subject_name, l.subject_id) AS which,"
		 " l.kind || ', ' || l.state AS more, l.id AS number, l.seen_ms AS last_ms, 'lead' AS whom, l.id AS about FROM called c JOIN leads l ON"
		 " c.word IN (l.owner, l.claim_by) WHERE l.historic = 0 AND l.state NOT IN ('won','lost','dismissed')"
		 " UNION SELECT c.name, c.left_on, 2, 'account', a.name, a.kind, a.id, 0, NULL, 0 FROM called c"
		 " JOIN accounts a ON a.owner = c.word UNION SELECT c.name, c.left_on, 3, 'deal', coalesce(o.name,"
		 " o.external_id), coalesce(o.account_name, o.stage), o.id, 0, NULL, 0 FROM called c JOIN opportunities o ON"
		 " o.owner = c.word AND o.state = 'open' UNION SELECT c.name, c.left_on, 4, 'case', coalesce(o.name,"
		 " o.external_id), coalesce(o.account_name, o.stage), o.id, 0, NULL, 0 FROM called c JOIN cases o ON"
		 " o.owner = c.word AND o.state <> 'closed' UNION SELECT c.name, c.left_on, 5, 'reference', p.name,"
		 " CASE WHEN c.word = r.owner THEN 'owner, ' ELSE 'gatekeeper, ' END || r.permission, r.id, 0, 'person', p.id"
		 " FROM called c JOIN reference_candidates r ON c.word IN (r.owner, r.gatekeeper)"
		 " JOIN people p ON p.id = r.person UNION SELECT c.name, c.left_on, 6, 'contact', p.name, p.role, p.id, 0, 'person', p.id"
		 " FROM called c JOIN people p ON p.owner = c.word AND p.kind <> 'staff' AND p.merged_into IS NULL"
		 " UNION SELECT s.name, s.left_on, 7, 'conversation', coalesce(t.display_name, t.handle),"
		 " 'as ' || a.handle || ', ' || count(*) || '×', 0, coalesce(max(e.at_ms), 0), 'author', t.id FROM" STAFF_AUTHORS
		 " JOIN gone g ON g.id = s.id JOIN edges e ON e.from_author = a.id AND e.to_author <> a.id"
		 " JOIN authors t ON t.id = e.to_author WHERE 1 = (SELECT count(DISTINCT x.person) FROM identities x"
		 " WHERE x.kind = 'handle' AND x.value = i.value) AND NOT EXISTS (SELECT 1 FROM identities x"
		 " JOIN people o ON o.id = x.person AND o.kind = 'staff' WHERE x.kind = 'handle' AND x.value IN"
		 " (t.handle, '@' || t.handle, ltrim(t.handle, '@'))) GROUP BY s.id, s.name, s.left_on, t.id,"
		 " t.display_name, t.handle, a.handle) v WHERE" UNUSED " ORDER BY name, place, last_ms DESC, which, number",
			6, 3, true},
	[REPORT_PARTINGS] =
		{"SELECT s.name, s.left_on, p.url, p.title, p.text, s.id, coalesce(p.published, p.seen_ms), coalesce((SELECT min(m.first_ms) FROM moves m"
		 " WHERE m.person = s.id AND m.event IN ('joined','left')), 0) FROM" STAFF_AUTHORS
		 " JOIN posts p ON p.author = a.id AND p.deleted_ms IS NULL AND p.visibility <> 'private' WHERE s.id IN (SELECT p.id FROM people p"
		 " WHERE" STAFF_GONE ") AND (p.text IS NOT NULL OR p.title IS NOT NULL) AND" UNUSED
		 " ORDER BY s.name, s.id, 7, p.id",
			5, 3},
	/* By the newest findings, which are enough, of the sources that are not heard all the time. */
	[REPORT_SOURCE_LEADS] =
		{"WITH found AS MATERIALIZED (SELECT post, lead, created_ms FROM signals"
		 " WHERE historic = 0 AND gone_ms IS NULL AND created_ms >= $1 AND created_ms <= $2"
		 " ORDER BY created_ms DESC LIMIT 4000), told AS MATERIALIZED (SELECT p.source AS source,"
		 " count(DISTINCT f.lead) AS leads FROM found f JOIN posts p ON p.id = f.post GROUP BY p.source)"
		 " SELECT o.name, coalesce((SELECT leads FROM told t WHERE t.source = o.id), 0),"
		 " max(coalesce(o.first_ms, 0), (SELECT CASE WHEN count(*) = 4000 THEN min(created_ms) ELSE 0 END FROM found))"
		 " FROM sources o WHERE o.name IN (SELECT source FROM gaps WHERE until_ms > $1"
		 " AND filled_ms IS NULL) AND ($3 = '' OR $4 <> '') ORDER BY o.name",
			1, 2},
	[REPORT_QUESTIONS] =
		{"SELECT g.emit, g.rule, CASE WHEN p.visibility = 'private' THEN 'a private post' ELSE p.url END,"
		 " p.id, coalesce(p.author, 0),"
		 " coalesce(p.published, p.seen_ms) AS asked, (EXISTS (SELECT 1 FROM questions u"
		 " WHERE u.signal = g.id AND u.answer IS NOT NULL) OR EXISTS (SELECT 1 FROM edges e"
		 " WHERE e.to_author = p.author AND e.source = p.source AND e.to_ref = p.external_id"
		 " AND e.kind = 'reply' AND coalesce(e.from_author, 0) <> p.author)) AS answered"
		 " FROM signals g JOIN posts p ON p.id = g.post WHERE" FOUND
		 " AND (g.kind = 'question' OR g.id IN (SELECT signal FROM questions))"
		 " ORDER BY asked DESC, p.id DESC, g.id",
			3, 4},
	[REPORT_LIFT] =
		{"WITH raised AS MATERIALIZED (SELECT subject_id, subject_name, rule, seen_ms FROM leads"
		 " WHERE historic = 0 AND seen_ms >= $1 AND seen_ms <= $2 AND ($3 = '' OR kind = $3)"
		 " AND ($4 = '' OR rule = $4)), hits AS MATERIALIZED (SELECT rule, account, min(seen_ms) AS at_ms"
		 " FROM (SELECT l.rule, a.id AS account, l.seen_ms FROM raised l JOIN accounts a ON"
		 " a.external_id = l.subject_id OR a.name = l.subject_name OR a.id = CASE WHEN"
		 " l.subject_id LIKE 'account!_%' ESCAPE '!' THEN CAST(substr(l.subject_id, 9) AS bigint) END"
		 " UNION ALL SELECT l.rule, e.account, l.seen_ms FROM raised l JOIN people p ON"
		 " p.external_id = l.subject_id OR p.id = CASE WHEN l.subject_id LIKE 'contact!_%' ESCAPE '!'"
		 " THEN CAST(substr(l.subject_id, 9) AS bigint) END JOIN employments e ON e.person ="
		 " COALESCE(p.merged_into, p.id) AND e.ended_ms IS NULL AND e.account IS NOT NULL) x"
		 " GROUP BY rule, account) SELECT g.rule, o.created_on, o.state, o.currency, g.what, g.account,"
		 " g.at_ms, coalesce(o.value_cents, 0) FROM (SELECT 0 AS what, '' AS rule, account,"
		 " min(at_ms) AS at_ms FROM hits GROUP BY account UNION ALL SELECT 1, rule, account, at_ms FROM hits"
		 " UNION ALL SELECT 2, '', id, $1 FROM accounts WHERE id NOT IN (SELECT account FROM hits)) g"
		 " JOIN accounts a ON a.id = g.account AND a.kind NOT IN ('competitor', 'partner')"
		 " LEFT JOIN opportunities o ON o.account = g.account AND o.created_on IS NOT NULL"
		 " ORDER BY g.what, g.rule, g.account, o.id",
			4, 4},
};

static bool is_left_alone(const struct optouts *o, struct str whom, int64_t id)
{
	struct db *db = store_db(o->store);
	if (str_eq_c(whom, "person")) {
		return optouts_has_person(o, id);
	}
	if (str_eq_c(whom, "author")) {
		return optouts_has_author(o, id);
	}
	bool found = false;
	if (str_eq_c(whom, "lead") && o->any) {
		struct db_query *q = db_query(db, "SELECT subject_id FROM leads WHERE id = $1");
		db_i64(q, id);
		found = db_step(q) && optouts_has_lead(o, id, db_col_text(q, 0));
		db_done(q);
	}
	return found;
}

int store_report_each(struct store *s, enum store_report report, const struct store_report_filter *f,
	void (*take)(void *ctx, const struct store_report_row *row), void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, reports[report].sql);
	struct store_report_row row = {0};
	struct optouts o;
	int texts = reports[report].texts, numbers = reports[report].numbers;
	optouts_init(&o, s, NULL);
	db_i64(q, f->since_ms);
	db_i64(q, f->now_ms);
	db_text_or_empty(q, f->kind);
	db_text_or_empty(q, f->rule);
	while (db_step(q)) {
		for (int i = 0; i < texts; i++) {
			row.text[i] = db_col_text(q, i);
		}
		for (int i = 0; i < numbers; i++) {
			row.n[i] = db_col_i64(q, texts + i);
		}
		if (!reports[report].whom ||
			!is_left_alone(&o, row.text[texts - 1], row.n[numbers - 1])) {
			take(ctx, &row);
		}
	}
	db_done(q);
	optouts_release(&o);
	return db_check(db, err);
}
