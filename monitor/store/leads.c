#include "monitor/store/leads.h"

#include "monitor/store/changes.h"
#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/history.h"
#include "monitor/store/signals.h"
#include "monitor/store/sums.h"

#include <stddef.h>

#define COLUMNS                                                                                    \
	"id, version, kind, lead_key, visibility, subject_kind, subject_id, subject_name, title, " \
	"why, level,"                                                                              \
	" rule, owner, route, score, flags, state, historic, held, signals, posts, claim_by, "     \
	"claim_until,"                                                                             \
	" snooze_until, reason, posted_ms, seen_ms, alerted_ms, claimed_ms, answered_ms, "         \
	"closed_ms,"                                                                               \
	" outcome_value, outcome_currency, outcome_date, lawful_basis, created_ms, updated_ms, "   \
	"score_max, traits,"                                                                       \
	" EXISTS (SELECT 1 FROM signals g JOIN posts p ON p.id = g.post WHERE g.lead = leads.id"   \
	" AND p.visibility = 'private'), starred,"                                                 \
	" signals > 0 AND NOT EXISTS (SELECT 1 FROM signals g JOIN posts p ON p.id = g.post WHERE" \
	" g.lead = leads.id AND g.gone_ms IS NULL AND p.deleted_ms IS NULL)"

static void read_who(struct db_query *q, struct arena *arena, struct lead *l)
{
	l->id = db_col_i64(q, 0);
	l->version = db_col_i64(q, 1);
	l->kind = db_col_copy(q, 2, arena);
	l->key = db_col_copy(q, 3, arena);
	l->visibility = db_col_copy(q, 4, arena);
	l->subject.kind = db_col_copy(q, 5, arena);
	l->subject.id = db_col_copy(q, 6, arena);
	l->subject.name = db_col_copy(q, 7, arena);
	l->title = db_col_copy(q, 8, arena);
	l->why = db_col_copy(q, 9, arena);
	l->level = db_col_copy(q, 10, arena);
	l->rule = db_col_copy(q, 11, arena);
	l->owner = db_col_copy(q, 12, arena);
	l->route = db_col_copy(q, 13, arena);
	l->score = (int)db_col_i64(q, 14);
	l->flags = (unsigned)db_col_i64(q, 15);
}

static void read_state(struct db_query *q, struct arena *arena, struct lead *l)
{
	l->state = LEAD_NEW;
	lead_state_parse(db_col_text(q, 16), &l->state);
	l->historic = db_col_i64(q, 17) != 0;
	l->held = db_col_i64(q, 18) != 0;
	l->signals = db_col_i64(q, 19);
	l->posts = db_col_i64(q, 20);
	l->claim_by = db_col_copy(q, 21, arena);
	l->claim_until = db_col_i64(q, 22);
	l->snooze_until = db_col_i64(q, 23);
	l->reason = db_col_copy(q, 24, arena);
	l->posted_ms = db_col_i64(q, 25);
	l->seen_ms = db_col_i64(q, 26);
	l->alerted_ms = db_col_i64(q, 27);
	l->claimed_ms = db_col_i64(q, 28);
	l->answered_ms = db_col_i64(q, 29);
	l->closed_ms = db_col_i64(q, 30);
	l->outcome_value = db_col_i64_or(q, 31, COUNT_NONE);
	l->outcome_currency = db_col_copy(q, 32, arena);
	l->outcome_date = db_col_copy(q, 33, arena);
	l->lawful_basis = db_col_copy(q, 34, arena);
	l->created_ms = db_col_i64(q, 35);
	l->updated_ms = db_col_i64(q, 36);
	l->score_max = (int)db_col_i64(q, 37);
	l->traits = (unsigned)db_col_i64(q, 38);
	l->is_private = db_col_i64(q, 39) != 0;
	l->starred = db_col_i64(q, 40) != 0;
	l->is_groundless = db_col_i64(q, 41) != 0;
}

static void read_lead(struct db_query *q, struct arena *arena, struct lead *l)
{
	*l = (struct lead){0};
	read_who(q, arena, l);
	read_state(q, arena, l);
}

