/* How it goes with requests for references: how long they wait, which deals have none, who lends. */
#include "monitor/references/lists_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/stats.h"
#include "monitor/store/deals.h"
#include "monitor/store/requests.h"

#include <string.h>

#define ALL 100000

/* ---- the clock ---- */

static const struct sheet_column clock_columns[] = {{"month", "month", SHEET_TEXT, false},
	{"requests", "requests", SHEET_NUMBER, false}, {"named", "named", SHEET_NUMBER, false},
	{"p50_ms", "half within", SHEET_SPAN, false}, {"p95_ms", "95 % within", SHEET_SPAN, false},
	{"in_time", "in time", SHEET_NUMBER, false}, {"late", "late", SHEET_NUMBER, false},
	{"waiting", "waiting", SHEET_NUMBER, false}};

/* Those of one month from `i` on; what the policy refused was never waited for. Returns where the next begins. */
static size_t add_month(const struct reader *who, struct sheet *s, const struct request *v,
	size_t n, size_t i, int64_t *waits)
{
	char month[CLOCK_TEXT_MAX], other[CLOCK_TEXT_MAX];
	size_t asked = 0, named = 0, in_time = 0, late = 0, waiting = 0;
	int64_t target = who->conf->references.first_ms;
	clock_rfc3339(v[i].created_ms, month)[7] = '\0';
	for (; i < n; i++) {
		clock_rfc3339(v[i].created_ms, other)[7] = '\0';
		if (strcmp(month, other) != 0) {
			break;
		}
		if (v[i].rule.p != NULL) {
			continue;
		}
		bool has = v[i].first_ms != 0;
		int64_t until = has                  ? v[i].first_ms
				: v[i].ended_ms != 0 ? v[i].ended_ms
						     : who->now_ms;
		bool is_late = until - v[i].created_ms > target;
		asked++;
		in_time += has && !is_late;
		late += is_late;
		waiting += !has && v[i].ended_ms == 0;
		if (has) {
			waits[named++] = until - v[i].created_ms;
		}
	}
	sheet_text_c(s, month);
	sheet_number(s, (int64_t)asked);
	sheet_number(s, (int64_t)named);
	sheet_number(s, named > 0 ? percentile(waits, named, 50) : SHEET_NONE);
	sheet_number(s, named > 0 ? percentile(waits, named, 95) : SHEET_NONE);
	sheet_number(s, (int64_t)in_time);
	sheet_number(s, (int64_t)late);
	sheet_number(s, (int64_t)waiting);
	return i;
}

static int fill_clock(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	const struct request_filter which = {.max = ALL, .now_ms = who->now_ms};
	struct request *v;
	size_t n;
	(void)f;
	int rc = store_requests(who->store, &which, who->arena, &v, &n, err);
	int64_t *waits = rc == HARK_OK ? arena_alloc(who->arena, (n + 1) * sizeof(*waits)) : NULL;
	if (rc == HARK_OK && waits == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the requests");
	}
	for (size_t i = 0; rc == HARK_OK && i < n;) {
		i = add_month(who, s, v, n, i, waits);
	}
	return rc;
}

const struct list_kind list_clock = {
	LIST_COLUMNS(clock_columns), "nobody has asked for a reference yet", false, fill_clock};

/* ---- late deals, lent and borrowed ---- */

static const struct sheet_column late_columns[] = {{"opportunity", "opportunity", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"stage", "stage", SHEET_TEXT, false},
	{"closes", "closes", SHEET_TEXT, false}, {"value_cents", NULL, SHEET_NUMBER, false},
	{"currency", NULL, SHEET_TEXT, false}, {"owner", "owner", SHEET_TEXT, false}};

static int fill_late(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	const struct conf_refs *refs = &who->conf->references;
	struct deal *v;
	size_t n;
	(void)f;
	int rc = store_deals_late(who->store, refs->late_stages, refs->late_stages_n, false, ALL,
		who->arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		sheet_text(s, v[i].name);
		sheet_text(s, v[i].account_name);
		sheet_text(s, v[i].stage);
		sheet_text(s, v[i].closes_on);
		sheet_number(s, v[i].value_cents >= 0 ? v[i].value_cents : SHEET_NONE);
		sheet_text(s, v[i].currency);
		sheet_text(s, v[i].owner);
	}
	return rc;
}

const struct list_kind list_late = {LIST_COLUMNS(late_columns),
	"no deal at a stage of references.late-stage is without a request", false, fill_late};

static const struct sheet_column lent_columns[] = {{"name", "who", SHEET_TEXT, true},
	{"lent", "lent", SHEET_NUMBER, false}, {"borrowed", "borrowed", SHEET_NUMBER, false},
	{"balance", "balance", SHEET_NUMBER, false}};

static int fill_lent(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct lending *v;
	size_t n;
	(void)f;
	int rc = store_lending(who->store, who->arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		sheet_text(s, v[i].who);
		sheet_number(s, v[i].lent);
		sheet_number(s, v[i].borrowed);
		sheet_number(s, v[i].lent - v[i].borrowed);
	}
	return rc;
}

const struct list_kind list_lent = {LIST_COLUMNS(lent_columns),
	"nobody has lent or borrowed a reference yet", false, fill_lent};
