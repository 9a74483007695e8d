/* RSS, RDF, Atom and CDF: from XML events to the fields of feed_doc.h.
 *
 * DESIGN. A stack of open elements; each knows what its children may mean (of the feed, of an item,
 * of a person, or nothing), the base address and the language. The text of one element at a time is
 * captured. Markup inside a captured element is written out as HTML again, with its links resolved,
 * so that XHTML, naked markup and escaped HTML all end in html_to_text(). */
#include "connectors/feed_names.h"

#include "connectors/parse/base64.h"
#include "connectors/parse/uri.h"
#include "connectors/parse/xml.h"
#include "monitor/base/utf8.h"

#include <stdio.h>
#include <strings.h>

#define DEPTH_MAX 256
#define CACHE_BITS 7
#define MEND_MAX (12u << 20)   /* what mending may add to a document, if it is not twice its size */
#define BASES_BYTES (4u << 20) /* ceiling of all base addresses of a document */
#define BASE_MAX 512           /* of one: it is copied for every address */

/* What the children of an element belong to. */
enum where {
	IN_NOTHING,
	IN_FEED,
	IN_ITEM,
	IN_SOURCE,
};

struct frame {
	enum where where;
	enum feed_act act; /* what ends when it ends */
	const char *name;  /* of an element inside a capture, to close it again; else NULL */
	struct str base, lang;
};

/* The element whose text is being collected. */
struct capture {
	bool on;
	bool skip;   /* its type is none we can read */
	bool markup; /* `text` is HTML with its own markup, not the decoded text */
	bool base64;
	unsigned depth; /* of the stack when it began */
	struct feed_meaning meaning;
	enum feed_kind kind;
	struct str *person_part; /* a person's child that is being read */
};

struct name_cache {
	const char *name, *ns, *prefix;
	bool filled;
	enum feed_ns space;
	struct feed_meaning meaning;
};

struct reading {
	struct feed_doc *doc;
	struct str text; /* the whole document */
	struct arena bases;
	unsigned depth;
	struct capture capture;
	struct buf buf; /* text of the capture */
	struct feed_person *person;
	struct name_cache cache[1 << CACHE_BITS];
	bool is_feed;        /* a root or an item that only feeds have */
	const char *root_ns; /* namespace of the root, whatever it may be */
	bool root_is_atom;
	struct frame stack[DEPTH_MAX + 1]; /* last: see reading_init() */
};

static struct frame *top(struct reading *r)
{
	return &r->stack[r->depth];
}

static struct feed_fields *fields_of(struct reading *r, enum where where)
{
	return where == IN_ITEM || where == IN_SOURCE ? r->doc->item : &r->doc->feed;
}

/* ---- meanings, remembered by the parser's pointers */

static enum feed_ns space_of(const struct reading *r, const struct xml_tag *tag)
{
	enum feed_ns ns = feed_ns_of(tag->ns, tag->prefix);
	if (ns == NS_OTHER && tag->ns != NULL && tag->ns == r->root_ns) {
		ns = NS_CORE; /* a feed in a namespace of its own making */
	}
	return ns == NS_CORE && r->root_is_atom ? NS_ATOM : ns;
}

static const struct name_cache *look_up(struct reading *r, const struct xml_tag *tag)
{
	uintptr_t key =
		(uintptr_t)tag->name ^ (uintptr_t)tag->ns >> 3 ^ (uintptr_t)tag->prefix >> 2;
	struct name_cache *c = &r->cache[(key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - CACHE_BITS)];
	if (!c->filled || c->name != tag->name || c->ns != tag->ns || c->prefix != tag->prefix) {
		enum feed_ns ns = space_of(r, tag);
		*c = (struct name_cache){
			tag->name, tag->ns, tag->prefix, true, ns, feed_meaning_of(ns, tag->name)};
	}
	return c;
}

/* ---- attributes */

static struct str attr(const struct xml_tag *tag, const char *name)
{
	return xml_attr(tag, NULL, name);
}

/* By local name in any case and with any prefix: CDF shouts, and prefixes vary. */
static struct str attr_any(const struct xml_tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->attrs_n; i++) {
		const char *prefix, *known;
		struct str value = xml_attr_at(tag, i, &prefix, &known);
		if (strcasecmp(known, name) == 0) {
			return value;
		}
	}
	return STR_NONE;
}

