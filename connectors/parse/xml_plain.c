/* DESIGN. Every post of a feed passes here, and half the time of parsing went to libxml2, most of it to
 * references and names it looks up one by one. One pass from '<' to '<', sixteen bytes at a time,
 * reads what is common. Whatever is not written here line by line is answered with HARK_EAGAIN, never
 * guessed at: libxml2 knows the rest of XML, and what is wrong with a document. Names and namespaces
 * are kept once each, so that equal ones are the same pointer. Time is linear in the input. */
#include "connectors/parse/xml.h"

#include "monitor/base/arena.h"
#include "monitor/base/scan.h"
#include "monitor/base/utf8.h"

#define DEPTH_MAX 128
#define ATTRS_MAX 32
#define SPACES_MAX 64         /* namespaces in scope */
#define NAMES_BITS 9          /* of the table of names; it is filled by half */
#define NAME_BYTES 64         /* of a prefix or a local name */
#define TOKEN_BYTES (1 << 20) /* of one comment, CDATA section or value */
#define KEPT_BYTES (8u << 20) /* names, and values that had references */

#define XML_URI "http://www.w3.org/XML/1998/namespace"
#define XMLNS_URI "http://www.w3.org/2000/xmlns/"

struct open {
	struct str name; /* with its prefix, as written */
	size_t spaces_n; /* namespaces declared outside it */
};

struct space {
	const char *prefix; /* NULL: the default */
	const char *uri;
};

struct plain {
	const char *p, *end; /* what is left */
	const struct xml_handler *handler;
	void *user;
	struct arena arena;
	struct str names[1 << NAMES_BITS];
	size_t names_n;
	const char *xml, *xmlns, *xml_uri; /* the names, kept */
	size_t depth, spaces_n, attrs_n;
	struct open stack[DEPTH_MAX];
	struct space spaces[SPACES_MAX];
	const char *attrs[5 * ATTRS_MAX]; /* as xml_attr_at() reads them */
};

/* ---- bytes */

enum {
	BYTE_START = 1, /* may begin a name */
	BYTE_NAME = 2,  /* may follow in one */
	BYTE_SPACE = 4,
	BYTE_ODD = 8, /* stands in no text, or has to be looked at there */
};

static const unsigned char kinds[256] = {
	[0 ... 8] = BYTE_ODD,
	['\t'] = BYTE_SPACE,
	['\n'] = BYTE_SPACE,
	[11 ... 12] = BYTE_ODD,
	['\r'] = BYTE_ODD | BYTE_SPACE,
	[14 ... 31] = BYTE_ODD,
	[' '] = BYTE_SPACE,
	['-'] = BYTE_NAME,
	['.'] = BYTE_NAME,
	['0' ... '9'] = BYTE_NAME,
	['A' ... 'Z'] = BYTE_START | BYTE_NAME,
	['_'] = BYTE_START | BYTE_NAME,
	['a' ... 'z'] = BYTE_START | BYTE_NAME,
	[0xef] = BYTE_ODD, /* begins U+FFFE and U+FFFF, which XML does not have */
};

static bool is_kind(char c, unsigned kind)
{
	return (kinds[(unsigned char)c] & kind) != 0;
}

static scan16 odd(scan16 v)
{
	return (scan_below(v, ' ') & ~scan_below(v - scan_all('\t'), 2)) | scan_eq(v, 0xef);
}

/* The first byte from `p` on that is `a`, `b`, `c` or odd; s->end if none is. */
static const char *run_end(const struct plain *s, const char *p, char a, char b, char c)
{
	while (s->end - p >= 16) {
		scan16 v = scan_load(p);
		size_t n = scan_first(odd(v) | scan_eq(v, (uint8_t)a) | scan_eq(v, (uint8_t)b) |
				      scan_eq(v, (uint8_t)c));
		p += n;
		if (n < 16) {
			return p;
		}
	}
	while (p < s->end && *p != a && *p != b && *p != c && !is_kind(*p, BYTE_ODD)) {
		p++;
	}
	return p;
}

static bool stands(const struct plain *s, const char *p, struct str what)
{
	return (size_t)(s->end - p) >= what.n && memcmp(p, what.p, what.n) == 0;
}