int64_t store_lead_slot(struct store *s, const struct lead *lead, int64_t *until_ms)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT lead, until_ms FROM lead_slots WHERE kind = $1 AND "
				      "lead_key = $2 AND visibility = $3");
	db_text(q, lead->kind);
	db_text(q, lead->key);
	db_text(q, lead->visibility);
	bool found = db_step(q);
	int64_t id = found ? db_col_i64(q, 0) : 0;
	*until_ms = found ? db_col_i64(q, 1) : 0;
	db_done(q);
	return id;
}

static int64_t write_slot(
	struct db *db, const char *sql, const struct lead *lead, int64_t id, int64_t until_ms)
{
	struct db_query *q = db_query(db, sql);
	db_text(q, lead->kind);
	db_text(q, lead->key);
	db_text(q, lead->visibility);
	db_i64(q, id);
	db_i64(q, until_ms);
	return db_run(q);
}

/* Most slots are new, and one statement for both cases would save pages aside for the update. */
static void take_slot(struct db *db, const struct lead *lead, int64_t id, int64_t until_ms)
{
	if (write_slot(db,
		    "INSERT INTO lead_slots (kind, lead_key, visibility, lead, until_ms) VALUES ($1,"
		    " $2, $3, $4, $5) ON CONFLICT (kind, lead_key, visibility) DO NOTHING",
		    lead, id, until_ms) == 0) {
		write_slot(db,
			"UPDATE lead_slots SET lead = $4, until_ms = $5"
			" WHERE kind = $1 AND lead_key = $2 AND visibility = $3",
			lead, id, until_ms);
	}
}

void store_lead_answer_to(struct store *s, const struct lead *key, int64_t id, int64_t until_ms)
{
	take_slot(store_db(s), key, id, until_ms);
}

int64_t store_lead_add(struct store *s, const struct lead *lead, int64_t until_ms)
{
	struct db *db = store_db(s);
	int64_t id = store_new_id(s, "leads", "SELECT max(id) FROM leads");
	struct db_query *q = db_query(db,
		"INSERT INTO leads (kind, lead_key, visibility, subject_kind, subject_id, "
		"subject_name, title, why,"
		" level, rule, owner, route, score, score_max, flags, state, historic, held, "
		"signals, posts, posted_ms,"
		" seen_ms, lawful_basis, created_ms, updated_ms, traits, id) VALUES ($1, $2, $3, $4, $5, "
		"$6, $7, $8, $9, $10, $11,"
		" $12, $13, $23, $14, $15, $16, $17, $25, $26, $18, $19, $20, $21, $21, $22, $24)");
	db_text(q, lead->kind);
	db_text(q, lead->key);
	db_text(q, lead->visibility);
	db_text(q, lead->subject.kind);
	db_text(q, lead->subject.id);
	db_text(q, lead->subject.name);
	db_text(q, lead->title);
	db_text(q, lead->why);
	db_text(q, lead->level);
	db_text(q, lead->rule);
	db_text(q, lead->owner);
	db_text(q, lead->route);
	db_i64(q, lead->score);
	db_i64(q, lead->flags);
	db_text_c(q, lead_state_name(lead->state));
	db_i64(q, lead->historic);
	db_i64(q, lead->held);
	db_i64_unless(q, lead->posted_ms, 0);
	db_i64(q, lead->seen_ms);
	db_text(q, lead->lawful_basis);
	db_i64(q, lead->created_ms);
	db_i64(q, lead->traits);
	db_i64(q, lead->score_max);
	db_i64(q, id);
	db_i64(q, lead->signals > 0 ? lead->signals : 1);
	db_i64(q, lead->signals > 0 ? lead->posts : 1);
	id = db_run(q) > 0 ? id : 0;
	if (id != 0 && !lead->historic) {
		store_sum_lead(s, lead->created_ms, lead->visibility);
	}
	if (id != 0) {
		take_slot(db, lead, id, until_ms);
	}
	return id;
}

int64_t store_lead_stories(struct store *s, int64_t id)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT count(DISTINCT story) FROM signals WHERE lead = $1");
	db_i64(q, id);
	return db_run_i64(q, 0);
}

int64_t store_lead_signals(struct store *s, int64_t id)
{
	struct db_query *q = db_query(store_db(s), "SELECT count(*) FROM signals WHERE lead = $1");
	db_i64(q, id);
	return db_run_i64(q, 0);
}

