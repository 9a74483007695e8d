#include "connectors/watch_accounts.h"

#include "connectors/parse/charset.h"
#include "monitor/base/csv.h"
#include "monitor/base/diag.h"
#include "monitor/base/utf8.h"

#include <stdio.h>

#define ACCOUNTS_BYTES_MAX ((size_t)256 << 20)
#define CONVERTED_MAX ((size_t)96 << 20)
#define HOUR_MS INT64_C(3600000)
#define HANDLE_MAX 300

const struct watch_rule watch_rules[WATCH_NETWORKS] = {
	[WATCH_GITHUB] = {"github", NULL, "github-user", "login", 60, HOUR_MS},
	[WATCH_MASTODON] = {"mastodon", NULL, "mastodon-profile", "account", 300, HOUR_MS / 12},
	[WATCH_BLUESKY] = {"bluesky", NULL, "bluesky-profile", "actor", 3000, HOUR_MS / 12},
	/* "There is currently no rate limit": as slow as the slowest of the others. */
	[WATCH_HACKERNEWS] = {"hn", "hackernews", "hackernews-user", "user", 300, HOUR_MS / 12},
};

/* --- one account --- */

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_made_of(struct str s, const char *besides, size_t min, size_t max)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_alnum(s.p[i]) && strchr(besides, s.p[i]) == NULL) {
			return false;
		}
	}
	return s.n >= min && s.n <= max;
}

static struct str from(struct str s, size_t at)
{
	return at < s.n ? str_n(s.p + at, s.n - at) : str_n(s.p + s.n, 0);
}

/* Cuts "prefix" off. */
static bool skip(struct str *s, const char *prefix)
{
	bool is = str_starts_nocase(*s, str_c(prefix));
	*s = is ? from(*s, strlen(prefix)) : *s;
	return is;
}

/* Without scheme, "www." and what follows the account in an address. */
static bool is_address(struct str *s)
{
	bool is = skip(s, "https://") || skip(s, "http://");
	skip(s, "www.");
	return is;
}

/* Up to the first of the characters. */
static struct str upto(struct str s, const char *ends)
{
	size_t n = 0;
	while (n < s.n && strchr(ends, s.p[n]) == NULL) {
		n++;
	}
	return str_n(s.p, n);
}

/* A host name with a dot in it, and perhaps a port. */
static bool is_server(struct str s)
{
	struct str host = upto(s, ":");
	int64_t port = 1;
	if (host.n < s.n && (!str_i64(from(s, host.n + 1), &port) || port < 1 || port > 65535)) {
		return false;
	}
	bool has_dot = host.n > 0 && memchr(host.p, '.', host.n) != NULL;
	return has_dot && is_made_of(s, ".-:", 3, 253) && is_alnum(s.p[0]) &&
	       is_alnum(host.p[host.n - 1]);
}

/* First parts of addresses at GitHub that are its own pages. */
static bool is_github_page(struct str name)
{
	static const char *const pages[] = {"about", "apps", "collections", "contact",
		"customer-stories", "dashboard", "enterprise", "explore", "features", "issues",
		"join", "login", "logout", "marketplace", "new", "notifications", "organizations",
		"orgs", "pricing", "pulls", "search", "sessions", "settings", "signup", "site",
		"sponsors", "stars", "topics", "trending", "users"};
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (str_eq_nocase(name, str_c(pages[i]))) {
			return true;
		}
	}
	return false;
}

static struct str read_github(struct str s, const char **why)
{
	is_address(&s);
	skip(&s, "github.com/");
	skip(&s, "@");
	s = upto(s, "?#");
	struct str name = upto(s, "/");
	if (is_github_page(name)) {
		*why = "that is a page of GitHub and nobody's: write the name, as ada-example";
		return STR_NONE;
	}
	if (s.n > name.n + 1) {
		*why = "there is more behind the name, as of a repository: write the name alone, as "
		       "ada-example";
		return STR_NONE;
	}
	s = name;
	*why = "a GitHub name has letters, digits and hyphens, as ada-example";
	return is_made_of(s, "-", 1, 39) && s.p[0] != '-' ? s : STR_NONE;
}

static struct str read_hackernews(struct str s, const char **why)
{
	if (is_address(&s) || str_starts_nocase(s, STR("news.ycombinator.com"))) {
		size_t at = str_find(s, STR("user?id="));
		s = at != SIZE_MAX ? from(s, at + 8) : STR("");
	}
	s = upto(s, "&#");
	*why = "a Hacker News name has letters, digits, '-' and '_', as ada_e";
	return is_made_of(s, "-_", 2, 15) ? s : STR_NONE;
}

