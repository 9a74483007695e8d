/* What may be asked in the query of a GET. Anything else is refused: a filter that is spelled wrongly would answer with
 * what nobody asked for. monitor/api/openapi.json says the same; a test holds them together. */
#include "monitor/api/api_in.h"

#define V1 "/api/v1"
#define PAGE_ALONE "limit cursor"
#define PAGE " " PAGE_ALONE
#define LEADS "state kind rule owner claimed_by score historic" PAGE
#define SHOWN_MAX 300

static const struct {
	const char *path, *names; /* one space between them */
} queries[] = {
	{V1 "/leads", LEADS},
	{V1 "/why-not", "post lead person account rule"},
	{V1 "/leads.csv", LEADS " profile"},
	{V1 "/leads.atom", LEADS},
	{V1 "/moves", "person strangers" PAGE},
	{V1 "/search", "q person account source kind since until" PAGE},
	{V1 "/references", "state account owner orphans unowned historic format" PAGE},
	{V1 "/references/{reference}/coach", "format" PAGE},
	{V1 "/values", "reference account all by_account format" PAGE},
	{V1 "/tasks", "done historic format" PAGE},
	{V1 "/service", "all format" PAGE},
	{V1 "/peeks", "due all format" PAGE},
	{V1 "/quotes", "reference account product industry format" PAGE},
	{V1 "/proof", "account product industry format" PAGE},
	{V1 "/prospect", "account product industry format" PAGE},
	{V1 "/pack", "deal product industry without_critical format"},
	{V1 "/requests", "state rep format" PAGE},
	{V1 "/people", "q" PAGE},
	{V1 "/people/{number}", "as_of"},
	{V1 "/accounts", "q" PAGE},
	{V1 "/accounts/{number}", "as_of"},
	{V1 "/imports", PAGE_ALONE},
	{V1 "/reviews", "state" PAGE},
	{V1 "/silences", "all"},
	{V1 "/privacy/due", "days notice language" PAGE},
	{V1 "/privacy/retention", "due"},
	{V1 "/audit", PAGE_ALONE},
	{V1 "/audit/check", "head"},
	{V1 "/alerts", "state receiver" PAGE},
	{V1 "/overview", "days offset"},
	{V1 "/reports/{report}", "days after kind rule all format"},
};

const char *route_query(const struct route *r)
{
	if (strcmp(r->method, "GET") != 0 || !str_starts(str_c(r->path), STR(V1 "/"))) {
		return NULL;
	}
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		if (strcmp(queries[i].path, r->path) == 0) {
			return queries[i].names;
		}
	}
	return "";
}

/* Stops at the first that is not known. */
struct looking {
	const char *names;
	struct str unknown;
};

static bool is_known(void *ctx, struct str name)
{
	struct looking *l = ctx;
	struct str rest = str_c(l->names), one;
	if (name.n == 0) { /* "?all=true&" */
		return true;
	}
	while (str_split(&rest, ' ', &one)) {
		if (str_eq(one, name)) {
			return true;
		}
	}
	l->unknown = name;
	return false;
}

bool route_asks_what_is_known(struct call *c)
{
	struct looking l = {.names = route_query(c->route)};
	if (l.names == NULL) {
		return true;
	}
	http_query_each(c->x, is_known, &l);
	if (l.unknown.p == NULL) {
		return true;
	}
	struct str shown = str_cut_utf8(l.unknown, SHOWN_MAX);
	if (l.names[0] == '\0') {
		call_refuse(c, 400,
			"nothing can be asked for here with '%.*s' or anything else behind a '?'",
			STR_FMT(shown));
	} else {
		call_refuse(c, 400, "there is no '%.*s' to ask for here: there are %s",
			STR_FMT(shown), l.names);
	}
	return false;
}