void store_lead_update_evidence(struct store *s, const struct lead *lead, int64_t now_ms)
{
	struct db_query *q =
		db_query(store_db(s), "UPDATE leads SET title = $2, why = $3, level = $4, rule = "
				      "$5, score = $6, score_max = $7, flags = $8,"
				      " signals = $9, posts = $10, posted_ms = $11, updated_ms = $12,"
				      " traits = $13, version = version + 1 WHERE id = $1");
	db_i64(q, lead->id);
	db_text(q, lead->title);
	db_text(q, lead->why);
	db_text(q, lead->level);
	db_text(q, lead->rule);
	db_i64(q, lead->score);
	db_i64(q, lead->score_max);
	db_i64(q, lead->flags);
	db_i64(q, lead->signals);
	db_i64(q, lead->posts);
	db_i64_unless(q, lead->posted_ms, 0);
	db_i64(q, now_ms);
	db_i64(q, lead->traits);
	db_run(q);
}

void store_lead_wake(struct store *s, int64_t id, int64_t seen_ms)
{
	struct db_query *q = db_query(
		store_db(s), "UPDATE leads SET historic = 0, seen_ms = $2 WHERE id = $1");
	db_i64(q, id);
	db_i64(q, seen_ms);
	db_run(q);
}

void store_lead_fold(
	struct store *s, int64_t older, int64_t younger, const char *reason, int64_t now_ms)
{
	static const char *const moves[] = {"UPDATE signals SET lead = $1 WHERE lead = $2",
		"UPDATE lead_slots SET lead = $1 WHERE lead = $2",
		("UPDATE lead_referrals SET lead = $1 WHERE lead = $2 AND code NOT IN"
		 " (SELECT code FROM lead_referrals WHERE lead = $1)")};
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		struct db_query *q = db_query(store_db(s), moves[i]);
		db_i64(q, older);
		db_i64(q, younger);
		db_run(q);
	}
	struct db_query *q = db_query(store_db(s),
		"UPDATE leads SET state = 'dismissed', reason = $2, closed_ms = $3, updated_ms = $3,"
		" signals = 0, posts = 0, version = version + 1 WHERE id = $1");
	db_i64(q, younger);
	db_text_c(q, reason);
	db_i64(q, now_ms);
	db_run(q);
}

void store_lead_event(struct store *s, int64_t id, int64_t now_ms, const struct step *event)
{
	struct db_query *q = db_query(store_db(s), "INSERT INTO lead_events (lead," HISTORY_WRITTEN
						   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
	db_i64(q, id);
	history_bind(q, now_ms, event);
	db_run(q);
}

int store_lead_load(
	struct store *s, int64_t id, struct arena *arena, struct lead *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, "SELECT " COLUMNS " FROM leads WHERE id = $1");
	db_i64(q, id);
	bool found = db_step(q);
	if (found) {
		read_lead(q, arena, out);
	}
	db_done(q);
	int rc = db_check(db, err);
	if (rc == HARK_OK && !found) {
		return hark_err_set(err, HARK_ENOENT, "there is no lead_%lld", (long long)id);
	}
	return rc;
}

int store_lead_write_state(struct store *s, const struct lead *lead, int64_t now_ms,
	const struct step *event, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"UPDATE leads SET state = $3, claim_by = $4, claim_until "
		"= $5, snooze_until = $6, reason = $7,"
		" claimed_ms = $8, answered_ms = $9, closed_ms = $10, "
		"outcome_value = $11, outcome_currency = $12,"
		" outcome_date = $13, updated_ms = $14, owner = $15, starred = $16, version = "
		"version + 1 WHERE id = $1 AND version = $2");
	db_i64(q, lead->id);
	db_i64(q, lead->version);
	db_text_c(q, lead_state_name(lead->state));
	db_text(q, lead->claim_by);
	db_i64_unless(q, lead->claim_until, 0);
	db_i64_unless(q, lead->snooze_until, 0);
	db_text(q, lead->reason);
	db_i64_unless(q, lead->claimed_ms, 0);
	db_i64_unless(q, lead->answered_ms, 0);
	db_i64_unless(q, lead->closed_ms, 0);
	db_i64_unless(q, lead->outcome_value, COUNT_NONE);
	db_text(q, lead->outcome_currency);
	db_text(q, lead->outcome_date);
	db_i64(q, now_ms);
	db_text(q, lead->owner);
	db_i64(q, lead->starred);
	bool lost = db_run(q) == 0;
	if (!lost) {
		store_lead_event(s, lead->id, now_ms, event);
	}
	int rc = db_check(db, err);
	if (rc == HARK_OK && lost) {
		return hark_err_set(err, HARK_EAGAIN,
			"lead_%lld was changed by somebody else just now", (long long)lead->id);
	}
	return rc;
}

