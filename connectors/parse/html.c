/* DESIGN. A tokeniser finds tags, comments and references; `struct plain` collects words and turns
 * white space and block boundaries into single spaces and line breaks, written only when the next
 * word comes, so that nothing has to be trimmed afterwards. */
#include "connectors/parse/html.h"

#include "connectors/parse/entity.h"
#include "connectors/parse/uri.h"
#include "connectors/parse/xml.h"
#include "monitor/base/err.h"
#include "monitor/base/scan.h"
#include "monitor/base/utf8.h"

#include <assert.h>
#include <pthread.h>

#define ATTR_MAX 4096

enum kind {
	KIND_UNKNOWN,
	KIND_INLINE,
	KIND_BLOCK,
	KIND_BREAK,
	KIND_ITEM,
	KIND_PRE,
	KIND_CELL,
	KIND_LINK,
	KIND_IMAGE,
	KIND_RAW,  /* text up to the end tag is no text for people */
	KIND_SKIP, /* neither is what the element holds */
};

struct element {
	char name[12]; /* filled up with NUL */
	enum kind kind;
};

static const struct element elements[] = {
	{"a", KIND_LINK},
	{"abbr", KIND_INLINE},
	{"acronym", KIND_INLINE},
	{"address", KIND_BLOCK},
	{"applet", KIND_INLINE},
	{"area", KIND_LINK},
	{"article", KIND_BLOCK},
	{"aside", KIND_BLOCK},
	{"audio", KIND_INLINE},
	{"b", KIND_INLINE},
	{"base", KIND_INLINE},
	{"basefont", KIND_INLINE},
	{"bdi", KIND_INLINE},
	{"bdo", KIND_INLINE},
	{"big", KIND_INLINE},
	{"blink", KIND_INLINE},
	{"blockquote", KIND_BLOCK},
	{"body", KIND_BLOCK},
	{"br", KIND_BREAK},
	{"button", KIND_INLINE},
	{"canvas", KIND_INLINE},
	{"caption", KIND_BLOCK},
	{"center", KIND_BLOCK},
	{"cite", KIND_INLINE},
	{"code", KIND_INLINE},
	{"col", KIND_INLINE},
	{"colgroup", KIND_INLINE},
	{"data", KIND_INLINE},
	{"datalist", KIND_INLINE},
	{"dd", KIND_BLOCK},
	{"del", KIND_INLINE},
	{"details", KIND_BLOCK},
	{"dfn", KIND_INLINE},
	{"dialog", KIND_BLOCK},
	{"dir", KIND_BLOCK},
	{"div", KIND_BLOCK},
	{"dl", KIND_BLOCK},
	{"dt", KIND_BLOCK},
	{"em", KIND_INLINE},
	{"embed", KIND_INLINE},
	{"fieldset", KIND_BLOCK},
	{"figcaption", KIND_BLOCK},
	{"figure", KIND_BLOCK},
	{"font", KIND_INLINE},
	{"footer", KIND_BLOCK},
	{"form", KIND_BLOCK},
	{"frame", KIND_INLINE},
	{"frameset", KIND_BLOCK},
	{"h1", KIND_BLOCK},
	{"h2", KIND_BLOCK},
	{"h3", KIND_BLOCK},
	{"h4", KIND_BLOCK},
	{"h5", KIND_BLOCK},
	{"h6", KIND_BLOCK},
	{"head", KIND_SKIP},
	{"header", KIND_BLOCK},
	{"hgroup", KIND_BLOCK},
	{"hr", KIND_BLOCK},
	{"html", KIND_BLOCK},
	{"i", KIND_INLINE},
	{"iframe", KIND_INLINE},
	{"img", KIND_IMAGE},
	{"input", KIND_INLINE},
	{"ins", KIND_INLINE},
	{"isindex", KIND_BLOCK},
	{"kbd", KIND_INLINE},
	{"label", KIND_INLINE},
	{"legend", KIND_BLOCK},
	{"li", KIND_ITEM},
	{"link", KIND_INLINE},
	{"main", KIND_BLOCK},
	{"map", KIND_INLINE},
	{"mark", KIND_INLINE},
	{"menu", KIND_BLOCK},
	{"meta", KIND_INLINE},
	{"meter", KIND_INLINE},
	{"nav", KIND_BLOCK},
	{"nobr", KIND_INLINE},
	{"noembed", KIND_RAW},
	{"noframes", KIND_RAW},
	{"noscript", KIND_BLOCK},
	{"object", KIND_INLINE},
	{"ol", KIND_BLOCK},
	{"optgroup", KIND_INLINE},
	{"option", KIND_INLINE},
	{"output", KIND_INLINE},
	{"p", KIND_BLOCK},
	{"param", KIND_INLINE},
	{"picture", KIND_INLINE},
	{"pre", KIND_PRE},
	{"progress", KIND_INLINE},
	{"q", KIND_INLINE},
	{"rp", KIND_INLINE},
	{"rt", KIND_INLINE},
	{"ruby", KIND_INLINE},
	{"s", KIND_INLINE},
	{"samp", KIND_INLINE},
	{"script", KIND_RAW},
	{"section", KIND_BLOCK},
	{"select", KIND_INLINE},
	{"small", KIND_INLINE},
	{"source", KIND_INLINE},
	{"span", KIND_INLINE},
	{"strike", KIND_INLINE},
	{"strong", KIND_INLINE},
	{"style", KIND_RAW},
	{"sub", KIND_INLINE},
	{"summary", KIND_BLOCK},
	{"sup", KIND_INLINE},
	{"svg", KIND_SKIP},
	{"table", KIND_BLOCK},
	{"tbody", KIND_BLOCK},
	{"td", KIND_CELL},
	{"template", KIND_SKIP},
	{"textarea", KIND_INLINE},
	{"tfoot", KIND_BLOCK},
	{"th", KIND_CELL},
	{"thead", KIND_BLOCK},
	{"time", KIND_INLINE},
	{"title", KIND_INLINE},
	{"tr", KIND_BLOCK},
	{"track", KIND_INLINE},
	{"tt", KIND_INLINE},
	{"u", KIND_INLINE},
	{"ul", KIND_BLOCK},
	{"var", KIND_INLINE},
	{"video", KIND_INLINE},
	{"wbr", KIND_INLINE},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Whether `name` is `known` (lower case), in whatever case it is written. */
static bool is_called(struct str name, const char *known)
{
	size_t i = 0;
	while (i < name.n && known[i] != '\0' && lower(name.p[i]) == known[i]) {
		i++;
	}
	return i == name.n && known[i] == '\0';
}

/* Where the elements are by name, in a table with open addresses. Written once. */
#define TABLE_BITS 9
static pthread_once_t table_once = PTHREAD_ONCE_INIT;
static unsigned char index_of[1 << TABLE_BITS]; /* index in `elements` and 1, or 0 */

static_assert(sizeof(elements) / sizeof(elements[0]) < 256, "an index fits a byte");

/* The room of element.name as two numbers. */
struct key {
	uint64_t head;
	uint32_t tail;
};

static_assert(sizeof(elements[0].name) == 12, "a name is as long as its key");

static struct key key_of(const char *name)
{
	struct key key;
	memcpy(&key.head, name, sizeof(key.head));
	memcpy(&key.tail, name + sizeof(key.head), sizeof(key.tail));
	return key;
}

static size_t slot_of(struct key key)
{
	return ((key.head ^ key.tail) * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - TABLE_BITS);
}

static void build_table(void)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		size_t slot = slot_of(key_of(elements[i].name));
		while (index_of[slot] != 0) {
			slot = (slot + 1) % sizeof(index_of);
		}
		index_of[slot] = (unsigned char)(i + 1);
	}
}

