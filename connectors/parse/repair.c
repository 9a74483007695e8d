/* Makes XML well-formed.
 *
 * DESIGN. A tokeniser in the spirit of HTML's: every byte sequence is something, if need be text.
 * Open elements are kept on a stack. An end tag closes what is open up to its element, or nothing if
 * there is none; a new item closes the item before it, a new field of an item the field before it;
 * the root stays open to the end of the text, so that what follows a stray end tag is still read. */
#include "connectors/parse/entity.h"
#include "connectors/parse/xml.h"
#include "monitor/base/utf8.h"

#define OPEN_MAX 200
#define ATTRS_MAX 64
#define NAME_BYTES 200

struct repair {
	struct str s;
	size_t at;
	struct buf *out;
	struct str open[OPEN_MAX]; /* names, borrowed from `s` */
	size_t open_n;
	bool begun;        /* the root was seen */
	size_t waste_left; /* bytes that may yet be searched in vain: keeps the time linear */
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ASCII only: which other letters may begin a name is a table of its own, and no feed needs it. */
static bool is_name_start(char c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
}

static bool is_name_char(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

static struct str rest_of(const struct repair *r)
{
	return str_n(r->s.p + r->at, r->s.n - r->at);
}

static void waste(struct repair *r, size_t steps)
{
	r->waste_left -= steps < r->waste_left ? steps : r->waste_left;
}

/* Offset of `mark` in what is left, SIZE_MAX if it is not there or the search budget is spent. */
static size_t look_for(struct repair *r, struct str mark)
{
	if (r->waste_left == 0) {
		return SIZE_MAX;
	}
	struct str rest = rest_of(r);
	size_t at = str_find(rest, mark);
	if (at == SIZE_MAX) {
		waste(r, rest.n);
	}
	return at;
}

/* ---- text */

/* One character at `s` as XML text; returns the bytes used. */
static size_t add_char(struct buf *out, struct str s)
{
	unsigned char c = (unsigned char)s.p[0];
	uint32_t cp;
	if (c == '<') {
		buf_add_c(out, "&lt;");
	} else if (c == '>') {
		buf_add_c(out, "&gt;");
	} else if (c == '"') {
		buf_add_c(out, "&quot;");
	} else if (c == '&') {
		size_t used = entity_at(s, &cp);
		if (used > 0 && cp > 0 && s.p[used - 1] == ';') {
			if (cp < 0x80) {
				buf_printf(out, "&#%u;", (unsigned)cp);
			} else {
				buf_add_utf8(out, cp == 0xfffe || cp == 0xffff ? 0xfffd : cp);
			}
			return used;
		}
		buf_add_c(out, "&amp;");
	} else if (c < 0x20) {
		if (is_space((char)c) && c != '\v' && c != '\f') {
			buf_add_char(out, (char)c);
		}
	} else if (c < 0x80) {
		buf_add_char(out, (char)c);
	} else {
		size_t len = utf8_first(s, &cp);
		if (len > 0 && cp != 0xfffe && cp != 0xffff) {
			buf_add(out, s.p, len);
		}
		return len > 0 ? len : 1;
	}
	return 1;
}

static bool is_plain(char c)
{
	unsigned char u = (unsigned char)c;
	return u >= ' ' && u < 0x80 && c != '<' && c != '>' && c != '&' && c != '"';
}

static void add_text(struct buf *out, struct str s)
{
	size_t i = 0;
	while (i < s.n && out->rc == HARK_OK) {
		size_t run = i;
		while (run < s.n && is_plain(s.p[run])) {
			run++;
		}
		buf_add(out, s.p + i, run - i);
		i = run;
		if (i < s.n) {
			i += add_char(out, str_n(s.p + i, s.n - i));
		}
	}
}

/* Text of a CDATA section: no references in there. */
static void add_literal(struct buf *out, struct str s)
{
	while (s.n > 0 && out->rc == HARK_OK) {
		const char *amp = memchr(s.p, '&', s.n);
		size_t run = amp != NULL ? (size_t)(amp - s.p) : s.n;
		add_text(out, str_n(s.p, run));
		if (amp != NULL) {
			buf_add_c(out, "&amp;");
			run++;
		}
		s = str_n(s.p + run, s.n - run);
	}
}

/* ---- the stack */

static void add_end(struct repair *r)
{
	struct str name = r->open[--r->open_n];
	buf_add_c(r->out, "</");
	buf_add_str(r->out, name);
	buf_add_char(r->out, '>');
}

static struct str local(struct str name)
{
	const char *colon = memchr(name.p, ':', name.n);
	size_t skip = colon != NULL ? (size_t)(colon - name.p) + 1 : 0;
	return str_n(name.p + skip, name.n - skip);
}

static bool is_one_of(struct str name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (((name.n > 0 ? name.p[0] : 0) | 32) == (**list | 32) &&
			str_eq_nocase(name, str_c(*list))) {
			return true;
		}
	}
	return false;
}

static bool is_item(struct str name)
{
	static const char *const items[] = {"item", "entry", NULL};
	return is_one_of(local(name), items);
}

/* Children of an item or channel that hold text: one never lies inside another. */
static bool is_field(struct str name)
{
	static const char *const fields[] = {"title", "link", "guid", "pubDate", "description",
		"comments", "category", "author", "content:encoded", "dc:date", "dc:creator",
		"dc:subject", "summary", "content", "updated", "published", "issued", "modified",
		"language", "generator", NULL};
	return is_one_of(name, fields);
}

static bool is_void(struct str name)
{
	static const char *const voids[] = {
		"br", "img", "hr", "input", "wbr", "meta", "area", NULL};
	return is_one_of(name, voids);
}

/* Position of the innermost open element of that name, SIZE_MAX if there is none. */
static size_t find_open(struct repair *r, struct str name)
{
	size_t depth = r->waste_left > 0 ? 0 : r->open_n > 4 ? r->open_n - 4 : 0;
	for (size_t i = r->open_n; i > depth; i--) {
		if (str_eq(r->open[i - 1], name)) {
			return i - 1;
		}
	}
	for (size_t i = r->open_n; i > depth; i--) {
		if (str_eq_nocase(r->open[i - 1], name)) {
			return i - 1;
		}
	}
	waste(r, 32 * (r->open_n - depth));
	return SIZE_MAX;
}

static void close_to(struct repair *r, size_t depth)
{
	while (r->open_n > depth) {
		add_end(r);
	}
}

static bool is_container(struct str name)
{
	static const char *const containers[] = {
		"item", "entry", "channel", "feed", "rss", "RDF", NULL};
	return is_one_of(local(name), containers);
}

/* Closes what a new element shows to have been left open. */
static void close_before(struct repair *r, struct str name)
{
	if (is_item(name)) {
		for (size_t i = r->open_n; i > 1; i--) {
			if (is_item(r->open[i - 1])) {
				close_to(r, i - 1);
				return;
			}
		}
	}
	if (is_field(name) || is_item(name)) {
		for (size_t i = r->open_n; i > 1 && !is_container(r->open[i - 1]); i--) {
			/* <author> has children, one of which may be named like a field */
			if (is_field(r->open[i - 1]) && is_container(r->open[i - 2])) {
				close_to(r, i - 1);
				return;
			}
		}
	}
}

/* ---- tags */

static struct str take_name(struct repair *r)
{
	size_t begin = r->at;
	while (r->at < r->s.n && is_name_char(r->s.p[r->at])) {
		r->at++;
	}
	size_t n = r->at - begin;
	struct str name = str_n(r->s.p + begin, n);
	/* one colon, with something on both sides */
	const char *colon = memchr(name.p, ':', name.n);
	if (colon != NULL) {
		struct str tail = local(name);
		const char *second = memchr(tail.p, ':', tail.n);
		name.n -= second != NULL ? (size_t)(tail.p + tail.n - second) : 0;
		if (tail.n == 0 || !is_name_start(tail.p[0])) {
			name.n = (size_t)(colon - name.p);
		}
	}
	return str_cut_utf8(name, NAME_BYTES);
}

static void skip_space(struct repair *r)
{
	while (r->at < r->s.n && is_space(r->s.p[r->at])) {
		r->at++;
	}
}

/* A value behind '='. A quote that is not closed before the next tag was meant to end at '>'. */
static struct str take_value(struct repair *r)
{
	struct str rest = rest_of(r);
	char quote = rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\'') ? rest.p[0] : 0;
	size_t n = 0;
	if (quote != 0) {
		rest = str_n(rest.p + 1, rest.n - 1);
		bool gt = false;
		while (n < rest.n && rest.p[n] != quote && !(gt && rest.p[n] == '<')) {
			gt |= rest.p[n] == '>';
			n++;
		}
		if (n < rest.n && rest.p[n] == quote) {
			r->at += n + 2;
			return str_n(rest.p, n);
		}
		r->at++;
		n = 0;
		while (n < rest.n && rest.p[n] != '>' && rest.p[n] != '<') {
			n++;
		}
	} else {
		while (n < rest.n && !is_space(rest.p[n]) && rest.p[n] != '>' && rest.p[n] != '<') {
			n++;
		}
		/* "<a b=c/>" */
		n -= n > 1 && n < rest.n && rest.p[n] == '>' && rest.p[n - 1] == '/';
	}
	r->at += n;
	return str_n(rest.p, n);
}

