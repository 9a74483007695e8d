/* The reports about references and about what was found (monitor/references/reports.h, monitor/leads/reports.h), as hark
 * report has them. */
#include "monitor/api/api_in.h"

#include "monitor/api/list_view.h"
#include "monitor/api/words.h"
#include "monitor/leads/reports.h"
#include "monitor/references/reports.h"

#define DAYS_MAX 3660
#define DAY_MS (24 * 3600 * INT64_C(1000))

static void write_columns(struct jsonout *j, const struct report_rows *r)
{
	static const char *const types[] = {[REPORT_TEXT] = "text",
		[REPORT_COUNT] = "count",
		[REPORT_NUMBER] = "number",
		[REPORT_SHARE] = "number",
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

#define EMPTY_MAX 1000
static void answer_json(struct call *c, const struct report_rows *r, const char *empty)
{
	struct buf words;
	buf_init(&words, EMPTY_MAX);
	words_for_pages(str_c(empty), &words);
	jsonout_object(&c->j);
	write_columns(&c->j, r);
	jsonout_key(&c->j, "items");
	report_rows_json(r, &c->j);
	jsonout_key_str(&c->j, "empty", r->n == 0 ? buf_str(&words) : STR_NONE);
	jsonout_end_object(&c->j);
	buf_release(&words);
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

/* The name is in the path. */
static void answer(struct call *c, int rc, bool csv, struct report_rows *rows, const char *empty,
	struct hark_err *err)
{
	if (rc != HARK_OK) {
		call_fail(c, err);
	} else if (csv) {
		report_rows_csv(rows, &c->out);
		call_answer_table(c, c->arg);
	} else {
		answer_json(c, rows, empty);
	}
	report_rows_release(rows);
}

/* What the query asks of every report. False: answered. */
static bool read_query(struct call *c, bool *csv, int64_t *since_ms)
{
	int64_t days;
	if (!call_wants_csv(c, csv) || !call_number(c, "days", 1, DAYS_MAX, 0, &days)) {
		return false;
	}
	*since_ms = days > 0 ? c->now_ms - days * DAY_MS : 0;
	return true;
}

static void answer_leads(struct call *c, const struct lead_report_kind *k)
{
	struct lead_report_filter f = {.now_ms = c->now_ms,
		.kind = http_query(c->x, "kind"),
		.rule = http_query(c->x, "rule")};
	struct report_rows rows;
	struct hark_err err = {0};
	enum signal_kind known;
	bool csv;
	if (c->who.role != ROLE_ADMIN) {
		call_refuse(
			c, 403, "this report tells of leads of every class: it is for an admin");
		return;
	}
	if (!read_query(c, &csv, &f.since_ms) || !call_flag(c, "all", &f.all)) {
		return;
	}
	if (f.kind.p != NULL && !signal_kind_parse(f.kind, &known)) {
		call_refuse(c, 400, "there is no kind of lead '%.*s'",
			STR_FMT(str_cut_utf8(f.kind, 40)));
		return;
	}
	lead_report_init(k, &rows);
	int rc = lead_report_read(c->store, c->setup->conf, k, &f, &rows, &err);
	answer(c, rc, csv, &rows, lead_report_empty(k), &err);
}

static void answer_references(struct call *c, const struct reference_report_kind *k)
{
	struct reference_report_filter f = {
		.now_ms = c->now_ms, .seen_as = str_c(role_class(c->who.role))};
	struct report_rows rows = {0};
	struct hark_err err = {0};
	int64_t after;
	bool csv;
	if (!read_query(c, &csv, &f.since_ms) ||
		!call_number(c, "after", 1, DAYS_MAX, REFERENCES_STUCK_MS / DAY_MS, &after)) {
		return;
	}
	f.stuck_ms = c->now_ms - after * DAY_MS;
	int rc = reference_report_read(c->store, c->setup->conf, k, &f, &rows, &err);
	answer(c, rc, csv, &rows, reference_report_empty(k), &err);
}

void reports_show(struct call *c)
{
	const struct lead_report_kind *found = lead_report_named(c->arg);
	const struct reference_report_kind *kept = reference_report_named(c->arg);
	if (answer_list(c)) {
		return;
	}
	if (found != NULL) {
		answer_leads(c, found);
	} else if (kept != NULL) {
		answer_references(c, kept);
	} else {
		call_refuse(c, 404,
			"there is no report of that name: clock, late, lent; " REFERENCE_REPORTS
			"; " LEAD_REPORTS);
	}
}
