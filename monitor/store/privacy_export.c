#include "monitor/store/privacy.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"

#include <stdio.h>

#define COLUMNS_MAX 16
#define NAME_BYTES 32
#define SOURCES_BYTES ((size_t)1 << 20)
#define MONTH_MS (30 * 24 * 3600 * INT64_C(1000))

/* One kind of row. The query has one parameter, the id. columns: as they come; one that ends in "_ms" is a time
 * and is shown without that. What rests on a private source says so in `visibility`. */
struct part {
	const char *section, *columns, *sql;
};

static const struct part of_person[] = {
	{"person",
		"name kind origin id_of_system owner role location territory language attributes lawful_basis"
		" informed_ms stored_ms",
		"SELECT name, kind, origin, external_id, owner, role, location, territory, lang, attributes,"
		" lawful_basis, informed_ms, created_ms FROM people WHERE id = $1"},
	{"addresses", "kind value origin confidence stored_ms",
		"SELECT kind, value, origin, confidence, created_ms FROM identities WHERE person = $1"
		" ORDER BY id"},
	{"jobs", "employer title from until origin evidence_url observed_ms",
		"SELECT e.employer, e.title, e.valid_from, e.valid_to, e.origin, CASE WHEN"
		" coalesce(p.visibility, '') <> 'private' THEN e.evidence_url END, e.observed_ms"
		" FROM employments e LEFT JOIN posts p ON p.id = e.post WHERE e.person = $1"
		" ORDER BY e.observed_ms, e.id"},
	{"moves", "event to from title effective visibility told_by evidence_url told_ms",
		"SELECT m.event, m.to_employer, m.from_employer, m.title, m.effective, m.visibility, s.name,"
		" CASE WHEN coalesce(p.visibility, '') <> 'private' THEN e.url END, e.told_ms FROM moves m"
		" LEFT JOIN move_evidence e ON e.move = m.id LEFT JOIN posts p ON p.id = e.post"
		" LEFT JOIN sources s ON s.id = e.source WHERE m.person = $1 ORDER BY m.id, e.id"},
	{"surveys", "score comment product answered_on",
		"SELECT score, comment, product, answered_on FROM surveys WHERE person = $1 ORDER BY id"},
	{"references",
		"account origin permission owner gatekeeper score created_ms hold_reason hold_until_ms held_by"
		" rest_until_ms",
		"SELECT a.name, r.origin, r.permission, r.owner, r.gatekeeper, r.score, r.created_ms,"
		" r.hold_reason, r.hold_until, r.held_by, r.rest_until FROM reference_candidates r"
		" JOIN accounts a ON a.id = r.account WHERE r.person = $1 ORDER BY r.id"},
	{"reference history", "at_ms actor action from to note",
		"SELECT e.at_ms, e.actor, e.action, e.from_state, e.to_state, e.note FROM reference_events e"
		" JOIN reference_candidates r ON r.id = e.reference WHERE r.person = $1 ORDER BY e.id"},
	{"reference uses", "activity at_ms actor expected prospect customer minutes lessons",
		"SELECT x.activity, x.at_ms, x.actor, x.expected, x.prospect_tone, x.customer_tone,"
		" x.minutes, x.lessons FROM reference_activities x JOIN reference_candidates r"
		" ON r.id = x.reference WHERE r.person = $1 ORDER BY x.id"},
	{"reference values", "side what cents currency at_ms until_ms actor taken_back_ms",
		"SELECT v.side, v.what, v.cents, v.currency, v.at_ms, v.until_ms, v.actor, v.undone_ms"
		" FROM reference_favours v JOIN reference_candidates r ON r.id = v.reference"
		" WHERE r.person = $1 ORDER BY v.id"},
	{"named for", "opportunity lender at_ms",
		"SELECT q.deal, n.lender, n.at_ms FROM request_names n JOIN reference_requests q"
		" ON q.id = n.request JOIN reference_candidates r ON r.id = n.reference"
		" WHERE r.person = $1 ORDER BY n.id"},
	{"statements", "source visibility url text tone said_ms",
		"SELECT source, visibility, url, text, tone, said_ms FROM statements WHERE person = $1"
		" ORDER BY id"},
	{"permissions", "state scope granted_by expires_ms given_ms",
		"SELECT p.state, p.scope, p.granted_by, p.expires_ms, p.at_ms FROM permissions p"
		" JOIN reference_candidates r ON r.id = p.reference WHERE r.person = $1 ORDER BY p.id"},
	{"service marks", "at_ms until_ms cleared_ms cleared_by note",
		"SELECT m.at_ms, m.until_ms, m.cleared_ms, m.cleared_by, m.note FROM service_marks m"
		" JOIN statements t ON t.id = m.statement WHERE t.person = $1 ORDER BY m.id"},
	{"referrals", "lead code offer disclosure at_ms",
		"SELECT 'lead_' || lead, code, offer, disclosure, at_ms FROM lead_referrals"
		" WHERE person = $1 ORDER BY lead, code"},
	{"people they know", "name employer title link email since stored_ms",
		"SELECT name, account_name, title, link, email, known_on, created_ms FROM ties"
		" WHERE colleague = $1 ORDER BY id"},
	{"reviews", "kind state created_ms decided_by",
		"SELECT kind, state, created_ms, decided_by FROM reviews WHERE person = $1 OR other = $1"
		" ORDER BY id"},
};

