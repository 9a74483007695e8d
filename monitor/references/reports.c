#include "monitor/references/reports.h"

#include "monitor/base/clock.h"
#include "monitor/references/reports_in.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define COLUMNS_MAX 8

/* What a cell of the store is, beside what it is shown as. */
enum shape {
	AS_IT_IS,
	DAYS,       /* of ms */
	HUNDREDTHS, /* of a number */
	DATE,       /* a text, or ms */
	SHARE_OF_ANSWERS,
};

struct reference_report_kind {
	const char *name;
	enum reference_report report;
	const char *empty;
	struct report_column columns[COLUMNS_MAX]; /* ends with a key of NULL */
	enum shape shapes[COLUMNS_MAX];
	/* NULL: what the store has, row by row. */
	int (*make)(struct store *s, const struct conf *conf,
		const struct reference_report_filter *f, struct report_rows *rows,
		struct hark_err *err);
};

struct making {
	const struct reference_report_kind *kind;
	struct report_rows *rows;
};

static size_t columns_of(const struct reference_report_kind *k)
{
	size_t n = 0;
	while (n < COLUMNS_MAX && k->columns[n].key != NULL) {
		n++;
	}
	return n;
}

static void add_date(struct report_rows *r, const struct reference_report_cell *c)
{
	char day[CLOCK_TEXT_MAX];
	bool is_text = c->text.n > 0;
	report_text(r, is_text ? c->text : str_n(clock_rfc3339(c->n, day), 10));
}

static void add_cell(struct report_rows *r, const struct report_column *column, enum shape shape,
	const struct reference_report_cell *c)
{
	if (!c->is_there) {
		report_none(r);
	} else if (shape == DAYS) {
		report_number(r, (double)c->n / (double)DAY_MS);
	} else if (shape == HUNDREDTHS) {
		report_number(r, (double)c->n / 100);
	} else if (shape == DATE) {
		add_date(r, c);
	} else if (column->type == REPORT_TEXT) {
		report_text(r, c->text);
	} else if (column->type == REPORT_TIME) {
		report_time(r, c->n);
	} else {
		report_count(r, c->n);
	}
}

/* Of those who were asked and answered, or let it lapse. */
static void add_share(struct report_rows *r, const struct reference_report_cell *row)
{
	int64_t ended = row[2].n + row[3].n + row[4].n;
	if (ended == 0) {
		report_none(r);
	} else {
		report_number(r, 100.0 * (double)row[2].n / (double)ended);
	}
}

static void take(void *ctx, const struct reference_report_cell *row)
{
	struct making *m = ctx;
	const struct reference_report_kind *k = m->kind;
	for (size_t i = 0; i < m->rows->columns_n; i++) {
		if (k->shapes[i] == SHARE_OF_ANSWERS) {
			add_share(m->rows, row);
		} else {
			add_cell(m->rows, &k->columns[i], k->shapes[i], &row[i]);
		}
	}
}

/* ---- by month ---- */

enum { FOUND, NOMINATED, ASKED, PERMITTED, USED, STEPS };

struct months {
	struct making *m;
	char month[8]; /* "2026-11" of the numbers in hand */
	int64_t n[STEPS], before;
	bool any;
};

static void end_month(struct months *v)
{
	struct report_rows *r = v->m->rows;
	int64_t fresh = v->n[FOUND] + v->n[NOMINATED];
	if (v->month[0] == '\0') {
		return;
	}
	report_text(r, str_c(v->month));
	for (size_t i = 0; i < STEPS; i++) {
		report_count(r, v->n[i]);
	}
	if (v->any && v->before > 0) {
		report_number(r, 100.0 * (double)(fresh - v->before) / (double)v->before);
	} else {
		report_none(r);
	}
	v->before = fresh;
	v->any = true;
	memset(v->n, 0, sizeof(v->n));
}

