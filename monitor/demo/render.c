#include "monitor/demo/render.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/markup.h"

#include <stdio.h>
#include <time.h>

static void add_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	markup_escape(out, str_c(text));
	buf_printf(out, "</%s>\n", name);
}

/* Text is sent as escaped HTML, as most sites do. */
static void add_html(struct buf *out, const char *name, const char *attributes, const char *text)
{
	struct buf html;
	buf_init(&html, 1 << 16);
	buf_add_c(&html, "<p>");
	markup_escape(&html, str_c(text));
	buf_add_c(&html, "</p>");
	buf_printf(out, "<%s%s>", name, attributes);
	markup_escape(out, buf_str(&html));
	buf_printf(out, "</%s>\n", name);
	buf_release(&html);
}

static void add_rfc822(struct buf *out, int64_t wall_ms)
{
	char text[64];
	struct tm tm;
	time_t s = (time_t)(wall_ms / 1000);
	gmtime_r(&s, &tm);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	add_element(out, "pubDate", text);
}

static const char *title_of(const struct story_item *i)
{
	return i->title != NULL ? i->title : i->text;
}

static void rss(const struct render_feed *f, struct buf *out)
{
	buf_add_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" "
		       "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\n");
	add_element(out, "title", f->host->title);
	buf_printf(out, "<link>%s/</link>\n<description>Demo</description>\n", f->base);
	for (size_t i = 0; i < f->items_n; i++) {
		const struct story_item *item = f->items[i].item;
		buf_add_c(out, "<item>\n");
		add_element(out, "title", title_of(item));
		buf_printf(out, "<link>%s/posts/%s</link>\n<guid isPermaLink=\"false\">%s</guid>\n",
			f->base, item->id, item->id);
		add_element(out, "dc:creator", item->author);
		add_rfc822(out, f->items[i].published_ms);
		add_html(out, "description", "", item->text);
		buf_add_c(out, "</item>\n");
	}
	buf_add_c(out, "</channel></rss>\n");
}

static void rss1(const struct render_feed *f, struct buf *out)
{
	char date[CLOCK_TEXT_MAX];
	buf_printf(out,
		"<?xml version=\"1.0\"?>\n<rdf:RDF "
		"xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
		"xmlns=\"http://purl.org/rss/1.0/\" "
		"xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
		"<channel rdf:about=\"%s/\">\n",
		f->base);
	add_element(out, "title", f->host->title);
	buf_printf(out, "<link>%s/</link>\n<description>Demo</description>\n</channel>\n", f->base);
	for (size_t i = 0; i < f->items_n; i++) {
		const struct story_item *item = f->items[i].item;
		buf_printf(out, "<item rdf:about=\"%s/posts/%s\">\n", f->base, item->id);
		add_element(out, "title", title_of(item));
		buf_printf(out, "<link>%s/posts/%s</link>\n", f->base, item->id);
		add_element(out, "dc:creator", item->author);
		add_element(out, "dc:date", clock_rfc3339(f->items[i].published_ms, date));
		add_html(out, "description", "", item->text);
		buf_add_c(out, "</item>\n");
	}
	buf_add_c(out, "</rdf:RDF>\n");
}

static void atom(const struct render_feed *f, struct buf *out)
{
	char date[CLOCK_TEXT_MAX];
	int64_t newest = f->items_n > 0 ? f->items[0].published_ms : 0;
	buf_add_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
		       "xmlns=\"http://www.w3.org/2005/Atom\">\n");
	add_element(out, "title", f->host->title);
	buf_printf(out, "<id>%s/</id>\n", f->base);
	add_element(out, "updated", clock_rfc3339(newest, date));
	for (size_t i = 0; i < f->items_n; i++) {
		const struct story_item *item = f->items[i].item;
		buf_printf(out, "<entry>\n<id>%s/posts/%s</id>\n<link href=\"/posts/%s\"/>\n",
			f->base, item->id, item->id);
		add_element(out, "title", title_of(item));
		buf_add_c(out, "<author>");
		add_element(out, "name", item->author);
		buf_add_c(out, "</author>\n");
		clock_rfc3339(f->items[i].published_ms, date);
		add_element(out, "published", date);
		add_element(out, "updated", date);
		add_html(out, "content", " type=\"html\"", item->text);
		buf_add_c(out, "</entry>\n");
	}
	buf_add_c(out, "</feed>\n");
}

