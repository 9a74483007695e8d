#include "monitor/store/reference_reports.h"

#include "monitor/store/driver.h"
#include "monitor/store/optouts.h"
#include "monitor/store/seen.h"
#include "monitor/store/staff.h"
#include "monitor/store/undone.h"

#include <string.h>

/* $1 since, $2 now, $3 when something is stuck, $4 the class of who asks. Every statement names all four, in this
 * order. */
#define ANYBODY " coalesce($4, '') = coalesce($4, '')"
#define UNUSED " ($1 <= $2 OR $3 = $3) AND" ANYBODY

#define STANDS(e) STEP_STANDS("reference_events", "reference", e)
#define FIRST(name, actions)                                                                \
	" UNION ALL SELECT '" name "', min(e.at_ms) AS at_ms FROM reference_events e WHERE" \
	" e.action IN (" actions ") AND" STANDS("e") " GROUP BY e.reference"
/* The step `e` had somebody asked: at first, again as the words have changed, instead of whoever did not answer, or as the
 * new keeper of the gate. */
#define ASKS(e)                                                                              \
	" (" e ".keeper IS NOT NULL AND " e ".action IN ('ask','ask again','escalate','assign','owner'))"
#define HAS(actions)                                                                          \
	" EXISTS (SELECT 1 FROM reference_events e WHERE e.reference = r.id AND e.action IN (" \
	actions ") AND" STANDS("e") ")"
#define THANKS                                                                                  \
	" FROM reference_events e WHERE e.reference = r.id AND e.action = 'thanked' AND" STANDS( \
		"e")
#define KEEPER " coalesce(r.gatekeeper, r.owner, 'nobody')"
#define WHO " r.id, p.name, a.name, r.permission"
#define OF                                                                   \
	" FROM reference_candidates r JOIN people p ON p.id = r.person JOIN" \
	" accounts a ON a.id = r.account"

/* Of us whom customers praise by name and who has left, as far as who asks may know. */
#define PRAISED_AND_GONE                                                                           \
	"SELECT DISTINCT w.praised AS praised, p.name AS name, coalesce((SELECT max(m.first_ms)"   \
	" FROM moves m WHERE m.person = p.id), p.updated_ms) AS at_ms FROM statements w JOIN"      \
	" people p ON" STAFF_PRAISED("w.praised") " AND" STAFF_GONE                                \
	" AND (p.left_on IS NOT NULL OR NOT EXISTS (SELECT 1 FROM moves m WHERE m.person = p.id"   \
	" AND NOT" MOVE_SEEN("m.id", "$4") ")) WHERE w.praised IS NOT NULL"

/* References that were named for a request of a deal, or used for it. */
#define DEAL_REFERENCES                                                                            \
	"SELECT q.opportunity AS deal, m.reference AS reference, m.at_ms AS at_ms FROM"            \
	" reference_requests q JOIN request_names m ON m.request = q.id"                           \
	" WHERE q.state NOT IN ('refused','withdrawn') AND q.opportunity IS NOT NULL"              \
	" UNION ALL SELECT q.opportunity, x.reference, x.at_ms FROM reference_activities x JOIN"   \
	" reference_requests q ON q.id = x.request WHERE q.opportunity IS NOT NULL"

/* Of each column: t a text, n a number, d a date as text or, in the column after it, as ms. Last, and no cell: P the
 * number of a person, A of an author; whoever has opted out is left out. */