/* In the order of time. */
static void take_step(void *ctx, const struct reference_report_cell *row)
{
	static const char *const steps[STEPS] = {
		"found", "nominated", "asked", "permitted", "used"};
	struct months *v = ctx;
	char at[CLOCK_TEXT_MAX];
	clock_rfc3339(row[1].n, at);
	if (strncmp(v->month, at, 7) != 0) {
		end_month(v);
		snprintf(v->month, sizeof(v->month), "%.7s", at);
	}
	for (size_t i = 0; i < STEPS; i++) {
		v->n[i] += str_eq_c(row[0].text, steps[i]);
	}
}

#define TEXT_OF(key, title)                   \
	{                                     \
		key, title, REPORT_TEXT, true \
	}
#define WORD_OF(key, title)                    \
	{                                      \
		key, title, REPORT_TEXT, false \
	}
#define COUNT_OF(key, title)                    \
	{                                       \
		key, title, REPORT_COUNT, false \
	}
#define NUMBER_OF(key, title)                    \
	{                                        \
		key, title, REPORT_NUMBER, false \
	}
#define TIME_OF(key, title)                    \
	{                                      \
		key, title, REPORT_TIME, false \
	}
#define REFERENCE_COLUMNS                                                                          \
	COUNT_OF("reference", "reference"), TEXT_OF("name", "who"), TEXT_OF("account", "account"), \
		WORD_OF("permission", "permission")