static enum kind kind_of(struct str name)
{
	char want[sizeof(elements[0].name)] = {0};
	if (name.n >= sizeof(want)) {
		return KIND_UNKNOWN;
	}
	for (size_t i = 0; i < name.n; i++) {
		want[i] = lower(name.p[i]);
	}
	pthread_once(&table_once, build_table);
	struct key key = key_of(want);
	size_t slot = slot_of(key);
	while (index_of[slot] != 0) {
		const struct element *e = &elements[index_of[slot] - 1];
		struct key other = key_of(e->name);
		if (key.head == other.head && key.tail == other.tail) {
			return e->kind;
		}
		slot = (slot + 1) % sizeof(index_of);
	}
	return KIND_UNKNOWN;
}

static bool is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- the text collected so far */

struct plain {
	char *begin, *to; /* our text so far; there is room for all that can follow, see ROOM() */
	unsigned breaks;  /* line breaks due before the next word */
	bool space;       /* a space is due */
	unsigned pre;     /* inside so many <pre> */
};

/* Room for the text of `n` bytes of HTML: nothing in it becomes more than twice as long ("<li>" is
 * the worst: a line break, a bullet and a space), and whole vectors are stored. */
#define ROOM(n) (2 * (n) + 64)

/* What a byte means for a run of plain letters. */
enum letter {
	LETTER_PLAIN,
	LETTER_SPACE,
	LETTER_C2, /* begins the no-break space, and controls that are letters of windows-1252 */
	LETTER_END,
};