struct attrs {
	struct str names[ATTRS_MAX];
	size_t n;
	bool href;
};

static bool is_new(const struct attrs *a, struct str name)
{
	for (size_t i = 0; i < a->n; i++) {
		if (str_eq(a->names[i], name)) {
			return false;
		}
	}
	return a->n < ATTRS_MAX;
}

static void take_attr(struct repair *r, struct attrs *a)
{
	struct str name = take_name(r), value = STR("");
	skip_space(r);
	if (r->at < r->s.n && r->s.p[r->at] == '=') {
		r->at++;
		skip_space(r);
		value = take_value(r);
	}
	/* "xmlns:x=''" is forbidden, and "xml:" and "xmlns" have meanings of their own */
	bool bad_ns =
		str_starts(name, STR("xmlns")) &&
		(str_empty(value) ? name.n > 5
				  : str_eq_c(name, "xmlns:xmlns") || str_eq_c(name, "xmlns:xml"));
	if (name.n == 0 || bad_ns || !is_new(a, name)) {
		return;
	}
	a->names[a->n++] = name;
	a->href |= str_eq_c(name, "href");
	buf_add_char(r->out, ' ');
	buf_add_str(r->out, name);
	buf_add_c(r->out, "=\"");
	add_text(r->out, value);
	buf_add_char(r->out, '"');
}

