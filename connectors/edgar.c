/* EDGAR: the feed of new 8-K filings; of those with item 5.02 (officers and directors who come and go) the
 * filing itself is fetched and read for who, as what and from when.
 *
 * Three requests a filing: the feed, the filing's index page, its first document. Only filings that are new
 * since the last poll are fetched. The SEC asks for a User-Agent with a contact, which is the operator's,
 * and at most 10 requests a second; hark makes two. */
#include "connectors/builtin.h"
#include "connectors/feed_watch.h"
#include "connectors/filing.h"
#include "connectors/move.h"
#include "connectors/parse/charset.h"
#include "connectors/parse/html.h"
#include "connectors/parse/uri.h"

#include <stdio.h>
#include <stdlib.h>

#define FEED                                                                                  \
	"https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent&type=8-K&company=&dateb=" \
	"&owner=include&start=0&count=100&output=atom"
#define COMPANY \
	"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=%010lld&type=8-K&output=atom"
#define TEXT_MAX (16u << 20)
#define TAG_MAX 1000
#define SEEN_MAX 400 /* a filing stands in the feed once for each registrant */

struct edgar {
	char url[300];
};

static const struct hark_setting settings[] = {
	{.name = "cik",
		.about = "only this company: its number at the SEC",
		.otherwise = "all companies",
		.type = HARK_SETTING_NUMBER},
	{.name = NULL},
};

static const struct hark_bucket rate = {.n = 2, .per_ms = 1000, .scope = HARK_SCOPE_HOST};

static int edgar_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct edgar *e = calloc(1, sizeof(*e));
	int64_t cik = 0;
	if (e == NULL) {
		return host->fail(host, "no memory");
	}
	snprintf(e->url, sizeof(e->url), "%s", FEED);
	for (size_t i = 0; i < count; i++) {
		bool ok = strcmp(pairs[i].name, "cik") == 0 &&
			  str_i64(str_c(pairs[i].value), &cik) && cik > 0 && cik <= 9999999999;
		if (!ok) {
			free(e);
			return strcmp(pairs[i].name, "cik") == 0
				       ? host->fail(host, "cik: '%s' is no number of a company",
						 pairs[i].value)
				       : host->fail(host, "there is no setting '%s': cik",
						 pairs[i].name);
		}
		snprintf(e->url, sizeof(e->url), COMPANY, (long long)cik);
	}
	*ctx = e;
	return 0;
}

static void ask(struct hark_request *request, const char *url)
{
	*request = (struct hark_request){
		.transport = HARK_TRANSPORT_HTTP, .url = url, .buckets = &rate, .buckets_count = 1};
}

static int edgar_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct edgar *e = ctx;
	(void)host;
	(void)cursor;
	ask(request, e->url);
	return 0;
}

/* --- the feed --- */

/* A filing, as one request hands it to the next: "KIND \t ACCESSION \t UPDATED \t COMPANY". */
struct filing {
	char kind; /* 'i': its index page, 'd': its document */
	struct str accession, company;
	int64_t updated;
};

static void write_tag(const struct filing *f, char kind, char tag[TAG_MAX])
{
	snprintf(tag, TAG_MAX, "%c\t%.*s\t%lld\t%.*s", kind, STR_FMT(f->accession),
		(long long)f->updated, STR_FMT(str_cut_utf8(f->company, 400)));
}