static enum letter letter_of(char c)
{
	static const unsigned char table[256] = {[0 ... ' '] = LETTER_SPACE,
		[0xc2] = LETTER_C2,
		['<'] = LETTER_END,
		['&'] = LETTER_END};
	return (enum letter)table[(unsigned char)c];
}

/* Writes what is due before a word. */
static void write_due(struct plain *p)
{
	bool begun = p->to > p->begin;
	for (unsigned i = 0; begun && i < p->breaks; i++) {
		*p->to++ = '\n';
	}
	if (begun && p->breaks == 0 && p->space && p->to[-1] != '\n') {
		*p->to++ = ' ';
	}
	p->breaks = 0;
	p->space = false;
}

/* "\xc2\x80" to "\xc2\x9f" are windows-1252 letters that lost their label. */
static size_t two_bytes(struct plain *p, struct str s, size_t i)
{
	unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
	if (next == 0xa0) {
		p->space = true;
		return 2;
	}
	write_due(p);
	if (next >= 0x80 && next < 0xa0) {
		p->to += utf8_put(utf8_of_1252(next), p->to);
		return 2;
	}
	*p->to++ = s.p[i];
	return 1;
}

/* Where a run of letters and single spaces between them ends, among the sixteen bytes at `p`; there is
 * one more behind them. */
static scan16 run_ends(scan16 v, const char *p)
{
	scan16 next = scan_load(p + 1);
	return scan_below(v, ' ') | scan_eq(v, '<') | scan_eq(v, '&') | scan_eq(v, 0xc2) |
	       (scan_eq(v, ' ') & scan_below(next, ' ' + 1));
}

/* Copies letters and single spaces between them while there are sixteen bytes to look at; returns
 * how many. */
static size_t copy_vectors(char *to, struct str s)
{
	size_t i = 0;
	while (s.n - i > 16) {
		scan16 v = scan_load(s.p + i);
		size_t n = scan_first(run_ends(v, s.p + i));
		scan_store(to + i, v);
		if (n < 16) {
			i += n;
			break;
		}
		i += 16; /* a fixed step: no load waits for what the one before has found */
	}
	return i > 0 && s.p[i - 1] == ' ' ? i - 1 : i; /* what follows it decides on a space */
}

/* Copies the run of letters and single spaces at the start of `s`; returns its length. */
static size_t copy_run(char *to, struct str s)
{
	size_t i = copy_vectors(to, s);
	while (i < s.n) {
		bool single = s.p[i] == ' ' && i + 1 < s.n && letter_of(s.p[i + 1]) == LETTER_PLAIN;
		if (letter_of(s.p[i]) != LETTER_PLAIN && !single) {
			break;
		}
		to[i] = s.p[i];
		i++;
	}
	return i;
}

/* Text outside <pre> up to the first '<' or '&' behind its first byte; returns the bytes taken.
 * `s` is not empty. */
static size_t plain_words(struct plain *p, struct str s)
{
	size_t i = 0;
	if (letter_of(s.p[0]) == LETTER_END) {
		write_due(p);
		*p->to++ = s.p[i++];
	}
	while (i < s.n) {
		enum letter l = letter_of(s.p[i]);
		if (l == LETTER_PLAIN) {
			write_due(p);
			size_t run = copy_run(p->to, str_n(s.p + i, s.n - i));
			p->to += run;
			i += run;
		} else if (l == LETTER_SPACE) {
			p->space = true;
			i++;
		} else if (l == LETTER_C2) {
			i += two_bytes(p, s, i);
		} else {
			break;
		}
	}
	return i;
}

