/* The reports about references (monitor/references/reports.h), as hark report has them. */
#include "monitor/api/api_in.h"

#include "monitor/references/reports.h"

#include <stdio.h>

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

static void answer_csv(struct call *c, const struct report_rows *r)
{
	char named[64];
	report_rows_csv(r, &c->out);
	if (!call_note(c)) {
		return;
	}
	snprintf(named, sizeof(named), "attachment; filename=\"%.*s.csv\"", STR_FMT(c->arg));
	http_header(c->x, "Content-Disposition", named);
	call_answer_as(c, 200, "text/csv; charset=utf-8");
}

void reports_show(struct call *c)
{
	struct reference_report_filter f = {
		.now_ms = c->now_ms, .seen_as = str_c(role_class(c->who.role))};
	struct report_rows rows = {0};
	struct hark_err err = {0};
	struct str format = http_query(c->x, "format");
	int64_t days, after;
	const struct reference_report_kind *k = reference_report_named(c->arg);
	if (k == NULL) {
		call_refuse(c, 404, "there is no report of that name: " REFERENCE_REPORTS);
		return;
	}
	if (format.p != NULL && !str_eq_c(format, "json") && !str_eq_c(format, "csv")) {
		call_refuse(c, 400, "'format' is json or csv");
		return;
	}
	if (!call_number(c, "days", 1, DAYS_MAX, 0, &days) ||
		!call_number(c, "after", 1, DAYS_MAX, REFERENCES_STUCK_MS / DAY_MS, &after)) {
		return;
	}
	f.since_ms = days > 0 ? c->now_ms - days * DAY_MS : 0;
	f.stuck_ms = c->now_ms - after * DAY_MS;
	if (reference_report_read(c->store, c->setup->conf, k, &f, &rows, &err) != HARK_OK) {
		call_fail(c, &err);
	} else if (str_eq_c(format, "csv")) {
		answer_csv(c, &rows);
	} else {
		answer_json(c, &rows, reference_report_empty(k));
	}
	report_rows_release(&rows);
}