/* The state once what is over by $9 has ended. */
#define STATE_NOW                                                      \
	"CASE WHEN state = 'claimed' AND claim_until <= $9 THEN 'new'" \
	" WHEN state = 'snoozed' AND snooze_until <= $9 THEN"          \
	" CASE WHEN answered_ms IS NULL THEN 'new' ELSE 'answered' END ELSE state END"

/* The states in which those of `states` may be stored: what is over is found before it is ended. */
static unsigned stored_states(unsigned states)
{
	unsigned stored = states != 0 ? states : (1u << LEAD_STATES) - 1;
	if ((stored & 1u << LEAD_NEW) != 0) {
		stored |= 1u << LEAD_CLAIMED | 1u << LEAD_SNOOZED;
	}
	if ((stored & 1u << LEAD_ANSWERED) != 0) {
		stored |= 1u << LEAD_SNOOZED;
	}
	return stored;
}

/* "'new','won'"; every state if none is set. */
static void state_list(unsigned states, struct buf *out)
{
	for (unsigned i = 0; i < LEAD_STATES; i++) {
		if (states == 0 || (states & 1u << i) != 0) {
			buf_printf(out, "%s'%s'", out->n > 0 ? "," : "",
				lead_state_name((enum lead_state)i));
		}
	}
}

/* One of these leads to the leads, the first that is asked for; its index is in the order of a page for each state. */
static const struct {
	const char *is, *may_be; /* how it is said where it leads, and where it is only looked at */
	size_t at;
} asked[] = {
	{" AND claim_by = $4", " AND (claim_by || '') = $4", offsetof(struct lead_filter, claim_by)},
	{" AND rule = $5", " AND (rule || '') = $5", offsetof(struct lead_filter, rule)},
	{" AND owner = $10", " AND (owner || '') = $10", offsetof(struct lead_filter, owner)},
	{" AND kind = $3", " AND (kind || '') = $3", offsetof(struct lead_filter, kind)},
};

static struct str filter_text(const struct lead_filter *f, size_t at)
{
	return *(const struct str *)((const char *)f + at);
}

/* What leads of a page have to be; a state takes the most work to tell, so it is asked last. */
static void filter_sql(const struct lead_filter *f, struct buf *out)
{
	bool leads = false;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		if (!str_empty(filter_text(f, asked[i].at))) {
			buf_add_c(out, leads ? asked[i].may_be : asked[i].is);
			leads = true;
		}
	}
	if (!leads && f->score_min >= LEAD_SCORE_HIGH) {
		buf_printf(out, " AND score >= %d", LEAD_SCORE_HIGH); /* as its index says */
	}
	buf_add_c(out, " AND score >= $7 AND ($6 = '' OR visibility = $6)"
		       " AND ($11 = '' OR visibility IN ('all', $11))");
	if (!str_empty(f->claim_by)) {
		buf_add_c(out, " AND " STATE_NOW " <> 'new'");
	}
	buf_add_c(out, " AND " STATE_NOW " IN (");
	struct buf names;
	buf_init(&names, 256);
	state_list(f->states, &names);
	buf_add_str(out, buf_str(&names));
	buf_release(&names);
	buf_add_c(out, ")");
}

/* A page is the newest of the pages of its states, each of which is read from an index as far as it is shown. */
void store_lead_list_sql(const struct lead_filter *f, struct buf *out)
{
	unsigned stored = stored_states(f->states);
	struct buf where;
	buf_init(&where, 4096);
	filter_sql(f, &where);
	buf_add_c(out, "SELECT " COLUMNS " FROM leads WHERE id IN (");
	const char *between = "";
	for (unsigned i = 0; i < LEAD_STATES; i++) {
		if ((stored & 1u << i) != 0) {
			buf_printf(out,
				"%sSELECT id FROM (SELECT id FROM leads WHERE historic = $1"
				" AND state = '%s' AND id < $2%s ORDER BY id DESC LIMIT $8)",
				between, lead_state_name((enum lead_state)i), buf_c(&where));
			between = " UNION ALL ";
		}
	}
	buf_add_c(out, " ORDER BY id DESC LIMIT $8) ORDER BY id DESC");
	buf_release(&where);
}