/* Base address and language of an element, from its attributes or its parent. */
static void inherit(
	struct reading *r, const struct xml_tag *tag, const struct frame *parent, struct frame *f)
{
	f->base = parent->base;
	f->lang = parent->lang;
	if (tag->attrs_n == 0) {
		return;
	}
	struct str base = xml_attr(tag, "xml", "base"), lang = xml_attr(tag, "xml", "lang");
	if (base.p != NULL) {
		struct buf url;
		buf_init(&url, 4 * URI_MAX);
		if (uri_resolve(parent->base, base, &url) && url.n <= BASE_MAX) {
			struct str copy = arena_str(&r->bases, buf_str(&url));
			f->base = copy.p != NULL ? copy : f->base;
		}
		feed_saw(&r->doc->feed, url.rc);
		buf_release(&url);
	}
	if (lang.p != NULL) {
		struct str copy = arena_str(&r->bases, str_cut_utf8(str_trim(lang), 64));
		f->lang = copy.p != NULL ? copy : f->lang;
	}
}

/* ---- captures */

static void capture_begin(struct reading *r, struct feed_meaning meaning, enum feed_kind kind)
{
	r->capture =
		(struct capture){.on = true, .depth = r->depth, .meaning = meaning, .kind = kind};
	buf_clear(&r->buf);
}

/* Appends text, and silently stops at the ceiling: what is longer is cut off. */
static void capture_add(struct reading *r, struct str s)
{
	size_t room = r->buf.max - r->buf.n;
	if (s.n < r->buf.cap - r->buf.n) { /* references cut text into tiny pieces */
		if (s.n == 1) {
			r->buf.p[r->buf.n] = *s.p;
		} else {
			memcpy(r->buf.p + r->buf.n, s.p, s.n);
		}
		buf_grew(&r->buf, s.n);
		return;
	}
	feed_saw(&r->doc->feed, buf_add_str(&r->buf, s.n <= room ? s : str_cut_utf8(s, room)));
}

static void capture_escaped(struct reading *r, struct str s)
{
	while (s.n > 0) {
		size_t run = 0;
		while (run < s.n && s.p[run] != '<' && s.p[run] != '&') {
			run++;
		}
		capture_add(r, str_n(s.p, run));
		if (run < s.n) {
			capture_add(r, s.p[run] == '<' ? STR("&lt;") : STR("&amp;"));
			run++;
		}
		s = str_n(s.p + run, s.n - run);
	}
}

/* What was collected as text becomes HTML that shows it. */
static void capture_turn_markup(struct reading *r)
{
	if (r->capture.markup) {
		return;
	}
	r->capture.markup = true;
	if (r->buf.n > 0) {
		struct str text = arena_str(&fields_of(r, top(r)->where)->arena, buf_str(&r->buf));
		buf_clear(&r->buf);
		capture_escaped(r, text.p != NULL ? text : STR(""));
	}
}

static void write_attr(
	struct reading *r, const struct xml_tag *tag, const char *name, struct str base)
{
	struct str value = attr(tag, name);
	struct buf url;
	if (value.p == NULL) {
		return;
	}
	buf_init(&url, 4 * URI_MAX);
	if (name[0] == 'h' && uri_resolve(base, value, &url)) {
		value = buf_str(&url);
	}
	feed_saw(&r->doc->feed, url.rc);
	capture_add(r, STR(" "));
	capture_add(r, str_c(name));
	capture_add(r, STR("=\""));
	while (value.n > 0) {
		const char *quote = memchr(value.p, '"', value.n);
		size_t run = quote != NULL ? (size_t)(quote - value.p) : value.n;
		capture_escaped(r, str_n(value.p, run));
		if (quote != NULL) {
			capture_add(r, STR("&quot;"));
			run++;
		}
		value = str_n(value.p + run, value.n - run);
	}
	capture_add(r, STR("\""));
	buf_release(&url);
}

static void capture_open_tag(struct reading *r, const struct xml_tag *tag, struct str base)
{
	capture_turn_markup(r);
	capture_add(r, STR("<"));
	capture_add(r, str_c(tag->name));
	write_attr(r, tag, "href", base);
	write_attr(r, tag, "alt", base);
	capture_add(r, STR(">"));
}

