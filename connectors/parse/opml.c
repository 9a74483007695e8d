#include "connectors/parse/opml.h"

#include "connectors/parse/charset.h"
#include "connectors/parse/uri.h"
#include "monitor/base/markup.h"

#include <strings.h>
#include <time.h>

#define DEPTH_MAX 256
#define CONVERTED_MAX (24u << 20)
#define FOLDER_BYTES 1024

struct reading {
	struct arena *arena;
	struct opml_feed *feeds;
	size_t n, cap;
	struct str folders[DEPTH_MAX + 1];
	size_t depth;
	bool is_opml;
};

static struct str attr(const struct xml_tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->attrs_n; i++) {
		const char *prefix, *known;
		struct str value = xml_attr_at(tag, i, &prefix, &known);
		if (prefix == NULL && strcasecmp(known, name) == 0) {
			return str_trim(value);
		}
	}
	return STR_NONE;
}

static struct str kept(struct reading *r, struct str s)
{
	return s.n > 0 ? arena_str(r->arena, str_cut_utf8(s, URI_MAX)) : STR_NONE;
}

static struct str title_of(const struct xml_tag *tag)
{
	struct str title = attr(tag, "title"), text = attr(tag, "text");
	return title.n > 0 ? title : text;
}

/* The address of an outline that is a feed. "url" belongs to links and included lists. */
static struct str feed_url(const struct xml_tag *tag)
{
	struct str url = attr(tag, "xmlUrl"), type = attr(tag, "type");
	bool feed = str_eq_nocase(type, STR("rss")) || str_eq_nocase(type, STR("atom"));
	return url.n > 0 ? url : feed ? attr(tag, "url") : STR_NONE;
}

static struct str sub_folder(struct reading *r, struct str parent, struct str name)
{
	struct buf path;
	if (name.n == 0 || name.n + parent.n > FOLDER_BYTES) {
		return parent;
	}
	buf_init(&path, 2 * FOLDER_BYTES);
	buf_add_str(&path, parent);
	if (parent.n > 0) {
		buf_add_char(&path, '/');
	}
	buf_add_str(&path, name);
	struct str copy = arena_str(r->arena, buf_str(&path));
	buf_release(&path);
	return copy;
}

static int add_feed(struct reading *r, const struct xml_tag *tag, struct str url)
{
	if (r->n == OPML_FEEDS_MAX) {
		return HARK_OK;
	}
	struct opml_feed *feeds = arena_grow(r->arena, r->feeds, r->n, &r->cap, sizeof(*feeds));
	if (feeds == NULL) {
		return HARK_ENOMEM;
	}
	r->feeds = feeds;
	feeds[r->n++] = (struct opml_feed){
		.url = kept(r, url),
		.title = kept(r, title_of(tag)),
		.page = kept(r, attr(tag, "htmlUrl")),
		.lang = kept(r, attr(tag, "language")),
		.folder = r->folders[r->depth],
	};
	return HARK_OK;
}

static int on_start(void *user, const struct xml_tag *tag)
{
	struct reading *r = user;
	int rc = HARK_OK;
	struct str folder = r->folders[r->depth];
	if (r->depth == DEPTH_MAX) {
		return HARK_EPARSE;
	}
	r->is_opml |= r->depth == 0 && strcasecmp(tag->name, "opml") == 0;
	if (strcasecmp(tag->name, "outline") == 0) {
		struct str url = feed_url(tag);
		if (url.n > 0) {
			rc = add_feed(r, tag, url);
		} else {
			folder = sub_folder(r, folder, title_of(tag));
		}
	}
	r->folders[++r->depth] = folder;
	return rc;
}

static int on_end(void *user)
{
	struct reading *r = user;
	r->depth--;
	return HARK_OK;
}

static int on_text(void *user, struct str text)
{
	(void)user;
	(void)text;
	return HARK_OK;
}

static const struct xml_handler handler = {on_start, on_end, on_text};

static int read_text(
	struct reading *r, struct str text, struct xml_damage *damage, struct hark_err *err)
{
	struct xml_damage unused;
	int rc = xml_read(text, &handler, r, damage != NULL ? damage : &unused, err);
	if (rc != HARK_EPARSE) {
		return rc;
	}
	struct buf room;
	buf_init(&room, 2 * text.n + 65536);
	*r = (struct reading){.arena = r->arena};
	rc = xml_repair(text, &room, err);
	if (rc == HARK_OK) {
		rc = xml_read(buf_str(&room), &handler, r, NULL, err);
	}
	buf_release(&room);
	return rc;
}