static const struct reference_report_kind kinds[] = {
	{"funnel", REFERENCES_STEPS, "no references yet: see `hark references list`",
		{WORD_OF("month", "month"), COUNT_OF("found", "found"),
			COUNT_OF("nominated", "nominated"), COUNT_OF("asked", "asked"),
			COUNT_OF("permitted", "permitted"), COUNT_OF("used", "used"),
			NUMBER_OF("growth", "growth %")},
		{AS_IT_IS}},
	{"stages", REFERENCES_STAGES, "no references yet: see `hark references list`",
		{WORD_OF("permission", "permission"), COUNT_OF("references", "references"),
			NUMBER_OF("mean_days", "mean days"), NUMBER_OF("oldest_days", "oldest"),
			COUNT_OF("stuck", "stuck")},
		{AS_IT_IS, AS_IT_IS, DAYS, DAYS, AS_IT_IS}},
	{"stuck", REFERENCES_STUCK,
		"no reference is stuck: each has moved on within the time of --after",
		{REFERENCE_COLUMNS, TEXT_OF("owner", "owner"), TEXT_OF("waits_for", "waits for"),
			NUMBER_OF("days", "days")},
		{AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, DAYS}},
	{"holds", REFERENCES_HOLDS, "no reference is on hold",
		{TEXT_OF("owner", "owner"), TEXT_OF("reason", "reason"),
			COUNT_OF("references", "references"), TIME_OF("first_end", "first ends"),
			TIME_OF("last_end", "last ends")},
		{AS_IT_IS}},
	{"supporters", REFERENCES_SUPPORTERS,
		"nobody has answered or praised in a private community: see `visibility` of sources",
		{TEXT_OF("name", "who"), TEXT_OF("handle", "handle"),
			COUNT_OF("answers", "answers"), COUNT_OF("praise", "praise"),
			COUNT_OF("complaints", "complaints"), TIME_OF("first", "first seen"),
			TIME_OF("last", "last seen")},
		{AS_IT_IS}},
	{"outsiders", REFERENCES_OUTSIDERS,
		"no customer outside the program has praised: nobody to thank",
		{REFERENCE_COLUMNS, COUNT_OF("statements", "statements"), TIME_OF("last", "last"),
			TIME_OF("thanked", "thanked"), TEXT_OF("thanked_by", "by")},
		{AS_IT_IS}},
	{"imports", REFERENCES_IMPORTS, "nothing is imported: see `hark import`",
		{WORD_OF("kind", "what"), TEXT_OF("system", "system"), TEXT_OF("file", "file"),
			COUNT_OF("records", "records"), TIME_OF("at", "imported"),
			NUMBER_OF("days", "days ago")},
		{AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, DAYS}},
	{"satisfaction", REFERENCES_SATISFACTION,
		"no account has answered a survey or said anything in public: hark import surveys FILE",
		{TEXT_OF("account", "account"), TEXT_OF("measure", "measure"), COUNT_OF("n", "n"),
			NUMBER_OF("mean", "mean"), NUMBER_OF("scale", "of"),
			WORD_OF("first", "first"), WORD_OF("last", "last")},
		{AS_IT_IS, AS_IT_IS, AS_IT_IS, HUNDREDTHS, HUNDREDTHS, DATE, DATE}},
	{"approvals", REFERENCES_APPROVALS, "nobody was asked for a permission yet",
		{TEXT_OF("owner", "owner"), COUNT_OF("asked", "asked"),
			COUNT_OF("granted", "granted"), COUNT_OF("refused", "refused"),
			COUNT_OF("expired", "expired"), COUNT_OF("waiting", "waiting"),
			NUMBER_OF("mean_days", "mean days"), NUMBER_OF("approval", "approved %")},
		{AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, DAYS,
			SHARE_OF_ANSWERS}},
	{"at-risk", REFERENCES_AT_RISK, "no reference is at risk: nobody has moved",
		{REFERENCE_COLUMNS, TEXT_OF("why", "why"), TIME_OF("since", "since")}, {AS_IT_IS}},
	{"origins", REFERENCES_ORIGINS, "no references yet: see `hark references list`",
		{WORD_OF("origin", "origin"), COUNT_OF("references", "references"),
			COUNT_OF("asked", "asked"), COUNT_OF("permitted", "permitted"),
			COUNT_OF("refused", "refused"), COUNT_OF("used", "used")},
		{AS_IT_IS}},
	{.name = "value",
		.empty =
			"no won deal has anything to do with what was found, or with a reference: hark "
			"import opportunities FILE",
		.columns = {WORD_OF("by", "by"), TEXT_OF("what", "what"),
			WORD_OF("currency", "currency"), COUNT_OF("sourced_deals", "deals sourced"),
			NUMBER_OF("sourced", "value"),
			COUNT_OF("influenced_deals", "deals influenced"),
			NUMBER_OF("influenced", "value")},
		.make = report_make_value},
	{.name = "cycle",
		.empty = "no deal is won: hark import opportunities FILE",
		.columns = {WORD_OF("deals", "deals"), COUNT_OF("n", "n"),
			NUMBER_OF("mean_days", "mean days"), NUMBER_OF("median_days", "median"),
			COUNT_OF("undated", "without dates")},
		.make = report_make_cycle},
};

const struct reference_report_kind *reference_report_named(struct str name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_eq_c(name, kinds[i].name)) {
			return &kinds[i];
		}
	}
	return NULL;
}

const char *reference_report_empty(const struct reference_report_kind *k)
{
	return k->empty;
}

static int make(struct store *s, const struct reference_report_kind *k,
	const struct reference_report_filter *f, struct report_rows *rows, struct hark_err *err)
{
	struct making m = {.kind = k, .rows = rows};
	struct months months = {.m = &m};
	bool by_month = k->report == REFERENCES_STEPS;
	int rc = store_reference_report(
		s, k->report, f, by_month ? take_step : take, by_month ? (void *)&months : &m, err);
	end_month(&months);
	return rc;
}

int reference_report_read(struct store *s, const struct conf *conf,
	const struct reference_report_kind *k, const struct reference_report_filter *f,
	struct report_rows *rows, struct hark_err *err)
{
	report_rows_init(rows, k->columns, columns_of(k));
	int rc = k->make != NULL ? k->make(s, conf, f, rows, err) : make(s, k, f, rows, err);
	return rc == HARK_OK && rows->no_memory
		       ? hark_err_set(
				 err, HARK_ENOMEM, "no memory for the report: ask for less time")
		       : rc;
}
