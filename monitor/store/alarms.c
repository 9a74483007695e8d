#include "monitor/store/alarms.h"

#include "monitor/store/driver.h"

#define COLUMNS "id, source, host, kind, text, raised_ms, cleared_ms, told_ms IS NOT NULL"

static const char *const names[ALARMS] = {
	[ALARM_FAILING] = "failing",
	[ALARM_AUTH] = "refused",
	[ALARM_GONE] = "gone",
	[ALARM_SILENT] = "silent",
	[ALARM_STALE] = "stale",
	[ALARM_DRIFT] = "changed",
};

const char *alarm_name(enum source_alarm alarm)
{
	return (size_t)alarm < ALARMS ? names[alarm] : "";
}

static enum source_alarm alarm_of(struct str name)
{
	size_t i = 0;
	while (i < ALARMS && !str_eq_c(name, names[i])) {
		i++;
	}
	return (enum source_alarm)i;
}

/* The same one, which was gone for a while only. */
static bool raise_again(
	struct db *db, struct str source, enum source_alarm alarm, struct str text, int64_t now_ms)
{
	struct db_query *q = db_query(db,
		"UPDATE source_alarms SET cleared_ms = NULL, text = $3, told_ms = CASE WHEN"
		" told_clear_ms IS NULL THEN told_ms END, told_clear_ms = NULL"
		" WHERE source = $1 AND kind = $2 AND (cleared_ms IS NULL OR cleared_ms > $4)");
	db_text(q, source);
	db_text_c(q, alarm_name(alarm));
	db_text(q, text);
	db_i64(q, now_ms - ALARM_AGAIN_MS);
	return db_run(q) > 0;
}

void store_alarm_raise(struct store *s, struct str source, struct str host, enum source_alarm alarm,
	struct str text, int64_t now_ms)
{
	struct db *db = store_db(s);
	if (raise_again(db, source, alarm, text, now_ms)) {
		return;
	}
	struct db_query *q =
		db_query(db, "INSERT INTO source_alarms (source, host, kind, text, raised_ms)"
			     " VALUES ($1, $2, $3, $4, $5)");
	db_text(q, source);
	db_text(q, host);
	db_text_c(q, alarm_name(alarm));
	db_text(q, text);
	db_i64(q, now_ms);
	db_run(q);
}

void store_alarm_clear(struct store *s, struct str source, enum source_alarm alarm, int64_t now_ms)
{
	struct db_query *q =
		db_query(store_db(s), "UPDATE source_alarms SET cleared_ms = $3 WHERE source = $1"
				      " AND kind = $2 AND cleared_ms IS NULL");
	db_text(q, source);
	db_text_c(q, alarm_name(alarm));
	db_i64(q, now_ms);
	db_run(q);
}

static struct alarm_row read_row(struct db_query *q)
{
	return (struct alarm_row){
		.id = db_col_i64(q, 0),
		.source = db_col_text(q, 1),
		.host = db_col_text(q, 2),
		.alarm = alarm_of(db_col_text(q, 3)),
		.text = db_col_text(q, 4),
		.raised_ms = db_col_i64(q, 5),
		.cleared_ms = db_col_i64(q, 6),
		.told = db_col_i64(q, 7) != 0,
	};
}

int store_alarms_standing(struct store *s, struct str source,
	bool (*fn)(void *ctx, const struct alarm_row *row), void *ctx, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct db_query *q = db_query(db,
		source.p != NULL ? "SELECT " COLUMNS " FROM source_alarms WHERE cleared_ms IS NULL"
				   " AND source = $1 ORDER BY id"
				 : "SELECT " COLUMNS
				   " FROM source_alarms WHERE cleared_ms IS NULL ORDER BY id");
	if (source.p != NULL) {
		db_text(q, source);
	}
	bool more = true;
	while (more && db_step(q)) {
		const struct alarm_row row = read_row(q);
		more = fn(ctx, &row);
	}
	db_done(q);
	return db_check(db, err);
}

int store_alarms_untold(struct store *s, int64_t raised_before, int64_t cleared_before, size_t max,
	struct arena *arena, struct alarm_row **rows, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct alarm_row *v = NULL;
	size_t cap = 0;
	struct db_query *q = db_query(db,
		"SELECT " COLUMNS
		" FROM source_alarms WHERE (told_ms IS NULL AND cleared_ms IS NULL"
		" AND raised_ms <= $1) OR (told_ms IS NOT NULL AND told_clear_ms IS NULL"
		" AND cleared_ms <= $2) ORDER BY id LIMIT $3");
	db_i64(q, raised_before);
	db_i64(q, cleared_before);
	db_i64(q, (int64_t)max);
	*n = 0;
	while (db_step(q)) {
		v = arena_grow(arena, v, *n, &cap, sizeof(*v));
		if (v == NULL) {
			*n = 0;
			db_fail(db, HARK_ENOMEM, "no memory for the alarms");
			break;
		}
		v[*n] = read_row(q);
		v[*n].source = db_col_copy(q, 1, arena);
		v[*n].host = db_col_copy(q, 2, arena);
		v[(*n)++].text = db_col_copy(q, 4, arena);
	}
	db_done(q);
	*rows = v;
	return db_check(db, err);
}

void store_alarm_told(struct store *s, int64_t id, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"UPDATE source_alarms SET told_clear_ms = CASE WHEN cleared_ms IS NOT NULL THEN $2 END,"
		" told_ms = coalesce(told_ms, $2) WHERE id = $1");
	db_i64(q, id);
	db_i64(q, now_ms);
	db_run(q);
}

void store_alarms_purge(struct store *s, int64_t before_ms)
{
	struct db_query *q =
		db_query(store_db(s), "DELETE FROM source_alarms WHERE cleared_ms < $1");
	db_i64(q, before_ms);
	db_run(q);
	q = db_query(store_db(s), "DELETE FROM outbox WHERE lead IS NULL AND done_ms < $1");
	db_i64(q, before_ms);
	db_run(q);
}