static const struct part of_author[] = {
	{"accounts", "handle display_name profile_url bio followers following first_ms changed_ms",
		"SELECT handle, display_name, profile_url, bio, followers, following, first_ms, changed_ms"
		" FROM authors WHERE id = $1"},
	{"tasks", "kind tone posts created_ms last_ms done_ms done_by note",
		"SELECT kind, tone, posts, created_ms, last_ms, done_ms, done_by, note FROM reference_tasks"
		" WHERE author = $1 ORDER BY id"},
	{"statements of nobody known", "source visibility url text tone product rules parts",
		"SELECT s.name, p.visibility, p.url, p.text, u.tone, u.product, u.rules, u.parts FROM unplaced u"
		" JOIN posts p ON p.id = u.post JOIN sources s ON s.id = p.source WHERE u.author = $1"
		" ORDER BY u.post"},
	{"referrals", "lead code offer disclosure at_ms",
		"SELECT 'lead_' || lead, code, offer, disclosure, at_ms FROM lead_referrals"
		" WHERE author = $1 AND person IS NULL ORDER BY lead, code"},
};

static const struct part of_post[] = {
	{"posts", "source visibility url published_ms title text quoted stored_ms deleted_ms",
		"SELECT s.name, p.visibility, p.url, p.published, p.title, p.text, p.quoted, p.received_ms,"
		" p.deleted_ms FROM posts p JOIN sources s ON s.id = p.source WHERE p.id = $1"},
	{"findings", "rule kind visibility score title explain created_ms",
		"SELECT g.rule, g.kind, p.visibility, g.score, g.title, g.explain, g.created_ms FROM signals g"
		" JOIN posts p ON p.id = g.post WHERE g.post = $1 ORDER BY g.id"},
	{"earlier texts", "visibility title text seen_ms",
		"SELECT p.visibility, r.title, r.text, r.seen_ms FROM revisions r JOIN posts p ON p.id = r.post"
		" WHERE r.post = $1 ORDER BY r.id"},
};

/* What others said where few can read is theirs, and is not handed to whomever it names. */
#define UNLESS_PRIVATE(column) "CASE WHEN p.visibility <> 'private' THEN " column " END"
static const struct part of_named[] = {
	{"posts of others", "source visibility url published_ms title text",
		"SELECT s.name, p.visibility, " UNLESS_PRIVATE("p.url") ", p.published, " UNLESS_PRIVATE(
			"p.title") ", " UNLESS_PRIVATE("p.text") " FROM posts p"
								 " JOIN sources s ON s.id = p.source WHERE p.id = $1"},
};

/* A lead is called by the words of posts, and whoever wrote them may be whom it is about: where few can read those,
 * that is left out. What was found in one's own posts is among the findings. */
static const struct part of_lead[] = {
	{"leads",
		"lead kind visibility subject title why rule score state owner lawful_basis informed_ms"
		" created_ms",
		"SELECT 'lead_' || id, kind, few, CASE WHEN few IS NULL THEN subject_name END,"
		" CASE WHEN few IS NULL THEN title END, CASE WHEN few IS NULL THEN why END, rule, score, state,"
		" owner, lawful_basis, informed_ms, created_ms FROM (SELECT *, (SELECT max(p.visibility)"
		" FROM signals g JOIN posts p ON p.id = g.post WHERE g.lead = leads.id AND p.visibility ="
		" 'private') AS few FROM leads WHERE id = $1) l"},
	{"alerts", "receiver kind state sent_ms",
		"SELECT receiver, kind, state, done_ms FROM outbox WHERE lead = $1 ORDER BY id"},
};