int store_lead_list(struct store *s, const struct lead_filter *filter, struct arena *arena,
	struct lead **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct buf sql;
	size_t cap = 0;
	buf_init(&sql, 16384);
	store_lead_list_sql(filter, &sql);
	struct db_query *q = db_query(db, buf_c(&sql));
	db_i64(q, filter->historic);
	db_i64(q, filter->before != 0 ? filter->before : INT64_MAX);
	db_text_or_empty(q, filter->kind);
	db_text_or_empty(q, filter->claim_by);
	db_text_or_empty(q, filter->rule);
	db_text_or_empty(q, filter->visibility);
	db_i64(q, filter->score_min);
	db_i64(q, (int64_t)filter->max);
	db_i64(q, filter->now_ms);
	db_text_or_empty(q, filter->owner);
	db_text_or_empty(q, filter->seen_as);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		read_lead(q, arena, &(*out)[(*n)++]);
	}
	db_done(q);
	buf_release(&sql);
	return db_check(db, err);
}

int store_lead_count(struct store *s, int64_t counts[LEAD_STATES + 1], struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "SELECT historic, state, count(*) FROM leads GROUP BY state, historic");
	memset(counts, 0, (LEAD_STATES + 1) * sizeof(counts[0]));
	while (db_step(q)) {
		enum lead_state state;
		bool historic = db_col_i64(q, 0) != 0;
		if (lead_state_parse(db_col_text(q, 1), &state)) {
			counts[historic ? LEAD_STATES : (int)state] += db_col_i64(q, 2);
		}
	}
	db_done(q);
	return db_check(db, err);
}

static void read_evidence(struct db_query *q, struct arena *arena, struct lead_evidence *e)
{
	*e = (struct lead_evidence){
		.signal = db_col_i64(q, 0),
		.rule = db_col_copy(q, 1, arena),
		.kind = db_col_copy(q, 2, arena),
		.explain = db_col_copy(q, 3, arena),
		.spans = db_col_copy(q, 4, arena),
		.entities = db_col_copy(q, 5, arena),
		.emit = db_col_copy(q, 6, arena),
		.score = (int)db_col_i64(q, 7),
		.flags = (unsigned)db_col_i64(q, 8),
		.historic = db_col_i64(q, 9) != 0,
		.created_ms = db_col_i64(q, 10),
		.source = db_col_copy(q, 11, arena),
		.url = db_col_copy(q, 12, arena),
		.external_id = db_col_copy(q, 13, arena),
		.author_handle = db_col_copy(q, 14, arena),
		.author_name = db_col_copy(q, 15, arena),
		.author_url = db_col_copy(q, 16, arena),
		.title = db_col_copy(q, 17, arena),
		.text = db_col_copy(q, 18, arena),
		.published = db_col_i64(q, 19),
		.seen_ms = db_col_i64(q, 20),
		.deleted_ms = db_col_i64(q, 21),
		.copies = db_col_i64(q, 22),
		.headline = db_col_copy(q, 23, arena),
		.post = db_col_i64(q, 24),
		.edits = db_col_i64(q, 25),
		.gone_ms = db_col_i64(q, 26),
		.is_private = str_eq_c(db_col_text(q, 27), "private"),
	};
}

/* The signals are chosen before their posts are read. A copy is kept without its body; the story's
 * first post has it. */