static struct str read_bluesky(struct str s, const char **why)
{
	is_address(&s);
	skip(&s, "bsky.app/profile/");
	skip(&s, "@");
	s = upto(s, "/?#");
	*why = "a Bluesky handle is a domain, as ada.example, or a DID, as did:plc:…";
	bool is_did = str_starts(s, STR("did:")) && is_made_of(s, ":.-_%", 8, 200);
	return is_did || (is_server(s) && memchr(s.p, ':', s.n) == NULL) ? s : STR_NONE;
}

/* "@ada@mastodon.example", "https://mastodon.example/@ada", ".../users/ada". */
static struct str read_mastodon(struct str s, struct str *server, const char **why)
{
	struct str name;
	*why = "a Mastodon account is written with its server, as @ada@mastodon.example";
	if (is_address(&s)) {
		*server = upto(s, "/");
		name = from(s, server->n);
		if (!skip(&name, "/@") && !skip(&name, "/users/")) {
			return STR_NONE;
		}
		name = upto(name, "/?#");
	} else {
		skip(&s, "@");
		name = upto(s, "@");
		*server = from(s, name.n + 1);
	}
	return is_made_of(name, "_.-", 1, 100) && server->n > 0 && is_server(*server) ? name
										      : STR_NONE;
}

/* In lower case. */
static const char *make_key(struct arena *arena, const struct watch_account *a)
{
	char text[2 * HANDLE_MAX];
	snprintf(text, sizeof(text), "%s:%s%s%s", watch_rules[a->network].name, a->handle,
		a->server != NULL ? "@" : "", a->server != NULL ? a->server : "");
	for (char *p = text; *p != '\0'; p++) {
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p;
	}
	return arena_c(arena, str_c(text));
}

bool watch_account_parse(struct watch_account *out, enum watch_network network, struct str text,
	struct arena *arena, const char **why)
{
	struct str server = STR_NONE, handle = STR_NONE;
	text = str_trim(text);
	switch (network) {
	case WATCH_GITHUB:
		handle = read_github(text, why);
		break;
	case WATCH_MASTODON:
		handle = read_mastodon(text, &server, why);
		break;
	case WATCH_BLUESKY:
		handle = read_bluesky(text, why);
		break;
	default:
		handle = read_hackernews(text, why);
		break;
	}
	if (handle.p == NULL) {
		return false;
	}
	*out = (struct watch_account){.network = network,
		.handle = arena_c(arena, handle),
		.server = network == WATCH_MASTODON ? arena_c(arena, server) : NULL};
	out->key = out->handle != NULL ? make_key(arena, out) : NULL;
	*why = "there is no memory for it";
	return out->key != NULL && (network != WATCH_MASTODON || out->server != NULL);
}

/* By "github:" in front, else by its form. */
bool watch_account_guess(
	struct watch_account *out, struct str text, struct arena *arena, const char **why)
{
	struct str s = str_trim(text), bare = s;
	for (int i = 0; i < WATCH_NETWORKS; i++) {
		const struct watch_rule *r = &watch_rules[i];
		char before[32];
		snprintf(before, sizeof(before), "%s:", r->name);
		if (skip(&s, before) ||
			(r->alias != NULL && str_starts_nocase(s, str_c(r->alias)) &&
				skip(&s, "hackernews:"))) {
			return watch_account_parse(out, (enum watch_network)i, s, arena, why);
		}
	}
	bool address = is_address(&bare);
	if (str_starts_nocase(bare, STR("github.com/"))) {
		return watch_account_parse(out, WATCH_GITHUB, s, arena, why);
	}
	if (str_starts_nocase(bare, STR("news.ycombinator.com/"))) {
		return watch_account_parse(out, WATCH_HACKERNEWS, s, arena, why);
	}
	if (str_starts_nocase(bare, STR("bsky.app/")) || str_starts(s, STR("did:"))) {
		return watch_account_parse(out, WATCH_BLUESKY, s, arena, why);
	}
	skip(&bare, "@");
	if (address || memchr(bare.p, '@', bare.n) != NULL) {
		return watch_account_parse(out, WATCH_MASTODON, s, arena, why);
	}
	*why = "nothing says on which network that is: write github:NAME, bluesky:NAME, hn:NAME or "
	       "@NAME@SERVER";
	return false;
}

/* --- the list --- */

