/* JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). */
#include "connectors/feed_doc.h"

#include "connectors/parse/uri.h"
#include "monitor/base/json.h"

/* A member as text: numbers are ids in the wild, although the specification wants strings. */
static struct str member(struct feed_fields *f, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	char text[40];
	if (json_is_string(v)) {
		return str_n(json_string_value(v), json_string_length(v));
	}
	const char *number = json_number_text(v, text);
	return number != NULL ? arena_str(&f->arena, str_c(number)) : STR_NONE;
}

static void set(struct feed_fields *f, enum feed_slot slot, enum feed_kind kind,
	const json_t *object, const char *key, struct str base)
{
	feed_set(f, slot, kind, member(f, object, key), base, STR_NONE);
}

static void set_url(struct feed_fields *f, enum feed_slot slot, const json_t *object,
	const char *key, struct str base)
{
	struct buf url;
	buf_init(&url, 4 * URI_MAX);
	if (uri_resolve(base, member(f, object, key), &url)) {
		feed_set(f, slot, FEED_PLAIN, buf_str(&url), STR_NONE, STR_NONE);
	}
	feed_saw(f, url.rc);
	buf_release(&url);
}

/* The first of `authors` (1.1), else `author` (1.0). */
static void set_author(struct feed_fields *f, const json_t *object)
{
	const json_t *authors = json_object_get(object, "authors");
	const json_t *author = json_array_size(authors) > 0 ? json_array_get(authors, 0)
							    : json_object_get(object, "author");
	f->author.name = arena_str(&f->arena, str_trim(member(f, author, "name")));
	f->author.url = arena_str(&f->arena, str_trim(member(f, author, "url")));
}

static void add_tags(struct feed_fields *f, const json_t *item)
{
	const json_t *tags = json_object_get(item, "tags");
	for (size_t i = 0; i < json_array_size(tags); i++) {
		feed_add_tag(f, str_c(json_string_value(json_array_get(tags, i))));
	}
}

static void add_links(struct feed_fields *f, const json_t *item, struct str base)
{
	const json_t *files = json_object_get(item, "attachments");
	feed_add_link(f, base, member(f, item, "external_url"));
	for (size_t i = 0; i < json_array_size(files); i++) {
		feed_add_link(f, base, member(f, json_array_get(files, i), "url"));
	}
}

static int read_item(struct feed_doc *doc, const json_t *from, struct str base)
{
	struct feed_fields *item = doc->item;
	feed_item_begin(doc);
	set(item, SLOT_ID, FEED_PLAIN, from, "id", base);
	if (item->slot[SLOT_ID].s.n == 0) {
		return HARK_OK; /* "the item must be discarded", the specification insists */
	}
	item->id_is_no_link = true;
	set_url(item, SLOT_LINK, from, "url", base);
	set_url(item, SLOT_LINK_OTHER, from, "external_url", base);
	set(item, SLOT_TITLE, FEED_PLAIN, from, "title", base);
	set(item, SLOT_ENCODED, FEED_PLAIN, from, "content_text", base);
	set(item, SLOT_CONTENT, FEED_HTML, from, "content_html", base);
	set(item, SLOT_SUMMARY, FEED_PLAIN, from, "summary", base);
	set(item, SLOT_PUBLISHED, FEED_PLAIN, from, "date_published", base);
	set(item, SLOT_UPDATED, FEED_PLAIN, from, "date_modified", base);
	set(item, SLOT_LANG, FEED_PLAIN, from, "language", base);
	set_author(item, from);
	add_tags(item, from);
	add_links(item, from, base);
	return feed_item_end(doc);
}

/* Of the kinds of hubs there are only one is known here. */
static void set_hub(struct feed_fields *feed, const json_t *hubs, struct str base)
{
	for (size_t i = 0; i < json_array_size(hubs); i++) {
		const json_t *hub = json_array_get(hubs, i);
		if (str_eq_nocase(json_str(hub, "type"), STR("WebSub"))) {
			set_url(feed, SLOT_HUB, hub, "url", base);
		}
	}
}

static void read_feed(struct feed_doc *doc, const json_t *tree, struct str base)
{
	struct feed_fields *feed = &doc->feed;
	set(feed, SLOT_TITLE, FEED_PLAIN, tree, "title", base);
	set_url(feed, SLOT_LINK, tree, "home_page_url", base);
	set_url(feed, SLOT_SELF, tree, "feed_url", base);
	set_url(feed, SLOT_NEXT, tree, "next_url", base);
	set(feed, SLOT_SUMMARY, FEED_PLAIN, tree, "description", base);
	set(feed, SLOT_LANG, FEED_PLAIN, tree, "language", base);
	set_hub(feed, json_object_get(tree, "hubs"), base);
	set_author(feed, tree);
	doc->expired = json_bool(tree, "expired", false);
}

/* "an error: rate limit exceeded", for JSON that is none of ours. */
static int refuse(const json_t *tree, struct hark_err *err)
{
	static const char *const keys[] = {"error", "message", "error_message", "errors", "detail"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *v = json_object_get(tree, keys[i]);
		const json_t *said = json_is_array(v) ? json_array_get(v, 0) : v;
		struct str text = json_is_object(said) ? json_str(said, "message")
						       : str_c(json_string_value(said));
		if (text.n > 0) {
			text = str_cut_utf8(text, 200);
			return hark_err_set(err, HARK_EPARSE,
				"the server answered with an error instead of a feed: %.*s",
				STR_FMT(text));
		}
	}
	return hark_err_set(err, HARK_EPARSE,
		"this is JSON, but no JSON Feed: it has neither a version that begins with "
		"https://jsonfeed.org/version/ nor a list of items");
}

static bool is_json_feed(const json_t *tree, struct feed_doc *doc)
{
	struct str version = json_str(tree, "version");
	size_t at = version.p != NULL ? str_find(version, STR("jsonfeed.org/version/")) : SIZE_MAX;
	if (at == SIZE_MAX) {
		snprintf(doc->format, sizeof(doc->format), "json");
		return json_is_array(json_object_get(tree, "items")) &&
		       (json_is_string(json_object_get(tree, "title")) ||
			       json_is_string(json_object_get(tree, "feed_url")));
	}
	bool is_11 = str_ends(version, STR("1.1"));
	snprintf(doc->format, sizeof(doc->format), "%s", is_11 ? "json11" : "json1");
	return true;
}

int feed_read_json(struct feed_doc *doc, struct str text, struct str base, struct hark_err *err)
{
	json_t *tree = json_read(text, err);
	if (tree == NULL && err->code == HARK_ELIMIT) {
		return HARK_EPARSE;
	}
	if (tree == NULL) {
		hark_err_wrap(err, "this is no valid JSON");
		return HARK_EPARSE;
	}
	int rc = HARK_OK;
	if (!is_json_feed(tree, doc)) {
		rc = refuse(tree, err);
		json_decref(tree);
		return rc;
	}
	read_feed(doc, tree, base);
	const json_t *items = json_object_get(tree, "items");
	for (size_t i = 0; i < json_array_size(items) && rc == HARK_OK; i++) {
		const json_t *item = json_array_get(items, i);
		rc = json_is_object(item) ? read_item(doc, item, base) : HARK_OK;
	}
	rc = rc == HARK_OK ? feed_end(doc) : rc;
	json_decref(tree);
	return rc;
}
