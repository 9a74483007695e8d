#include "monitor/store/record_table.h"

static const struct record_column people[] = {{"external_id", REC_ID, false},
	{"name", REC_NAME, false}, {"owner", REC_OWNER, false}, {"role", REC_ROLE, false},
	{"territory", REC_TERRITORY, false}, {"location", REC_LOCATION, false}, {"lang", REC_LANG, false},
	{"preferred", REC_PREFERRED, false}, {"left_on", REC_LEFT, false}};
static const struct record_column accounts[] = {{"external_id", REC_ID, false},
	{"name", REC_NAME, false}, {"kind", REC_TYPE, false}, {"owner", REC_OWNER, false},
	{"segment", REC_SEGMENT, false}, {"region", REC_REGION, false},
	{"territory", REC_TERRITORY, false}, {"industry", REC_INDUSTRY, false},
	{"product", REC_PRODUCT, false}, {"renewal_on", REC_RENEWAL, false},
	{"motion", REC_MOTION, false}, {"channel", REC_CHANNEL, false},
	{"partner", REC_PARTNER, false}, {"clause", REC_CLAUSE, false},
	{"contract_until", REC_CONTRACT_END, false}, {"live_on", REC_LIVE, false},
	{"parent", REC_PARENT, false}, {"preferred", REC_PREFERRED, false}};
static const struct record_column opportunities[] = {{"external_id", REC_ID, false},
	{"name", REC_NAME, false}, {"account_name", REC_ACCOUNT, false},
	{"account_ref", REC_ACCOUNT_ID, false}, {"stage", REC_STAGE, false},
	{"state", REC_STATE, false}, {"value_cents", REC_VALUE, true},
	{"currency", REC_CURRENCY, false}, {"created_on", REC_CREATED, false},
	{"closes_on", REC_CLOSES, false}, {"owner", REC_OWNER, false},
	{"product", REC_PRODUCT, false}, {"rival", REC_RIVAL, false},
	{"channel", REC_CHANNEL, false}};
static const struct record_column cases[] = {{"external_id", REC_ID, false},
	{"name", REC_NAME, false}, {"account_name", REC_ACCOUNT, false},
	{"account_ref", REC_ACCOUNT_ID, false}, {"stage", REC_STAGE, false},
	{"state", REC_STATE, false}, {"priority", REC_PRIORITY, false},
	{"created_on", REC_CREATED, false}, {"closes_on", REC_CLOSES, false},
	{"owner", REC_OWNER, false}, {"product", REC_PRODUCT, false}};
static const struct record_column surveys[] = {{"external_id", REC_ID, false},
	{"name", REC_NAME, false}, {"account_name", REC_ACCOUNT, false},
	{"account_ref", REC_ACCOUNT_ID, false}, {"kind", REC_SURVEY, false},
	{"score", REC_SCORE, true}, {"score_max", REC_SCORE_MAX, true},
	{"answered_on", REC_DATE, false}, {"product", REC_PRODUCT, false},
	{"comment", REC_COMMENT, false}};
static const struct record_column ties[] = {{"external_id", REC_ID, false},
	{"name", REC_NAME, false}, {"colleague", REC_COLLEAGUE, true},
	{"account_name", REC_ACCOUNT, false}, {"title", REC_TITLE, false},
	{"email", REC_EMAIL, false}, {"link", REC_LINK, false}, {"known_on", REC_DATE, false}};

#define COLUMNS(a) a, sizeof(a) / sizeof((a)[0])

static const struct record_table tables[RECORD_KINDS] = {
	[RECORD_CONTACT] = {"people", COLUMNS(people), ", kind, origin", ", 'contact', 'import'"},
	[RECORD_STAFF] = {"people", COLUMNS(people), ", kind, origin", ", 'staff', 'import'"},
	[RECORD_ACCOUNT] = {"accounts", COLUMNS(accounts), ", origin", ", 'import'"},
	[RECORD_OPPORTUNITY] = {"opportunities", COLUMNS(opportunities), "", ""},
	[RECORD_CASE] = {"cases", COLUMNS(cases), "", ""},
	[RECORD_SURVEY] = {"surveys", COLUMNS(surveys), "", ""},
	[RECORD_TIE] = {"ties", COLUMNS(ties), "", ""},
};

const struct record_table *record_table(enum record_kind kind)
{
	return &tables[kind];
}