static const struct part of_tie[] = {
	{"ties", "colleague name employer title link email since stored_ms",
		"SELECT c.name, t.name, t.account_name, t.title, t.link, t.email, t.known_on, t.created_ms"
		" FROM ties t JOIN people c ON c.id = t.colleague WHERE t.id = $1"},
};

/* By what they are called. */
static const struct part of_word[] = {
	{"looks into the community",
		"who opportunity granted_by granted_ms until_ms revoked_ms why",
		"SELECT who, deal, granted_by, granted_ms, until_ms, revoked_ms, why FROM peeks"
		" WHERE lower(who) = lower($1) ORDER BY id"},
};

struct exporter {
	struct db *db;
	privacy_row_fn take;
	void *ctx;
};

/* Reads "name seen_ms at_ms …"; *times: bits of the columns that are times, called "seen_at" and "at". */
static size_t read_columns(const char *text, char (*names)[NAME_BYTES], unsigned *times)
{
	struct str rest = str_c(text), name;
	size_t n = 0;
	*times = 0;
	while (n < COLUMNS_MAX && str_split(&rest, ' ', &name)) {
		snprintf(names[n], sizeof(names[n]), "%.*s", STR_FMT(name));
		if (str_ends(name, STR("_ms"))) {
			bool is_at = str_eq_c(name, "at_ms");
			memcpy(names[n] + name.n - 3, is_at ? "" : "_at", is_at ? 1 : 4);
			*times |= 1U << n;
		}
		n++;
	}
	return n;
}

/* `q` is the part's, with its parameter; it is done afterwards. */
static void take_rows(struct exporter *e, const struct part *p, struct db_query *q)
{
	char names[COLUMNS_MAX][NAME_BYTES], at[COLUMNS_MAX][CLOCK_TEXT_MAX];
	struct privacy_cell cells[COLUMNS_MAX];
	unsigned times;
	size_t columns = read_columns(p->columns, names, &times);
	while (db_step(q)) {
		size_t n = 0;
		for (size_t i = 0; i < columns; i++) {
			if (db_is_null(q, (int)i)) {
				continue;
			}
			bool is_time = (times >> i & 1) != 0;
			cells[n++] = (struct privacy_cell){names[i],
				is_time ? str_c(clock_rfc3339(db_col_i64(q, (int)i), at[i]))
					: db_col_text(q, (int)i)};
		}
		e->take(e->ctx, p->section, cells, n);
	}
	db_done(q);
}

static void export_part(struct exporter *e, const struct part *p, int64_t id)
{
	struct db_query *q = db_query(e->db, p->sql);
	db_i64(q, id);
	take_rows(e, p, q);
}

static void export_words(struct exporter *e, const struct privacy_found *found)
{
	for (size_t p = 0; p < sizeof(of_word) / sizeof(of_word[0]); p++) {
		for (size_t i = 0; i < found->words_n; i++) {
			struct db_query *q = db_query(e->db, of_word[p].sql);
			db_text(q, found->words[i]);
			take_rows(e, &of_word[p], q);
		}
	}
}

static void export_all(
	struct exporter *e, const struct part *parts, size_t parts_n, const struct privacy_ids *ids)
{
	for (size_t p = 0; p < parts_n; p++) {
		for (size_t i = 0; i < ids->n; i++) {
			export_part(e, &parts[p], ids->v[i]);
		}
	}
}