static const struct {
	const char *sql, *columns;
} reports[] = {
	[REFERENCES_STEPS] = {"SELECT step, at_ms FROM (SELECT CASE WHEN origin = 'human' THEN 'nominated' ELSE"
			      " 'found' END AS step, created_ms AS at_ms FROM reference_candidates"
			      " WHERE historic = 0 AND joined IS NULL"
			FIRST("asked", "'ask'") FIRST("permitted", "'grant','name'")
			" UNION ALL SELECT 'used', min(at_ms) FROM reference_activities GROUP BY reference) v"
			" WHERE at_ms >= $1 AND at_ms <= $2 AND $3 = $3 AND" ANYBODY " ORDER BY at_ms",
		"tn"},
	[REFERENCES_STAGES] =
		{"SELECT permission, count(*), sum($2 - stage_ms) / count(*), max($2 - stage_ms),"
		 " sum(CASE WHEN stage_ms <= $3 AND permission IN ('found','asked','internal-only') THEN 1 ELSE 0 END)"
		 " FROM reference_candidates WHERE stage_ms >= $1 AND historic = 0 AND joined IS NULL AND" ANYBODY
		 " GROUP BY permission"
		 " ORDER BY CASE permission WHEN 'found' THEN 1 WHEN 'asked' THEN 2 WHEN 'internal-only' THEN 3"
		 " WHEN 'named' THEN 4 WHEN 'expired' THEN 5 ELSE 6 END",
			"tnnnn"},
	[REFERENCES_STUCK] = {"SELECT" WHO
			      ", r.owner, CASE WHEN r.permission = 'asked' THEN r.ask_to WHEN r.orphaned_ms IS"
			      " NOT NULL OR r.gatekeeper IS NULL THEN 'a gatekeeper' ELSE 'somebody to ask' END,"
			      " $2 - r.stage_ms" OF
			      " WHERE r.stage_ms >= $1 AND r.stage_ms <= $3 AND r.historic = 0 AND r.joined IS NULL"
			      " AND r.permission IN ('found','asked','internal-only') AND" ANYBODY " ORDER BY r.stage_ms, r.id",
		"ntttttn"},
	[REFERENCES_HOLDS] =
		{"SELECT" KEEPER " AS keeper, hold_reason, count(*) AS n, min(hold_until), max(hold_until)"
		 " FROM reference_candidates r WHERE joined IS NULL AND hold_until > $2 AND hold_until >= $1 AND $3 = $3 AND" ANYBODY
		 " GROUP BY keeper, hold_reason ORDER BY n DESC, keeper, hold_reason",
			"ttnnn"},
	[REFERENCES_SUPPORTERS] =
		{"SELECT coalesce(a.display_name, a.handle), a.handle, v.answers, v.praise, v.complaints, v.first_ms,"
		 " v.last_ms, a.id FROM (SELECT p.author AS author, min(coalesce(p.published, p.seen_ms)) AS first_ms,"
		 " max(coalesce(p.published, p.seen_ms)) AS last_ms,"
		 " (SELECT count(*) FROM edges e JOIN posts q ON q.id = e.post WHERE e.from_author = p.author"
		 " AND e.kind = 'reply' AND coalesce(e.to_author, 0) <> p.author AND q.visibility = 'private'"
		 " AND q.deleted_ms IS NULL AND q.seen_ms >= $1) AS answers,"
		 " count(DISTINCT CASE WHEN g.kind = 'praise' THEN p.id END) AS praise,"
		 " count(DISTINCT CASE WHEN g.kind IN ('pain','complaint') THEN p.id END) AS complaints"
		 " FROM posts p LEFT JOIN signals g ON g.post = p.id AND g.gone_ms IS NULL"
		 " WHERE p.visibility = 'private' AND p.deleted_ms IS NULL AND p.author IS NOT NULL"
		 " AND p.seen_ms >= $1 AND p.seen_ms <= $2 AND $3 = $3 AND" ANYBODY " GROUP BY p.author) v"
		 " JOIN authors a ON a.id = v.author WHERE v.answers + v.praise > 0 AND NOT EXISTS"
		 " (SELECT 1 FROM identities i JOIN people s ON s.id = i.person AND s.kind = 'staff'"
		 " WHERE i.author = a.id OR (i.kind = 'handle' AND i.value IN (a.handle, '@' || a.handle)))"
		 " ORDER BY v.answers + v.praise DESC, v.answers DESC, v.first_ms, a.id",
			"ttnnnnnA"},
	[REFERENCES_OUTSIDERS] =
		{"SELECT" WHO ", count(*), max(coalesce(s.said_ms, s.captured_ms)) AS last_ms,"
		 " (SELECT max(e.at_ms)" THANKS "), (SELECT max(e.actor)" THANKS "), p.id" OF
		 " JOIN statements s ON s.reference = r.id AND s.tone IN ('positive','mixed') AND s.deleted_ms IS NULL"
		 " AND s.historic = 0 AND coalesce(s.said_ms, s.captured_ms) >= $1 AND s.captured_ms <= $2"
		 " WHERE r.permission NOT IN ('internal-only','named','withdrawn') AND $3 = $3 AND" ANYBODY
		 " GROUP BY r.id, p.id, p.name, a.name, r.permission ORDER BY last_ms DESC, r.id",
			"ntttnnntP"},
	[REFERENCES_IMPORTS] =
		{"SELECT i.kind, i.system, i.file, i.records - i.rejected, i.at_ms, $2 - i.at_ms FROM imports i"
		 " WHERE i.undone_ms IS NULL AND i.at_ms >= $1 AND $3 = $3 AND" ANYBODY " AND i.id = (SELECT max(o.id) FROM imports o"
		 " WHERE o.kind = i.kind AND o.system = i.system AND o.undone_ms IS NULL) ORDER BY i.kind, i.system",
			"tttnnn"},
	[REFERENCES_SATISFACTION] =
		{"SELECT name, measure, n, value, of, from_on, from_ms, to_on, to_ms FROM ("
		 "SELECT a.name AS name, s.kind AS measure, count(*) AS n, CAST(avg(s.score) AS bigint) AS value,"
		 " max(s.score_max) AS of, min(s.answered_on) AS from_on, NULL AS from_ms,"
		 " max(s.answered_on) AS to_on, NULL AS to_ms FROM surveys s JOIN accounts a ON a.id = s.account"
		 " WHERE" UNUSED " GROUP BY a.id, a.name, s.kind UNION ALL"
		 " SELECT a.name, 'public tone', count(*), sum(CASE s.tone WHEN 'negative' THEN -10000 WHEN 'positive'"
		 " THEN 10000 WHEN 'mixed' THEN 10000 ELSE 0 END) / count(*), 10000, NULL,"
		 " min(coalesce(s.said_ms, s.captured_ms)), NULL, max(coalesce(s.said_ms, s.captured_ms))"
		 " FROM statements s JOIN accounts a ON a.id = s.account WHERE s.deleted_ms IS NULL"
		 " AND s.visibility <> 'private' AND coalesce(s.said_ms, s.captured_ms) >= $1"
		 " GROUP BY a.id, a.name) v ORDER BY name, measure",
			"ttnnndd"},
	[REFERENCES_APPROVALS] =
		{"SELECT keeper, sum(asked), sum(granted), sum(refused), sum(lapsed), sum(waiting),"
		 " sum(took_ms) / count(took_ms) FROM (SELECT coalesce(e.keeper, 'nobody') AS keeper,"
		 " CASE WHEN" ASKS("e") " THEN 1 ELSE 0 END AS asked,"
		 " CASE WHEN e.action IN ('grant','name') THEN 1 ELSE 0 END AS granted,"
		 " CASE WHEN e.action = 'refuse' THEN 1 ELSE 0 END AS refused,"
		 " CASE WHEN e.action = 'lapse' THEN 1 ELSE 0 END AS lapsed, 0 AS waiting,"
		 " CASE WHEN NOT" ASKS("e") " THEN e.at_ms - (SELECT max(o.at_ms) FROM reference_events o"
		 " WHERE o.reference = e.reference AND o.id < e.id AND" ASKS("o") ") END AS took_ms"
		 " FROM reference_events e"
		 " WHERE (" ASKS("e") " OR e.action IN ('grant','name','refuse','lapse')) AND e.at_ms >= $1"
		 " AND e.at_ms <= $2 AND $3 = $3 AND" ANYBODY " AND" STANDS("e")
		 " UNION ALL SELECT coalesce(r.ask_to, 'nobody'), 0, 0, 0, 0, 1, NULL FROM reference_candidates r"
		 " WHERE r.permission = 'asked' AND r.joined IS NULL AND r.stage_ms >= $1 AND r.stage_ms <= $2)"
		 " v GROUP BY keeper ORDER BY keeper",
			"tnnnnnn"},
	[REFERENCES_AT_RISK] =
		{"SELECT * FROM (SELECT" WHO ", r.orphan_why AS why, r.orphaned_ms AS at_ms" OF
		 " WHERE r.joined IS NULL AND r.orphaned_ms IS NOT NULL AND ($4 IS NULL OR NOT EXISTS (SELECT 1 FROM"
		 " move_effects f WHERE f.reference = r.id AND f.make = 'orphans' AND f.class NOT IN ('all', $4)"
		 " AND f.at_ms >= r.orphaned_ms)) UNION ALL"
		 " SELECT" WHO ", 'they work there no more', (SELECT max(e.ended_ms) FROM employments e"
		 " WHERE e.person = r.person AND e.account = r.account)" OF
		 " WHERE r.joined IS NULL AND EXISTS (SELECT 1 FROM employments e WHERE e.person = r.person AND"
		 " e.account = r.account AND e.ended_ms IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM employments e WHERE"
		 " e.person = r.person AND e.account = r.account AND" JOB_STANDS("e", "$4") ") UNION ALL"
		 " SELECT" WHO ", 'they praised ' || min(g.name) || ', who has left', max(g.at_ms)" OF
		 " JOIN statements t ON t.reference = r.id JOIN (" PRAISED_AND_GONE ") g ON g.praised = t.praised"
		 " WHERE r.joined IS NULL AND t.deleted_ms IS NULL GROUP BY r.id, p.name, a.name, r.permission) v"
		 " WHERE at_ms >= $1 AND at_ms <= $2 AND $3 = $3 ORDER BY at_ms DESC, 1",
			"nttttn"},
	[REFERENCES_ORIGINS] =
		{"SELECT origin, count(*), sum(asked), sum(permitted), sum(refused), sum(used) FROM"
		 " (SELECT CASE r.origin WHEN 'human' THEN 'nominated by people' ELSE 'found by rules' END AS origin,"
		 " CASE WHEN" HAS("'ask'") " THEN 1 ELSE 0 END AS asked,"
		 " CASE WHEN" HAS("'grant','name'") " THEN 1 ELSE 0 END AS permitted,"
		 " CASE WHEN" HAS("'refuse'") " THEN 1 ELSE 0 END AS refused,"
		 " CASE WHEN EXISTS (SELECT 1 FROM reference_activities x WHERE x.reference = r.id)"
		 " THEN 1 ELSE 0 END AS used FROM reference_candidates r WHERE r.historic = 0 AND r.joined IS NULL"
		 " AND r.created_ms >= $1 AND r.created_ms <= $2 AND $3 = $3 AND" ANYBODY ") v GROUP BY origin ORDER BY origin",
			"tnnnnn"},
	[REFERENCES_VALUE] =
		{"WITH said AS MATERIALIZED (SELECT g.rule AS rule, s.name AS source,"
		 " coalesce(p.published, p.seen_ms) AS at_ms, g.subject_id AS id, g.subject_name AS name,"
		 " n.person AS person FROM signals g JOIN posts p ON p.id = g.post JOIN sources s ON s.id = p.source"
		 " LEFT JOIN encounters n ON n.post = g.post WHERE g.gone_ms IS NULL),"
		 " met AS MATERIALIZED (SELECT DISTINCT o.id AS deal, w.rule AS rule, w.source AS source,"
		 " w.at_ms AS at_ms FROM opportunities o JOIN accounts a ON a.id = o.account JOIN said w ON"
		 " (w.id = 'account_' || a.id OR w.id = a.external_id OR w.name = a.name OR w.person IN"
		 " (SELECT e.person FROM employments e WHERE e.account = a.id)) WHERE o.state = 'won')"
		 " SELECT o.id, t.by_what, t.what, t.at_ms, o.created_on, o.closes_on, coalesce(o.value_cents, 0),"
		 " o.currency, o.channel FROM (SELECT deal, 'rule' AS by_what, rule AS what, at_ms FROM met"
		 " UNION ALL SELECT deal, 'source', source, at_ms FROM met"
		 " UNION ALL SELECT v.deal, 'reference', p.name || ' of ' || a.name, v.at_ms FROM (" DEAL_REFERENCES
		 ") v JOIN reference_candidates r ON r.id = v.reference JOIN people p ON p.id = r.person"
		 " JOIN accounts a ON a.id = r.account) t JOIN opportunities o ON o.id = t.deal"
		 " WHERE o.state = 'won' AND" UNUSED " ORDER BY o.id, t.at_ms, t.by_what, t.what",
			"nttnttntt"},
	[REFERENCES_CYCLE] =
		{"SELECT o.created_on, o.closes_on, CASE WHEN EXISTS (SELECT 1 FROM (" DEAL_REFERENCES
		 ") v WHERE v.deal = o.id) THEN 1 ELSE 0 END FROM opportunities o WHERE o.state = 'won' AND" UNUSED
		 " ORDER BY o.id",
			"ttn"},
};

