/* Leads as a table, for people and for the two systems most of them work in. What a spreadsheet would compute is
 * made harmless for people; what a CRM imports stays as it is.
 *
 * https://knowledge.hubspot.com/import-and-export/set-up-your-import-file and
 * https://help.salesforce.com/s/articleView?id=sf.faq_import_general_leads.htm: UTF-8, a lead of Salesforce needs
 * LastName and Company, dates are yyyy-MM-dd. What hangs on a deal is in Salesforce a task whose WhatId is the
 * opportunity's id, in HubSpot a note of a deal. */
#include "monitor/leads/table.h"

#include "monitor/base/cell.h"
#include "monitor/base/clock.h"
#include "monitor/leads/outward.h"
#include "monitor/leads/states.h"
#include "monitor/leads/timeline.h"
#include "monitor/model/id.h"
#include "monitor/store/optouts.h"
#include "monitor/store/deals.h"
#include "monitor/store/encounters.h"

#define DESCRIPTION_MAX 4000
#define DEALS_MAX 20

/* A row under way. */
struct row {
	const struct lead *lead;
	struct str first, last;          /* who it is about */
	struct outward says;             /* with the strongest evidence */
	const struct timeline *timeline; /* NULL: no column asks for it */
	struct str deal;                 /* as its system calls it */
	struct buf *out;
	void (*write)(struct buf *out, struct str text);
};

typedef void (*column_fn)(const struct row *r);

static void put_c(const struct row *r, const char *text)
{
	r->write(r->out, str_c(text != NULL ? text : ""));
}

static void put_i64(const struct row *r, int64_t n)
{
	buf_printf(r->out, "%lld", (long long)n);
}

static void put_id(const struct row *r)
{
	char id[ID_TEXT_MAX];
	put_c(r, id_text(ID_LEAD, r->lead->id, id));
}

static void put_kind(const struct row *r)
{
	r->write(r->out, r->lead->kind);
}

static void put_score(const struct row *r)
{
	put_i64(r, r->lead->score);
}

static void put_state(const struct row *r)
{
	put_c(r, lead_state_name(r->lead->state));
}

static struct str who(const struct lead *l)
{
	return !str_empty(l->known.name)     ? l->known.name
	       : !str_empty(l->subject.name) ? l->subject.name
					     : l->subject.id;
}

static void put_who(const struct row *r)
{
	r->write(r->out, who(r->lead));
}

static void put_first(const struct row *r)
{
	r->write(r->out, r->first);
}

static void put_last(const struct row *r)
{
	r->write(r->out, r->last);
}

static void put_account(const struct row *r)
{
	r->write(r->out, r->lead->known.account_name);
}

/* Salesforce's own word where a company is required and not known. */
static void put_company(const struct row *r)
{
	struct str name = r->lead->known.account_name;
	r->write(r->out, str_empty(name) ? STR("[not provided]") : name);
}

static void put_title(const struct row *r)
{
	r->write(r->out, r->says.title);
}

static void put_why(const struct row *r)
{
	r->write(r->out, str_cut_utf8(r->says.why, DESCRIPTION_MAX));
}

static void put_url(const struct row *r)
{
	r->write(r->out, r->says.url);
}

static void put_owner(const struct row *r)
{
	r->write(r->out, r->lead->owner);
}

static void put_claimed_by(const struct row *r)
{
	r->write(r->out, r->lead->claim_by);
}

static void put_seen(const struct row *r)
{
	char at[CLOCK_TEXT_MAX];
	put_c(r, clock_rfc3339(r->lead->seen_ms, at));
}

static void put_seen_date(const struct row *r)
{
	char at[CLOCK_TEXT_MAX];
	r->write(r->out, str_n(clock_rfc3339(r->lead->seen_ms, at), sizeof("2026-01-31") - 1));
}

