/* How fast feeds become posts, against libxml2 reading the same bytes with no one listening: RSS and
 * Atom documents of about 15 KB. Both ways take turns, and the ratio is the median of the pairs: what
 * else the machine does slows both. */
#include "connectors/collect.h"
#include "connectors/registry.h"
#include "monitor/base/buf.h"
#include "monitor/base/str.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 25
#define TURNS 150
#define ITEMS 20

static const char body_text[] =
	"&lt;p&gt;Acme Widgets moved its whole team to a new tool this week, and the first reports "
	"are good: less waiting, fewer forms. \"We saved two days a month\", says the head of "
	"operations.&lt;/p&gt;&lt;p&gt;The change took six weeks; &lt;a "
	"href=\"https://news.example.com/story?id=%d&amp;amp;ref=feed\"&gt;the whole "
	"story&lt;/a&gt; tells how. What comes next is open, but nobody we asked wants to go "
	"back.&lt;/p&gt;";

static void make_rss(struct buf *out)
{
	buf_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
		       "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
		       "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n"
		       "<title>Example News</title><link>https://news.example.com/</link>"
		       "<description>All the news</description><language>en</language>\n");
	for (int i = 0; i < ITEMS; i++) {
		buf_printf(out,
			"<item>\n  <title>Acme moves on, part %d &amp; more</title>\n  "
			"<link>https://news.example.com/story/%d</link>\n  <guid "
			"isPermaLink=\"false\">news-%d</guid>\n  <pubDate>Wed, 04 Mar 2026 "
			"05:%02d:07 GMT</pubDate>\n  <dc:creator>Ana Example</dc:creator>\n  "
			"<category>tools</category><category>teams</category>\n  <description>",
			i, i, i, i);
		buf_printf(out, body_text, i);
		buf_add_c(out, "</description>\n</item>\n");
	}
	buf_add_c(out, "</channel>\n</rss>\n");
}

static void make_atom(struct buf *out)
{
	buf_add_c(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed "
		"xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n<title>Example "
		"Notes</title><id>tag:notes.example.com,2026:f</id><link "
		"href=\"https://notes.example.com/\"/><updated>2026-03-04T05:06:07Z</updated>\n");
	for (int i = 0; i < ITEMS; i++) {
		buf_printf(out,
			"<entry>\n  <title>Acme moves on, part %d &amp; more</title>\n  "
			"<id>tag:notes."
			"example.com,2026:%d</id>\n  <link rel=\"alternate\" type=\"text/html\" "
			"href=\"https://notes.example.com/%d\"/>\n  "
			"<published>2026-03-04T05:%02d:07Z</published>\n  "
			"<updated>2026-03-04T06:%02d:07Z</updated>\n  <author><name>Ana "
			"Example</name></author>\n  <category term=\"tools\"/>\n  <content "
			"type=\"html\">",
			i, i, i, i, i);
		buf_printf(out, body_text, i);
		buf_add_c(out, "</content>\n</entry>\n");
	}
	buf_add_c(out, "</feed>\n");
}

static double now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int namespaces_n, const xmlChar **namespaces, int attrs_n, int defaulted_n,
	const xmlChar **attrs)
{
	(void)name, (void)prefix, (void)uri, (void)namespaces_n, (void)namespaces, (void)attrs_n;
	(void)defaulted_n, (void)attrs;
	++*(size_t *)user;
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)user, (void)name, (void)prefix, (void)uri;
}

static void on_text(void *user, const xmlChar *text, int n)
{
	(void)text;
	*(size_t *)user += (size_t)n;
}

static double bare_pass(const struct buf *doc)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text};
	size_t seen = 0;
	double began = now();
	for (int i = 0; i < TURNS; i++) {
		if (xmlSAXUserParseMemory(&sax, &seen, doc->p, (int)doc->n) != 0) {
			abort();
		}
	}
	return now() - began;
}

static double hark_pass(const struct buf *doc)
{
	const struct hark_connector *feed = connector_find("feed");
	const struct hark_reply reply = {.url = "https://example.com/feed",
		.status = 200,
		.body = doc->p,
		.body_bytes = doc->n,
		.received_ms = INT64_C(1790000000000)};
	struct arena arena;
	struct collected got;
	arena_init(&arena, 0);
	double began = now();
	for (int i = 0; i < TURNS; i++) {
		arena_reset(&arena);
		if (collect(&got, feed, NULL, STR("bench"), &reply, &arena, NULL) != HARK_OK ||
			got.posts_n != ITEMS) {
			abort();
		}
	}
	double took = now() - began;
	arena_release(&arena);
	return took;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof(*v), by_size);
	return v[ROUNDS / 2];
}

static bool measure(const char *name, const struct buf *doc)
{
	double bare[ROUNDS], ours[ROUNDS], ratio[ROUNDS];
	double mb = (double)doc->n * TURNS / 1e6;
	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = bare_pass(doc);
		ours[i] = hark_pass(doc);
		ratio[i] = bare[i] / ours[i];
	}
	double middle = median(ratio);
	printf("parse %-5s %5zu bytes: libxml2 alone %6.1f MB/s, hark %6.1f MB/s, ratio %.2f "
	       "(goal 0.50)\n",
		name, doc->n, mb / median(bare), mb / median(ours), middle);
	return middle >= 0.5;
}

int main(void)
{
	struct buf rss, atom;
	buf_init(&rss, 1 << 20);
	buf_init(&atom, 1 << 20);
	make_rss(&rss);
	make_atom(&atom);
	bool good = measure("rss", &rss);
	good &= measure("atom", &atom);
	buf_release(&rss);
	buf_release(&atom);
	return good ? 0 : 1;
}
