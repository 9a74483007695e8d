#include "monitor/store/overview.h"

#include "monitor/store/driver.h"

/* $1 since, $2 the class, "" for every one. */
#define STANDS                                                         \
	" g.historic = 0 AND g.gone_ms IS NULL AND g.created_ms >= $1" \
	" AND ($2 = '' OR g.visibility IN ('all', $2))"

static void bind(struct db_query *q, const struct overview_filter *f)
{
	db_i64(q, f->since_ms);
	db_text(q, f->seen_as.p != NULL ? f->seen_as : STR(""));
}

int store_overview_days(struct store *s, const struct overview_filter *f, struct arena *arena,
	struct overview_day **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT (g.created_ms + $3) / 86400000 AS day, g.kind, count(*) FROM signals g WHERE" STANDS
		" GROUP BY day, g.kind ORDER BY day, g.kind");
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

int store_overview_sources(struct store *s, const struct overview_filter *f, size_t max,
	struct arena *arena, struct overview_source **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		"SELECT o.name, count(*) AS signals, count(DISTINCT g.lead) AS leads FROM signals g"
		" JOIN posts p ON p.id = g.post JOIN sources o ON o.id = p.source WHERE" STANDS
		" GROUP BY o.name ORDER BY leads DESC, signals DESC, o.name LIMIT $3");
	*n = 0;
	*out = arena_alloc(arena, max * sizeof(**out));
	bind(q, f);
	db_i64(q, (int64_t)max);
	while (*out != NULL && *n < max && db_step(q)) {
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
		"SELECT count(*), count(alerted_ms), count(claimed_ms), count(answered_ms),"
		" count(CASE WHEN state = 'won' THEN 1 END), count(CASE WHEN state = 'lost' THEN 1 END),"
		" count(CASE WHEN state = 'dismissed' THEN 1 END) FROM leads"
		" WHERE historic = 0 AND created_ms >= $1 AND ($2 = '' OR visibility IN ('all', $2))");
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