static struct filing read_tag(const char *tag)
{
	struct filing f = {.updated = HARK_TIME_NONE};
	struct str rest = str_c(tag), kind, updated;
	if (tag != NULL && str_split(&rest, '\t', &kind) && kind.n == 1 &&
		str_split(&rest, '\t', &f.accession) && str_split(&rest, '\t', &updated) &&
		str_i64(updated, &f.updated)) {
		f.kind = kind.p[0];
		f.company = rest;
	}
	return f;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "ACME SPROCKETS INC /DE/" as "Acme Sprockets Inc"; names in mixed case stay. In `room`. */
static struct str tidy_company(struct str name, char room[500])
{
	size_t slash = str_find(name, STR(" /"));
	name = str_trim(str_cut_utf8(slash != SIZE_MAX ? str_n(name.p, slash) : name, 490));
	bool any_small = false;
	for (size_t i = 0; i < name.n; i++) {
		any_small |= name.p[i] >= 'a' && name.p[i] <= 'z';
	}
	memcpy(room, name.p, name.n);
	for (size_t i = 0; i < name.n && !any_small;) {
		size_t end = i;
		while (end < name.n && name.p[end] != ' ') {
			end++;
		}
		struct str word = str_n(name.p + i, end - i);
		bool stays = str_eq(word, STR("LLC")) || str_eq(word, STR("PLC")) ||
			     str_eq(word, STR("LP")) || str_eq(word, STR("II")) || word.n < 2;
		for (size_t k = i + 1; k < end && !stays; k++) {
			room[k] = is_capital(name.p[k]) ? (char)(name.p[k] | 32) : name.p[k];
		}
		i = end + 1;
	}
	return str_n(room, name.n);
}

/* "8-K - ACME SPROCKETS INC /DE/ (0000000001) (Filer)" */
static bool read_title(struct str title, struct str *form, struct str *company)
{
	size_t dash = str_find(title, STR(" - "));
	if (dash == SIZE_MAX) {
		return false;
	}
	*form = str_n(title.p, dash);
	struct str rest = str_n(title.p + dash + 3, title.n - dash - 3);
	for (size_t i = rest.n; i-- > 0;) { /* the name may hold brackets of its own */
		if (rest.p[i] == '(' && i + 1 < rest.n && rest.p[i + 1] >= '0' &&
			rest.p[i + 1] <= '9') {
			*company = str_trim(str_n(rest.p, i));
			return company->n > 0;
		}
	}
	return false;
}

struct seen {
	struct str ids[SEEN_MAX];
	size_t n;
};

static bool is_seen(struct seen *seen, struct hark_host *host, struct str id)
{
	for (size_t i = 0; i < seen->n; i++) {
		if (str_eq(seen->ids[i], id)) {
			return true;
		}
	}
	char *copy = seen->n < SEEN_MAX ? host->alloc(host, id.n + 1) : NULL;
	if (copy != NULL) {
		memcpy(copy, id.p, id.n);
		seen->ids[seen->n++] = str_n(copy, id.n);
	}
	return false;
}

static int emit_filing(struct hark_host *host, const struct hark_post *entry, struct filing *f)
{
	char id[100], title[700], tag[TAG_MAX];
	struct hark_post post = *entry;
	struct hark_request request;
	snprintf(id, sizeof(id), "%.*s", STR_FMT(f->accession));
	snprintf(title, sizeof(title), "%.*s: 8-K, item 5.02", STR_FMT(f->company));
	post.external_id = id;
	post.title = title;
	post.type = HARK_FILING;
	post.lang = "en";
	post.author = (struct hark_author){.display_name = NULL,
		.followers = HARK_COUNT_NONE,
		.following = HARK_COUNT_NONE,
		.verified = -1};
	post.published = f->updated;
	int rc = host->emit_post(host, &post);
	if (rc != 0 || entry->url == NULL || !uri_is_web(str_c(entry->url))) {
		return rc;
	}
	write_tag(f, 'i', tag);
	ask(&request, entry->url);
	request.tag = tag;
	request.more = HARK_MORE_IF_NEW;
	request.item = id;
	return host->request_more(host, &request);
}

static int on_entry(void *ctx, struct hark_host *host, const struct hark_post *entry)
{
	struct seen *seen = ctx;
	struct filing f = {
		.updated = entry->edited != HARK_TIME_NONE ? entry->edited : entry->published};
	struct str form = STR_NONE, text = str_c(entry->text), id = str_c(entry->external_id);
	char room[500];
	if (!read_title(str_c(entry->title), &form, &f.company) ||
		(!str_eq(form, STR("8-K")) && !str_eq(form, STR("8-K/A")))) {
		host->skipped(host, "another form than 8-K");
		return 0;
	}
	if (str_find(text, STR("Item 5.02")) == SIZE_MAX) {
		host->skipped(host, "no item 5.02");
		return 0;
	}
	size_t at = str_find(id, STR("accession-number="));
	f.accession = at != SIZE_MAX ? str_n(id.p + at + 17, id.n - at - 17) : id;
	f.accession = str_cut_utf8(f.accession, 90);
	if (is_seen(seen, host, f.accession)) {
		host->skipped(host, "the same filing for another registrant");
		return 0;
	}
	f.company = tidy_company(f.company, room);
	return emit_filing(host, entry, &f);
}

static int read_feed(struct hark_host *host, const struct hark_reply *reply)
{
	struct seen *seen = host->alloc(host, sizeof(*seen));
	return seen != NULL ? feed_watch(host, reply, on_entry, seen)
			    : host->fail(host, "no memory to read the filings");
}

/* --- the index page --- */

/* The first document that is listed: a page of the archive that is no index. */
static struct str find_document(struct str html)
{
	for (size_t at; (at = str_find(html, STR("href=\""))) != SIZE_MAX;) {
		html = str_n(html.p + at + 6, html.n - at - 6);
		size_t end = str_find(html, STR("\""));
		struct str ref = str_n(html.p, end != SIZE_MAX ? end : 0);
		size_t viewer = str_find(ref, STR("?doc="));
		if (viewer != SIZE_MAX) {
			ref = str_n(ref.p + viewer + 5, ref.n - viewer - 5);
		}
		bool page = str_ends(ref, STR(".htm")) || str_ends(ref, STR(".html")) ||
			    str_ends(ref, STR(".txt"));
		if (page && str_find(ref, STR("/Archives/edgar/data/")) != SIZE_MAX &&
			str_find(ref, STR("-index")) == SIZE_MAX) {
			return ref;
		}
	}
	return STR_NONE;
}

static int read_index(
	struct hark_host *host, const struct hark_reply *reply, const struct filing *f)
{
	struct str ref = find_document(str_n(reply->body, reply->body_bytes));
	struct hark_request request;
	char tag[TAG_MAX];
	struct buf url;
	int rc = 0;
	buf_init(&url, URI_MAX);
	if (ref.p == NULL || !uri_resolve(str_c(reply->url), ref, &url) ||
		!uri_is_other_page(str_c(reply->url), buf_str(&url))) {
		host->skipped(host, "a filing without a document");
	} else {
		write_tag(f, 'd', tag);
		ask(&request, buf_c(&url));
		request.tag = tag;
		request.more = HARK_MORE_ALWAYS;
		rc = host->request_more(host, &request);
	}
	buf_release(&url);
	return rc;
}

/* --- the filing --- */

/* What the filing calls its company: "Acme Sprockets, Inc. (the “Company”)". */
static struct str company_in(struct str text)
{
	size_t at = str_find(text, STR(" (the \xe2\x80\x9c"
				       "Company"));
	if (at == SIZE_MAX) {
		at = str_find(text, STR(" (the \"Company"));
	}
	if (at == SIZE_MAX) {
		return STR_NONE;
	}
	size_t start = at;
	while (start > 0) { /* words that begin with a capital letter */
		size_t word = start - (start < at);
		while (word > 0 && text.p[word - 1] != ' ' && text.p[word - 1] != '\n') {
			word--;
		}
		if (!is_capital(text.p[word]) || word == 0) {
			break;
		}
		start = word;
		if (text.p[word - 1] == '\n') {
			break;
		}
	}
	return start < at ? str_n(text.p + start, at - start) : STR_NONE;
}

static const char *keep(struct arena *arena, struct str s)
{
	return s.n > 0 ? arena_c(arena, s) : NULL;
}

static int tell(struct hark_host *host, const struct hark_reply *reply, const struct filing *f,
	const struct filing_move *m, struct str company, struct arena *arena)
{
	const struct hark_profile profile = {
		.person = keep(arena, m->person),
		.employer = keep(arena, company),
		.title = keep(arena, m->title),
		.effective = keep(arena, m->effective),
		.evidence_url = reply->url,
		.observed = f->updated != HARK_TIME_NONE ? f->updated : reply->received_ms,
		.event = m->left ? HARK_LEFT : HARK_JOINED,
	};
	const struct move move = {.profile = &profile,
		.key = profile.person,
		.said = keep(arena, m->sentence),
		.type = HARK_FILING};
	return move_emit(host, &move);
}

/* A filing names its form, or at least its items; a page that turns requests away does not. */
static bool is_filing(struct str text)
{
	static const struct str words[] = {
		{"8-K", 3}, {"Item ", 5}, {"ITEM ", 5}, {"Item\xc2\xa0", 6}, {"ITEM\xc2\xa0", 6}};
	bool is_one = false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		is_one |= str_find(text, words[i]) != SIZE_MAX;
	}
	return is_one;
}