static void put_value(const struct row *r)
{
	if (r->lead->outcome_value != COUNT_NONE) {
		put_i64(r, r->lead->outcome_value);
	}
}

static void put_currency(const struct row *r)
{
	r->write(r->out, r->lead->outcome_currency);
}

static void put_source(const struct row *r)
{
	put_c(r, "hark");
}

/* The states that both systems come with. */
static void put_hubspot_status(const struct row *r)
{
	static const char *const names[LEAD_STATES] = {
		[LEAD_NEW] = "New",
		[LEAD_CLAIMED] = "In Progress",
		[LEAD_ANSWERED] = "Connected",
		[LEAD_WON] = "Open Deal",
		[LEAD_LOST] = "Unqualified",
		[LEAD_DISMISSED] = "Unqualified",
		[LEAD_SNOOZED] = "Bad Timing",
	};
	put_c(r, names[r->lead->state]);
}

static void put_salesforce_status(const struct row *r)
{
	static const char *const names[LEAD_STATES] = {
		[LEAD_NEW] = "Open - Not Contacted",
		[LEAD_CLAIMED] = "Open - Not Contacted",
		[LEAD_ANSWERED] = "Working - Contacted",
		[LEAD_WON] = "Closed - Converted",
		[LEAD_LOST] = "Closed - Not Converted",
		[LEAD_DISMISSED] = "Closed - Not Converted",
		[LEAD_SNOOZED] = "Open - Not Contacted",
	};
	put_c(r, names[r->lead->state]);
}

static void put_rating(const struct row *r)
{
	put_c(r, r->lead->score >= 60 ? "Hot" : r->lead->score >= 40 ? "Warm" : "Cold");
}

static void put_timeline(const struct row *r)
{
	struct buf text;
	buf_init(&text, 2 * TIMELINE_FIELD_MAX);
	timeline_text(r->timeline, TIMELINE_FIELD_MAX, &text);
	r->write(r->out, buf_str(&text));
	buf_release(&text);
}

static void put_subject(const struct row *r)
{
	char id[ID_TEXT_MAX];
	struct buf text;
	buf_init(&text, 1024);
	buf_printf(&text, "hark %s: before the first call", id_text(ID_LEAD, r->lead->id, id));
	r->write(r->out, buf_str(&text));
	buf_release(&text);
}

static void put_until_date(const struct row *r)
{
	char at[CLOCK_TEXT_MAX];
	r->write(r->out, str_n(clock_rfc3339(r->timeline->until_ms, at), sizeof("2026-01-31") - 1));
}

static void put_completed(const struct row *r)
{
	put_c(r, "Completed");
}

static void put_deal(const struct row *r)
{
	r->write(r->out, r->deal);
}

struct column {
	const char *name;
	column_fn put;
};

static const struct column plain[] = {{"lead", put_id}, {"kind", put_kind}, {"score", put_score},
	{"state", put_state}, {"who", put_who}, {"account", put_account}, {"title", put_title},
	{"why", put_why}, {"url", put_url}, {"seen", put_seen}, {"owner", put_owner},
	{"claimed_by", put_claimed_by}, {"value", put_value}, {"currency", put_currency},
	{NULL, NULL}};

static const struct column hubspot[] = {{"First Name", put_first}, {"Last Name", put_last},
	{"Company Name", put_account}, {"Lead Status", put_hubspot_status},
	{"Hark Lead ID", put_id}, {"Hark Kind", put_kind}, {"Hark Score", put_score},
	{"Hark Title", put_title}, {"Hark Why", put_why}, {"Hark URL", put_url},
	{"Hark Seen", put_seen_date}, {"Hark Timeline", put_timeline}, {NULL, NULL}};