static void json_author(
	const struct render_feed *f, const struct story_item *item, struct jsonout *j)
{
	jsonout_key(j, "authors");
	jsonout_array(j);
	jsonout_object(j);
	jsonout_key_c(j, "name", item->author);
	if (item->handle != NULL) {
		char url[200];
		snprintf(url, sizeof(url), "%s/@%s", f->base, item->handle);
		jsonout_key_c(j, "url", url);
	}
	jsonout_end_object(j);
	jsonout_end_array(j);
}

static void json_item(const struct render_feed *f, const struct render_item *i, struct jsonout *j)
{
	char url[200];
	snprintf(url, sizeof(url), "%s/posts/%s", f->base, i->item->id);
	jsonout_object(j);
	jsonout_key_c(j, "id", i->item->id);
	jsonout_key_c(j, "url", url);
	jsonout_key_c(j, "title", i->item->title);
	jsonout_key_c(j, "content_text", i->item->text);
	jsonout_key_time(j, "date_published", i->published_ms);
	json_author(f, i->item, j);
	jsonout_end_object(j);
}

static void json(const struct render_feed *f, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "version", "https://jsonfeed.org/version/1.1");
	jsonout_key_c(&j, "title", f->host->title);
	jsonout_key_c(&j, "home_page_url", f->base);
	jsonout_key_c(&j, "next_url", f->next);
	jsonout_key(&j, "items");
	jsonout_array(&j);
	for (size_t i = 0; i < f->items_n; i++) {
		json_item(f, &f->items[i], &j);
	}
	jsonout_end_array(&j);
	jsonout_end_object(&j);
}

/* Undoes the escaping of ampersands, drops one end tag and the document's end. */
static void damage(struct buf *out)
{
	struct buf hurt;
	struct str rest = buf_str(out);
	size_t at = str_find(rest, STR("&amp; "));
	buf_init(&hurt, out->max);
	while (at != SIZE_MAX) {
		buf_add(&hurt, rest.p, at + 1); /* with the bare & */
		rest = str_n(rest.p + at + 5, rest.n - at - 5);
		at = str_find(rest, STR("&amp; "));
	}
	size_t end = str_find(rest, STR("</dc:creator>"));
	if (end != SIZE_MAX) {
		buf_add(&hurt, rest.p, end);
		rest = str_n(rest.p + end + 13, rest.n - end - 13);
	}
	size_t tail = strlen("</channel></rss>\n");
	buf_add(&hurt, rest.p, rest.n > tail ? rest.n - tail : rest.n);
	buf_clear(out);
	buf_add_str(out, buf_str(&hurt));
	buf_release(&hurt);
}

void render(const struct render_feed *feed, struct buf *out)
{
	switch (feed->host->format) {
	case STORY_RSS:
		rss(feed, out);
		break;
	case STORY_RSS1:
		rss1(feed, out);
		break;
	case STORY_ATOM:
		atom(feed, out);
		break;
	case STORY_JSON:
		json(feed, out);
		break;
	}
	if (feed->host->ill_formed) {
		damage(out);
	}
}

const char *render_type(const struct story_host *host)
{
	switch (host->format) {
	case STORY_ATOM:
		return "application/atom+xml";
	case STORY_JSON:
		return "application/feed+json";
	case STORY_RSS1:
		return "application/rdf+xml";
	default:
		return "application/rss+xml";
	}
}
