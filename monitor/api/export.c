/* Leads as a table, for people and for the two systems most of them work in. What a spreadsheet would compute is
 * made harmless for people; what a CRM imports stays as it is.
 *
 * https://knowledge.hubspot.com/import-and-export/set-up-your-import-file and
 * https://help.salesforce.com/s/articleView?id=sf.faq_import_general_leads.htm: UTF-8, a lead of Salesforce needs
 * LastName and Company, dates are yyyy-MM-dd. */
#include "monitor/api/api_in.h"

#include "monitor/base/cell.h"
#include "monitor/base/clock.h"
#include "monitor/leads/states.h"
#include "monitor/model/id.h"
#include "monitor/store/encounters.h"
#include "monitor/store/leads.h"

#define ROWS_DEFAULT 1000
#define ROWS_MAX 10000
#define DESCRIPTION_MAX 4000

/* A row under way. */
struct row {
	const struct lead *lead;
	struct str first, last; /* who it is about */
	struct str url;         /* of the strongest evidence */
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
	r->write(r->out, r->lead->title);
}

static void put_why(const struct row *r)
{
	r->write(r->out, str_cut_utf8(r->lead->why, DESCRIPTION_MAX));
}

static void put_url(const struct row *r)
{
	r->write(r->out, r->url);
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
	{"Hark Seen", put_seen_date}, {NULL, NULL}};

static const struct column salesforce[] = {{"LastName", put_last}, {"FirstName", put_first},
	{"Company", put_company}, {"Status", put_salesforce_status}, {"LeadSource", put_source},
	{"Rating", put_rating}, {"Description", put_title}, {"HarkLeadId__c", put_id},
	{"HarkKind__c", put_kind}, {"HarkScore__c", put_score}, {"HarkWhy__c", put_why},
	{"HarkUrl__c", put_url}, {"HarkSeen__c", put_seen_date}, {NULL, NULL}};

static const struct profile {
	const char *name;
	const struct column *columns;
	void (*write)(struct buf *out, struct str text);
} profiles[] = {
	{"plain", plain, cell_write_shown},
	{"hubspot", hubspot, cell_write},
	{"salesforce-lead", salesforce, cell_write},
};

static const struct profile *read_profile(struct call *c)
{
	struct str name = http_query(c->x, "profile");
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (str_eq_c(name, profiles[i].name) || (name.p == NULL && i == 0)) {
			return &profiles[i];
		}
	}
	call_refuse(c, 400, "'profile' is plain, hubspot or salesforce-lead");
	return NULL;
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

/* False: the store failed. */
static bool write_row(
	struct call *c, const struct profile *p, struct lead *lead, struct hark_err *err)
{
	struct row r = {.lead = lead, .out = &c->out, .write = p->write};
	struct lead_evidence *e = NULL;
	size_t n = 0;
	store_lead_known(c->store, lead, c->arena);
	if (store_lead_evidence(c->store, lead->id, 1, c->arena, &e, &n, err) != HARK_OK) {
		return false;
	}
	r.url = n > 0 ? e[0].url : STR_NONE;
	split_name(&r);
	for (const struct column *column = p->columns; column->name != NULL; column++) {
		buf_add_c(&c->out, column > p->columns ? "," : "");
		column->put(&r);
	}
	buf_add_c(&c->out, "\r\n");
	return true;
}

void leads_export(struct call *c)
{
	struct lead_filter f;
	struct lead *leads;
	struct hark_err err = {0};
	size_t n;
	const struct profile *p = read_profile(c);
	if (p == NULL || !leads_filter(c, ROWS_DEFAULT, ROWS_MAX, &f)) {
		return;
	}
	if (store_lead_list(c->store, &f, c->arena, &leads, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	for (const struct column *column = p->columns; column->name != NULL; column++) {
		buf_printf(&c->out, "%s%s", column > p->columns ? "," : "", column->name);
	}
	buf_add_c(&c->out, "\r\n");
	size_t shown = n < f.max ? n : f.max - 1;
	for (size_t i = 0; i < shown; i++) {
		lead_as_of(&leads[i], c->now_ms);
		if (!write_row(c, p, &leads[i], &err)) {
			call_fail(c, &err);
			return;
		}
	}
	http_header(c->x, "Content-Disposition", "attachment; filename=\"leads.csv\"");
	call_answer_as(c, 200, "text/csv; charset=utf-8");
}