/* Elements that are always empty have no end in HTML, where it would mean another of them. */
static void capture_close_tag(struct reading *r, const char *name)
{
	if (strcasecmp(name, "br") != 0 && strcasecmp(name, "img") != 0 &&
		strcasecmp(name, "hr") != 0) {
		capture_add(r, STR("</"));
		capture_add(r, str_c(name));
		capture_add(r, STR(">"));
	}
}

static bool holds_markup(enum feed_act act)
{
	return act == ACT_HTML || act == ACT_MAYBE || act == ACT_TITLE || act == ACT_TYPED;
}

/* A child of <author>: begins to read the part it names. */
static void person_child(struct reading *r, const struct xml_tag *tag)
{
	struct feed_person *p = r->person;
	r->capture.person_part = strcasecmp(tag->name, "name") == 0    ? &p->name
				 : strcasecmp(tag->name, "email") == 0 ? &p->email
				 : strcasecmp(tag->name, "uri") == 0 ||
						 strcasecmp(tag->name, "url") == 0 ||
						 strcasecmp(tag->name, "homepage") == 0
					 ? &p->url
					 : NULL;
	buf_clear(&r->buf);
}

/* ---- base64 (Atom 0.3) */

static void decode_base64(struct buf *b)
{
	struct buf out;
	buf_init(&out, b->max);
	base64_read(buf_str(b), &out);
	buf_release(b);
	*b = out;
}

/* ---- what elements do when they begin */

static bool is_one_of(struct str s, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (str_eq_nocase(s, str_c(*list))) {
			return true;
		}
	}
	return false;
}

/* Content that is no text, whatever its encoding. */
static bool is_file(struct str type)
{
	static const char *const kinds[] = {"image/", "audio/", "video/", "font/"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_starts_nocase(type, str_c(kinds[i]))) {
			return true;
		}
	}
	return false;
}

/* Atom's type and, in 0.3, mode. */
static void begin_typed(struct reading *r, const struct xml_tag *tag, struct feed_meaning m)
{
	static const char *const html[] = {"html", "text/html", NULL};
	static const char *const xhtml[] = {"xhtml", "application/xhtml+xml", NULL};
	struct str type = str_trim(attr(tag, "type")), mode = str_trim(attr(tag, "mode"));
	capture_begin(r, m, FEED_PLAIN);
	if (tag->attrs_n == 0 || (type.n == 0 && mode.n == 0 && attr(tag, "src").n == 0)) {
		return;
	}
	bool escaped = str_eq_nocase(mode, STR("escaped")),
	     base64 = str_eq_nocase(mode, STR("base64"));
	bool is_xhtml = is_one_of(type, xhtml), is_html = is_xhtml || is_one_of(type, html);
	bool is_text = is_html || type.n == 0 || str_eq_nocase(type, STR("text")) ||
		       str_starts_nocase(type, STR("text/")) || str_ends(type, STR("xml"));
	bool file = !is_text && is_file(type);
	if (is_html && (mode.n == 0 ? !is_xhtml : escaped || base64)) {
		r->capture.kind =
			FEED_HTML; /* else elements stand for themselves, and text is text */
	}
	if (base64 || (!is_text && !file)) {
		r->capture.base64 = true;
		r->capture.kind = FEED_MAYBE;
	}
	r->capture.skip = file || attr(tag, "src").n > 0;
}

static void add_resolved(
	struct feed_fields *f, enum feed_slot slot, struct str base, struct str ref)
{
	struct buf url;
	ref = str_trim(ref);
	if (ref.n == 0 || uri_is_finished(ref)) {
		feed_set(f, slot, FEED_PLAIN, ref, STR_NONE, STR_NONE);
		return;
	}
	buf_init(&url, 4 * URI_MAX);
	if (uri_resolve(base, ref, &url)) {
		feed_set(f, slot, FEED_PLAIN, buf_str(&url), STR_NONE, STR_NONE);
	}
	feed_saw(f, url.rc);
	buf_release(&url);
}