/* Attributes up to and with the end of the tag; returns whether it ends with "/>". */
static bool take_attrs(struct repair *r, struct attrs *a)
{
	while (r->at < r->s.n) {
		char c = r->s.p[r->at];
		if (c == '>') {
			r->at++;
			return false;
		}
		if (c == '<') {
			return false; /* the '>' was forgotten */
		}
		if (c == '/' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '>') {
			r->at += 2;
			return true;
		}
		if (is_name_start(c)) {
			take_attr(r, a);
		} else {
			r->at++;
		}
	}
	return false;
}

static void take_start(struct repair *r)
{
	struct attrs attrs = {.n = 0};
	r->at++;
	struct str name = take_name(r);
	bool shown = r->open_n < OPEN_MAX;
	struct buf *out = r->out;
	struct buf nowhere;
	buf_init(&nowhere, 0);
	close_before(r, name);
	if (!shown) {
		r->out = &nowhere; /* deeper than anybody nests: the tag goes, its text stays */
	}
	buf_add_char(r->out, '<');
	buf_add_str(r->out, name);
	bool empty = take_attrs(r, &attrs) || is_void(name) ||
		     (attrs.href && str_eq_c(local(name), "link"));
	buf_add_c(r->out, empty && r->begun ? "/>" : ">");
	r->out = out;
	buf_release(&nowhere);
	if (shown && (!empty || !r->begun)) {
		r->open[r->open_n++] = name;
	}
	r->begun = true;
}

