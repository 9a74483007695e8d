#include "monitor/store/timeline.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/encounters.h"
#include "monitor/store/grow.h"
#include "monitor/store/optouts.h"

#include <stdio.h>
#include <stdlib.h>

#define SAID_MAX 300 /* letters of a post */

const char *timeline_kind_name(enum timeline_kind kind)
{
	static const char *const names[] = {"signal", "job", "move", "lead", "reference", "tie"};
	return names[kind];
}

/* ---- who ---- */

/* The number in "contact_12", 0: it has none. */
static int64_t row_in(struct str id)
{
	size_t at = id.n;
	int64_t row = 0;
	while (at > 0 && id.p[at - 1] != '_') {
		at--;
	}
	return at > 0 && str_i64(str_n(id.p + at, id.n - at), &row) ? row : 0;
}

/* $1 what a list calls one, $2 the number in that: each alternative has an index. */
static int64_t find_one(
	struct db *db, const char *sql, struct str value, struct arena *arena, struct str *name)
{
	struct db_query *q = db_query(db, sql);
	int64_t id = 0;
	db_text(q, value);
	db_i64(q, row_in(value));
	if (db_step(q)) {
		id = db_col_i64(q, 0);
		*name = db_col_copy(q, 1, arena);
	}
	db_done(q);
	return id;
}

static const char person_sql[] =
	"SELECT o.id, o.name FROM people p JOIN people o ON o.id = COALESCE(p.merged_into, p.id)"
	" WHERE p.external_id = $1 OR (p.id = $2 AND p.external_id IS NULL"
	" AND p.kind || '_' || p.id = $1) LIMIT 1";

static const char account_sql[] = "SELECT id, name FROM accounts WHERE external_id = $1"
				  " OR (id = $2 AND 'account_' || id = $1) OR name = $1 LIMIT 1";

static const char job_sql[] =
	"SELECT a.id, a.name FROM employments e JOIN accounts a ON a.id = e.account"
	" WHERE e.person = $1 AND e.ended_ms IS NULL ORDER BY e.id DESC LIMIT 1";

static void find_job(struct db *db, struct arena *arena, struct timeline *t)
{
	struct db_query *q = db_query(db, job_sql);
	db_i64(q, t->person);
	if (db_step(q)) {
		t->account = db_col_i64(q, 0);
		t->account_name = db_col_copy(q, 1, arena);
	}
	db_done(q);
}

/* Whom a lead is about: who wrote its posts, else its subject. */
static void find_subject(
	struct store *s, struct lead *lead, struct arena *arena, struct timeline *t)
{
	struct db *db = store_db(s);
	store_lead_known(s, lead, arena);
	t->person = lead->known.person;
	t->person_name = lead->known.name;
	if (t->person == 0) {
		t->person = find_one(db, person_sql, lead->subject.id, arena, &t->person_name);
	}
	if (t->person != 0) {
		find_job(db, arena, t);
	} else {
		t->account = find_one(db, account_sql, lead->subject.id, arena, &t->account_name);
	}
}

/* ---- rows ---- */

struct reading {
	struct db *db;
	struct arena *arena;
	const struct lead *lead;
	struct timeline *t;
	struct optouts optouts;
	size_t cap;
};

/* $1 person, $2 account, $3 the lead, $4 its class, $5 the end. Every statement names all of them, in this order. */
static struct db_query *ask(const struct reading *r, const char *sql)
{
	struct db_query *q = db_query(r->db, sql);
	db_i64(q, r->t->person);
	db_i64(q, r->t->account);
	db_i64(q, r->lead->id);
	db_text(q, r->lead->visibility);
	db_i64(q, r->t->until_ms);
	return q;
}

#define THEIRS "(SELECT id FROM people WHERE $1 > 0 AND (id = $1 OR merged_into = $1))"
/* People who work at the account now. */
#define COLLEAGUES "(SELECT person FROM employments WHERE account = $2 AND ended_ms IS NULL)"
/* Whether nobody but private posts tells of a move. */
#define MOVE_PRIVATE(id)                                                                  \
	" NOT EXISTS (SELECT 1 FROM move_evidence v LEFT JOIN posts vp ON vp.id = v.post" \
	" WHERE v.move IN (SELECT id FROM moves WHERE id = " id " OR same_as = " id ")"   \
	" AND COALESCE(vp.visibility, '') <> 'private')"
#define MAY_SEE(row) " " row ".visibility IN ('all', $4)"