static const struct column salesforce[] = {{"LastName", put_last}, {"FirstName", put_first},
	{"Company", put_company}, {"Status", put_salesforce_status}, {"LeadSource", put_source},
	{"Rating", put_rating}, {"Description", put_title}, {"HarkLeadId__c", put_id},
	{"HarkKind__c", put_kind}, {"HarkScore__c", put_score}, {"HarkWhy__c", put_why},
	{"HarkUrl__c", put_url}, {"HarkSeen__c", put_seen_date}, {"HarkTimeline__c", put_timeline},
	{NULL, NULL}};

static const struct column hubspot_note[] = {{"Deal ID", put_deal}, {"Note Body", put_timeline},
	{"Activity Date", put_until_date}, {"Hark Lead ID", put_id}, {NULL, NULL}};

static const struct column salesforce_task[] = {{"WhatId", put_deal}, {"Subject", put_subject},
	{"Description", put_timeline}, {"ActivityDate", put_until_date}, {"Status", put_completed},
	{NULL, NULL}};

struct leads_profile {
	const char *name;
	const struct column *columns;
	void (*write)(struct buf *out, struct str text);
	bool tells;         /* a column is the timeline */
	const char *system; /* a row for each open deal of this system; NULL: one a lead */
};

static const struct leads_profile profiles[] = {
	{"plain", plain, cell_write_shown, false, NULL},
	{"hubspot", hubspot, cell_write, true, NULL},
	{"salesforce-lead", salesforce, cell_write, true, NULL},
	{"hubspot-note", hubspot_note, cell_write, true, "hubspot"},
	{"salesforce-task", salesforce_task, cell_write, true, "salesforce"},
};

const struct leads_profile *leads_profile(struct str name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (str_eq_c(name, profiles[i].name) || (name.p == NULL && i == 0)) {
			return &profiles[i];
		}
	}
	return NULL;
}

void leads_table_head(const struct leads_profile *p, struct buf *out)
{
	for (const struct column *column = p->columns; column->name != NULL; column++) {
		buf_printf(out, "%s%s", column > p->columns ? "," : "", column->name);
	}
	buf_add_c(out, "\r\n");
}

/* The last word is the family name, which is all there is of a single one. */
static void split_name(struct row *r)
{
	struct str name = str_trim(who(r->lead));
	size_t at = name.n;
	while (at > 0 && name.p[at - 1] != ' ') {
		at--;
	}
	r->first = str_trim(str_n(name.p, at));
	r->last = str_n(name.p + at, name.n - at);
}

static void write_row(const struct leads_profile *p, const struct row *r)
{
	for (const struct column *column = p->columns; column->name != NULL; column++) {
		buf_add_c(r->out, column > p->columns ? "," : "");
		column->put(r);
	}
	buf_add_c(r->out, "\r\n");
}

int leads_table_row(const struct leads_profile *p, struct store *s, struct lead *lead,
	int64_t now_ms, struct arena *arena, struct buf *out, struct hark_err *err)
{
	struct row r = {.lead = lead, .out = out, .write = p->write};
	struct lead_evidence *e = NULL;
	struct timeline timeline;
	struct str *deals = NULL;
	size_t n = 0, deals_n = 0;
	if (store_lead_opted_out(s, lead)) {
		return HARK_OK;
	}
	store_lead_known(s, lead, arena);
	int rc = store_lead_evidence(s, lead->id, 1, arena, &e, &n, err);
	if (rc == HARK_OK && p->tells) {
		rc = store_timeline(s, lead, now_ms, TIMELINE_ROWS_MAX, arena, &timeline, err);
		r.timeline = &timeline;
	}
	if (rc == HARK_OK && p->system != NULL && timeline.account != 0) {
		rc = store_deals_open(
			s, timeline.account, p->system, DEALS_MAX, arena, &deals, &deals_n, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	r.says = outward_lead(lead, n > 0 ? &e[0] : NULL);
	split_name(&r);
	for (size_t i = 0; i < deals_n; i++) {
		r.deal = deals[i];
		write_row(p, &r);
	}
	if (p->system == NULL) {
		write_row(p, &r);
	}
	return HARK_OK;
}
