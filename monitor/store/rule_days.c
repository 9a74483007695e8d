#include "monitor/store/rule_days.h"

#include "monitor/store/driver.h"

#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))

struct rule_day {
	int64_t last_ms; /* of the day that is counted */
	int64_t counts[RULE_COUNTS];
	UT_hash_handle hh;
	size_t rule_n;
	char rule[]; /* the key, no NUL behind it */
};

static void write_day(struct db *db, const struct rule_day *d)
{
	struct db_query *q = db_query(db,
		"INSERT INTO rule_days (rule, day, last_ms, signals, shadow, sensitive, leads,"
		" undecided, lang_passed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT (rule, day) DO UPDATE SET last_ms = excluded.last_ms,"
		" signals = rule_days.signals + excluded.signals,"
		" shadow = rule_days.shadow + excluded.shadow,"
		" sensitive = rule_days.sensitive + excluded.sensitive,"
		" leads = rule_days.leads + excluded.leads,"
		" undecided = rule_days.undecided + excluded.undecided,"
		" lang_passed = rule_days.lang_passed + excluded.lang_passed");
	db_text(q, str_n(d->rule, d->rule_n));
	db_i64(q, d->last_ms / DAY_MS);
	db_i64(q, d->last_ms);
	for (size_t i = 0; i < RULE_COUNTS; i++) {
		db_i64(q, d->counts[i]);
	}
	db_run(q);
}

void rule_days_save(struct rule_day **days, struct db *db)
{
	struct rule_day *d, *next;
	HASH_ITER (hh, *days, d, next) {
		write_day(db, d);
	}
	rule_days_drop(days);
}

void rule_days_drop(struct rule_day **days)
{
	struct rule_day *d, *next;
	HASH_ITER (hh, *days, d, next) {
		HASH_DEL(*days, d);
		free(d);
	}
}

/* Not there yet: an empty one; NULL: no memory. */
static struct rule_day *day_of(struct rule_day **days, struct str rule)
{
	struct rule_day *d;
	HASH_FIND(hh, *days, rule.p, rule.n, d);
	if (d != NULL) {
		return d;
	}
	d = calloc(1, sizeof(*d) + rule.n);
	if (d == NULL) {
		return NULL;
	}
	memcpy(d->rule, rule.p, rule.n);
	d->rule_n = rule.n;
	HASH_ADD_KEYPTR(hh, *days, d->rule, d->rule_n, d);
	if (d->hh.tbl == NULL) {
		free(d);
		return NULL;
	}
	return d;
}

void store_rule_count(
	struct store *s, struct str rule, enum rule_count what, int64_t n, int64_t now_ms)
{
	struct db *db = store_db(s);
	struct rule_day **days = store_rule_days(s);
	struct rule_day *d = day_of(days, rule);
	if (d != NULL && d->last_ms != 0 && d->last_ms / DAY_MS != now_ms / DAY_MS) {
		rule_days_save(days, db); /* midnight */
		d = day_of(days, rule);
	}
	if (d == NULL) {
		db_fail(db, HARK_ENOMEM, "no memory for the counts of rules");
		return;
	}
	d->last_ms = now_ms;
	d->counts[what] += n;
	if (!db_in_transaction(db)) {
		rule_days_save(days, db);
	}
}