#define EVIDENCE_BY(order)                                                                 \
	"SELECT g.id, g.rule, g.kind, g.explain, g.spans, g.entities, g.emit, g.score, "   \
	"g.flags, g.historic,"                                                             \
	" g.created_ms, o.name, p.url, p.external_id, a.handle, a.display_name, "          \
	"a.profile_url,"                                                                   \
	" coalesce(p.title, r.title), coalesce(p.text, r.text), p.published, p.seen_ms, "  \
	"p.deleted_ms,"                                                                    \
	" coalesce(t.copies, 0), g.title, p.id, p.revisions, g.gone_ms, p.visibility FROM" \
	" (SELECT * FROM signals g WHERE lead = $1 ORDER BY " order " LIMIT $2) g"         \
	" JOIN posts p ON p.id = g.post JOIN sources o ON o.id = p.source"                 \
	" LEFT JOIN authors a ON a.id = p.author LEFT JOIN stories t ON t.post = g.story"  \
	" LEFT JOIN posts r ON r.id = p.story AND p.text IS NULL AND p.deleted_ms IS NULL" \
	" AND p.purged_ms IS NULL ORDER BY " order

static int list_evidence(struct db *db, struct db_query *q, int64_t id, size_t max,
	struct arena *arena, struct lead_evidence **out, size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	db_i64(q, id);
	db_i64(q, (int64_t)max);
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		read_evidence(q, arena, &(*out)[(*n)++]);
	}
	db_done(q);
	return db_check(db, err);
}

int store_lead_evidence(struct store *s, int64_t id, size_t max, struct arena *arena,
	struct lead_evidence **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, EVIDENCE_BY("g.score DESC, g.id"));
	int rc = list_evidence(db, q, id, max, arena, out, n, err);
	for (size_t i = 0; i < *n && rc == HARK_OK; i++) {
		struct lead_evidence *e = &(*out)[i];
		struct post_change change;
		if (e->edits > 0) {
			rc = store_post_change(s, e->post, &change, err);
			e->before = change.before;
			e->after = change.after;
		}
	}
	return rc;
}

int store_lead_news(struct store *s, int64_t id, size_t max, struct arena *arena,
	struct lead_evidence **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, EVIDENCE_BY("g.historic, g.created_ms DESC, g.score DESC, g.id"));
	return list_evidence(db, q, id, max, arena, out, n, err);
}

int store_lead_events(struct store *s, int64_t id, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT" HISTORY_READ " FROM lead_events WHERE lead = $1 ORDER BY id");
	db_i64(q, id);
	return history_read(db, q, arena, out, n, err);
}

void store_lead_rules(struct store *s, int64_t id,
	bool (*fn)(void *ctx, struct str rule, struct str route), void *ctx)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT DISTINCT rule, route FROM signals WHERE lead = $1 AND historic = 0");
	db_i64(q, id);
	while (db_step(q) && fn(ctx, db_col_text(q, 0), db_col_text(q, 1))) {
	}
	db_done(q);
}

/* The first column of every row. */
static int read_ids(struct db *db, struct db_query *q, struct arena *arena, int64_t **ids,
	size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	*ids = NULL;
	*n = 0;
	while (db_step(q) &&
		(*ids = store_grow(db, arena, *ids, *n, &cap, sizeof(**ids))) != NULL) {
		(*ids)[(*n)++] = db_col_i64(q, 0);
	}
	db_done(q);
	return db_check(db, err);
}

int store_lead_of_story(struct store *s, int64_t story, struct arena *arena, int64_t **ids,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(
		db, "SELECT DISTINCT lead FROM signals WHERE " SIGNALS_OF_STORY("$1") " AND lead IS NOT NULL");
	db_i64(q, story);
	return read_ids(db, q, arena, ids, n, err);
}

int store_lead_due(struct store *s, int64_t now_ms, size_t max, struct arena *arena, int64_t **ids,
	size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q =
		db_query(db, "SELECT id FROM leads WHERE state = 'claimed' AND claim_until <= $1"
			     " UNION ALL SELECT id FROM leads WHERE state = 'snoozed' AND"
			     " snooze_until <= $1 LIMIT $2");
	db_i64(q, now_ms);
	db_i64(q, (int64_t)max);
	return read_ids(db, q, arena, ids, n, err);
}

bool store_owner_known(struct store *s, struct str name)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT EXISTS (SELECT 1 FROM users WHERE name = $1) OR EXISTS (SELECT 1 FROM accounts WHERE"
		" owner = $1) OR EXISTS (SELECT 1 FROM people WHERE owner = $1) OR EXISTS (SELECT 1 FROM leads"
		" WHERE owner = $1)");
	db_text(q, name);
	return db_run_i64(q, 0) != 0;
}