static void take_end(struct repair *r)
{
	r->at += 2;
	struct str name = take_name(r);
	while (r->at < r->s.n && r->s.p[r->at] != '>' && r->s.p[r->at] != '<') {
		r->at++;
	}
	r->at += r->at < r->s.n && r->s.p[r->at] == '>';
	size_t depth = find_open(r, name);
	if (depth != SIZE_MAX && depth > 0) {
		close_to(r, depth);
	}
}

/* A section without an end is what was cut off, or what somebody forgot to close: it ends where the
 * element it stands in does. */
static void take_cdata(struct repair *r)
{
	r->at += 9;
	struct str rest = rest_of(r);
	size_t end = look_for(r, STR("]]>")), skip = 3;
	if (end == SIZE_MAX && r->open_n > 0) {
		char close[NAME_BYTES + 3] = "</";
		struct str name = r->open[r->open_n - 1];
		memcpy(close + 2, name.p, name.n);
		end = look_for(r, str_n(close, name.n + 2));
		skip = 0;
	}
	if (end == SIZE_MAX) {
		end = rest.n;
		skip = 0;
	}
	if (r->begun) {
		add_literal(r->out, str_n(rest.p, end));
	}
	r->at += end + skip;
}

/* Comments, processing instructions, declarations: nothing of them stays. */
static void take_declaration(struct repair *r)
{
	static const struct {
		struct str begin, end;
	} kinds[] = {
		{{"<!--", 4}, {"-->", 3}},
		{{"<?", 2}, {"?>", 2}},
		{{"<!", 2}, {">", 1}},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!str_starts(rest_of(r), kinds[i].begin)) {
			continue;
		}
		size_t end = look_for(r, kinds[i].end);
		if (end != SIZE_MAX) {
			r->at += end + kinds[i].end.n;
			return;
		}
		if (i == 0) { /* what follows an open comment is worth more than its mark */
			r->at += kinds[i].begin.n;
			return;
		}
	}
	r->at += 2; /* without an end: only the mark goes */
}

static void take_markup(struct repair *r)
{
	struct str rest = rest_of(r);
	if (str_starts(rest, STR("<![CDATA["))) {
		take_cdata(r);
	} else if (rest.n > 1 && (rest.p[1] == '!' || rest.p[1] == '?')) {
		take_declaration(r);
	} else if (rest.n > 2 && rest.p[1] == '/' && is_name_start(rest.p[2])) {
		take_end(r);
	} else if (rest.n > 1 && is_name_start(rest.p[1])) {
		take_start(r);
	} else {
		if (r->begun) {
			buf_add_c(r->out, "&lt;");
		}
		r->at++;
	}
}

/* Offset of the root: a DOCTYPE may hold anything. */
static size_t root_offset(struct str text)
{
	struct str root = xml_root(text);
	size_t at = root.p != NULL ? (size_t)(root.p - text.p) : text.n;
	while (at > 0 && at < text.n && text.p[at] != '<') {
		at--;
	}
	return at;
}

int xml_repair(struct str text, struct buf *out, struct hark_err *err)
{
	struct repair r = {.s = text, .out = out, .waste_left = 4 * text.n + 65536};
	r.at = root_offset(text);
	while (r.at < r.s.n && out->rc == HARK_OK) {
		struct str rest = rest_of(&r);
		const char *lt = memchr(rest.p, '<', rest.n);
		size_t run = lt != NULL ? (size_t)(lt - rest.p) : rest.n;
		if (r.begun) {
			add_text(out, str_n(rest.p, run));
		}
		r.at += run;
		if (r.at < r.s.n) {
			take_markup(&r);
		}
	}
	close_to(&r, 0);
	if (out->rc != HARK_OK) {
		return hark_err_set(err, out->rc, "the document grows too large when it is mended");
	}
	return HARK_OK;
}