struct reading {
	struct watch_accounts *all;
	struct hark_host *host;
	const char *path;
	struct str text;
	size_t column[WATCH_NETWORKS], names; /* SIZE_MAX: there is none */
};

void watch_accounts_init(struct watch_accounts *all)
{
	*all = (struct watch_accounts){.rc = HARK_OK};
	arena_init(&all->arena, ACCOUNTS_BYTES_MAX);
}

void watch_accounts_release(struct watch_accounts *all)
{
	HASH_CLEAR(hh, all->by_key);
	HASH_CLEAR(hh, all->hosts);
	arena_release(&all->arena);
	*all = (struct watch_accounts){.rc = HARK_OK};
}

struct watch_account *watch_accounts_find(const struct watch_accounts *all, struct str key)
{
	struct watch_account *found = NULL;
	HASH_FIND(hh, all->by_key, key.p, key.n, found);
	return found;
}

/* Where a slice of the text stands; without quotes in the way. */
static void place_of(const struct reading *r, struct str s, unsigned line, long *at, long *column)
{
	*at = line;
	*column = 0;
	if (s.p >= r->text.p && s.p < r->text.p + r->text.n) {
		utf8_place(r->text, (size_t)(s.p - r->text.p), at, column);
	}
}

static void say_bad(const struct reading *r, struct str cell, unsigned line, const char *why)
{
	long at, column;
	place_of(r, cell, line, &at, &column);
	r->host->left_out(r->host, r->path, at, column, "'%.*s' is no account: %s",
		STR_FMT(str_cut_utf8(cell, 80)), why);
}

/* SIZE_MAX: no memory. */
static size_t find_host(struct watch_accounts *all, const struct watch_account *a)
{
	const char *name =
		a->server != NULL ? strchr(a->key, '@') + 1 : watch_rules[a->network].name;
	struct watch_place *place = NULL;
	HASH_FIND_STR(all->hosts, name, place);
	if (place == NULL) {
		place = arena_alloc(&all->arena, sizeof(*place));
		if (place == NULL) {
			return SIZE_MAX;
		}
		place->name = name;
		place->network = a->network;
		place->index = all->hosts_n;
		HASH_ADD_KEYPTR(hh, all->hosts, place->name, strlen(name), place);
		if (place->hh.tbl == NULL) {
			return SIZE_MAX;
		}
		all->hosts_n++;
	}
	return place->index;
}

static void add(struct reading *r, const struct watch_account *one, struct str cell, unsigned line,
	struct str person)
{
	struct watch_accounts *all = r->all;
	const struct watch_account *before = watch_accounts_find(all, str_c(one->key));
	long at, column;
	if (before != NULL) {
		place_of(r, cell, line, &at, &column);
		r->host->left_out(r->host, r->path, at, column, "'%.*s' stands on line %u already",
			STR_FMT(str_cut_utf8(cell, 80)), before->line);
		return;
	}
	struct watch_account **v = arena_grow(&all->arena, all->v, all->n, &all->cap, sizeof(*v));
	struct watch_account *copy = arena_alloc(&all->arena, sizeof(*copy));
	if (v == NULL || copy == NULL) {
		all->rc = HARK_ENOMEM;
		return;
	}
	*copy = *one;
	copy->line = line;
	copy->index = all->n;
	copy->host = find_host(all, copy);
	copy->person = person.n > 0 ? arena_c(&all->arena, person) : NULL;
	HASH_ADD_KEYPTR(hh, all->by_key, copy->key, strlen(copy->key), copy);
	if (copy->hh.tbl == NULL || copy->host == SIZE_MAX) {
		all->rc = HARK_ENOMEM;
		return;
	}
	all->v = v;
	v[all->n++] = copy;
}

static void take(struct reading *r, int network, struct str cell, unsigned line, struct str person)
{
	struct watch_account one;
	const char *why = NULL;
	bool ok = network < 0 ? watch_account_guess(&one, cell, &r->all->arena, &why)
			      : watch_account_parse(&one, (enum watch_network)network, cell,
					&r->all->arena, &why);
	if (ok) {
		add(r, &one, cell, line, person);
	} else {
		say_bad(r, cell, line, why);
	}
}

