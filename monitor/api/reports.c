/* The reports about references (monitor/references/reports.h), as hark report has them. */
#include "monitor/api/api_in.h"

#include "monitor/api/list_view.h"
#include "monitor/references/reports.h"

#define DAYS_MAX 3660
#define DAY_MS (24 * 3600 * INT64_C(1000))

static void write_columns(struct jsonout *j, const struct report_rows *r)
{
	static const char *const types[] = {[REPORT_TEXT] = "text",
		[REPORT_COUNT] = "count",
		[REPORT_NUMBER] = "number",
		[REPORT_TIME] = "time"};
	jsonout_key(j, "columns");
	jsonout_array(j);
	for (size_t i = 0; i < r->columns_n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "key", r->columns[i].key);
		jsonout_key_c(j, "title", r->columns[i].title);
		jsonout_key_c(j, "type", types[r->columns[i].type]);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void answer_json(struct call *c, const struct report_rows *r, const char *empty)
{
	jsonout_object(&c->j);
	write_columns(&c->j, r);
	jsonout_key(&c->j, "items");
	report_rows_json(r, &c->j);
	jsonout_key_c(&c->j, "empty", r->n == 0 ? empty : NULL);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}

/* What hark references tells of requests. */
static const struct {
	const char *name;
	enum list list;
} lists[] = {{"clock", LIST_CLOCK}, {"late", LIST_LATE}, {"lent", LIST_LENT}};

/* False: it is none of them. */
static bool answer_list(struct call *c)
{
	const struct list_filter f = {0};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (str_eq_c(c->arg, lists[i].name)) {
			list_answer(c, lists[i].name, lists[i].list, &f, true);
			return true;
		}
	}
	return false;
}

void reports_show(struct call *c)
{
	struct reference_report_filter f = {
		.now_ms = c->now_ms, .seen_as = str_c(role_class(c->who.role))};
	struct report_rows rows = {0};
	struct hark_err err = {0};
	int64_t days, after;
	bool csv;
	if (answer_list(c)) {
		return;
	}
	const struct reference_report_kind *k = reference_report_named(c->arg);
	if (k == NULL) {
		call_refuse(c, 404,
			"there is no report of that name: clock, late, lent, " REFERENCE_REPORTS);
		return;
	}
	if (!call_wants_csv(c, &csv) || !call_number(c, "days", 1, DAYS_MAX, 0, &days) ||
		!call_number(c, "after", 1, DAYS_MAX, REFERENCES_STUCK_MS / DAY_MS, &after)) {
		return;
	}
	f.since_ms = days > 0 ? c->now_ms - days * DAY_MS : 0;
	f.stuck_ms = c->now_ms - after * DAY_MS;
	if (reference_report_read(c->store, c->setup->conf, k, &f, &rows, &err) != HARK_OK) {
		call_fail(c, &err);
	} else if (csv) {
		report_rows_csv(&rows, &c->out);
		call_answer_table(c, c->arg);
	} else {
		answer_json(c, &rows, reference_report_empty(k));
	}
	report_rows_release(&rows);
}
