/* Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF, JSON Feed 1.0 and 1.1. What a document is
 * decides its bytes, not its label. */
#include "connectors/builtin.h"
#include "connectors/feed_doc.h"
#include "connectors/parse/charset.h"
#include "connectors/parse/uri.h"
#include "connectors/parse/xml.h"
#include "monitor/base/utf8.h"

#include <stdlib.h>
#include <strings.h>

#define BODY_MAX (16u << 20)      /* what the fetcher hands over at most */
#define CONVERTED_MAX (20u << 20) /* the same in UTF-8 */

struct feed {
	const char *url, *charset, *lang; /* borrowed settings; charset and lang may be NULL */
};

static const struct hark_setting settings[] = {
	{.name = "url",
		.about = "address of the feed",
		.required = 1,
		.type = HARK_SETTING_URL,
		.example = "https://news.example.com/feed"},
	{.name = "charset", .about = "letters of the feed, where it says the wrong thing"},
	{.name = "lang",
		.about = "language of the posts, where the feed says none or the wrong one"},
	{.name = NULL},
};

static int set(struct hark_host *host, struct feed *feed, const struct hark_pair *pair)
{
	const struct {
		const char *name;
		const char **to;
	} known[] = {{"url", &feed->url}, {"charset", &feed->charset}, {"lang", &feed->lang}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(pair->name, known[i].name) == 0) {
			*known[i].to = pair->value;
			return 0;
		}
	}
	return host->fail(
		host, "there is no setting '%s' for a feed: url, charset, lang", pair->name);
}

static int feed_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	int rc = feed != NULL ? 0 : host->fail(host, "no memory");
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = set(host, feed, &pairs[i]);
	}
	if (rc == 0 && (feed->url == NULL || feed->url[0] == '\0')) {
		rc = host->fail(host, "a feed needs its address: url");
	}
	if (rc != 0) {
		free(feed);
		return rc;
	}
	*ctx = feed;
	return 0;
}

static int feed_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	/* application/ also means feed+json, rdf+xml, xml and json; libcurl writes each letter at a price. */
	static const struct hark_pair accept[] = {
		{"Accept", "application/atom+xml,application/rss+xml,application/*;q=0.9,"
			   "text/xml;q=0.9,*/*;q=0.1"}};
	const struct feed *feed = ctx;
	(void)host;
	(void)cursor;
	*request = (struct hark_request){
		.transport = HARK_TRANSPORT_HTTP,
		.url = feed->url,
		.headers = accept,
		.headers_count = 1,
	};
	return 0;
}

/* What the user, then the transport says, NULL if neither does. `room` holds a copy. */
static const char *charset_said(
	const struct feed *feed, const struct hark_reply *reply, char room[64])
{
	if (feed != NULL && feed->charset != NULL) {
		return feed->charset;
	}
	if (reply->charset != NULL) {
		return reply->charset;
	}
	return charset_of_type(reply->content_type, room);
}

static char first_byte(struct str text)
{
	text = str_trim(text);
	return text.n > 0 ? text.p[0] : '\0';
}

static bool is_feed_root(struct str root)
{
	static const char *const roots[] = {"rss", "rdf", "feed", "channel", "entry"};
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (str_eq_nocase(root, str_c(roots[i]))) {
			return true;
		}
	}
	return false;
}

/* One sentence on why these bytes are no feed, and what to do. */
static int refuse(struct hark_host *host, const struct hark_reply *reply, struct str text,
	const struct hark_err *why)
{
	const char *from = reply->url != NULL ? reply->url : "the document";
	if (first_byte(text) == '\0') {
		return host->fail(host, "%s is empty where a feed was expected", from);
	}
	if (str_eq_nocase(xml_root(text), STR("opml"))) {
		return host->fail(host,
			"%s is a list of feeds; hark sources import-opml FILE adds them", from);
	}
	if (html_is_page(text)) {
		return host->fail(host,
			"%s is a web page and no feed; hark sources add ADDRESS finds the feed of "
			"a page",
			from);
	}
	if (first_byte(text) != '<' && first_byte(text) != '{' && first_byte(text) != '[') {
		return host->fail(host, "%s is neither XML nor JSON, and so no feed", from);
	}
	return host->fail(host, "%s: %s", from, why->text);
}

static int read_text(
	struct feed_doc *doc, const struct hark_reply *reply, struct str text, struct hark_err *err)
{
	struct str base = str_c(reply->url);
	char first = first_byte(text);
	if (first == '{' || first == '[') {
		return feed_read_json(doc, text, base, err);
	}
	if (first == '\0' || (!is_feed_root(xml_root(text)) && html_is_page(text))) {
		return HARK_EPARSE;
	}
	return feed_read_xml(doc, text, base, err);
}

/* The page with older items, if it is of this site: what a document names gets no farther with the
 * rights of its source. Whether it is fetched is the host's decision. */
static int offer_next(struct hark_host *host, const struct feed *feed,
	const struct hark_reply *reply, struct str next)
{
	struct str here = str_c(reply->url != NULL || feed == NULL ? reply->url : feed->url);
	if (next.n == 0 || !uri_is_other_page(here, next) ||
		(feed != NULL && str_eq_c(next, feed->url))) {
		return 0;
	}
	const struct hark_request more = {.transport = HARK_TRANSPORT_HTTP, .url = next.p};
	return host->request_more(host, &more);
}

static void say_wrong_letters(struct hark_host *host, struct str text, const struct charset *used)
{
	long line = 0, column = 0;
	if (used->wrong_at > 0) {
		utf8_place(text, used->wrong_at, &line, &column);
	}
	host->degraded(host, line, column, "the letters are not what the feed says; read as %s",
		used->name);
}

static int feed_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	const struct feed *feed = ctx;
	struct hark_err err = {.text = "it cannot be read"};
	struct charset used;
	struct feed_doc doc;
	struct str text;
	struct buf room;
	char said[64];
	if (reply->body_bytes > BODY_MAX) {
		return host->fail(host, "a feed of %zu bytes is larger than hark reads (%u)",
			reply->body_bytes, BODY_MAX);
	}
	buf_init(&room, CONVERTED_MAX);
	feed_doc_init(&doc, host, reply->received_ms);
	doc.forced_lang = feed != NULL ? str_c(feed->lang) : STR_NONE;
	int rc = charset_decode(str_n(reply->body, reply->body_bytes),
		charset_said(feed, reply, said), &room, &text, &used, &err);
	if (rc == HARK_OK) {
		rc = read_text(&doc, reply, text, &err);
		if (rc == HARK_OK && used.wrong) {
			say_wrong_letters(host, text, &used);
		}
		if (rc == HARK_OK) {
			rc = offer_next(host, feed, reply, doc.feed.slot[SLOT_NEXT].s);
		}
	}
	if (rc == HARK_EPARSE) {
		rc = refuse(host, reply, text, &err);
	} else if (rc != HARK_OK && err.code != HARK_OK) {
		rc = host->fail(host, "%s", err.text);
	}
	feed_doc_release(&doc);
	buf_release(&room);
	return rc;
}

static void feed_close(void *ctx)
{
	free(ctx);
}

static const struct hark_sample samples[] = {
	{.sample = "samples/feed.xml", .expect = "samples/feed.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(feed) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "feed",
	.about = "RSS, Atom and JSON feeds",
	.settings = settings,
	.samples = samples,
	.open = feed_open,
	.plan = feed_plan,
	.parse = feed_parse,
	.close = feed_close,
};