/* Text inside <pre>: as it is, with plain line ends. */
static void plain_lines(struct plain *p, struct str s)
{
	if (s.n > 0) {
		write_due(p);
	}
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] == 0xc2 && i + 1 < s.n &&
			(unsigned char)s.p[i + 1] == 0xa0) {
			*p->to++ = ' ';
			i++;
		} else if (s.p[i] != '\r') {
			*p->to++ = s.p[i];
		}
	}
}

/* Takes text up to the next '<' or '&' (but takes one that stands first); returns its length. */
static size_t plain_run(struct plain *p, struct str s)
{
	if (p->pre == 0) {
		return plain_words(p, s);
	}
	size_t n = 1;
	while (n < s.n && letter_of(s.p[n]) != LETTER_END) {
		n++;
	}
	plain_lines(p, str_n(s.p, n));
	return n;
}

/* Takes text with no markup in it. */
static void plain_text(struct plain *p, struct str s)
{
	while (s.n > 0) {
		size_t n = plain_run(p, s);
		s = str_n(s.p + n, s.n - n);
	}
}

static void plain_block(struct plain *p)
{
	if (p->breaks == 0 && p->to > p->begin && p->to[-1] != '\n') {
		p->breaks = 1;
	}
	p->space = false;
}

/* Without the white space that <pre> may have left at the end. */
static void plain_end(struct plain *p)
{
	while (p->to > p->begin && is_space(p->to[-1])) {
		p->to--;
	}
}

/* ---- tags */

struct tag {
	struct str name, attrs; /* attrs: all text between name and '>' */
	enum kind kind;
	bool end;
};

/* Length of the tag's text up to and with '>', 0 if it does not end. Quotes hide a '>' only where a
 * value begins. */
static size_t tag_length(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '>') {
			return i + 1;
		}
		if (s.p[i] != '=') {
			continue;
		}
		while (i + 1 < s.n && is_space(s.p[i + 1])) {
			i++;
		}
		if (i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\'')) {
			const char *close = memchr(s.p + i + 2, s.p[i + 1], s.n - i - 2);
			if (close == NULL) {
				const char *gt = memchr(s.p + i, '>', s.n - i);
				return gt != NULL ? (size_t)(gt - s.p) + 1 : 0;
			}
			i = (size_t)(close - s.p);
		}
	}
	return 0;
}

/* Bytes that may be searched in vain in one text: "<x <x <x …" without an end would otherwise cost
 * quadratic time. When it is used up, what does not end at once is text. */
#define WASTE_MAX(bytes) (4 * (bytes) + 65536)
#define AT_ONCE 256

static void waste(size_t *left, size_t bytes)
{
	*left -= bytes < *left ? bytes : *left;
}

/* Reads the tag at '<'; returns its length, 0 if there is none. */
static size_t read_tag(struct str s, struct tag *tag, size_t *waste_left)
{
	size_t at = 1;
	tag->end = at < s.n && s.p[at] == '/';
	at += tag->end;
	if (at >= s.n || !is_alpha(s.p[at])) {
		return 0;
	}
	size_t name = at;
	while (at < s.n && !is_space(s.p[at]) && s.p[at] != '/' && s.p[at] != '>' &&
		s.p[at] != '<') {
		at++;
	}
	tag->name = str_n(s.p + name, at - name);
	tag->kind = kind_of(tag->name);
	bool ends = at < s.n && s.p[at] == '>';
	size_t length = ends ? at + 1 : *waste_left > 0 ? tag_length(s) : 0;
	if (length == 0) {
		waste(waste_left, s.n);
		return 0;
	}
	tag->attrs = str_n(s.p + at, length - 1 - at);
	return length;
}

static void skip_space(struct str *s)
{
	while (s->n > 0 && (is_space(s->p[0]) || s->p[0] == '/')) {
		s->p++;
		s->n--;
	}
}

