#include "monitor/store/overview.h"

#include "monitor/store/driver.h"

/* $1 since, $2 the class, "" for every one. */
#define SEEN " ($2 = '' OR visibility IN ('all', $2))"

static void bind(struct db_query *q, const struct overview_filter *f)
{
	db_i64(q, f->since_ms);
	db_text_or_empty(q, f->seen_as);
}

int store_overview_days(struct store *s, const struct overview_filter *f, struct arena *arena,
	struct overview_day **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT (slot * 900000 + $3) / 86400000 AS day, kind, sum(n) AS found FROM signal_sums"
		" WHERE slot >= $1 / 900000 AND" SEEN
		" GROUP BY day, kind HAVING found > 0 ORDER BY day, kind");
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	bind(q, f);
	db_i64(q, f->offset_ms);
	while (db_step(q)) {
		struct overview_day *grown = arena_grow(arena, *out, *n, &cap, sizeof(**out));
		if (grown == NULL) {
			db_done(q);
			return hark_err_set(err, HARK_ENOMEM, "no memory for the days");
		}
		*out = grown;
		grown[(*n)++] = (struct overview_day){.day = db_col_i64(q, 0),
			.kind = db_col_copy(q, 1, arena),
			.signals = db_col_i64(q, 2)};
	}
	db_done(q);
	return db_check(db, err);
}

int store_overview_sources(struct store *s, const struct overview_filter *f, size_t newest,
	size_t max, struct arena *arena, struct overview_source **out, size_t *n, int64_t *from_ms,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"WITH found AS MATERIALIZED (SELECT post, lead, created_ms FROM signals"
		" WHERE historic = 0 AND gone_ms IS NULL AND created_ms >= $1 AND" SEEN
		" ORDER BY created_ms DESC LIMIT $4), told AS MATERIALIZED (SELECT p.source AS source,"
		" count(*) AS signals, count(DISTINCT f.lead) AS leads FROM found f JOIN posts p ON"
		" p.id = f.post GROUP BY p.source) SELECT o.name, t.signals, t.leads,"
		" (SELECT CASE WHEN count(*) = $4 THEN min(created_ms) ELSE $1 END FROM found)"
		" FROM told t JOIN sources o ON o.id = t.source"
		" ORDER BY t.leads DESC, t.signals DESC, o.name LIMIT $3");
	*n = 0;
	*from_ms = f->since_ms;
	*out = arena_alloc(arena, max * sizeof(**out));
	bind(q, f);
	db_i64(q, (int64_t)max);
	db_i64(q, (int64_t)newest);
	while (*out != NULL && *n < max && db_step(q)) {
		*from_ms = db_col_i64(q, 3);
		(*out)[(*n)++] = (struct overview_source){.name = db_col_copy(q, 0, arena),
			.signals = db_col_i64(q, 1),
			.leads = db_col_i64(q, 2)};
	}
	db_done(q);
	return *out != NULL ? db_check(db, err)
			    : hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
}

int store_overview_funnel(struct store *s, const struct overview_filter *f,
	struct overview_funnel *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT sum(raised), sum(alerted), sum(claimed), sum(answered), sum(won), sum(lost),"
		" sum(dismissed) FROM lead_sums WHERE slot >= $1 / 900000 AND" SEEN);
	int64_t *const fields[] = {&out->raised, &out->alerted, &out->claimed, &out->answered,
		&out->won, &out->lost, &out->dismissed};
	*out = (struct overview_funnel){0};
	bind(q, f);
	if (db_step(q)) {
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
			*fields[i] = db_col_i64(q, (int)i);
		}
	}
	db_done(q);
	return db_check(db, err);
}
