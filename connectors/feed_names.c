#include "connectors/feed_names.h"

#include <strings.h>

struct namespace
{
	const char *uri; /* lower case, without a slash or mark at the end */
	const char *prefix;
	enum feed_ns ns;
	bool is_beginning; /* of a family of URIs */
};

static const struct namespace namespaces[] = {
	{"http://www.w3.org/2005/atom", "atom", NS_ATOM, false},
	{"http://purl.org/atom/ns", "atom03", NS_ATOM, true},
	{"http://purl.org/rss/1.0", "rss", NS_CORE, false},
	{"http://backend.userland.com/", "", NS_CORE, true},
	{"http://blogs.law.harvard.edu/tech/rss", "", NS_CORE, true},
	{"http://my.netscape.com/", "", NS_CORE, true},
	{"http://channel.netscape.com/", "", NS_CORE, true},
	{"http://purl.org/net/rss1.1", "", NS_CORE, true},
	{"http://purl.org/dc/elements/1.", "dc", NS_DC, true},
	{"http://purl.org/dc/terms", "dcterms", NS_DCTERMS, true},
	{"http://purl.org/rss/1.0/modules/content", "content", NS_CONTENT, true},
	{"http://purl.org/rss/1.0/modules/slash", "slash", NS_SLASH, true},
	{"http://purl.org/rss/1.0/modules/syndication", "sy", NS_SY, true},
	{"http://search.yahoo.com/mrss", "media", NS_MEDIA, true},
	{"http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes", NS_ITUNES, false},
	{"http://example.com/dtds/podcast-1.0.dtd", "", NS_ITUNES, false},
	{"http://purl.org/syndication/thread/1.0", "thr", NS_THR, false},
	{"http://www.w3.org/1999/xhtml", "xhtml", NS_XHTML, false},
	{"http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf", NS_RDF, true},
	{"http://purl.org/atompub/tombstones/1.0", "at", NS_TOMBSTONE, false},
};
#define NAMESPACES (sizeof(namespaces) / sizeof(namespaces[0]))

/* Where "http://" is over and the names begin to differ. */
#define URI_DIFFERS 11

static bool is_uri(const struct namespace *known, const char *uri)
{
	if ((uri[URI_DIFFERS] | 32) != (known->uri[URI_DIFFERS] | 32)) {
		return false; /* spares nearly all comparisons */
	}
	size_t n = strlen(known->uri);
	if (strncasecmp(uri, known->uri, n) != 0) {
		return false;
	}
	return known->is_beginning || uri[n] == '\0' ||
	       ((uri[n] == '/' || uri[n] == '#') && uri[n + 1] == '\0');
}

enum feed_ns feed_ns_of(const char *uri, const char *prefix)
{
	if (uri == NULL && prefix == NULL) {
		return NS_CORE;
	}
	if (uri != NULL && strlen(uri) <= URI_DIFFERS) {
		return NS_OTHER;
	}
	for (size_t i = 0; i < NAMESPACES; i++) {
		const struct namespace *known = &namespaces[i];
		if (uri != NULL ? is_uri(known, uri) : strcasecmp(prefix, known->prefix) == 0) {
			return known->ns;
		}
	}
	return NS_OTHER;
}

struct meaning {
	enum feed_ns ns;
	const char *name; /* lower case */
	enum feed_act act;
	enum feed_slot slot;
};

