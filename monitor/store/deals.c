#include "monitor/store/deals.h"

#include "monitor/store/driver.h"
#include "monitor/store/grow.h"

#define COLUMNS                                                                                   \
	"SELECT o.id, o.account, o.value_cents, coalesce(o.name, o.external_id, 'a deal'),"       \
	" o.stage, o.state, o.currency, o.closes_on, o.owner, o.product, o.rival,"                \
	" coalesce(a.name, o.account_name), a.industry, a.segment, a.region FROM opportunities o" \
	" LEFT JOIN accounts a ON a.id = o.account "

static void read_deal(struct db_query *q, struct arena *arena, struct deal *d)
{
	*d = (struct deal){
		.id = db_col_i64(q, 0),
		.account = db_col_i64(q, 1),
		.value_cents = db_col_i64_or(q, 2, -1),
		.name = db_col_copy(q, 3, arena),
		.stage = db_col_copy(q, 4, arena),
		.state = db_col_copy(q, 5, arena),
		.currency = db_col_copy(q, 6, arena),
		.closes_on = db_col_copy(q, 7, arena),
		.owner = db_col_copy(q, 8, arena),
		.product = db_col_copy(q, 9, arena),
		.rival = db_col_copy(q, 10, arena),
		.account_name = db_col_copy(q, 11, arena),
		.industry = db_col_copy(q, 12, arena),
		.segment = db_col_copy(q, 13, arena),
		.region = db_col_copy(q, 14, arena),
	};
}

/* The first row, if any. */
static bool read_one(struct db_query *q, struct arena *arena, struct deal *out)
{
	bool found = db_step(q);
	if (found) {
		read_deal(q, arena, out);
	}
	db_done(q);
	return found;
}

int store_deal_find(struct store *s, struct str text, struct arena *arena, struct deal *out,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	int64_t row = 0;
	struct db_query *q = db_query(db, COLUMNS
		"WHERE o.external_id = $1 OR o.external_id LIKE '%:' || replace(replace($1, '%', ''),"
		" '_', '!_') ESCAPE '!' OR lower(o.name) = lower($1) OR o.id = $2"
		" ORDER BY o.external_id IS NOT NULL AND o.external_id = $1 DESC, lower(coalesce(o.name, ''))"
		" = lower($1) DESC, o.state = 'open' DESC, o.id DESC LIMIT 1");
	db_text(q, text);
	db_i64(q, str_i64(text, &row) ? row : 0);
	bool found = read_one(q, arena, out);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no opportunity '%.*s': hark import opportunities FILE brings "
				 "them in",
				 STR_FMT(str_cut_utf8(text, 80)))
		       : rc;
}

int store_deal_load(
	struct store *s, int64_t id, struct arena *arena, struct deal *out, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db, COLUMNS "WHERE o.id = $1");
	db_i64(q, id);
	bool found = read_one(q, arena, out);
	int rc = db_check(db, err);
	return rc == HARK_OK && !found ? hark_err_set(err, HARK_ENOENT, "the opportunity is gone")
				       : rc;
}

int store_deals_open(struct store *s, int64_t account, const char *system, size_t max,
	struct arena *arena, struct str **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	struct db_query *q = db_query(db,
		"SELECT substr(external_id, length($2) + 2) FROM opportunities WHERE account = $1"
		" AND state = 'open' AND external_id LIKE $2 || ':%' ORDER BY id LIMIT $3");
	db_i64(q, account);
	db_text_c(q, system);
	db_i64(q, (int64_t)max);
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = db_col_copy(q, 0, arena);
	}
	db_done(q);
	return db_check(db, err);
}

static bool is_late(const struct deal *d, const char *const *stages, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(d->stage, str_c(stages[i]))) {
			return true;
		}
	}
	return false;
}

int store_deals_late(struct store *s, const char *const *stages, size_t stages_n, bool untold,
	size_t max, struct arena *arena, struct deal **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct deal one;
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	if (stages_n == 0) {
		return HARK_OK;
	}
	/* Whoever was refused has asked, and has no reference. */
	struct db_query *q = db_query(db, COLUMNS
		"WHERE o.state = 'open' AND NOT EXISTS (SELECT 1 FROM reference_requests r WHERE"
		" r.opportunity = o.id AND r.state IN ('open', 'named', 'fulfilled')) AND ($1 = 0 OR"
		" NOT EXISTS (SELECT 1 FROM late_deals t WHERE t.opportunity = o.id))"
		" ORDER BY o.closes_on IS NULL, o.closes_on, o.id");
	db_i64(q, untold);
	while (*n < max && db_step(q)) {
		read_deal(q, arena, &one);
		if (is_late(&one, stages, stages_n) &&
			(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
			(*out)[(*n)++] = one;
		}
	}
	db_done(q);
	return db_check(db, err);
}

bool store_deal_replaced(struct store *s, int64_t account, struct str rival)
{
	if (str_empty(rival)) {
		return false;
	}
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM opportunities WHERE account = $1 AND state = 'won' AND lower(rival)"
		" = lower($2)");
	db_i64(q, account);
	db_text(q, rival);
	return db_run_i64(q, 0) > 0;
}

void store_deal_told(struct store *s, const struct deal *d, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO late_deals (opportunity, stage, told_ms) VALUES ($1, $2, $3)"
		" ON CONFLICT (opportunity) DO NOTHING");
	db_i64(q, d->id);
	db_text(q, d->stage);
	db_i64(q, now_ms);
	db_run(q);
}
