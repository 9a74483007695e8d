/* What became of leads, as a table that a CRM gives out: each row closes one, as somebody would who claims, answers
 * and closes it. Rows that cannot be taken are named with their line and why; the others count. */
#include "monitor/api/api_in.h"

#include "monitor/base/csv.h"
#include "monitor/leads/work.h"
#include "monitor/model/id.h"
#include "monitor/store/leads.h"

#define ROWS_MAX 10000

/* The columns of our own exports, and of those two systems' own. */
static const char *const id_names[] = {"lead", "Hark Lead ID", "HarkLeadId__c", NULL};
static const char *const outcome_names[] = {"outcome", "state", "Lead Status", "Status", NULL};
static const char *const value_names[] = {"value", "Amount", NULL};
static const char *const currency_names[] = {"currency", "Currency", "CurrencyIsoCode", NULL};

enum outcome {
	OUTCOME_OPEN, /* nothing is decided yet */
	OUTCOME_WON,
	OUTCOME_LOST,
	OUTCOME_NONE, /* it says nothing that is known */
};

static const struct {
	const char *word;
	enum outcome is;
} words[] = {
	{"won", OUTCOME_WON},
	{"lost", OUTCOME_LOST},
	{"closed won", OUTCOME_WON},
	{"closed lost", OUTCOME_LOST},
	{"closed - converted", OUTCOME_WON},
	{"closed - not converted", OUTCOME_LOST},
	{"open deal", OUTCOME_WON},
	{"unqualified", OUTCOME_LOST},
	{"new", OUTCOME_OPEN},
	{"open", OUTCOME_OPEN},
	{"claimed", OUTCOME_OPEN},
	{"answered", OUTCOME_OPEN},
	{"snoozed", OUTCOME_OPEN},
	{"dismissed", OUTCOME_OPEN},
	{"in progress", OUTCOME_OPEN},
	{"connected", OUTCOME_OPEN},
	{"bad timing", OUTCOME_OPEN},
	{"attempted to contact", OUTCOME_OPEN},
	{"open - not contacted", OUTCOME_OPEN},
	{"working - contacted", OUTCOME_OPEN},
};

static enum outcome read_outcome(struct str text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq_nocase(text, str_c(words[i].word))) {
			return words[i].is;
		}
	}
	return OUTCOME_NONE;
}

struct table {
	struct csv csv;
	size_t id, outcome, value, currency; /* SIZE_MAX: not there */
	int64_t taken, open, known;          /* known: was closed so already */
	int64_t refused;
};

static size_t column(const struct csv *csv, const char *const *names)
{
	size_t at = SIZE_MAX;
	for (size_t i = 0; names[i] != NULL && at == SIZE_MAX; i++) {
		at = csv_column(csv, names[i]);
	}
	return at;
}

static int open_table(struct call *c, struct table *t, struct hark_err *err)
{
	int rc = csv_open(&t->csv, http_body(c->x), c->arena, err);
	if (rc != HARK_OK) {
		return rc;
	}
	t->id = column(&t->csv, id_names);
	t->outcome = column(&t->csv, outcome_names);
	t->value = column(&t->csv, value_names);
	t->currency = column(&t->csv, currency_names);
	return t->id != SIZE_MAX && t->outcome != SIZE_MAX
		       ? HARK_OK
		       : hark_err_set(err, HARK_EPARSE,
				 "the table has a column lead (or Hark Lead ID, HarkLeadId__c) and one "
				 "outcome (or Lead Status, Status)");
}

struct closing {
	int64_t id;
	enum outcome outcome;
	int64_t value;
	struct str currency;
};

static int read_row(
	const struct table *t, const struct csv_row *row, struct closing *out, struct hark_err *err)
{
	struct str value = t->value != SIZE_MAX ? csv_cell(row, t->value) : STR_NONE;
	out->outcome = read_outcome(csv_cell(row, t->outcome));
	out->value = COUNT_NONE;
	out->currency = STR_NONE;
	if (!id_parse(ID_LEAD, csv_cell(row, t->id), &out->id)) {
		return hark_err_set(err, HARK_EPARSE, "it names no lead");
	}
	if (out->outcome == OUTCOME_NONE) {
		return hark_err_set(err, HARK_EPARSE, "its outcome is neither won nor lost");
	}
	if (out->outcome != OUTCOME_WON || str_empty(value)) {
		return HARK_OK;
	}
	out->currency = t->currency != SIZE_MAX ? csv_cell(row, t->currency) : STR_NONE;
	if (!str_i64(value, &out->value)) {
		return hark_err_set(err, HARK_EPARSE, "its value is no whole number");
	}
	return lead_check_value(out->value, out->currency, err);
}