static const char signals_sql[] =
	"WITH found AS (SELECT g.id FROM leads own JOIN leads l ON l.subject_kind = own.subject_kind"
	" AND l.subject_id = own.subject_id JOIN signals g ON g.lead = l.id WHERE own.id = $3"
	" UNION SELECT g.id FROM accounts a JOIN leads l ON l.subject_kind = 'account' AND l.subject_id IN"
	" ('account_' || a.id, a.external_id, a.name) JOIN signals g ON g.lead = l.id WHERE a.id = $2"
	" UNION SELECT g.id FROM signals g WHERE g.account = $2 AND g.lead IS NULL"
	" UNION SELECT g.id FROM encounters e JOIN signals g ON g.post = e.post WHERE e.person IN " THEIRS
	" OR e.person IN " COLLEAGUES ")"
	" SELECT COALESCE(p.published, p.seen_ms) AS at_ms, g.kind, COALESCE(NULLIF(p.text, ''), p.title),"
	" COALESCE(a.display_name, a.handle), g.rule, o.name, p.url, p.visibility = 'private',"
	" (SELECT w.person FROM encounters w WHERE w.post = p.id), a.handle, a.profile_url, a.display_name, p.id FROM found f"
	" JOIN signals g ON g.id = f.id JOIN posts p ON p.id = g.post JOIN sources o ON o.id = p.source"
	" LEFT JOIN authors a ON a.id = p.author WHERE g.gone_ms IS NULL AND p.deleted_ms IS NULL"
	" AND p.sensitive = 0 AND" MAY_SEE(
		"g") " AND COALESCE(p.published, p.seen_ms) <= $5 AND $1 >= 0"
		     " ORDER BY at_ms, p.id, g.id";

static const char jobs_sql[] =
	"SELECT e.observed_ms, e.title, e.employer, p.name, e.valid_from, e.valid_to,"
	" e.move IS NOT NULL AND" MOVE_PRIVATE(
		"e.move") " FROM employments e"
			  " JOIN people p ON p.id = e.person WHERE e.person IN " THEIRS
			  " AND e.observed_ms <= $5"
			  " AND NOT EXISTS (SELECT 1 FROM moves m WHERE m.id IN (e.move, e.ended_move) AND NOT" MAY_SEE(
				  "m") ")"
				       " AND $2 >= 0 AND $3 > 0 ORDER BY e.id";

static const char moves_sql[] = "SELECT m.first_ms, m.event, CASE WHEN" MOVE_PRIVATE(
	"m.id") " THEN 'a private post' WHEN m.event = 'left' THEN 'leaves ' || COALESCE(m.from_employer, 'a job')"
		" ELSE 'joins ' || COALESCE(m.to_employer, 'another employer') || COALESCE(' as ' || m.title, '') ||"
		" COALESCE(', from ' || m.from_employer, '') END, COALESCE(p.name, m.name), m.id, m.person FROM moves m"
		" LEFT JOIN people p ON p.id = m.person WHERE (m.person IN " THEIRS
		" OR ($2 > 0 AND m.person IS NOT NULL"
		" AND (m.to_account = $2 OR m.from_account = $2))) AND m.same_as IS NULL AND" MAY_SEE(
			"m") " AND m.first_ms <= $5 AND $3 > 0 ORDER BY m.id";

static const char leads_sql[] =
	"WITH found AS (SELECT l.id FROM leads own JOIN leads l ON l.subject_kind = own.subject_kind"
	" AND l.subject_id = own.subject_id WHERE own.id = $3 UNION SELECT g.lead FROM encounters e JOIN signals g"
	" ON g.post = e.post WHERE e.person IN " THEIRS
	" UNION SELECT l.id FROM accounts a JOIN leads l"
	" ON l.subject_kind = 'account' AND l.subject_id IN ('account_' || a.id, a.external_id, a.name)"
	" WHERE a.id = $2) SELECT l.seen_ms, l.kind, l.state || CASE WHEN EXISTS (SELECT 1 FROM signals g JOIN posts p"
	" ON p.id = g.post WHERE g.lead = l.id AND p.visibility = 'private') THEN ': a private post'"
	" ELSE COALESCE(': ' || l.title, '') END, l.subject_name, l.id, 0 FROM found f JOIN leads l ON l.id = f.id WHERE l.id <> $3 AND" MAY_SEE(
		"l") " AND l.seen_ms <= $5"
		     " ORDER BY l.id";