static void take_atom_link(struct reading *r, const struct xml_tag *tag, const struct frame *f)
{
	static const char *const pages[] = {"text/html", "application/xhtml+xml", "html", NULL};
	static const char *const more[] = {"related", "via", "enclosure", NULL};
	struct feed_fields *to = fields_of(r, f->where);
	struct str rel = str_trim(attr(tag, "rel")), type = str_trim(attr(tag, "type"));
	struct str href = attr(tag, "href");
	if (str_starts_nocase(rel, STR("http://www.iana.org/assignments/relation/"))) {
		rel = str_n(rel.p + 41, rel.n - 41);
	}
	if (rel.n == 0 || str_eq_nocase(rel, STR("alternate"))) {
		bool page = type.n == 0 || is_one_of(type, pages);
		add_resolved(to, page ? SLOT_LINK : SLOT_LINK_OTHER, f->base, href);
	} else if (f->where == IN_ITEM && is_one_of(rel, more)) {
		feed_add_link(to, f->base, href);
		if (str_eq_nocase(rel, STR("related"))) {
			add_resolved(to, SLOT_LINK_OTHER, f->base, href); /* better than none */
		}
	} else if (f->where == IN_ITEM && str_eq_nocase(rel, STR("replies"))) {
		feed_set(to, SLOT_REPLIES, FEED_PLAIN, attr_any(tag, "count"), STR_NONE, STR_NONE);
	} else if (f->where == IN_FEED) {
		enum feed_slot slot = str_eq_nocase(rel, STR("self"))   ? SLOT_SELF
				      : str_eq_nocase(rel, STR("hub"))  ? SLOT_HUB
				      : str_eq_nocase(rel, STR("next")) ? SLOT_NEXT
									: SLOTS;
		if (slot != SLOTS) {
			add_resolved(to, slot, f->base, href);
		}
	}
}

static void begin_link(
	struct reading *r, const struct xml_tag *tag, const struct frame *f, struct feed_meaning m)
{
	if (attr(tag, "href").p != NULL) {
		take_atom_link(r, tag, f);
		return;
	}
	capture_begin(r, m, FEED_PLAIN);
}

static void begin_tag(
	struct reading *r, const struct xml_tag *tag, const struct frame *f, struct feed_meaning m)
{
	struct str label = attr(tag, "label"), term = attr(tag, "term");
	struct str text = attr_any(tag, "text"); /* itunes:category */
	if (label.n > 0 || term.n > 0 || text.n > 0) {
		feed_add_tag(fields_of(r, f->where), label.n > 0  ? label
						     : term.n > 0 ? term
								  : text);
	} else {
		capture_begin(r, m, FEED_PLAIN);
	}
}

static void begin_item(struct reading *r, const struct xml_tag *tag, struct frame *f)
{
	struct feed_fields *item = r->doc->item;
	feed_item_begin(r->doc);
	f->where = IN_ITEM;
	f->act = ACT_ITEM;
	r->is_feed = true;
	r->person = NULL;
	if (tag->attrs_n == 0) {
		return;
	}
	struct str about = xml_attr(tag, "rdf", "about");
	feed_set(item, SLOT_ABOUT, FEED_PLAIN, about, STR_NONE, STR_NONE);
	add_resolved(item, SLOT_LINK, f->base, attr_any(tag, "href"));
	feed_set(item, SLOT_UPDATED, FEED_PLAIN, attr_any(tag, "lastmod"), STR_NONE, STR_NONE);
}

static void begin_feed(struct reading *r, const struct xml_tag *tag, struct frame *f)
{
	f->where = IN_FEED;
	f->act = ACT_FEED;
	r->is_feed = true;
	r->doc->feed_lang = f->lang;
	add_resolved(&r->doc->feed, SLOT_LINK, f->base, attr_any(tag, "href"));
	feed_set(&r->doc->feed, SLOT_UPDATED, FEED_PLAIN, attr_any(tag, "lastmod"), STR_NONE,
		STR_NONE);
}

static void begin_person(struct reading *r, const struct frame *f, struct feed_meaning m)
{
	struct feed_fields *to = fields_of(r, f->where);
	r->person = f->where == IN_SOURCE ? &to->source_author : &to->author;
	capture_begin(r, m, FEED_PLAIN);
}

static void take_file(
	struct feed_fields *to, struct str ref, const struct frame *f, struct feed_meaning m)
{
	feed_add_link(to, f->base, ref);
	if (m.slot != SLOTS) {
		add_resolved(to, m.slot, f->base, ref);
	}
}

static int take_deleted(struct reading *r, const struct xml_tag *tag)
{
	struct str ref = attr(tag, "ref");
	struct hark_post post;
	if (ref.n == 0) {
		return HARK_OK;
	}
	hark_post_init(&post);
	feed_item_begin(r->doc);
	post.external_id = arena_c(&r->doc->item->arena, str_trim(ref));
	post.is_deleted = 1;
	r->is_feed = true;
	if (post.external_id == NULL || r->doc->items++ < r->doc->items_skip) {
		return HARK_OK;
	}
	return r->doc->host->emit_post(r->doc->host, &post);
}