/* Cuts one attribute off *rest; false at the end. */
static bool next_attr(struct str *rest, struct str *name, struct str *value)
{
	size_t n = 0;
	skip_space(rest);
	while (n < rest->n && !is_space(rest->p[n]) && rest->p[n] != '=') {
		n++;
	}
	if (rest->n == 0) {
		return false;
	}
	*name = str_n(rest->p, n);
	*value = STR("");
	*rest = str_n(rest->p + n, rest->n - n);
	struct str after = *rest;
	while (after.n > 0 && is_space(after.p[0])) {
		after = str_n(after.p + 1, after.n - 1);
	}
	if (after.n == 0 || after.p[0] != '=') {
		return true;
	}
	after = str_n(after.p + 1, after.n - 1);
	while (after.n > 0 && is_space(after.p[0])) {
		after = str_n(after.p + 1, after.n - 1);
	}
	char quote = after.n > 0 && (after.p[0] == '"' || after.p[0] == '\'') ? after.p[0] : 0;
	after = quote != 0 ? str_n(after.p + 1, after.n - 1) : after;
	const char *close = quote != 0 ? memchr(after.p, quote, after.n) : NULL;
	n = close != NULL ? (size_t)(close - after.p) : quote != 0 ? after.n : 0;
	while (quote == 0 && n < after.n && !is_space(after.p[n])) {
		n++;
	}
	*value = str_n(after.p, n);
	n += quote != 0 && n < after.n;
	*rest = str_n(after.p + n, after.n - n);
	return true;
}

/* The value of an attribute as written, absent if it is not there. */
static struct str attr_raw(struct str attrs, const char *name)
{
	struct str key, value;
	while (next_attr(&attrs, &key, &value)) {
		if (is_called(key, name)) {
			return value;
		}
	}
	return STR_NONE;
}

/* The same, decoded into `room`. */
static struct str attr(struct str attrs, const char *name, struct buf *room)
{
	struct str raw = attr_raw(attrs, name);
	if (raw.p == NULL || memchr(raw.p, '&', raw.n) == NULL) {
		return raw;
	}
	buf_clear(room);
	entity_decode(raw, room);
	return room->rc == HARK_OK ? buf_str(room) : STR_NONE;
}

/* Length of what begins with "<!" or "<?": comment, declaration, section mark. 0: it does not end. */
static size_t declaration_length(struct str s, size_t *waste_left)
{
	if (str_starts(s, STR("<!--")) && *waste_left > 0) {
		size_t end = str_find(str_n(s.p + 2, s.n - 2), STR("-->"));
		if (end != SIZE_MAX) {
			return 2 + end + 3;
		}
		waste(waste_left, s.n);
	} else if (str_starts_nocase(s, STR("<![CDATA["))) {
		return 9;
	}
	size_t within = *waste_left > 0 || s.n < AT_ONCE ? s.n : AT_ONCE;
	const char *gt = memchr(s.p, '>', within);
	if (gt == NULL) {
		waste(waste_left, within);
		return 0;
	}
	return (size_t)(gt - s.p) + 1;
}

/* Bytes up to and with the end tag `name`, or all of them. Nested elements of the name count. */
static size_t skip_element(struct str s, struct str name, bool nests)
{
	size_t at = 0, depth = 1;
	while (at < s.n) {
		const char *lt = memchr(s.p + at, '<', s.n - at);
		if (lt == NULL) {
			return s.n;
		}
		at = (size_t)(lt - s.p);
		struct str rest = str_n(lt, s.n - at);
		bool end = rest.n > 1 && rest.p[1] == '/';
		struct str word = str_n(rest.p + 1 + end, rest.n - 1 - end);
		bool same = word.n > name.n && str_eq_nocase(str_n(word.p, name.n), name) &&
			    !is_alpha(word.p[name.n]);
		if (same && end && --depth == 0) {
			const char *gt = memchr(rest.p, '>', rest.n);
			return gt != NULL ? (size_t)(gt - s.p) + 1 : s.n;
		}
		depth += same && !end && nests;
		if (!same && !end && nests && str_starts_nocase(word, STR("body")) &&
			str_eq_nocase(name, STR("head"))) {
			return at; /* </head> was forgotten */
		}
		at++;
	}
	return s.n;
}

struct walk {
	struct plain plain;
	struct str base;
	unsigned flags;
	struct html_links *links;
	struct buf value; /* scratch for attributes */
	size_t waste_left;
	int rc;
};

static void open_link(struct walk *w, const struct tag *tag)
{
	struct str href = w->links != NULL ? attr_raw(tag->attrs, "href") : STR_NONE;
	if (href.n > 0 && memchr(href.p, '&', href.n) != NULL) {
		/* behind our text, where the room for this tag's own text is */
		href = str_n(w->plain.to, entity_decode_at(href, w->plain.to));
	}
	if (href.p != NULL) {
		w->rc = html_links_add(w->links, w->base, href);
	}
}