static const char references_sql[] =
	"SELECT e.at_ms, e.action, 'now ' || r.permission, COALESCE(p.name, a.name), r.id, r.person FROM reference_candidates r"
	" JOIN reference_events e ON e.reference = r.id LEFT JOIN people p ON p.id = r.person"
	" LEFT JOIN accounts a ON a.id = r.account WHERE (r.person IN " THEIRS
	" OR ($2 > 0 AND r.account = $2))"
	" AND $4 <> '' AND e.at_ms <= $5 AND $3 > 0 ORDER BY e.id";

/* Of the person, since when a colleague knows them. */
static const char ties_sql[] =
	"SELECT t.created_ms, c.name || ' knows them', t.name, t.known_on FROM ties t JOIN people c ON"
	" c.id = t.colleague WHERE t.id IN (SELECT t.id FROM identities i JOIN ties t ON t.link = i.value"
	" WHERE +i.kind = 'profile' AND i.person IN " THEIRS
	" UNION SELECT t.id FROM identities i JOIN ties t ON t.email = i.value WHERE +i.kind = 'email'"
	" AND i.person IN " THEIRS
	" UNION SELECT t.id FROM employments e JOIN people p ON p.id = e.person JOIN ties t ON"
	" t.account = e.account AND lower(t.name) = lower(p.name) WHERE e.person IN " THEIRS ")"
	" AND $2 >= 0 AND $3 > 0 AND $4 <> '' AND t.created_ms <= $5 ORDER BY t.id";

const char *store_timeline_sql(size_t i)
{
	static const char *const all[] = {person_sql, account_sql, job_sql, signals_sql, jobs_sql,
		moves_sql, leads_sql, references_sql, ties_sql};
	return i < sizeof(all) / sizeof(all[0]) ? all[i] : NULL;
}

/* NULL: no memory. */
static struct timeline_row *add(struct reading *r, enum timeline_kind kind, int64_t at_ms)
{
	struct timeline *t = r->t;
	struct timeline_row *grown =
		store_grow(r->db, r->arena, t->v, t->n, &r->cap, sizeof(*grown));
	if (grown == NULL) {
		return NULL;
	}
	t->v = grown;
	grown[t->n] = (struct timeline_row){.kind = kind, .at_ms = at_ms, .order = t->n};
	return &grown[t->n++];
}

/* Who asks to be left alone is on no timeline, as it goes to CRMs. */
static bool is_left_alone(const struct reading *r, int64_t person)
{
	return person != 0 && optouts_has_person(&r->optouts, person);
}

/* One line, whatever was written. */
static struct str one_line(struct reading *r, struct str text)
{
	struct str cut = str_cut_utf8(text, SAID_MAX);
	char *copy = arena_c(r->arena, cut);
	for (char *p = copy; p != NULL && *p != '\0'; p++) {
		*p = (unsigned char)*p < ' ' ? ' ' : *p;
	}
	return copy != NULL && cut.n > 0 ? str_c(copy) : STR_NONE;
}

/* Whether a line from the one at `first` on is of that kind. */
static bool has_kind(const struct timeline *t, size_t first, struct str kind)
{
	size_t i = first;
	while (i < t->n && !str_eq(t->v[i].what, kind)) {
		i++;
	}
	return i < t->n;
}

/* What several rules found in a post is said once. */
static void read_signals(struct reading *r)
{
	struct db_query *q = ask(r, signals_sql);
	struct timeline_row *row;
	int64_t post = 0;
	size_t first = 0; /* line of that post */
	while (db_step(q)) {
		const struct author author = {.handle = db_col_text(q, 9),
			.profile_url = db_col_text(q, 10),
			.display_name = db_col_text(q, 11)};
		if (optouts_has(&r->optouts, &author) || is_left_alone(r, db_col_i64(q, 8))) {
			continue;
		}
		first = db_col_i64(q, 12) != post ? r->t->n : first;
		post = db_col_i64(q, 12);
		if (has_kind(r->t, first, db_col_text(q, 1))) {
			continue;
		}
		row = add(r, TIMELINE_SIGNAL, db_col_i64(q, 0));
		if (row == NULL) {
			break;
		}
		row->what = db_col_copy(q, 1, r->arena);
		row->rule = db_col_copy(q, 4, r->arena);
		row->source = db_col_copy(q, 5, r->arena);
		row->is_private = db_col_i64(q, 7) != 0;
		if (!row->is_private) {
			row->text = one_line(r, db_col_text(q, 2));
			row->who = one_line(r, db_col_text(q, 3));
			row->url = db_col_copy(q, 6, r->arena);
		}
		r->t->first_ms = r->t->signals++ == 0 ? row->at_ms : r->t->first_ms;
	}
	db_done(q);
}

