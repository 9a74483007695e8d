/* Whether accounts with a signal buy more often than those of the list without one. */
#include "monitor/leads/reports_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/stats.h"

#include <stdio.h>

#define DAY 10 /* letters of a date */
#define GROUPS_MAX 200

static const struct report_column columns[] = {{"of", "accounts with", REPORT_TEXT, false},
	{"rule", "rule", REPORT_TEXT, true}, {"accounts", "accounts", REPORT_COUNT, false},
	{"won", "won", REPORT_COUNT, false}, {"percent", "of 100", REPORT_NUMBER, false},
	{"low", "from", REPORT_NUMBER, false}, {"high", "to", REPORT_NUMBER, false},
	{"lift", "lift", REPORT_NUMBER, false}, {"value", "value each", REPORT_NUMBER, false},
	{"currency", "currency", REPORT_TEXT, false}};

struct group {
	int64_t what; /* as REPORT_LIFT has it */
	char rule[200], currency[16];
	int64_t accounts, won;
	double cents; /* many deals of much money are too much for a whole number */
	bool several; /* currencies: they add up to nothing */
};

struct lift {
	struct group v[GROUPS_MAX];
	size_t n;
	int64_t account; /* the one under way */
	bool has_won;
};

static void add_deal(struct lift *l, struct group *g, const struct store_report_row *row)
{
	char day[CLOCK_TEXT_MAX];
	struct str created = row->text[1];
	clock_rfc3339(row->n[2], day);
	/* A deal that was there before is not what the signal brought; one of the day itself may be. */
	if (!str_eq_c(row->text[2], "won") || created.n < DAY || memcmp(created.p, day, DAY) < 0) {
		return;
	}
	char currency[sizeof(g->currency)];
	snprintf(currency, sizeof(currency), "%.*s", STR_FMT(row->text[3]));
	g->several |= g->won > 0 && strcmp(currency, g->currency) != 0;
	memcpy(g->currency, currency, sizeof(currency));
	g->won += !l->has_won;
	g->cents += (double)row->n[3];
	l->has_won = true;
}

/* In the order of groups, then of accounts. */
static void take(void *ctx, const struct store_report_row *row)
{
	struct lift *l = ctx;
	struct group *g = l->n > 0 ? &l->v[l->n - 1] : NULL;
	if (g == NULL || g->what != row->n[0] || !str_eq_c(row->text[0], g->rule)) {
		if (l->n == GROUPS_MAX) {
			return;
		}
		g = &l->v[l->n++];
		*g = (struct group){.what = row->n[0]};
		snprintf(g->rule, sizeof(g->rule), "%.*s", STR_FMT(row->text[0]));
		l->account = 0;
	}
	if (l->account != row->n[1]) {
		l->account = row->n[1];
		l->has_won = false;
		g->accounts++;
	}
	add_deal(l, g, row);
}

static void add_row(struct report_rows *r, const struct group *g, const struct group *none)
{
	static const char *const what[] = {"any signal", "a signal of", "no signal"};
	struct share share = share_of(g->won, g->accounts);
	report_text(r, str_c(what[g->what]));
	report_text(r, g->rule[0] != '\0' ? str_c(g->rule) : STR_NONE);
	report_count(r, g->accounts);
	report_count(r, g->won);
	report_number(r, share.p * 100);
	report_number(r, share.low * 100);
	report_number(r, share.high * 100);
	if (g != none && none != NULL && none->won > 0) {
		report_number(r, share.p / share_of(none->won, none->accounts).p);
	} else {
		report_none(r);
	}
	if (g->won > 0 && !g->several) {
		report_number(r, g->cents / 100 / (double)g->accounts);
		report_text(r, str_c(g->currency));
	} else {
		report_none(r);
		report_none(r);
	}
}

static int make_lift(struct lead_making *m)
{
	struct lift *l = arena_alloc(m->arena, sizeof(*l));
	if (l == NULL) {
		m->rows->no_memory = true;
		return HARK_OK;
	}
	*l = (struct lift){0};
	int rc = store_report_each(m->store, REPORT_LIFT, &m->filter, take, l, m->err);
	const struct group *none = l->n > 0 && l->v[l->n - 1].what == 2 ? &l->v[l->n - 1] : NULL;
	for (size_t i = 0; i < l->n && rc == HARK_OK; i++) {
		add_row(m->rows, &l->v[i], none);
	}
	return rc;
}

LEAD_REPORT(lift, columns, "no account is known to compare: hark import accounts FILE", make_lift);