/* Returns bytes of `rest` (behind the tag) to pass over. */
static size_t act_on_tag(struct walk *w, const struct tag *tag, struct str rest)
{
	struct plain *p = &w->plain;
	switch (tag->kind) {
	case KIND_BLOCK:
		plain_block(p);
		break;
	case KIND_BREAK:
		p->breaks = p->breaks < 2 ? p->breaks + 1 : 2;
		break;
	case KIND_ITEM:
		plain_block(p);
		if (!tag->end) {
			plain_text(p, STR("\xe2\x80\xa2"));
			p->space = true;
		}
		break;
	case KIND_PRE:
		plain_block(p);
		p->pre = tag->end ? (p->pre > 0 ? p->pre - 1 : 0) : p->pre + 1;
		if (!tag->end && rest.n > 0 && rest.p[0] == '\n') {
			return 1; /* the first line break is the tag's */
		}
		break;
	case KIND_CELL:
		p->space = true;
		break;
	case KIND_LINK:
		if (!tag->end) {
			open_link(w, tag);
		}
		break;
	case KIND_IMAGE:
		plain_text(p, attr(tag->attrs, "alt", &w->value));
		break;
	case KIND_RAW:
	case KIND_SKIP:
		if (!tag->end && (tag->attrs.n == 0 || tag->attrs.p[tag->attrs.n - 1] != '/')) {
			return skip_element(rest, tag->name, tag->kind == KIND_SKIP);
		}
		break;
	case KIND_UNKNOWN:
	case KIND_INLINE:
		break;
	}
	return 0;
}

/* No element of HTML, and none of the kind that programs add ("o:p", "my-card"). */
static bool is_made_up(const struct tag *tag)
{
	return tag->kind == KIND_UNKNOWN && memchr(tag->name.p, ':', tag->name.n) == NULL &&
	       memchr(tag->name.p, '-', tag->name.n) == NULL;
}

/* Handles what begins with '<'; returns the bytes used. */
static size_t walk_markup(struct walk *w, struct str s)
{
	struct tag tag = {0};
	if (s.n > 1 && (s.p[1] == '!' || s.p[1] == '?')) {
		size_t length = declaration_length(s, &w->waste_left);
		if (length > 0 || str_starts(s, STR("<!--"))) {
			return length > 0 ? length : s.n;
		}
	}
	size_t length = read_tag(s, &tag, &w->waste_left);
	if (length == 0 && tag.name.p != NULL && tag.kind != KIND_UNKNOWN) {
		return s.n; /* a tag that was cut off */
	}
	if (length == 0 || ((w->flags & HTML_MAYBE) != 0 && is_made_up(&tag))) {
		plain_text(&w->plain, STR("<"));
		return 1;
	}
	return length + act_on_tag(w, &tag, str_n(s.p + length, s.n - length));
}

static size_t walk_reference(struct walk *w, struct str s)
{
	uint32_t cp;
	char letter[4];
	size_t used = entity_at(s, &cp);
	if (used == 0) {
		plain_text(&w->plain, STR("&"));
		return 1;
	}
	plain_text(&w->plain, str_n(letter, utf8_put(cp, letter)));
	return used;
}

static void walk(struct walk *w, struct str s)
{
	while (s.n > 0 && w->rc == HARK_OK) {
		size_t used = s.p[0] == '<'   ? walk_markup(w, s)
			      : s.p[0] == '&' ? walk_reference(w, s)
					      : plain_run(&w->plain, s);
		s = str_n(s.p + used, s.n - used);
	}
}

int html_to_text(
	struct str html, struct str base, unsigned flags, struct buf *out, struct html_links *links)
{
	char *room = buf_room(out, ROOM(html.n));
	if (room == NULL) {
		return out->rc;
	}
	struct walk w = {.plain = {.begin = room, .to = room},
		.base = base,
		.flags = flags,
		.links = links,
		.waste_left = WASTE_MAX(html.n)};
	buf_init(&w.value, ATTR_MAX);
	walk(&w, html);
	plain_end(&w.plain);
	buf_grew(out, (size_t)(w.plain.to - room));
	buf_release(&w.value);
	return w.rc;
}

