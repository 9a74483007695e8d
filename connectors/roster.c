/* Rosters: lists of people that a tool exports again and again (LinkedIn's Connections.csv, Sales
 * Navigator, Salesforce, HubSpot, any CSV). The first export is a baseline; of every later one only what
 * has changed is told (roster_compare.h). */
#include "connectors/builtin.h"
#include "connectors/parse/charset.h"
#include "connectors/roster_compare.h"

#include <stdlib.h>

#define BODY_MAX (64u << 20)
#define CONVERTED_MAX (96u << 20)
#define MISSES_DEFAULT 2

struct roster {
	const char *folder; /* borrowed setting */
	struct roster_rules rules;
	char *cursor; /* owned; of the last plan */
};

static const struct hark_setting settings[] = {
	{.name = "folder",
		.about = "where exports are dropped; every file in it is read once, oldest first",
		.required = 1,
		.example = "/var/lib/hark/rosters"},
	{.name = "format",
		.about =
			"linkedin-connections, sales-navigator, salesforce, hubspot or csv: refuse exports "
			"of another tool",
		.otherwise = "any of them"},
	{.name = "rows",
		.about =
			"contacts: a new row is a new acquaintance; staff: it is somebody who joined",
		.otherwise = "contacts"},
	{.name = "misses",
		.about =
			"how many complete exports in a row must lack a person before they are gone",
		.otherwise = "2",
		.type = HARK_SETTING_NUMBER},
	{.name = "name", .about = "column with the full name"},
	{.name = "first-name", .about = "column with the first name"},
	{.name = "last-name", .about = "column with the last name"},
	{.name = "id", .about = "column with the tool's own id of the person"},
	{.name = "link", .about = "column with the address of the person's page"},
	{.name = "email", .about = "column with the e-mail address; only a fingerprint is kept"},
	{.name = "employer", .about = "column with the employer"},
	{.name = "title", .about = "column with the job title"},
	{.name = "location", .about = "column with the place"},
	{.name = "since", .about = "column with the date the job began"},
	{.name = NULL},
};

/* --- settings --- */

static const char *const column_settings[ROSTER_FIELDS] = {
	[ROSTER_NAME] = "name",
	[ROSTER_FIRST] = "first-name",
	[ROSTER_LAST] = "last-name",
	[ROSTER_ID] = "id",
	[ROSTER_LINK] = "link",
	[ROSTER_EMAIL] = "email",
	[ROSTER_EMPLOYER] = "employer",
	[ROSTER_TITLE] = "title",
	[ROSTER_LOCATION] = "location",
	[ROSTER_SINCE] = "since",
};

static int set_rows(struct hark_host *host, struct roster *r, const char *value)
{
	r->rules.staff = strcmp(value, "staff") == 0;
	return r->rules.staff || strcmp(value, "contacts") == 0
		       ? 0
		       : host->fail(host, "rows: '%s' is neither contacts nor staff", value);
}

static int set_misses(struct hark_host *host, struct roster *r, const char *value)
{
	int64_t n;
	if (!str_i64(str_c(value), &n) || n < 1 || n > 100) {
		return host->fail(host, "misses: '%s' is no number from 1 to 100", value);
	}
	r->rules.misses = (unsigned)n;
	return 0;
}

static int set(struct hark_host *host, struct roster *r, const struct hark_pair *pair)
{
	for (enum roster_field f = 0; f < ROSTER_FIELDS; f++) {
		if (column_settings[f] != NULL && strcmp(pair->name, column_settings[f]) == 0) {
			r->rules.columns.name[f] = pair->value;
			return 0;
		}
	}
	if (strcmp(pair->name, "folder") == 0) {
		r->folder = pair->value;
		return 0;
	}
	if (strcmp(pair->name, "format") == 0) {
		r->rules.format = pair->value;
		return roster_table_knows(pair->value)
			       ? 0
			       : host->fail(host,
					 "format: '%s' is none of linkedin-connections, sales-navigator, "
					 "salesforce, hubspot, csv",
					 pair->value);
	}
	return strcmp(pair->name, "rows") == 0     ? set_rows(host, r, pair->value)
	       : strcmp(pair->name, "misses") == 0 ? set_misses(host, r, pair->value)
						   : host->fail(host,
							     "there is no setting '%s' for a "
							     "roster: hark connector show roster "
							     "lists them",
							     pair->name);
}

static void roster_close(void *ctx)
{
	struct roster *r = ctx;
	free(r->cursor);
	free(r);
}

static int roster_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct roster *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return host->fail(host, "no memory");
	}
	r->rules.misses = MISSES_DEFAULT;
	int rc = 0;
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = set(host, r, &pairs[i]);
	}
	if (rc == 0 && (r->folder == NULL || r->folder[0] == '\0')) {
		rc = host->fail(
			host, "a roster needs the folder its exports are dropped in: folder");
	}
	if (rc != 0) {
		roster_close(r);
		return rc;
	}
	*ctx = r;
	return 0;
}

static int roster_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct roster *r = ctx;
	char *copy = cursor != NULL ? strdup(cursor) : NULL;
	if (cursor != NULL && copy == NULL) {
		return host->fail(host, "no memory for what is known of the last export");
	}
	free(r->cursor);
	r->rules.cursor = r->cursor = copy;
	*request = (struct hark_request){
		.transport = HARK_TRANSPORT_FILE, .url = r->folder, .body_max = BODY_MAX};
	return 0;
}

/* --- an export --- */

static int roster_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	const struct roster *r = ctx;
	struct hark_err err = {0};
	struct charset used;
	struct str text;
	struct buf room;
	if (reply->body_bytes > BODY_MAX) {
		return host->fail(host, "an export of %zu bytes is larger than hark reads (%u MB)",
			reply->body_bytes, BODY_MAX >> 20);
	}
	buf_init(&room, CONVERTED_MAX);
	int rc = charset_decode(
		str_n(reply->body, reply->body_bytes), reply->charset, &room, &text, &used, &err);
	rc = rc == HARK_OK ? roster_compare(&r->rules, host, reply, text)
			   : host->fail(host, "%s", err.text);
	buf_release(&room);
	return rc;
}

static const struct hark_sample samples[] = {
	{.sample = "samples/roster-linkedin.csv",
		.expect = "samples/roster-linkedin.jsonl",
		.url = "/rosters/Connections.csv"},
	{.sample = "samples/roster-linkedin-2.csv",
		.expect = "samples/roster-linkedin-2.jsonl",
		.url = "/rosters/Connections-2.csv",
		.before = "samples/roster-linkedin.csv"},
	{.sample = "samples/roster-salesforce.csv",
		.expect = "samples/roster-salesforce.jsonl",
		.before = "samples/roster-salesforce-report.csv"},
	{.sample = "samples/roster-salesforce-report.csv",
		.expect = "samples/roster-salesforce-report.jsonl"},
	{.sample = "samples/roster-hubspot.csv", .expect = "samples/roster-hubspot.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(roster) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "roster",
	.about =
		"exports of people (LinkedIn, Sales Navigator, Salesforce, HubSpot, CSV), compared",
	.settings = settings,
	.samples = samples,
	.terms = "personal data: only exports that are yours to use; hark never fetches LinkedIn",
	.every_s = 300,
	.every_min_s = 10,
	.open = roster_open,
	.plan = roster_plan,
	.parse = roster_parse,
	.close = roster_close,
};
