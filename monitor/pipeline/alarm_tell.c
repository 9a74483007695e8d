#include "monitor/pipeline/alarm_tell.h"

#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/store/alarms.h"
#include "monitor/store/outbox.h"

#include <stdlib.h>

#define ROWS_MAX 2000
#define LISTED_MAX 40
#define NAMES_MAX 3 /* in the title */
#define TEXT_BYTES 200
#define PAYLOAD_MAX 20000
/* Cleared for less may come back: an alarm that flaps is told of once. */
#define CLEARED_MS (INT64_C(3600) * 1000)

struct telling {
	struct store *store;
	const struct conf *conf;
	struct arena arena;
	struct alarm_row *rows;
	size_t n, raised;
	int64_t now_ms;
};

static bool is_configured(const struct conf *c, struct str name)
{
	for (size_t i = 0; i < c->sources_n; i++) {
		if (str_eq_c(name, c->sources[i].name)) {
			return true;
		}
	}
	return false;
}

/* Closes those of sources that are gone, and puts those that stand before those that are over. */
static void sort_out(struct telling *t)
{
	struct alarm_row *all = t->rows;
	size_t kept = 0;
	for (size_t i = 0; i < t->n; i++) {
		if (is_configured(t->conf, all[i].source)) {
			all[kept++] = all[i];
			continue;
		}
		store_alarm_clear(t->store, all[i].source, all[i].alarm, t->now_ms);
		store_alarm_told(t->store, all[i].id, t->now_ms);
	}
	t->n = kept;
	for (size_t i = 0; i < kept; i++) {
		if (all[i].cleared_ms == 0) {
			struct alarm_row row = all[i];
			all[i] = all[t->raised];
			all[t->raised++] = row;
		}
	}
}

static bool same_host(const struct telling *t)
{
	for (size_t i = 1; i < t->raised; i++) {
		if (!str_eq(t->rows[i].host, t->rows[0].host)) {
			return false;
		}
	}
	return t->raised > 1 && t->rows[0].host.n > 0;
}

static void add_names(const struct telling *t, size_t from, size_t until, struct buf *out)
{
	for (size_t i = from; i < until && i < from + NAMES_MAX; i++) {
		buf_printf(out, "%s%.*s (%s)", i > from ? ", " : "", STR_FMT(t->rows[i].source),
			alarm_name(t->rows[i].alarm));
	}
	if (until - from > NAMES_MAX) {
		buf_printf(out, " and %zu more", until - from - NAMES_MAX);
	}
}

/* "12 sources at forum.example need somebody: a (failing), b (failing), c (auth) and 9 more; …" */
static void write_title(const struct telling *t, struct buf *out)
{
	size_t over = t->n - t->raised;
	if (t->raised > 0) {
		bool one_host = same_host(t);
		buf_printf(out, "%s%s%.*s: ", COUNT(t->raised, "source alarm"),
			one_host ? " at " : "", STR_FMT(one_host ? t->rows[0].host : STR("")));
		add_names(t, 0, t->raised, out);
	}
	if (over > 0) {
		buf_printf(out, "%s%zu over: ", t->raised > 0 ? "; " : "", over);
		add_names(t, t->raised, t->n, out);
	}
}

static void write_row(const struct alarm_row *row, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "source", row->source);
	jsonout_key_str(j, "host", row->host);
	jsonout_key_c(j, "alarm", alarm_name(row->alarm));
	jsonout_key_str(j, "text", str_cut_utf8(row->text, TEXT_BYTES));
	jsonout_key_time(j, "raised", row->raised_ms);
	jsonout_key_time(j, "cleared", row->cleared_ms);
	jsonout_end_object(j);
}

static void write_payload(const struct telling *t, struct buf *out)
{
	struct jsonout j;
	struct buf title;
	buf_init(&title, 4096);
	write_title(t, &title);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", SOURCE_ALARM);
	jsonout_key_time(&j, "timestamp", t->now_ms);
	jsonout_key(&j, "data");
	jsonout_object(&j);
	jsonout_key_c(&j, "kind", CONF_KIND_SOURCE_ALARM);
	jsonout_key_str(&j, "title", buf_str(&title));
	jsonout_key_i64(&j, "raised", (int64_t)t->raised);
	jsonout_key_i64(&j, "cleared", (int64_t)(t->n - t->raised));
	jsonout_key(&j, "alarms");
	jsonout_array(&j);
	for (size_t i = 0; i < t->n && i < LISTED_MAX; i++) {
		write_row(&t->rows[i], &j);
	}
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	jsonout_end_object(&j);
	buf_release(&title);
}

/* A route without a kind is for leads. */
static bool wants_alarms(const struct conf_route *r)
{
	for (size_t i = 0; i < r->kinds_n; i++) {
		if (strcmp(r->kinds[i], CONF_KIND_SOURCE_ALARM) == 0) {
			return true;
		}
	}
	return false;
}

static bool reaches(const struct conf *c, size_t receiver)
{
	for (size_t i = 0; i < c->routes_n; i++) {
		const struct conf_route *r = &c->routes[i];
		for (size_t k = 0; k < r->receivers_n && wants_alarms(r); k++) {
			if (r->receivers[k] == receiver) {
				return true;
			}
		}
	}
	return false;
}

static int send_all(struct telling *t, size_t *made, struct hark_err *err)
{
	struct buf payload;
	int rc = HARK_OK;
	buf_init(&payload, PAYLOAD_MAX);
	write_payload(t, &payload);
	rc = payload.rc != HARK_OK ? hark_err_set(err, payload.rc, "no room for the alarms") : rc;
	for (size_t i = 0; i < t->conf->receivers_n && rc == HARK_OK; i++) {
		size_t one = 0;
		if (reaches(t->conf, i)) {
			rc = outbox_add(t->store, 0, str_c(t->conf->receivers[i].name),
				STR(SOURCE_ALARM), STR("normal"), buf_str(&payload), t->now_ms,
				&one, err);
		}
		*made += one;
	}
	buf_release(&payload);
	return rc;
}

int alarms_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	struct telling t = {.store = s, .conf = conf, .now_ms = now_ms};
	*made = 0;
	arena_init(&t.arena, 0);
	int rc = store_alarms_untold(s, now_ms - conf->alarms_gather_ms, now_ms - CLEARED_MS,
		ROWS_MAX, &t.arena, &t.rows, &t.n, err);
	if (rc == HARK_OK && t.n > 0) {
		sort_out(&t);
		rc = t.n > 0 ? send_all(&t, made, err) : HARK_OK;
	}
	for (size_t i = 0; rc == HARK_OK && i < t.n; i++) {
		store_alarm_told(s, t.rows[i].id, now_ms);
	}
	arena_release(&t.arena);
	return rc;
}