/* Whether an odd byte belongs to a character of XML after all. Line ends are not asked for here. */
static bool is_letter(const struct plain *s, const char *p)
{
	return (unsigned char)*p == 0xef && s->end - p >= 3 &&
	       ((unsigned char)p[1] != 0xbf || (unsigned char)p[2] < 0xbe);
}

static void skip_space(struct plain *s)
{
	while (s->p < s->end && is_kind(*s->p, BYTE_SPACE)) {
		s->p++;
	}
}

/* ---- names */

/* The one copy of a name or namespace; NULL: there are too many. */
static const char *keep(struct plain *s, struct str name)
{
	uint64_t key = name.n;
	for (size_t i = 0; i < name.n; i++) {
		key = (key ^ (unsigned char)name.p[i]) * UINT64_C(0x9e3779b97f4a7c15);
	}
	size_t slot = key >> (64 - NAMES_BITS);
	while (s->names[slot].p != NULL) {
		if (str_eq(s->names[slot], name)) {
			return s->names[slot].p;
		}
		slot = (slot + 1) % (1 << NAMES_BITS);
	}
	if (s->names_n == (1 << NAMES_BITS) / 2) {
		return NULL;
	}
	s->names[slot] = arena_str(&s->arena, name);
	s->names_n += s->names[slot].p != NULL;
	return s->names[slot].p;
}

static struct str name_part(struct plain *s)
{
	const char *p = s->p;
	if (p < s->end && is_kind(*p, BYTE_START)) {
		do {
			p++;
		} while (p < s->end && is_kind(*p, BYTE_NAME));
	}
	struct str part = str_n(s->p, (size_t)(p - s->p));
	s->p = p;
	return part;
}

struct name {
	const char *prefix, *local; /* kept; no prefix: NULL */
	struct str whole;           /* as written */
};

static int read_name(struct plain *s, struct name *name)
{
	const char *begin = s->p;
	struct str local = name_part(s), prefix = STR_NONE;
	if (s->p < s->end && *s->p == ':') {
		s->p++;
		prefix = local;
		local = name_part(s);
	}
	if (local.n == 0 || local.n > NAME_BYTES || prefix.n > NAME_BYTES ||
		(prefix.p != NULL && prefix.n == 0) || s->p == s->end || *s->p == ':' ||
		(*s->p & 0x80) != 0) {
		return HARK_EAGAIN;
	}
	name->prefix = prefix.p != NULL ? keep(s, prefix) : NULL;
	name->local = keep(s, local);
	name->whole = str_n(begin, (size_t)(s->p - begin));
	return name->local == NULL || (prefix.p != NULL && name->prefix == NULL) ? HARK_EAGAIN
										 : HARK_OK;
}

/* ---- references */

static bool is_character(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= ' ' && cp < 0xd800) ||
	       (cp >= 0xe000 && cp < 0xfffe) || (cp >= 0x10000 && cp < 0x110000);
}

/* "&#8212;", "&#x2014;": bytes it takes, 0 for none we know. */
static size_t number_at(const struct plain *s, const char *p, uint32_t *cp)
{
	size_t left = (size_t)(s->end - p), i = 2;
	bool hex = left > 2 && p[2] == 'x';
	i += hex;
	size_t first = i;
	*cp = 0;
	while (i < left && i < first + 7) {
		char c = p[i];
		if (c >= '0' && c <= '9') {
			*cp = *cp * (hex ? 16 : 10) + (uint32_t)(c - '0');
		} else if (hex && (c | 32) >= 'a' && (c | 32) <= 'f') {
			*cp = *cp * 16 + (uint32_t)((c | 32) - 'a' + 10);
		} else {
			break;
		}
		i++;
	}
	return i > first && i < left && p[i] == ';' && is_character(*cp) ? i + 1 : 0;
}

static size_t reference_at(const struct plain *s, const char *p, uint32_t *cp)
{
	static const struct {
		struct str text;
		char means;
	} known[] = {{STR("&lt;"), '<'}, {STR("&gt;"), '>'}, {STR("&amp;"), '&'},
		{STR("&quot;"), '"'}, {STR("&apos;"), '\''}};
	if (s->end - p > 1 && p[1] == '#') {
		return number_at(s, p, cp);
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (stands(s, p, known[i].text)) {
			*cp = (uint32_t)known[i].means;
			return known[i].text.n;
		}
	}
	return 0;
}