static const struct meaning meanings[] = {
	/* RSS and CDF */
	{NS_CORE, "rss", ACT_PASS, 0},
	{NS_CORE, "channel", ACT_FEED, 0},
	{NS_CORE, "item", ACT_ITEM, 0},
	{NS_CORE, "items", ACT_PASS, 0},
	{NS_CORE, "title", ACT_TITLE, SLOT_TITLE},
	{NS_CORE, "link", ACT_LINK, SLOT_LINK},
	{NS_CORE, "description", ACT_MAYBE, SLOT_SUMMARY},
	{NS_CORE, "abstract", ACT_HTML, SLOT_SUMMARY},
	{NS_CORE, "fullitem", ACT_HTML, SLOT_ENCODED},
	{NS_CORE, "body", ACT_HTML, SLOT_BODY},
	{NS_CORE, "guid", ACT_ID, SLOT_ID},
	{NS_CORE, "comments", ACT_URI, SLOT_COMMENTS},
	{NS_CORE, "author", ACT_PERSON, SLOT_AUTHOR},
	{NS_CORE, "managingeditor", ACT_PLAIN, SLOT_EDITOR},
	{NS_CORE, "pubdate", ACT_PLAIN, SLOT_PUB_DATE},
	{NS_CORE, "expirationdate", ACT_NONE, 0},
	{NS_CORE, "lastbuilddate", ACT_PLAIN, SLOT_BUILD_DATE},
	{NS_CORE, "language", ACT_PLAIN, SLOT_LANG},
	{NS_CORE, "category", ACT_TAG, 0},
	{NS_CORE, "keywords", ACT_TAGS, 0},
	{NS_CORE, "enclosure", ACT_FILE, SLOT_FILE},
	{NS_CORE, "source", ACT_SOURCE, 0},
	{NS_CORE, "ttl", ACT_PLAIN, SLOT_TTL},
	{NS_CORE, "generator", ACT_PLAIN, SLOT_GENERATOR},
	/* Atom; also used in feeds that forgot the namespace */
	{NS_ATOM, "feed", ACT_FEED, 0},
	{NS_ATOM, "entry", ACT_ITEM, 0},
	{NS_ATOM, "title", ACT_TYPED, SLOT_TITLE},
	{NS_ATOM, "link", ACT_LINK, SLOT_LINK},
	{NS_ATOM, "id", ACT_ID, SLOT_ID},
	{NS_ATOM, "subtitle", ACT_TYPED, SLOT_SUMMARY},
	{NS_ATOM, "tagline", ACT_TYPED, SLOT_SUMMARY},
	{NS_ATOM, "info", ACT_TYPED, SLOT_MEDIA_TEXT},
	{NS_ATOM, "summary", ACT_TYPED, SLOT_SUMMARY},
	{NS_ATOM, "content", ACT_TYPED, SLOT_CONTENT},
	{NS_ATOM, "author", ACT_PERSON, SLOT_AUTHOR},
	{NS_ATOM, "published", ACT_PLAIN, SLOT_PUBLISHED},
	{NS_ATOM, "issued", ACT_PLAIN, SLOT_ISSUED},
	{NS_ATOM, "created", ACT_PLAIN, SLOT_CREATED},
	{NS_ATOM, "updated", ACT_PLAIN, SLOT_UPDATED},
	{NS_ATOM, "modified", ACT_PLAIN, SLOT_MODIFIED},
	{NS_ATOM, "category", ACT_TAG, 0},
	{NS_ATOM, "source", ACT_SOURCE, 0},
	{NS_ATOM, "generator", ACT_PLAIN, SLOT_GENERATOR},
	/* modules */
	{NS_DC, "title", ACT_TITLE, SLOT_TITLE_OTHER},
	{NS_DC, "description", ACT_HTML, SLOT_MEDIA_TEXT},
	{NS_DC, "creator", ACT_PLAIN, SLOT_CREATOR},
	{NS_DC, "author", ACT_PLAIN, SLOT_CREATOR},
	{NS_DC, "contributor", ACT_NONE, 0},
	{NS_DC, "date", ACT_PLAIN, SLOT_DC_DATE},
	{NS_DC, "language", ACT_PLAIN, SLOT_LANG},
	{NS_DC, "subject", ACT_TAG, 0},
	{NS_DC, "identifier", ACT_NONE, 0},
	{NS_DCTERMS, "issued", ACT_PLAIN, SLOT_ISSUED},
	{NS_DCTERMS, "created", ACT_PLAIN, SLOT_CREATED},
	{NS_DCTERMS, "modified", ACT_PLAIN, SLOT_MODIFIED},
	{NS_CONTENT, "encoded", ACT_HTML, SLOT_ENCODED},
	{NS_XHTML, "body", ACT_HTML, SLOT_BODY},
	{NS_XHTML, "div", ACT_HTML, SLOT_BODY},
	{NS_MEDIA, "group", ACT_PASS, 0},
	{NS_MEDIA, "content", ACT_FILE, SLOTS},
	{NS_MEDIA, "title", ACT_TITLE, SLOT_TITLE_OTHER},
	{NS_MEDIA, "description", ACT_HTML, SLOT_MEDIA_TEXT},
	{NS_MEDIA, "keywords", ACT_TAGS, 0},
	{NS_MEDIA, "category", ACT_TAG, 0},
	{NS_ITUNES, "title", ACT_TITLE, SLOT_TITLE_OTHER},
	{NS_ITUNES, "author", ACT_PLAIN, SLOT_ITUNES_AUTHOR},
	{NS_ITUNES, "summary", ACT_HTML, SLOT_ITUNES_TEXT},
	{NS_ITUNES, "subtitle", ACT_HTML, SLOT_ITUNES_TEXT},
	{NS_ITUNES, "keywords", ACT_TAGS, 0},
	{NS_ITUNES, "category", ACT_TAG, 0},
	{NS_SLASH, "comments", ACT_PLAIN, SLOT_REPLIES},
	{NS_SY, "updateperiod", ACT_PLAIN, SLOT_SY_PERIOD},
	{NS_SY, "updatefrequency", ACT_PLAIN, SLOT_SY_FREQUENCY},
	{NS_THR, "total", ACT_PLAIN, SLOT_REPLIES},
	{NS_THR, "in-reply-to", ACT_REPLY, SLOT_REPLY_TO},
	{NS_RDF, "rdf", ACT_PASS, 0},
	{NS_TOMBSTONE, "deleted-entry", ACT_DELETED, 0},
};

static struct feed_meaning look_up(enum feed_ns ns, const char *name)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].ns == ns && meanings[i].name[0] == (name[0] | 32) &&
			strcasecmp(meanings[i].name, name) == 0) {
			return (struct feed_meaning){meanings[i].act, meanings[i].slot};
		}
	}
	return (struct feed_meaning){ACT_NONE, 0};
}

/* RSS and Atom names used without or with the other's namespace mean what they say. */
struct feed_meaning feed_meaning_of(enum feed_ns ns, const char *name)
{
	struct feed_meaning m = look_up(ns, name);
	if (m.act == ACT_NONE && (ns == NS_CORE || ns == NS_ATOM)) {
		m = look_up(ns == NS_CORE ? NS_ATOM : NS_CORE, name);
	}
	return m;
}