static void export_profiles(struct exporter *e, const struct privacy_found *found)
{
	for (size_t i = 0; i < found->keys_n; i++) {
		struct db_query *q = db_query(e->db,
			"SELECT s.name, p.person, p.handle, p.url, p.employer, p.title, p.location, p.event"
			" FROM profiles p JOIN sources s ON s.id = p.source WHERE p.source = $1 AND p.key = $2"
			" ORDER BY p.id");
		static const char *const names[] = {"source", "person", "handle", "url", "employer",
			"title", "location", "event"};
		db_i64(q, found->keys[i].source);
		db_text(q, found->keys[i].key);
		while (db_step(q)) {
			struct privacy_cell cells[8];
			size_t n = 0;
			for (int c = 0; c < 8; c++) {
				if (!db_is_null(q, c)) {
					cells[n++] =
						(struct privacy_cell){names[c], db_col_text(q, c)};
				}
			}
			e->take(e->ctx, "profiles", cells, n);
		}
		db_done(q);
	}
}

#define COUNT_OF(parts) (sizeof(parts) / sizeof((parts)[0]))

int privacy_export(struct store *s, const struct privacy_found *found, privacy_row_fn take,
	void *ctx, struct hark_err *err)
{
	struct exporter e = {store_db(s), take, ctx};
	export_all(&e, of_person, COUNT_OF(of_person), &found->people);
	export_all(&e, of_tie, COUNT_OF(of_tie), &found->ties);
	export_all(&e, of_author, COUNT_OF(of_author), &found->authors);
	export_profiles(&e, found);
	export_all(&e, of_post, COUNT_OF(of_post), &found->posts);
	export_all(&e, of_named, COUNT_OF(of_named), &found->named);
	export_all(&e, of_lead, COUNT_OF(of_lead), &found->leads);
	export_words(&e, found);
	return db_check(e.db, err);
}

/* --- who must be told --- */

#define FOUND "author" /* the kind of whom leads are about that nobody has imported */
#define NOBODY_KNOWS(lead)                                                                     \
	" NOT EXISTS (SELECT 1 FROM signals g JOIN posts p ON p.id = g.post JOIN identities i" \
	" ON i.author = p.author WHERE g.lead = " lead ")"

/* Who is due since when: a person, or, negative, the first lead about somebody. $1: stored by then. */
#define DUE_REFS                                                                                  \
	"SELECT id AS ref, created_ms AS since FROM people WHERE informed_ms IS NULL"             \
	" AND merged_into IS NULL AND kind <> 'staff' AND created_ms <= $1"                       \
	" UNION ALL SELECT f.ref, f.since FROM (SELECT -min(id) AS ref, min(created_ms) AS since" \
	" FROM leads WHERE subject_kind = '" FOUND "' AND subject_id IS NOT NULL"                 \
	" GROUP BY subject_id HAVING count(informed_ms) = 0 AND min(created_ms) <= $1) f"         \
	" WHERE" NOBODY_KNOWS("-f.ref")

/* Of `d`, which has ref and since. */
#define DUE_COLUMNS                                                                               \
	"SELECT d.ref, d.since, coalesce(p.name, l.subject_name), coalesce(p.kind, '" FOUND "')," \
	" coalesce(p.origin, 'lead'), (SELECT min(value) FROM identities WHERE person = d.ref"    \
	" AND kind = 'email'), p.lang FROM"
#define DUE_ROWS " d LEFT JOIN people p ON p.id = d.ref LEFT JOIN leads l ON l.id = -d.ref"

static struct privacy_due read_due(struct db_query *q, struct arena *arena)
{
	int64_t ref = db_col_i64(q, 0);
	return (struct privacy_due){.person = ref > 0 ? ref : 0,
		.lead = ref < 0 ? -ref : 0,
		.since_ms = db_col_i64(q, 1),
		.due_ms = db_col_i64(q, 1) + MONTH_MS,
		.name = db_col_copy(q, 2, arena),
		.kind = db_col_copy(q, 3, arena),
		.origin = db_col_copy(q, 4, arena),
		.address = db_col_copy(q, 5, arena),
		.lang = db_col_copy(q, 6, arena)};
}

/* INT64_MIN: nobody. */
static int64_t since_of(struct db *db, int64_t ref)
{
	struct db_query *q = db_query(
		db, ref > 0 ? "SELECT created_ms FROM people WHERE id = $1"
			    : "SELECT min(created_ms) FROM leads WHERE subject_kind = '" FOUND "'"
			      " AND subject_id = (SELECT subject_id FROM leads WHERE id = $1)"
			      " HAVING count(*) > 0");
	db_i64(q, ref > 0 ? ref : -ref);
	return db_run_i64(q, INT64_MIN);
}