/* The first day of what a record says ("2026", "2026-09"), else when it was seen. */
static int64_t job_begun(struct str since, int64_t seen_ms)
{
	char text[32];
	int64_t at_ms = 0;
	const char *rest = since.n == 4 ? "-01-01" : since.n == 7 ? "-01" : "";
	snprintf(text, sizeof(text), "%.*s%sT00:00:00Z", STR_FMT(str_cut_utf8(since, 10)), rest);
	return since.n > 0 && clock_parse_rfc3339(str_c(text), &at_ms) ? at_ms : seen_ms;
}

static void read_jobs(struct reading *r)
{
	struct db_query *q = ask(r, jobs_sql);
	struct timeline_row *row;
	while (db_step(q)) {
		char text[600];
		struct str title = db_col_text(q, 1), employer = db_col_text(q, 2),
			   since = db_col_text(q, 4), until = db_col_text(q, 5);
		row = add(r, TIMELINE_JOB, job_begun(since, db_col_i64(q, 0)));
		if (row == NULL) {
			break;
		}
		snprintf(text, sizeof(text), "%.*s%s%.*s%s%.*s%s%.*s",
			STR_FMT(str_cut_utf8(title, 200)),
			title.n > 0 && employer.n > 0 ? " at " : "",
			STR_FMT(str_cut_utf8(employer, 200)), since.n > 0 ? ", since " : "",
			STR_FMT(str_cut_utf8(since, 10)), until.n > 0 ? ", until " : "",
			STR_FMT(str_cut_utf8(until, 10)));
		row->text =
			one_line(r, db_col_i64(q, 6) != 0 ? STR("a private post") : str_c(text));
		row->who = db_col_copy(q, 3, r->arena);
	}
	db_done(q);
}

static void read_ties(struct reading *r)
{
	struct db_query *q = ask(r, ties_sql);
	struct timeline_row *row;
	while (db_step(q) && (row = add(r, TIMELINE_TIE,
				      job_begun(db_col_text(q, 3), db_col_i64(q, 0)))) != NULL) {
		row->text = db_col_copy(q, 1, r->arena);
		row->who = db_col_copy(q, 2, r->arena);
	}
	db_done(q);
}

/* Time, what, text, who, number, person. */
static void read_plain(struct reading *r, enum timeline_kind kind, const char *sql)
{
	struct db_query *q = ask(r, sql);
	struct timeline_row *row;
	while (db_step(q)) {
		if (is_left_alone(r, db_col_i64(q, 5))) {
			continue;
		}
		row = add(r, kind, db_col_i64(q, 0));
		if (row == NULL) {
			break;
		}
		row->what = db_col_copy(q, 1, r->arena);
		row->text = one_line(r, db_col_text(q, 2));
		row->who = db_col_copy(q, 3, r->arena);
		row->number = db_col_i64(q, 4);
	}
	db_done(q);
}

static int compare_rows(const void *a, const void *b)
{
	const struct timeline_row *x = a, *y = b;
	if (x->at_ms != y->at_ms) {
		return x->at_ms < y->at_ms ? -1 : 1;
	}
	return x->order < y->order ? -1 : 1;
}

int store_timeline(struct store *s, struct lead *lead, int64_t now_ms, size_t max,
	struct arena *arena, struct timeline *out, struct hark_err *err)
{
	struct reading r = {.db = store_db(s), .arena = arena, .lead = lead, .t = out};
	*out = (struct timeline){.until_ms = lead->answered_ms != 0 ? lead->answered_ms : now_ms,
		.contacted = lead->answered_ms != 0};
	find_subject(s, lead, arena, out);
	optouts_init(&r.optouts, s, NULL);
	read_jobs(&r);
	read_ties(&r);
	read_plain(&r, TIMELINE_MOVE, moves_sql);
	read_signals(&r);
	read_plain(&r, TIMELINE_LEAD, leads_sql);
	read_plain(&r, TIMELINE_REFERENCE, references_sql);
	optouts_release(&r.optouts);
	if (out->n > 0) {
		qsort(out->v, out->n, sizeof(*out->v), compare_rows);
	}
	if (out->n > max) {
		out->left_out = out->n - max;
		out->v += out->left_out;
		out->n = max;
	}
	return db_check(r.db, err);
}