/* Acts on an element that stands where its meaning counts. */
static int begin(
	struct reading *r, const struct xml_tag *tag, struct feed_meaning m, struct frame *f)
{
	struct feed_fields *to = fields_of(r, f->where);
	switch (m.act) {
	case ACT_PERSON:
		begin_person(r, f, m);
		break;
	case ACT_SOURCE:
		feed_add_link(to, f->base, attr(tag, "url"));
		f->where = f->where == IN_ITEM ? IN_SOURCE : IN_NOTHING;
		break;
	case ACT_PLAIN:
	case ACT_URI:
	case ACT_TAGS:
		capture_begin(r, m, FEED_PLAIN);
		break;
	case ACT_HTML:
		capture_begin(r, m, FEED_HTML);
		break;
	case ACT_MAYBE:
		capture_begin(r, m, FEED_MAYBE);
		break;
	case ACT_TITLE:
		capture_begin(r, m, FEED_TITLE);
		break;
	case ACT_TYPED:
		begin_typed(r, tag, m);
		break;
	case ACT_LINK:
		begin_link(r, tag, f, m);
		break;
	case ACT_ID:
		to->id_is_no_link = str_eq_nocase(str_trim(attr(tag, "isPermaLink")), STR("false"));
		capture_begin(r, m, FEED_PLAIN);
		break;
	case ACT_TAG:
		begin_tag(r, tag, f, m);
		break;
	case ACT_FILE:
		take_file(to, attr(tag, "url").p != NULL ? attr(tag, "url") : attr(tag, "href"), f,
			m);
		break; /* media:content has children of its own */
	case ACT_REPLY:
		feed_set(to, SLOT_REPLY_TO, FEED_PLAIN, attr(tag, "ref"), STR_NONE, STR_NONE);
		add_resolved(to, SLOT_REPLY_URL, f->base, attr(tag, "href"));
		break;
	default:
		f->where = IN_NOTHING;
		break;
	}
	return HARK_OK;
}

/* ---- events */

/* What the DOCTYPE and the root's namespaces say, without looking at either closely. */
static bool head_has(const struct reading *r, struct str mark)
{
	struct str head = str_n(r->text.p, r->text.n < 2048 ? r->text.n : 2048);
	return str_find(head, mark) != SIZE_MAX;
}

/* The first element says what kind of document this is. */
static void see_root(struct reading *r, const struct xml_tag *tag)
{
	enum feed_ns ns = feed_ns_of(tag->ns, tag->prefix);
	bool is_atom_name =
		strcasecmp(tag->name, "feed") == 0 || strcasecmp(tag->name, "entry") == 0;
	struct str version = attr(tag, "version");
	char *format = r->doc->format;
	size_t cap = sizeof(r->doc->format);
	r->root_ns = ns == NS_OTHER ? tag->ns : NULL;
	r->root_is_atom = is_atom_name;
	if (is_atom_name) {
		bool is_10 =
			ns == NS_ATOM && strstr(tag->ns != NULL ? tag->ns : "", "2005") != NULL;
		bool is_old = version.n == 3 && version.p[0] == '0' && version.p[1] == '.';
		snprintf(format, cap,
			is_10           ? "atom10"
			: is_old        ? "atom0%c"
			: ns == NS_ATOM ? "atom03"
					: "atom",
			is_old ? version.p[2] : 0);
	} else if (strcasecmp(tag->name, "rss") == 0) {
		bool is_2 = version.n > 1 && version.p[0] == '2' && version.p[1] == '.';
		bool is_09 = version.n == 4 && memcmp(version.p, "0.9", 3) == 0;
		bool is_091 = is_09 && version.p[3] == '1';
		snprintf(format, cap,
			is_2    ? "rss20"
			: is_09 ? "rss09%c%s"
				: "rss",
			is_09 ? version.p[3] : 0,
			!is_091                            ? ""
			: head_has(r, STR("netscape.com")) ? "n"
							   : "u");
	} else if (strcasecmp(tag->name, "rdf") == 0) {
		bool is_090 = head_has(r, STR("netscape.com/rdf/simple/0.9"));
		snprintf(format, cap, is_090 ? "rss090" : "rss10");
	} else if (strcmp(tag->name, "CHANNEL") == 0) {
		snprintf(format, cap, "cdf");
	} else {
		snprintf(format, cap, "rss");
	}
}