/* One cell; returns how many columns it takes. */
static int read_cell(struct db_query *q, int column, char type, struct reference_report_cell *out)
{
	*out = (struct reference_report_cell){.is_there = !db_is_null(q, column)};
	if (type == 'n') {
		out->n = db_col_i64(q, column);
		return 1;
	}
	out->text = db_col_text(q, column);
	if (type == 'd') {
		out->n = db_col_i64(q, column + 1);
		out->is_there = out->is_there || out->n != 0;
		return 2;
	}
	return 1;
}

static bool has_opted_out(const struct optouts *o, char type, int64_t id)
{
	return type == 'P' ? optouts_has_person(o, id) : optouts_has_author(o, id);
}

int store_reference_report(struct store *s, enum reference_report report,
	const struct reference_report_filter *f,
	void (*take)(void *ctx, const struct reference_report_cell *row), void *ctx,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, reports[report].sql);
	struct reference_report_cell row[REFERENCE_REPORT_CELLS] = {0};
	struct optouts o;
	size_t n = strlen(reports[report].columns);
	optouts_init(&o, s, NULL);
	db_i64(q, f->since_ms);
	db_i64(q, f->now_ms);
	db_i64(q, f->stuck_ms);
	db_text(q, f->seen_as);
	while (db_step(q)) {
		int column = 0;
		bool listed = false;
		for (size_t i = 0; i < n; i++) {
			char type = reports[report].columns[i];
			if (type == 'P' || type == 'A') {
				listed = has_opted_out(&o, type, db_col_i64(q, column));
			} else {
				column += read_cell(q, column, type, &row[i]);
			}
		}
		if (!listed) {
			take(ctx, row);
		}
	}
	db_done(q);
	optouts_release(&o);
	return db_check(db, err);
}