/* Adds an address as it is. */
static int add_url(struct html_links *links, struct str url)
{
	for (size_t i = 0; i < links->n; i++) {
		if (str_eq(links->v[i], url)) {
			return HARK_OK;
		}
	}
	struct str *v = arena_grow(links->arena, links->v, links->n, &links->cap, sizeof(*v));
	struct str copy = arena_str(links->arena, url);
	if (v == NULL || copy.p == NULL) {
		return HARK_ENOMEM;
	}
	links->v = v;
	v[links->n++] = copy;
	return HARK_OK;
}

bool html_is_plain(struct str text)
{
	size_t i = 0;
	char before = ' ';
	while (text.n - i > 16) {
		if (scan_first(run_ends(scan_load(text.p + i), text.p + i)) < 16) {
			return false;
		}
		i += 16;
	}
	if (i > 0) {
		if (text.p[0] == ' ') {
			return false;
		}
		before = text.p[i - 1];
	}
	for (; i < text.n; i++) {
		enum letter l = letter_of(text.p[i]);
		if (l != LETTER_PLAIN && (text.p[i] != ' ' || before == ' ')) {
			return false;
		}
		before = text.p[i];
	}
	return before != ' ';
}

int html_links_add(struct html_links *links, struct str base, struct str ref)
{
	struct buf url;
	int rc = HARK_OK;
	if (links->n == HTML_LINKS_MAX || (ref.n > 0 && ref.p[0] == '#')) {
		return HARK_OK;
	}
	if (uri_is_finished(ref)) {
		return add_url(links, ref);
	}
	buf_init(&url, 4 * URI_MAX);
	if (uri_resolve(base, ref, &url)) {
		rc = add_url(links, buf_str(&url));
	}
	rc = url.rc == HARK_ENOMEM ? HARK_ENOMEM : rc;
	buf_release(&url);
	return rc;
}

/* ---- pages */

static bool is_feed_type(struct str type)
{
	static const char *const types[] = {"application/rss+xml", "application/atom+xml",
		"application/feed+json", "application/rdf+xml", "application/json", "text/xml",
		"application/xml"};
	const char *semicolon = type.p != NULL ? memchr(type.p, ';', type.n) : NULL;
	type = str_trim(semicolon != NULL ? str_n(type.p, (size_t)(semicolon - type.p)) : type);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq_nocase(type, str_c(types[i]))) {
			return true;
		}
	}
	return false;
}

/* Whether the list of words in `list` holds `word`. */
static bool has_word(struct str list, const char *word)
{
	struct str part;
	while (str_split(&list, ' ', &part)) {
		if (str_eq_nocase(str_trim(part), str_c(word))) {
			return true;
		}
	}
	return false;
}

/* Addresses such as "/feed/", "/rss.xml", "/index.atom". */
static bool looks_like_feed(struct str href)
{
	static const char *const ends[] = {"/feed", "/feed/", "/rss", "/rss/", "rss.xml",
		"atom.xml", "feed.xml", "index.xml", "feed.json", ".rss", ".atom", ".rdf"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (str_ends(href, str_c(ends[i]))) {
			return true;
		}
	}
	return false;
}

struct finding {
	struct arena *arena;
	struct str base;
	struct html_feed *feeds;
	size_t n;
	struct buf value, url;
};

static void add_feed(struct finding *f, struct str href, struct str attrs)
{
	buf_clear(&f->url);
	if (f->n == HTML_FEEDS_MAX || !uri_resolve(f->base, href, &f->url)) {
		return;
	}
	for (size_t i = 0; i < f->n; i++) {
		if (str_eq(f->feeds[i].url, buf_str(&f->url))) {
			return;
		}
	}
	struct html_feed *feed = &f->feeds[f->n];
	feed->url = arena_str(f->arena, buf_str(&f->url));
	feed->title = arena_str(f->arena, attr(attrs, "title", &f->value));
	feed->type = arena_str(f->arena, attr(attrs, "type", &f->value));
	f->n += feed->url.p != NULL;
}

static bool is_named(const struct tag *tag, const char *name)
{
	return !tag->end && is_called(tag->name, name);
}