static void start_in_capture(struct reading *r, const struct xml_tag *tag, struct frame *f)
{
	if (r->capture.meaning.act == ACT_PERSON && r->depth == r->capture.depth + 1) {
		person_child(r, tag);
	} else if (holds_markup(r->capture.meaning.act) && !r->capture.skip) {
		capture_open_tag(r, tag, f->base);
		f->name = tag->name;
	}
}

/* An element that stands in no capture: what it is, and whether it counts here. */
static int start_field(struct reading *r, const struct xml_tag *tag, struct frame *f)
{
	struct feed_meaning m = look_up(r, tag)->meaning;
	bool in_item = f->where == IN_ITEM || f->where == IN_SOURCE;
	int rc = HARK_OK;
	if (m.act == ACT_ITEM && !in_item) {
		begin_item(r, tag, f);
		return HARK_OK;
	}
	if (!in_item) {
		rc = feed_items_emit(r->doc); /* what follows may be what they take from the feed */
	}
	if (rc != HARK_OK) {
		return rc;
	}
	if (m.act == ACT_FEED && !in_item) {
		begin_feed(r, tag, f);
	} else if (m.act == ACT_DELETED && f->where == IN_FEED) {
		rc = take_deleted(r, tag);
		f->where = IN_NOTHING;
	} else if (m.act == ACT_PASS) {
		r->is_feed |= r->depth == 1;
	} else if (f->where == IN_FEED || f->where == IN_ITEM ||
		   (f->where == IN_SOURCE && m.act == ACT_PERSON)) {
		rc = begin(r, tag, m, f);
	} else {
		f->where = IN_NOTHING;
	}
	return rc;
}

static int on_start(void *user, const struct xml_tag *tag)
{
	struct reading *r = user;
	const struct frame *parent = top(r);
	if (r->depth == DEPTH_MAX) {
		return HARK_EPARSE;
	}
	if (r->depth == 0) {
		see_root(r, tag);
	}
	struct frame *f = &r->stack[++r->depth];
	f->where = parent->where;
	f->act = ACT_NONE;
	f->name = NULL;
	inherit(r, tag, parent, f);
	if (r->capture.on) {
		start_in_capture(r, tag, f);
		return HARK_OK;
	}
	return start_field(r, tag, f);
}

static void end_tags(struct feed_fields *to, struct str list)
{
	struct str part;
	while (str_split(&list, ',', &part)) {
		feed_add_tag(to, part);
	}
}

/* Atom ids are kept letter by letter, unless they are relative to an xml:base. */
static void end_id(struct reading *r, struct feed_fields *to, struct str id)
{
	bool relative =
		r->bases.used_bytes > 0 && !uri_is_absolute(id) && memchr(id.p, '/', id.n) != NULL;
	if (relative && uri_is_absolute(top(r)->base)) {
		add_resolved(to, SLOT_ID, top(r)->base, id);
	} else {
		feed_set(to, SLOT_ID, FEED_PLAIN, id, STR_NONE, STR_NONE);
	}
}

static void end_person(struct reading *r, struct feed_fields *to, struct str text)
{
	const struct feed_person *p = r->person;
	if (p->name.n == 0 && p->email.n == 0 && p->url.n == 0) {
		feed_set(to, SLOT_AUTHOR, FEED_PLAIN, text, STR_NONE, STR_NONE);
	}
	to->any = true;
}

static void end_capture(struct reading *r)
{
	struct capture c = r->capture;
	const struct frame *f = top(r);
	struct feed_fields *to = fields_of(r, f->where);
	r->capture.on = false;
	if (c.skip) {
		return;
	}
	if (c.base64) {
		decode_base64(&r->buf);
		if (!utf8_is_clean(buf_str(&r->buf))) {
			return; /* a file after all */
		}
	}
	struct str s = str_trim(buf_str(&r->buf));
	if (s.p == NULL) {
		s = STR("");
	}
	switch (c.meaning.act) {
	case ACT_URI:
	case ACT_LINK:
		add_resolved(to, c.meaning.slot, f->base, s);
		break;
	case ACT_ID:
		end_id(r, to, s);
		break;
	case ACT_TAG:
		feed_add_tag(to, s);
		break;
	case ACT_TAGS:
		end_tags(to, s);
		break;
	case ACT_PERSON:
		end_person(r, to, s);
		break;
	default:
		feed_set(to, c.meaning.slot, c.markup ? FEED_HTML : c.kind, s, f->base, f->lang);
		break;
	}
}