int privacy_due_list(struct store *s, int64_t now_ms, const struct privacy_due_page *page,
	struct arena *arena, struct privacy_due **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	int64_t after_ms = INT64_MIN;
	*out = NULL;
	*n = 0;
	if (page->after != 0) {
		after_ms = since_of(db, page->after);
		if (after_ms == INT64_MIN) {
			return hark_err_set(err, HARK_EINVAL, STORE_PAGE_GONE);
		}
	}
	struct db_query *q = db_query(db, DUE_COLUMNS
		" (SELECT ref, since FROM (" DUE_REFS ") u WHERE (since, ref) > ($4, $3)"
		" ORDER BY since, ref LIMIT $2)" DUE_ROWS " ORDER BY d.since, d.ref");
	db_i64(q, now_ms + page->within_ms - MONTH_MS);
	db_i64(q, (int64_t)page->max);
	db_i64(q, page->after);
	db_i64(q, after_ms);
	while (db_step(q)) {
		struct privacy_due *v = arena_grow(arena, *out, *n, &cap, sizeof(*v));
		if (v == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for whom to inform");
			break;
		}
		*out = v;
		v[(*n)++] = read_due(q, arena);
	}
	db_done(q);
	return db_check(db, err);
}

static int no_such_person(int64_t person, struct hark_err *err)
{
	return hark_err_set(err, HARK_ENOENT,
		"there is no person %lld: hark people list shows them", (long long)person);
}

static int load_due(struct db *db, int64_t ref, int64_t since_ms, struct arena *arena,
	struct privacy_due *out, struct hark_err *err)
{
	struct db_query *q = db_query(db, DUE_COLUMNS " (SELECT $1 AS ref, $2 AS since)" DUE_ROWS);
	db_i64(q, ref);
	db_i64(q, since_ms);
	if (db_step(q)) {
		*out = read_due(q, arena);
	}
	db_done(q);
	return db_check(db, err);
}

int privacy_due_one(struct store *s, int64_t person, struct arena *arena, struct privacy_due *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	int64_t since_ms = since_of(db, person);
	int rc = db_check(db, err);
	if (rc == HARK_OK && since_ms == INT64_MIN) {
		rc = no_such_person(person, err);
	}
	return rc == HARK_OK ? load_due(db, person, since_ms, arena, out, err) : rc;
}

/* Whether the lead is about somebody whom nobody has imported. *first: the first such lead. */
static int find_found(struct db *db, int64_t lead, int64_t *first, struct hark_err *err)
{
	struct db_query *q = db_query(db,
		"SELECT (SELECT min(o.id) FROM leads o WHERE o.subject_kind = '" FOUND "'"
		" AND o.subject_id = l.subject_id AND l.subject_kind = '" FOUND
		"'), " NOBODY_KNOWS("l.id") " FROM leads l WHERE l.id = $1");
	db_i64(q, lead);
	bool is_there = db_step(q);
	*first = is_there ? db_col_i64(q, 0) : 0;
	bool unknown = is_there && db_col_i64(q, 1) != 0;
	db_done(q);
	int rc = db_check(db, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (!is_there) {
		return hark_err_set(err, HARK_ENOENT, "there is no lead_%lld", (long long)lead);
	}
	return *first != 0 && unknown
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL,
				 "lead_%lld is about somebody who was imported, or about no person: name the number "
				 "of the person (hark privacy due)",
				 (long long)lead);
}

int privacy_due_of_lead(struct store *s, int64_t lead, struct arena *arena, struct privacy_due *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	int64_t first;
	int rc = find_found(db, lead, &first, err);
	return rc == HARK_OK ? load_due(db, -first, since_of(db, -first), arena, out, err) : rc;
}

/* A file by its name alone: the folders above it are nobody's business. */
static struct str last_part(struct str path)
{
	struct str rest = path, part;
	while (str_split(&rest, '/', &part)) {
		path = part.n > 0 ? part : path;
	}
	return path;
}