/* Without the tag in which a document that was cut off ends: half of an address is another one. */
static struct str without_half_tag(struct str text)
{
	size_t from = text.n;
	while (from > 0 && text.p[from - 1] != '<') {
		from--;
	}
	char quote = '\0';
	for (size_t i = from; i < text.n; i++) {
		char c = text.p[i];
		if (quote == '\0' && c == '>') {
			return text;
		}
		bool opens = quote == '\0' && (c == '"' || c == '\'');
		quote = opens ? c : c == quote ? '\0' : quote;
	}
	return from > 0 ? str_n(text.p, from - 1) : text;
}

int opml_read(struct str bytes, struct arena *arena, struct opml_feed **feeds, size_t *n,
	struct xml_damage *damage, struct hark_err *err)
{
	struct reading r = {.arena = arena};
	struct charset used;
	struct str text;
	struct buf room;
	*feeds = NULL;
	*n = 0;
	buf_init(&room, CONVERTED_MAX);
	int rc = charset_decode(bytes, NULL, &room, &text, &used, err);
	if (rc == HARK_OK) {
		rc = read_text(&r, without_half_tag(text), damage, err);
	}
	buf_release(&room);
	if (rc == HARK_ENOMEM) {
		return hark_err_set(err, rc, "no memory for the list of feeds");
	}
	if (rc != HARK_OK || !r.is_opml) {
		return hark_err_set(err, rc == HARK_OK ? HARK_EPARSE : rc,
			"this is no OPML: an <opml> element with <outline xmlUrl=…> is expected");
	}
	*feeds = r.feeds;
	*n = r.n;
	return HARK_OK;
}

/* ---- writing */

static void add_attr(struct buf *out, const char *name, struct str value)
{
	if (value.n == 0) {
		return;
	}
	buf_printf(out, " %s=\"", name);
	markup_escape(out, value);
	buf_add_char(out, '"');
}

static void add_outline(struct buf *out, const struct opml_feed *feed, bool inside)
{
	struct str text = feed->title.n > 0 ? feed->title : feed->url;
	buf_add_c(out, inside ? "      <outline" : "    <outline");
	add_attr(out, "text", text);
	add_attr(out, "title", feed->title);
	add_attr(out, "type", STR("rss"));
	add_attr(out, "xmlUrl", feed->url);
	add_attr(out, "htmlUrl", feed->page);
	add_attr(out, "language", feed->lang);
	buf_add_c(out, "/>\n");
}

static void add_head(struct buf *out, const char *title, int64_t now_ms)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t s = (time_t)(now_ms / 1000);
	struct tm tm = {0};
	gmtime_r(&s, &tm);
	buf_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  "
		       "<head>\n    <title>");
	struct buf escaped;
	buf_init(&escaped, 4096);
	add_attr(&escaped, "t", str_c(title));
	if (escaped.n > 5) { /* ' t="…"' */
		buf_add(out, escaped.p + 4, escaped.n - 5);
	}
	buf_release(&escaped);
	buf_printf(out,
		"</title>\n    <dateCreated>%s, %02d %s %d %02d:%02d:%02d GMT</dateCreated>\n"
		"  </head>\n  <body>\n",
		days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
}

int opml_write(
	const struct opml_feed *feeds, size_t n, const char *title, int64_t now_ms, struct buf *out)
{
	struct str folder = STR_NONE;
	add_head(out, title, now_ms);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(feeds[i].folder, folder)) {
			buf_add_c(out, folder.n > 0 ? "    </outline>\n" : "");
			folder = feeds[i].folder;
			if (folder.n > 0) {
				buf_add_c(out, "    <outline");
				add_attr(out, "text", folder);
				buf_add_c(out, ">\n");
			}
		}
		add_outline(out, &feeds[i], folder.n > 0);
	}
	buf_add_c(out, folder.n > 0 ? "    </outline>\n" : "");
	buf_add_c(out, "  </body>\n</opml>\n");
	return out->rc;
}