/* Columns that a slip of the finger makes useless. */
static void check_columns(const struct reading *r, const struct csv *csv)
{
	const char *known[] = {"github", "mastodon", "bluesky", "hn", "hackernews", "name"};
	for (size_t i = 0; i < csv->header.n; i++) {
		char name[64];
		struct str cell = csv->header.cells[i];
		snprintf(name, sizeof(name), "%.*s", STR_FMT(str_cut_utf8(cell, 60)));
		const char *near = did_you_mean(cell, known, sizeof(known) / sizeof(known[0]));
		bool is_known = csv_column(csv, name) == SIZE_MAX;
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
			is_known |= str_eq_nocase(cell, str_c(known[k]));
		}
		if (!is_known && near != NULL) {
			long at, column;
			place_of(r, cell, csv->header.line, &at, &column);
			r->host->left_out(r->host, r->path, at, column,
				"no network has the column '%s': did you mean '%s'?", name, near);
		}
	}
}

/* False: the first line names no network. */
static bool find_columns(struct reading *r, const struct csv *csv)
{
	bool any = false;
	for (int i = 0; i < WATCH_NETWORKS; i++) {
		r->column[i] = csv_column(csv, watch_rules[i].name);
		if (r->column[i] == SIZE_MAX && watch_rules[i].alias != NULL) {
			r->column[i] = csv_column(csv, watch_rules[i].alias);
		}
		any |= r->column[i] != SIZE_MAX;
	}
	r->names = csv_column(csv, "name");
	return any;
}

static void read_row(struct reading *r, const struct csv_row *row)
{
	struct str person = r->names != SIZE_MAX ? csv_cell(row, r->names) : STR_NONE;
	for (int i = 0; i < WATCH_NETWORKS; i++) {
		struct str cell = r->column[i] != SIZE_MAX ? csv_cell(row, r->column[i]) : STR_NONE;
		if (cell.n > 0) {
			take(r, i, cell, row->line, person);
		}
	}
}

static void read_rows(struct reading *r, struct csv *csv)
{
	struct csv_row row;
	struct hark_err err;
	int rc;
	check_columns(r, csv);
	while ((rc = csv_next(csv, &row, &err)) != HARK_ENOENT && r->all->rc == HARK_OK) {
		if (rc == HARK_OK) {
			read_row(r, &row);
		} else {
			r->host->left_out(r->host, r->path, row.line, 0, "%s", err.text);
		}
	}
}

static void read_lines(struct reading *r)
{
	struct str rest = r->text, line;
	for (unsigned n = 1; str_split(&rest, '\n', &line) && r->all->rc == HARK_OK; n++) {
		struct str text = str_trim(line);
		if (text.n > 0 && text.p[0] != '#') {
			take(r, -1, text, n, STR_NONE);
		}
	}
}

static bool looks_like_table(struct str text)
{
	struct str line = STR_NONE;
	str_split(&text, '\n', &line);
	return memchr(line.p, ',', line.n) != NULL || memchr(line.p, ';', line.n) != NULL ||
	       memchr(line.p, '\t', line.n) != NULL;
}

static int read_text(struct reading *r)
{
	struct arena rows;
	struct csv csv;
	arena_init(&rows, ACCOUNTS_BYTES_MAX);
	bool is_table = csv_open(&csv, r->text, &rows, NULL) == HARK_OK && find_columns(r, &csv);
	int rc = 0;
	if (is_table) {
		read_rows(r, &csv);
	} else if (r->text.n > 0 && looks_like_table(r->text)) {
		rc = r->host->fail(r->host,
			"%s:1:1: the first line names no column with accounts: github, mastodon, "
			"bluesky or hn",
			r->path);
	} else if (r->text.n > 0) {
		read_lines(r);
	}
	if (rc == 0 && (r->all->rc != HARK_OK || rows.rc != HARK_OK)) {
		rc = r->host->fail(r->host, "%s: no memory for its accounts", r->path);
	} else if (rc == 0 && r->all->n == 0) {
		rc = r->host->fail(r->host, "%s: there is no account in it", r->path);
	}
	arena_release(&rows);
	return rc;
}

int watch_accounts_read(struct watch_accounts *all, struct hark_host *host, const char *path)
{
	struct reading r = {.all = all, .host = host, .path = path};
	struct hark_err err = {0};
	struct charset used;
	struct buf room;
	size_t bytes = 0;
	const char *body = host->read_file(host, path, &bytes);
	if (body == NULL) {
		return HARK_EINVAL;
	}
	buf_init(&room, CONVERTED_MAX);
	int rc = charset_decode(str_n(body, bytes), NULL, &room, &r.text, &used, &err);
	rc = rc == HARK_OK ? read_text(&r) : host->fail(host, "%s: %s", path, err.text);
	buf_release(&room);
	return rc;
}