/* ---- attributes */

/* Whether a byte may stand in a value as it is; white space other than ' ' would have to become one. */
static bool stays(const struct plain *s, const char *p)
{
	return *p != '<' && *p != '\t' && *p != '\n' && (!is_kind(*p, BYTE_ODD) || is_letter(s, p));
}

/* A value with references, from s->p up to its quote. */
static int decode_value(struct plain *s, char quote, struct str *value)
{
	const char *p = s->p, *close = memchr(p, quote, (size_t)(s->end - p));
	char *room = close != NULL && close - p < TOKEN_BYTES
			     ? arena_room(&s->arena, (size_t)(close - p))
			     : NULL;
	size_t n = 0;
	if (room == NULL) {
		return HARK_EAGAIN;
	}
	while (p < close) {
		uint32_t cp;
		size_t used = *p == '&' ? reference_at(s, p, &cp) : stays(s, p);
		if (used == 0) {
			return HARK_EAGAIN;
		}
		if (*p == '&') {
			n += utf8_put(cp, room + n); /* never longer than the reference */
		} else {
			room[n++] = *p;
		}
		p += used;
	}
	*value = str_n(room, n);
	s->p = close + 1;
	return HARK_OK;
}

static int read_value(struct plain *s, struct str *value)
{
	skip_space(s);
	if (s->p == s->end || *s->p++ != '=') {
		return HARK_EAGAIN;
	}
	skip_space(s);
	if (s->p == s->end || (*s->p != '"' && *s->p != '\'')) {
		return HARK_EAGAIN;
	}
	char quote = *s->p++;
	const char *p = s->p;
	while (p < s->end && *p != quote) {
		if (*p == '&') {
			return decode_value(s, quote, value);
		}
		if (!stays(s, p)) {
			return HARK_EAGAIN;
		}
		p++;
	}
	if (p == s->end || p - s->p >= TOKEN_BYTES) {
		return HARK_EAGAIN;
	}
	*value = str_n(s->p, (size_t)(p - s->p));
	s->p = p + 1;
	return HARK_OK;
}

/* Whether the parser of addresses in libxml2, which complains of some, has nothing to say of this
 * one: "http://host/path#mark" of plain letters, or "urn:one:two". */
static bool is_usual_uri(struct str s)
{
	struct str web[] = {STR("http://"), STR("https://")};
	for (size_t i = 0; i < sizeof(web) / sizeof(web[0]); i++) {
		if (str_starts(s, web[i])) {
			size_t at = web[i].n;
			while (at < s.n && s.p[at] != '_' && is_kind(s.p[at], BYTE_NAME)) {
				at++;
			}
			if (at == web[i].n || (at < s.n && s.p[at] != '/')) {
				return false;
			}
			while (at < s.n && (s.p[at] == '/' || is_kind(s.p[at], BYTE_NAME))) {
				at++;
			}
			return at == s.n || (at == s.n - 1 && s.p[at] == '#');
		}
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '_' || !(is_kind(s.p[i], BYTE_NAME) || (i > 0 && s.p[i] == ':'))) {
			return false;
		}
	}
	return s.n > 0 && is_kind(s.p[0], BYTE_START);
}

static int declare(struct plain *s, const char *prefix, struct str uri, size_t outside)
{
	if (!is_usual_uri(uri) || str_eq(uri, STR(XML_URI)) || str_eq(uri, STR(XMLNS_URI)) ||
		s->spaces_n == SPACES_MAX ||
		(prefix != NULL && (prefix == s->xml || prefix == s->xmlns))) {
		return HARK_EAGAIN;
	}
	for (size_t i = outside; i < s->spaces_n; i++) {
		if (s->spaces[i].prefix == prefix) {
			return HARK_EAGAIN; /* said twice */
		}
	}
	const char *kept = keep(s, uri);
	s->spaces[s->spaces_n++] = (struct space){prefix, kept};
	return kept != NULL ? HARK_OK : HARK_EAGAIN;
}