static int read_filing(struct hark_host *host, const struct hark_reply *reply,
	const struct filing *f, struct str html)
{
	struct filing_move moves[FILING_MOVES_MAX];
	struct arena arena;
	struct str section;
	struct buf text;
	int rc = 0;
	arena_init(&arena, 8u << 20);
	buf_init(&text, 2 * TEXT_MAX + 64);
	if (html_to_text(html, STR_NONE, 0, &text, NULL) != HARK_OK) {
		rc = host->fail(host, "no memory to read the filing");
	} else if (f->kind != 'd' && !is_filing(buf_str(&text))) {
		rc = host->fail(host, "a web page that is neither the feed nor a filing");
	} else if (!filing_item_502(buf_str(&text), &section)) {
		host->skipped(host, "a filing without item 5.02");
	} else {
		size_t n = filing_moves(section, &arena, moves);
		struct str company = company_in(section);
		company = f->company.n > 0 && company.n == 0 ? f->company : company;
		if (n == 0) {
			host->skipped(host, "a filing that names nobody in a known way");
		}
		for (size_t i = 0; i < n && rc == 0; i++) {
			rc = tell(host, reply, f, &moves[i], company, &arena);
		}
	}
	buf_release(&text);
	arena_release(&arena);
	return rc;
}

/* --- all --- */

