#include "monitor/store/gaps.h"

#include "monitor/store/driver.h"

static const char *const names[] = {
	[GAP_NONE] = "",
	[GAP_STOPPED] = "stopped",
	[GAP_PAUSED] = "paused",
	[GAP_FAILING] = "failing",
	[GAP_OVERFLOW] = "overflow",
	[GAP_STREAM] = "stream",
};

#define CAUSES (sizeof(names) / sizeof(names[0]))

const char *gap_cause_name(enum gap_cause cause)
{
	return (size_t)cause < CAUSES ? names[cause] : "";
}

static enum gap_cause cause_of(struct str name)
{
	size_t i = 0;
	while (i < CAUSES && !str_eq_c(name, names[i])) {
		i++;
	}
	return i < CAUSES ? (enum gap_cause)i : GAP_NONE;
}

static void extend(struct db *db, struct str source, const struct gap *gap)
{
	struct db_query *q = db_query(db, "UPDATE gaps SET until_ms = $4, filled_ms = $5"
					  " WHERE source = $1 AND from_ms = $2 AND cause = $3");
	db_text(q, source);
	db_i64(q, gap->from_ms);
	db_text_c(q, gap_cause_name(gap->cause));
	db_i64(q, gap->until_ms);
	db_i64_unless(q, gap->filled_ms, 0);
	db_run(q);
}

/* Only the newest stay. */
static void cut(struct db *db, struct str source)
{
	struct db_query *q = db_query(db,
		"DELETE FROM gaps WHERE source = $1 AND from_ms < (SELECT from_ms FROM gaps"
		" WHERE source = $1 ORDER BY from_ms DESC LIMIT 1 OFFSET $2)");
	db_text(q, source);
	db_i64(q, GAPS_MAX - 1);
	db_run(q);
}

void store_gap_put(struct store *s, struct str source, const struct gap *gap)
{
	struct db *db = store_db(s);
	if (gap->cause == GAP_NONE) {
		return;
	}
	struct db_query *q =
		db_query(db, "INSERT INTO gaps (source, from_ms, cause, until_ms, filled_ms)"
			     " VALUES ($1, $2, $3, $4, $5)"
			     " ON CONFLICT (source, from_ms, cause) DO NOTHING");
	db_text(q, source);
	db_i64(q, gap->from_ms);
	db_text_c(q, gap_cause_name(gap->cause));
	db_i64(q, gap->until_ms);
	db_i64_unless(q, gap->filled_ms, 0);
	if (db_run(q) == 0) {
		extend(db, source, gap);
	} else {
		cut(db, source);
	}
}

int64_t store_gap_fill(
	struct store *s, struct str source, int64_t from_ms, int64_t until_ms, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE gaps SET filled_ms = $4 WHERE source = $1"
		" AND from_ms >= $2 AND until_ms <= $3 AND filled_ms IS NULL");
	db_text(q, source);
	db_i64(q, from_ms);
	db_i64(q, until_ms);
	db_i64(q, now_ms);
	return db_run(q);
}

void store_gaps_purge(struct store *s, int64_t before_ms)
{
	struct db_query *q = db_query(store_db(s), "DELETE FROM gaps WHERE until_ms < $1");
	db_i64(q, before_ms);
	db_run(q);
}

int store_gaps_each(struct store *s, struct str source, int64_t since_ms,
	bool (*fn)(void *ctx, struct str source, const struct gap *gap), void *ctx,
	struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		source.p != NULL ? "SELECT source, cause, from_ms, until_ms, filled_ms FROM gaps"
				   " WHERE until_ms > $1 AND source = $2 ORDER BY from_ms DESC"
				 : "SELECT source, cause, from_ms, until_ms, filled_ms FROM gaps"
				   " WHERE until_ms > $1 ORDER BY from_ms DESC, source");
	db_i64(q, since_ms);
	if (source.p != NULL) {
		db_text(q, source);
	}
	bool more = true;
	while (more && db_step(q)) {
		const struct gap gap = {.cause = cause_of(db_col_text(q, 1)),
			.from_ms = db_col_i64(q, 2),
			.until_ms = db_col_i64(q, 3),
			.filled_ms = db_col_i64(q, 4)};
		more = fn(ctx, db_col_text(q, 0), &gap);
	}
	db_done(q);
	return db_check(db, err);
}