/* The namespace of a prefix. NULL: there is none, which only the default may be. */
static const char *space_of(const struct plain *s, const char *prefix)
{
	if (prefix != NULL && prefix == s->xml) {
		return s->xml_uri;
	}
	for (size_t i = s->spaces_n; i > 0; i--) {
		if (s->spaces[i - 1].prefix == prefix) {
			return s->spaces[i - 1].uri;
		}
	}
	return NULL;
}

static int add_attr(struct plain *s, const struct name *name, struct str value)
{
	if (s->attrs_n == ATTRS_MAX) {
		return HARK_EAGAIN;
	}
	for (size_t i = 0; i < s->attrs_n; i++) {
		const char *local = s->attrs[5 * i], *prefix = s->attrs[5 * i + 1];
		if (local == name->local &&
			(prefix == name->prefix || (prefix != NULL && name->prefix != NULL))) {
			return HARK_EAGAIN; /* said twice, perhaps by two prefixes for one thing */
		}
	}
	const char **a = &s->attrs[5 * s->attrs_n++];
	a[0] = name->local;
	a[1] = name->prefix;
	a[2] = NULL;
	a[3] = value.p;
	a[4] = value.p + value.n;
	return HARK_OK;
}

static int read_attr(struct plain *s, size_t outside)
{
	struct name name;
	struct str value;
	int rc = read_name(s, &name);
	if (rc == HARK_OK) {
		rc = read_value(s, &value);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	if (name.prefix == NULL ? name.local == s->xmlns : name.prefix == s->xmlns) {
		return declare(s, name.prefix != NULL ? name.local : NULL, value, outside);
	}
	return add_attr(s, &name, value);
}

/* Attributes up to the '>' or "/>"; each has white space before it. */
static int read_attrs(struct plain *s, size_t outside)
{
	s->attrs_n = 0;
	for (;;) {
		const char *before = s->p;
		skip_space(s);
		if (s->p == s->end) {
			return HARK_EAGAIN;
		}
		if (*s->p == '>' || *s->p == '/') {
			break;
		}
		int rc = s->p > before ? read_attr(s, outside) : HARK_EAGAIN;
		if (rc != HARK_OK) {
			return rc;
		}
	}
	for (size_t i = 0; i < s->attrs_n; i++) {
		const char *prefix = s->attrs[5 * i + 1];
		if (prefix != NULL && (s->attrs[5 * i + 2] = space_of(s, prefix)) == NULL) {
			return HARK_EAGAIN;
		}
	}
	return HARK_OK;
}

/* ---- markup */

/* At '<' of a start tag. */
static int read_start(struct plain *s)
{
	struct name name;
	size_t outside = s->spaces_n;
	s->p++;
	int rc = s->depth < DEPTH_MAX ? read_name(s, &name) : HARK_EAGAIN;
	if (rc == HARK_OK) {
		rc = read_attrs(s, outside);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	bool empty = *s->p++ == '/';
	if (empty && (s->p == s->end || *s->p++ != '>')) {
		return HARK_EAGAIN;
	}
	const struct xml_tag tag = {
		name.local, space_of(s, name.prefix), name.prefix, s->attrs, s->attrs_n};
	if (name.prefix != NULL && tag.ns == NULL) {
		return HARK_EAGAIN;
	}
	rc = s->handler->start(s->user, &tag);
	if (rc == HARK_OK && empty) {
		rc = s->handler->end(s->user);
		s->spaces_n = outside;
	} else if (rc == HARK_OK) {
		s->stack[s->depth++] = (struct open){name.whole, outside};
	}
	return rc;
}

/* At "</". */
static int read_end(struct plain *s)
{
	const struct open *open = &s->stack[s->depth - 1];
	s->p += 2;
	if (!stands(s, s->p, open->name)) {
		return HARK_EAGAIN;
	}
	s->p += open->name.n;
	skip_space(s);
	if (s->p == s->end || *s->p++ != '>') {
		return HARK_EAGAIN;
	}
	s->spaces_n = open->spaces_n;
	s->depth--;
	return s->handler->end(s->user);
}

/* At "<!--". */
static int read_comment(struct plain *s)
{
	const char *begin = s->p, *p = begin + 4;
	for (;;) {
		p = run_end(s, p, '-', '-', '-');
		if (p == s->end || p - begin >= TOKEN_BYTES) {
			return HARK_EAGAIN;
		}
		if (*p == '-' && s->end - p > 2 && p[1] == '-') {
			s->p = p + 3;
			return p[2] == '>' ? HARK_OK : HARK_EAGAIN;
		}
		if (*p != '-' && *p != '\r' && !is_letter(s, p)) {
			return HARK_EAGAIN;
		}
		p++;
	}
}

static int give(struct plain *s, const char *from, const char *to)
{
	return to > from ? s->handler->text(s->user, str_n(from, (size_t)(to - from))) : HARK_OK;
}

/* At "<![CDATA[". */
static int read_cdata(struct plain *s)
{
	const char *begin = s->p + 9, *from = begin, *p = begin;
	for (;;) {
		p = run_end(s, p, ']', ']', ']');
		if (p == s->end || p - begin >= TOKEN_BYTES) {
			return HARK_EAGAIN;
		}
		if (*p == ']' && stands(s, p, STR("]]>"))) {
			s->p = p + 3;
			return give(s, from, p);
		}
		if (*p == '\r' && stands(s, p, STR("\r\n"))) {
			int rc = give(s, from, p);
			if (rc != HARK_OK) {
				return rc;
			}
			from = p + 1;
		} else if (*p != ']' && !is_letter(s, p)) {
			return HARK_EAGAIN;
		}
		p++;
	}
}

/* At a '&' in text. */
static int read_reference(struct plain *s)
{
	uint32_t cp;
	char letter[4];
	size_t used = reference_at(s, s->p, &cp);
	if (used == 0) {
		return HARK_EAGAIN;
	}
	s->p += used;
	return s->handler->text(s->user, str_n(letter, utf8_put(cp, letter)));
}

/* Text up to the next '<'. */
static int read_text(struct plain *s)
{
	const char *from = s->p, *p = from;
	for (;;) {
		p = run_end(s, p, '<', '&', ']');
		if (p == s->end) {
			return HARK_EAGAIN;
		}
		if (*p != '<' && *p != '&' && !stands(s, p, STR("\r\n"))) {
			if (*p == ']' ? stands(s, p, STR("]]>")) : !is_letter(s, p)) {
				return HARK_EAGAIN;
			}
			p++;
			continue;
		}
		int rc = give(s, from, p);
		s->p = p;
		if (rc == HARK_OK && *p == '&') {
			rc = read_reference(s);
		} else if (*p == '\r') {
			s->p++; /* the line feed stays */
		}
		if (rc != HARK_OK || *p == '<') {
			return rc;
		}
		from = p = s->p;
	}
}

static int read_markup(struct plain *s)
{
	if (stands(s, s->p, STR("</"))) {
		return read_end(s);
	}
	if (stands(s, s->p, STR("<!--"))) {
		return read_comment(s);
	}
	return stands(s, s->p, STR("<![CDATA[")) ? read_cdata(s) : read_start(s);
}

/* What may follow the root. */
static int read_rest(struct plain *s)
{
	int rc = HARK_OK;
	while (skip_space(s), rc == HARK_OK && s->p < s->end) {
		rc = stands(s, s->p, STR("<!--")) ? read_comment(s) : HARK_EAGAIN;
	}
	return rc;
}

int xml_read_plain(struct str text, const struct xml_handler *handler, void *user)
{
	struct plain s;
	size_t root = xml_clean_start(text);
	int rc = root < text.n ? HARK_OK : HARK_EAGAIN;
	if (rc != HARK_OK) {
		return rc;
	}
	memset(&s, 0, offsetof(struct plain, stack));
	s.p = text.p + root;
	s.end = text.p + text.n;
	s.handler = handler;
	s.user = user;
	arena_init(&s.arena, KEPT_BYTES);
	s.xml = keep(&s, STR("xml"));
	s.xmlns = keep(&s, STR("xmlns"));
	s.xml_uri = keep(&s, STR(XML_URI));
	rc = s.xml != NULL && s.xmlns != NULL && s.xml_uri != NULL ? read_start(&s) : HARK_EAGAIN;
	while (rc == HARK_OK && s.depth > 0) {
		rc = read_text(&s);
		if (rc == HARK_OK) {
			rc = read_markup(&s);
		}
	}
	if (rc == HARK_OK) {
		rc = read_rest(&s);
	}
	arena_release(&s.arena);
	return rc;
}