static void end_person_part(struct reading *r)
{
	struct str s = str_trim(buf_str(&r->buf)), *part = r->capture.person_part;
	struct feed_fields *to = fields_of(r, top(r)->where);
	if (part == NULL || part->n > 0 || s.n == 0) {
		return;
	}
	if (part != &r->person->url) {
		*part = arena_str(&to->arena, s);
		return;
	}
	struct buf url;
	buf_init(&url, 4 * URI_MAX);
	if (uri_resolve(top(r)->base, s, &url)) {
		*part = arena_str(&to->arena, buf_str(&url));
	}
	feed_saw(to, url.rc);
	buf_release(&url);
}

static int on_end(void *user)
{
	struct reading *r = user;
	int rc = HARK_OK;
	if (r->capture.on && r->depth == r->capture.depth) {
		end_capture(r);
	} else if (r->capture.on && r->capture.meaning.act == ACT_PERSON) {
		if (r->depth == r->capture.depth + 1) {
			end_person_part(r);
			r->capture.person_part = NULL;
			buf_clear(&r->buf);
		}
	} else if (r->capture.on && top(r)->name != NULL) {
		capture_close_tag(r, top(r)->name);
	} else if (top(r)->act == ACT_ITEM) {
		rc = feed_item_end(r->doc);
	}
	r->depth--;
	return rc;
}

static int on_text(void *user, struct str text)
{
	struct reading *r = user;
	if (!r->capture.on || r->capture.skip) {
		return HARK_OK;
	}
	if (r->capture.markup) {
		capture_escaped(r, text);
	} else {
		capture_add(r, text);
	}
	return HARK_OK;
}

static const struct xml_handler handler = {on_start, on_end, on_text};

static void reading_init(struct reading *r, struct feed_doc *doc, struct str text, struct str base)
{
	/* The stack is written as it grows, and is most of the room. */
	memset(r, 0, offsetof(struct reading, stack));
	r->doc = doc;
	r->text = text;
	r->stack[0] = (struct frame){.base = base};
	arena_init(&r->bases, BASES_BYTES);
	buf_init(&r->buf, FEED_TEXT_MAX);
}

static void reading_release(struct reading *r)
{
	arena_release(&r->bases);
	buf_release(&r->buf);
}

/* One pass. HARK_ENOENT: this is XML, and no feed. */
static int read_once(struct feed_doc *doc, struct str text, struct str base,
	struct xml_damage *damage, struct hark_err *err)
{
	struct reading r;
	reading_init(&r, doc, text, base);
	int rc = xml_read(text, &handler, &r, damage, err);
	if (rc == HARK_OK && !r.is_feed) {
		rc = HARK_ENOENT;
	}
	if (rc == HARK_OK) {
		rc = feed_end(doc);
	} else if (rc == HARK_EPARSE) {
		int emitted =
			feed_items_emit(doc); /* while there are the bases they were read with */
		rc = emitted != HARK_OK ? emitted : rc;
	}
	reading_release(&r);
	return rc;
}

int feed_read_xml(struct feed_doc *doc, struct str text, struct str base, struct hark_err *err)
{
	struct xml_damage damage;
	int rc = read_once(doc, text, base, &damage, err);
	if (rc == HARK_EPARSE) {
		struct buf room;
		buf_init(&room, text.n + (text.n < MEND_MAX ? text.n : MEND_MAX) + 65536);
		feed_doc_restart(doc);
		rc = xml_repair(text, &room, err);
		if (rc == HARK_OK) {
			rc = read_once(doc, buf_str(&room), base, NULL, err);
		}
		buf_release(&room);
	}
	if (damage.any && rc == HARK_OK) {
		doc->host->degraded(doc->host, damage.line, damage.column, "%s", damage.why);
	}
	if (rc == HARK_ENOENT) {
		struct str root = str_cut_utf8(xml_root(text), 40);
		rc = hark_err_set(err, HARK_EPARSE, "this is XML with the root <%.*s> and no feed",
			STR_FMT(root));
	}
	return rc;
}