/* The next step towards the outcome. False: it is reached. */
static bool next_step(const struct lead *lead, const struct closing *to, struct lead_step *step)
{
	switch (lead->state) {
	case LEAD_NEW:
	case LEAD_SNOOZED:
		step->action = LEAD_CLAIM;
		step->until_ms = step->now_ms + LEAD_CLAIM_MS;
		return true;
	case LEAD_CLAIMED:
		step->action = LEAD_ANSWER;
		return true;
	case LEAD_WON:
		step->action = LEAD_LOSE; /* which is refused, where it was to be */
		return to->outcome == OUTCOME_LOST;
	case LEAD_LOST:
		step->action = LEAD_WIN;
		return to->outcome == OUTCOME_WON;
	default:
		step->action = to->outcome == OUTCOME_WON ? LEAD_WIN : LEAD_LOSE;
		return true;
	}
}

/* *steps: 0, it was so before. */
static int close_lead(
	struct store *s, struct call *c, const struct closing *to, int *steps, struct hark_err *err)
{
	struct lead lead;
	struct lead_step step = {.actor = c->who.name, .now_ms = c->now_ms};
	*steps = 0;
	int rc = leads_load_seen(s, c, to->id, &lead, err);
	while (rc == HARK_OK && next_step(&lead, to, &step)) {
		step.outcome_value = to->value;
		step.outcome_currency = to->currency;
		rc = lead_work_within(s, to->id, &step, c->arena, &lead, err);
		++*steps;
	}
	return rc;
}

/* One row, on the writer's thread: what cannot be taken is written down. */
static void take_row(struct store *s, struct call *c, struct table *t, const struct csv_row *row)
{
	struct closing to;
	struct hark_err err = {0};
	int steps = 0;
	int rc = read_row(t, row, &to, &err);
	if (rc == HARK_OK && to.outcome == OUTCOME_OPEN) {
		t->open++;
		return;
	}
	rc = rc == HARK_OK ? close_lead(s, c, &to, &steps, &err) : rc;
	if (rc == HARK_OK) {
		t->taken += steps > 0;
		t->known += steps == 0;
		return;
	}
	t->refused++;
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "line", row->line);
	jsonout_key_c(&c->j, "why", err.text);
	jsonout_end_object(&c->j);
}

static int take_all(struct store *s, struct call *c, struct hark_err *err)
{
	struct table *t = c->write_arg;
	struct csv_row row;
	struct hark_err broken = {0};
	int rc, rows = 0;
	jsonout_object(&c->j);
	jsonout_key(&c->j, "refused");
	jsonout_array(&c->j);
	while ((rc = csv_next(&t->csv, &row, &broken)) != HARK_ENOENT) {
		if (++rows > ROWS_MAX) {
			return hark_err_set(err, HARK_ELIMIT,
				"at most %d rows at once: nothing was taken", ROWS_MAX);
		}
		if (rc == HARK_OK) {
			take_row(s, c, t, &row);
		} else {
			t->refused++;
			jsonout_object(&c->j);
			jsonout_key_i64(&c->j, "line", row.line);
			jsonout_key_c(&c->j, "why", broken.text);
			jsonout_end_object(&c->j);
		}
	}
	jsonout_end_array(&c->j);
	jsonout_key_i64(&c->j, "taken", t->taken);
	jsonout_key_i64(&c->j, "known", t->known);
	jsonout_key_i64(&c->j, "open", t->open);
	jsonout_end_object(&c->j);
	return HARK_OK;
}

void outcomes_take(struct call *c)
{
	struct table t = {0};
	struct hark_err err = {0};
	if (http_query(c->x, "dry_run").p != NULL) {
		call_refuse(c, 400, "outcomes are taken at once: there is no 'dry_run' of them");
	} else if (open_table(c, &t, &err) != HARK_OK) {
		call_fail(c, &err);
	} else {
		call_write(c, take_all, &t);
	}
}
