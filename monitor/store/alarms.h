/* Alarms of sources: one row from when it is raised until it is cleared, and whether it was told. Inside the
 * caller's transaction, where it writes. */
#ifndef HARK_STORE_ALARMS_H
#define HARK_STORE_ALARMS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum source_alarm {
	ALARM_FAILING,
	ALARM_AUTH,   /* it refuses us */
	ALARM_GONE,   /* 410 */
	ALARM_SILENT, /* no news for much longer than usual */
	ALARM_STALE,  /* the same page again and again */
	ALARM_DRIFT,  /* its format has changed */
	ALARMS,
};

/* "failing" …; "" for anything else. */
const char *alarm_name(enum source_alarm alarm);

struct alarm_row {
	int64_t id;
	struct str source, host; /* host: absent if it has none */
	enum source_alarm alarm;
	struct str text;               /* one sentence */
	int64_t raised_ms, cleared_ms; /* 0: it stands */
	bool told;
};

#define ALARMS_KEEP_MS (INT64_C(30) * 24 * 3600 * 1000) /* after they are cleared */
/* One that comes back so soon is the same. */
#define ALARM_AGAIN_MS (INT64_C(6) * 3600 * 1000)

void store_alarm_raise(struct store *s, struct str source, struct str host, enum source_alarm alarm,
	struct str text, int64_t now_ms);
void store_alarm_clear(struct store *s, struct str source, enum source_alarm alarm, int64_t now_ms);
/* Those that stand, of one source or (absent) all, oldest first. Borrowed until `fn` returns, false to stop. */
int store_alarms_standing(struct store *s, struct str source,
	bool (*fn)(void *ctx, const struct alarm_row *row), void *ctx, struct hark_err *err);
/* Those nobody was told of: raised before `raised_before`, or told and cleared before `cleared_before`. In
 * `arena`, at most `max`. */
int store_alarms_untold(struct store *s, int64_t raised_before, int64_t cleared_before, size_t max,
	struct arena *arena, struct alarm_row **rows, size_t *n, struct hark_err *err);
/* It has been told, as it stands. */
void store_alarm_told(struct store *s, int64_t id, int64_t now_ms);
/* Forgets what was cleared before `before_ms`, with messages that were delivered by then. */
void store_alarms_purge(struct store *s, int64_t before_ms);

#endif