static void find_in_tag(struct finding *f, const struct tag *tag, bool announced)
{
	if (is_named(tag, "base")) {
		struct str href = attr(tag->attrs, "href", &f->value);
		buf_clear(&f->url);
		if (uri_resolve(f->base, href, &f->url)) {
			struct str base = arena_str(f->arena, buf_str(&f->url));
			f->base = base.p != NULL ? base : f->base;
		}
	} else if (announced && is_named(tag, "link")) {
		struct str rel = attr_raw(tag->attrs, "rel"), type = attr_raw(tag->attrs, "type");
		bool feed = has_word(rel, "alternate") ? is_feed_type(type) : has_word(rel, "feed");
		if (feed) {
			add_feed(f, attr(tag->attrs, "href", &f->value), tag->attrs);
		}
	} else if (!announced && is_named(tag, "a")) {
		struct str href = attr(tag->attrs, "href", &f->value);
		if (href.p != NULL && looks_like_feed(href)) {
			add_feed(f, href, STR(""));
		}
	}
}

/* Hands every tag outside comments, scripts and styles to find_in_tag(). */
static void find_tags(struct finding *f, struct str s, bool announced)
{
	size_t waste_left = WASTE_MAX(s.n);
	for (size_t i = 0; i < s.n;) {
		const char *lt = memchr(s.p + i, '<', s.n - i);
		if (lt == NULL) {
			return;
		}
		i = (size_t)(lt - s.p);
		struct str rest = str_n(lt, s.n - i);
		struct tag tag = {0};
		size_t length = rest.n > 1 && rest.p[1] == '!'
					? declaration_length(rest, &waste_left)
					: read_tag(rest, &tag, &waste_left);
		if (length == 0) {
			i++;
			continue;
		}
		i += length;
		if (tag.name.p != NULL) {
			find_in_tag(f, &tag, announced);
			if (tag.kind == KIND_RAW && !tag.end) {
				i += skip_element(str_n(s.p + i, s.n - i), tag.name, false);
			}
		}
	}
}

size_t html_find_feeds(struct str html, struct str url, struct arena *arena,
	struct html_feed feeds[HTML_FEEDS_MAX])
{
	struct finding f = {.arena = arena, .base = url, .feeds = feeds};
	buf_init(&f.value, ATTR_MAX);
	buf_init(&f.url, 4 * URI_MAX);
	find_tags(&f, html, true);
	if (f.n == 0) {
		find_tags(&f, html, false);
	}
	buf_release(&f.value);
	buf_release(&f.url);
	return f.n;
}

struct str html_title(struct str html, struct arena *arena)
{
	struct buf text;
	struct tag tag = {0};
	size_t at = 0, waste_left = WASTE_MAX(html.n);
	for (;;) {
		const char *lt = at < html.n ? memchr(html.p + at, '<', html.n - at) : NULL;
		if (lt == NULL) {
			return STR_NONE;
		}
		at = (size_t)(lt - html.p);
		size_t length = read_tag(str_n(lt, html.n - at), &tag, &waste_left);
		at += length > 0 ? length : 1;
		if (length > 0 && is_named(&tag, "title")) {
			break;
		}
	}
	struct str rest = str_n(html.p + at, html.n - at);
	const char *end = memchr(rest.p, '<', rest.n);
	buf_init(&text, 4 * ATTR_MAX);
	rest.n = end != NULL ? (size_t)(end - rest.p) : rest.n;
	html_to_text(str_cut_utf8(rest, ATTR_MAX), STR_NONE, 0, &text, NULL);
	struct str title = text.n > 0 ? arena_str(arena, buf_str(&text)) : STR_NONE;
	buf_release(&text);
	return title;
}

/* XML names its elements as it likes: of a document that says that it is XML the root counts. */
bool html_is_page(struct str text)
{
	static const char *const marks[] = {"<!doctype html", "<html", "<head", "<body"};
	struct str root = str_starts(text, STR("<?xml")) ? xml_root(text) : STR_NONE;
	if (root.n > 0) {
		return str_eq_nocase(root, STR("html"));
	}
	struct str head = str_n(text.p, text.n < 1024 ? text.n : 1024);
	for (size_t i = 0; i < head.n; i++) {
		for (size_t k = 0; head.p[i] == '<' && k < sizeof(marks) / sizeof(marks[0]); k++) {
			if (str_starts_nocase(str_n(head.p + i, head.n - i), str_c(marks[k]))) {
				return true;
			}
		}
	}
	return false;
}