static int edgar_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct filing f = read_tag(reply->tag);
	struct hark_err err = {0};
	struct charset used;
	struct buf room;
	struct str text;
	(void)ctx;
	if (f.kind == 'i') {
		return read_index(host, reply, &f);
	}
	if (reply->body_bytes > TEXT_MAX) {
		return host->fail(host, "a filing of %zu bytes is larger than hark reads (%u MB)",
			reply->body_bytes, TEXT_MAX >> 20);
	}
	buf_init(&room, TEXT_MAX);
	int rc = charset_decode(
		str_n(reply->body, reply->body_bytes), reply->charset, &room, &text, &used, &err);
	if (rc != HARK_OK) {
		rc = host->fail(host, "%s", err.text);
	} else if (f.kind == 'd' || html_is_page(text)) {
		rc = read_filing(host, reply, &f, text);
	} else {
		rc = read_feed(host, reply);
	}
	buf_release(&room);
	return rc;
}

static void edgar_close(void *ctx)
{
	free(ctx);
}

static const struct hark_sample samples[] = {
	{.sample = "samples/edgar.atom", .expect = "samples/edgar.jsonl"},
	{.sample = "samples/edgar-8k.html", .expect = "samples/edgar-8k.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(edgar) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "edgar",
	.about = "officers and directors who come and go, by 8-K filings at the SEC",
	.settings = settings,
	.samples = samples,
	.docs = "https://www.sec.gov/os/accessing-edgar-data",
	.terms = "a User-Agent with a contact (operator.contact) and at most 10 requests a second",
	.every_s = 600,
	.every_min_s = 300,
	.open = edgar_open,
	.plan = edgar_plan,
	.parse = edgar_parse,
	.close = edgar_close,
};