#define SOURCES_OF_PERSON                                                                              \
	"WITH one AS (SELECT id, import FROM people WHERE id = $1 OR merged_into = $1)"                \
	" SELECT 0 AS kind, file AS what, system AS more, at_ms AS at FROM imports"                    \
	" WHERE id IN (SELECT import FROM one UNION SELECT import FROM identities"                     \
	" WHERE person IN (SELECT id FROM one))"                                                       \
	" UNION SELECT 1, e.evidence_url, '', 0 FROM employments e LEFT JOIN posts p ON p.id = e.post" \
	" LEFT JOIN moves m ON m.id = e.move WHERE e.evidence_url <> ''"                               \
	" AND coalesce(m.visibility, '') <> 'private' AND coalesce(p.visibility, '') <> 'private'"     \
	" AND e.person IN (SELECT id FROM one)"                                                        \
	" UNION SELECT 1, CASE WHEN m.visibility = 'private' OR p.visibility = 'private' THEN s.name"  \
	" ELSE e.url END, '', 0 FROM moves m JOIN move_evidence e ON e.move = m.id"                    \
	" LEFT JOIN posts p ON p.id = e.post LEFT JOIN sources s ON s.id = e.source"                   \
	" WHERE coalesce(e.url, s.name, '') <> '' AND m.person IN (SELECT id FROM one)"                \
	" UNION SELECT 1, a.profile_url, '', 0 FROM identities i JOIN authors a ON a.id = i.author"    \
	" WHERE a.profile_url <> '' AND i.person IN (SELECT id FROM one) AND EXISTS (SELECT 1 FROM"    \
	" posts p WHERE p.author = a.id AND p.visibility <> 'private') ORDER BY kind, at, what"
#define SOURCES_OF_LEAD                                                                              \
	"SELECT DISTINCT 1 AS kind, CASE WHEN p.visibility = 'private' THEN s.name"                  \
	" ELSE coalesce(p.url, s.name) END AS what, '' AS more, 0 AS at FROM leads l JOIN signals g" \
	" ON g.lead = l.id JOIN posts p ON p.id = g.post LEFT JOIN sources s ON s.id = p.source"     \
	" WHERE l.subject_kind = '" FOUND "' AND l.subject_id ="                                     \
	" (SELECT subject_id FROM leads WHERE id = $1) ORDER BY what"

int privacy_due_sources(struct store *s, const struct privacy_due *due, struct arena *arena,
	struct str *out, struct hark_err *err)
{
	struct buf lines;
	char day[CLOCK_TEXT_MAX];
	struct db_query *q =
		db_query(store_db(s), due->person != 0 ? SOURCES_OF_PERSON : SOURCES_OF_LEAD);
	buf_init(&lines, SOURCES_BYTES);
	db_i64(q, due->person != 0 ? due->person : due->lead);
	while (db_step(q)) {
		struct str what = db_col_text(q, 1), system = db_col_text(q, 2);
		if (str_empty(what)) {
			continue;
		}
		buf_add_c(&lines, lines.n > 0 ? "\n- " : "- ");
		if (db_col_i64(q, 0) == 0) {
			clock_rfc3339(db_col_i64(q, 3), day);
			buf_printf(&lines, "%.*s (%.*s%s%.10s)", STR_FMT(last_part(what)),
				STR_FMT(system), system.n > 0 ? ", " : "", day);
		} else {
			buf_add_str(&lines, what);
		}
	}
	db_done(q);
	*out = arena_str(arena, buf_str(&lines));
	int rc = lines.rc;
	buf_release(&lines);
	if (rc != HARK_OK || out->p == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for where the data is from");
	}
	return db_check(store_db(s), err);
}

int privacy_informed(struct store *s, int64_t person, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "UPDATE people SET informed_ms = coalesce(informed_ms, $2) WHERE id = $1");
	db_i64(q, person);
	db_i64(q, now_ms);
	int64_t changed = db_run(q);
	int rc = db_check(db, err);
	return rc != HARK_OK || changed > 0 ? rc : no_such_person(person, err);
}

int privacy_informed_of_lead(struct store *s, int64_t lead, int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(s);
	int64_t first;
	int rc = find_found(db, lead, &first, err);
	if (rc != HARK_OK) {
		return rc;
	}
	struct db_query *q = db_query(db,
		"UPDATE leads SET informed_ms = coalesce(informed_ms, $2) WHERE subject_kind = '" FOUND
		"'"
		" AND subject_id = (SELECT subject_id FROM leads WHERE id = $1)");
	db_i64(q, first);
	db_i64(q, now_ms);
	db_run(q);
	return db_check(db, err);
}
