#include "monitor/store/referrals.h"

#include "monitor/store/grow.h"

#define SAID                                                                                        \
	"SELECT p.id, p.author, p.title, p.text, a.handle, a.display_name, a.profile_url, p.source," \
	" p.external_id, p.in_reply_to, p.thread FROM posts p LEFT JOIN authors a ON a.id = p.author"
#define PUBLIC " AND p.deleted_ms IS NULL AND p.visibility = 'public'"
#define BUYS " AND g.gone_ms IS NULL AND g.kind IN ('purchase-intent','purchase-announced','question')"

static struct said_post read_said(struct db_query *q, struct arena *arena)
{
	return (struct said_post){.post = db_col_i64(q, 0),
		.author = db_col_i64(q, 1),
		.title = db_col_copy(q, 2, arena),
		.text = db_col_copy(q, 3, arena),
		.who = {.handle = db_col_copy(q, 4, arena),
			.display_name = db_col_copy(q, 5, arena),
			.profile_url = db_col_copy(q, 6, arena)}};
}

size_t store_said_before(struct store *s, int64_t source, struct str in_reply_to, struct str thread,
	struct arena *arena, struct said_post out[2])
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		SAID " WHERE p.source = $1 AND p.external_id IN ($2, $3)" PUBLIC " ORDER BY CASE WHEN p.external_id = $2 THEN 0 ELSE 1 END");
	db_i64(q, source);
	db_text(q, in_reply_to);
	db_text(q, thread);
	while (n < 2 && db_step(q)) {
		out[n++] = read_said(q, arena);
	}
	db_done(q);
	return n;
}

bool store_said_load(struct store *s, int64_t post, struct arena *arena, struct said_post *out,
	struct said_place *at)
{
	struct db_query *q =
		db_query(store_db(s), SAID " WHERE p.id = $1 AND p.historic = 0" PUBLIC);
	db_i64(q, post);
	bool found = db_step(q);
	if (found) {
		*out = read_said(q, arena);
		*at = (struct said_place){db_col_i64(q, 7), db_col_copy(q, 8, arena),
			db_col_copy(q, 9, arena), db_col_copy(q, 10, arena)};
	}
	db_done(q);
	return found;
}

size_t store_said_after(struct store *s, const struct said_post *what, const struct said_place *at,
	struct arena *arena, struct said_post *out, size_t max)
{
	size_t n = 0;
	struct db_query *q = db_query(store_db(s),
		SAID " WHERE p.id IN (SELECT post FROM edges WHERE source = $1 AND to_ref = $2 AND kind ="
		     " 'reply' AND (to_author = $3 OR to_author IS NULL)) AND coalesce(p.author, 0) <> $3" PUBLIC
		     " ORDER BY p.id LIMIT $4");
	db_i64(q, at->source);
	db_text(q, at->external_id);
	db_i64(q, what->author);
	db_i64(q, (int64_t)max);
	while (n < max && db_step(q)) {
		out[n++] = read_said(q, arena);
	}
	db_done(q);
	return n;
}

bool store_referral_add(struct store *s, const struct referral *r, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO lead_referrals (lead, code, offer, disclosure, author, person, post, at_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (lead, code) DO NOTHING");
	db_i64(q, r->lead);
	db_text(q, r->code);
	db_text(q, r->offer);
	db_text(q, r->disclosure);
	db_i64_unless(q, r->author, 0);
	db_i64_unless(q, r->person, 0);
	db_i64_unless(q, r->post, 0);
	db_i64(q, now_ms);
	return db_run(q) > 0;
}

/* What a query gives, up to `max`; it is done then. */
static size_t read_leads(struct db_query *q, int64_t *leads, size_t max)
{
	size_t n = 0;
	while (n < max && db_step(q)) {
		leads[n++] = db_col_i64(q, 0);
	}
	db_done(q);
	return n;
}

size_t store_referral_earlier(struct store *s, int64_t source, struct str external_id,
	int64_t author, int64_t *leads, size_t max)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT DISTINCT g.lead FROM edges e JOIN posts p ON p.id = e.post AND p.historic = 0" PUBLIC
		" JOIN signals g ON g.post = p.id AND g.lead IS NOT NULL" BUYS " WHERE e.source = $1 AND e.to_ref = $2 AND e.kind = 'reply' AND coalesce(e.from_author, 0) <> $3"
		" AND (e.to_author = $3 OR e.to_author IS NULL) ORDER BY g.lead LIMIT $4");
	db_i64(q, source);
	db_text(q, external_id);
	db_i64(q, author);
	db_i64(q, (int64_t)max);
	return read_leads(q, leads, max);
}

size_t store_referral_asked(struct store *s, int64_t source, struct str ref, int64_t author,
	int64_t *leads, size_t max)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT DISTINCT g.lead FROM posts p JOIN signals g ON g.post = p.id AND g.lead IS NOT NULL" BUYS
		" WHERE p.source = $1 AND p.external_id = $2 AND p.historic = 0 AND coalesce(p.author, 0) <> $3" PUBLIC
		" ORDER BY g.lead LIMIT $4");
	db_i64(q, source);
	db_text(q, ref);
	db_i64(q, author);
	db_i64(q, (int64_t)max);
	return read_leads(q, leads, max);
}

void store_lead_referrals(struct store *s, struct lead *lead, struct arena *arena)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT r.code, r.offer, r.disclosure, coalesce(p.name, a.display_name, a.handle), a.handle, w.url,"
		" coalesce(p.id, 0) FROM lead_referrals r LEFT JOIN people o ON o.id = r.person LEFT JOIN people p ON"
		" p.id = coalesce(o.merged_into, o.id) LEFT JOIN authors a ON a.id = r.author LEFT JOIN posts w ON"
		" w.id = r.post AND w.deleted_ms IS NULL WHERE r.lead = $1 ORDER BY r.at_ms, r.code");
	db_i64(q, lead->id);
	lead->referrals = NULL;
	lead->referrals_n = 0;
	while (db_step(q)) {
		struct lead_referral *v =
			store_grow(db, arena, lead->referrals, lead->referrals_n, &cap, sizeof(*v));
		if (v == NULL) {
			lead->referrals_n = 0;
			break;
		}
		lead->referrals = v;
		v[lead->referrals_n++] = (struct lead_referral){
			.code = db_col_copy(q, 0, arena),
			.offer = db_col_copy(q, 1, arena),
			.disclosure = db_col_copy(q, 2, arena),
			.by = db_col_copy(q, 3, arena),
			.handle = db_col_copy(q, 4, arena),
			.url = db_col_copy(q, 5, arena),
			.person = db_col_i64(q, 6),
		};
	}
	db_done(q);
}
