#include "connectors/parse/xml.h"

#include "connectors/parse/entity.h"
#include "monitor/base/utf8.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>

#define DEPTH_MAX 256       /* libxml2's own */
#define NAMESPACES_MAX 1000 /* in scope at once: looking one up walks all of them */
#define NAMES_MAX 10000     /* different ones: libxml2's table of them is slow when it is full */
#define TAG_BYTES 2048      /* tags beyond this have their attributes counted: checking them for */
#define TAG_ATTRS 256       /* duplicates costs quadratic time */
#define SMALL_BYTES 65536   /* documents up to this cannot cost much */

struct reader {
	const struct xml_handler *handler;
	void *user;
	struct xml_damage *damage;
	xmlParserCtxtPtr ctxt;
	int rc; /* the handler's refusal, or ours */
	const char *why;
	bool hard; /* damage that ended the reading */
	xmlEntity entity;
	xmlChar entity_text[5];
	unsigned depth, namespaces;
	unsigned short scope[DEPTH_MAX + 1]; /* namespaces declared at each depth */
};

/* ---- what comes before the root */

struct prolog {
	size_t root;   /* offset of the root's '<' */
	size_t junk;   /* offset of the first text that should not be there, or SIZE_MAX */
	size_t entity; /* offset of the first entity declaration, or SIZE_MAX */
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_name_start(char c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == ':' || (c & 0x80) != 0;
}

/* Length of a DOCTYPE with its internal subset; to the end of the text if it does not end. */
static size_t doctype_length(struct str s)
{
	bool inside = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '"' || c == '\'') {
			const char *close = memchr(s.p + i + 1, c, s.n - i - 1);
			i = close != NULL && (inside || memchr(s.p + i, '>',
								(size_t)(close - s.p) - i) == NULL)
				    ? (size_t)(close - s.p)
				    : i;
		} else if (c == '[') {
			inside = true;
		} else if (c == ']') {
			inside = false;
		} else if (c == '>' && !inside) {
			return i + 1;
		}
	}
	return s.n;
}

static size_t until(struct str s, struct str mark)
{
	size_t at = str_find(s, mark);
	return at == SIZE_MAX ? s.n : at + mark.n;
}

static struct prolog read_prolog(struct str s)
{
	struct prolog p = {.root = s.n, .junk = SIZE_MAX, .entity = SIZE_MAX};
	for (size_t i = 0; i < s.n;) {
		struct str rest = str_n(s.p + i, s.n - i);
		if (is_space(rest.p[0])) {
			i++;
		} else if (str_starts(rest, STR("<!--"))) {
			i += until(rest, STR("-->"));
		} else if (str_starts(rest, STR("<?"))) {
			bool late = i > 0 && str_starts(rest, STR("<?xml "));
			p.junk = late && p.junk == SIZE_MAX ? 0 : p.junk;
			i += until(rest, STR("?>"));
		} else if (str_starts_nocase(rest, STR("<!DOCTYPE"))) {
			struct str type = str_n(rest.p, doctype_length(rest));
			size_t entity = str_find(type, STR("<!ENTITY"));
			p.entity = entity != SIZE_MAX ? i + entity : p.entity;
			i += type.n;
		} else if (rest.p[0] == '<' && rest.n > 1 && is_name_start(rest.p[1])) {
			p.root = i;
			return p;
		} else {
			p.junk = p.junk == SIZE_MAX ? i : p.junk;
			const char *next = memchr(rest.p + 1, '<', rest.n - 1);
			i = next != NULL ? (size_t)(next - s.p) : s.n;
		}
	}
	return p;
}

struct str xml_root(struct str text)
{
	size_t at = read_prolog(text).root + 1, n = 0;
	if (at >= text.n) {
		return STR_NONE;
	}
	struct str rest = str_n(text.p + at, text.n - at);
	while (n < rest.n && !is_space(rest.p[n]) && rest.p[n] != '>' && rest.p[n] != '/') {
		n++;
	}
	const char *colon = memchr(rest.p, ':', n);
	size_t skip = colon != NULL ? (size_t)(colon - rest.p) + 1 : 0;
	return str_n(rest.p + skip, n - skip);
}

/* ---- damage */

/* libxml2's words for the most common damage, in plainer ones. */
static const char *plainer(const char *why)
{
	static const char *const words[][2] = {
		{"xmlParseEntityRef: no name", "an '&' that begins no entity"},
		{"EntityRef: expecting ';'", "an '&' that begins no entity"},
		{"PCDATA invalid Char value", "a control byte"},
		{"xmlParseCharRef: invalid xmlChar value", "a reference to no character"},
		{"StartTag: invalid element name", "a '<' that begins no tag"},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(why, words[i][0], strlen(words[i][0])) == 0) {
			return words[i][1];
		}
	}
	return why;
}

static void note_damage(struct xml_damage *damage, long line, long column, const char *why)
{
	if (damage == NULL || damage->any) {
		return;
	}
	damage->any = true;
	damage->line = line;
	damage->column = column;
	snprintf(damage->why, sizeof(damage->why), "%s", plainer(why));
	size_t n = strcspn(damage->why, "\n"); /* what follows is a piece of the document */
	damage->why[n] = '\0';
	while (n > 0 && (is_space(damage->why[n - 1]) || damage->why[n - 1] == '.')) {
		damage->why[--n] = '\0';
	}
}

static void note_prolog(struct xml_damage *damage, struct str text, const struct prolog *p)
{
	long line, column;
	if (p->junk != SIZE_MAX) {
		utf8_place(text, p->junk, &line, &column);
		note_damage(damage, line, column,
			"text before the XML declaration or the root element");
	}
	if (p->entity != SIZE_MAX) {
		utf8_place(text, p->entity, &line, &column);
		note_damage(damage, line, column, "entity declarations are not followed");
	}
}

/* Prefixes nobody declared and odd namespace names do no harm. */
static bool is_soft(const xmlError *error)
{
	return error->level == XML_ERR_WARNING || error->domain == XML_FROM_NAMESPACE;
}

/* What follows the first damage is for the second pass; reporting each further error takes longer
 * than all else. xmlStopParser() would free the text under the parser's feet here. Said again at each
 * error: the parser forgets its state at the end of an attribute. */
static void read_no_further(struct reader *r)
{
	r->ctxt->disableSAX = 1;
	r->ctxt->instate = XML_PARSER_EOF;
}

static void on_error(void *user, xmlErrorPtr error)
{
	struct reader *r = user;
	if (r->hard) {
		read_no_further(r);
	}
	if (error->level == XML_ERR_WARNING || r->hard) {
		return;
	}
	r->hard = !is_soft(error);
	if (r->damage != NULL && r->hard) {
		r->damage->any = false; /* the reason for the second pass is the one to show */
	}
	note_damage(r->damage, error->line, error->int2,
		error->message != NULL ? error->message : "not well-formed");
	if (r->hard) {
		read_no_further(r);
	}
}

/* ---- events */

/* The only thing a handler finds wrong with a document itself. */
#define TOO_DEEP "elements are nested too deep"

static void stop(struct reader *r, int rc, const char *why)
{
	if (r->rc == HARK_OK) {
		if (rc == HARK_EPARSE) {
			note_damage(r->damage, xmlSAX2GetLineNumber(r->ctxt),
				xmlSAX2GetColumnNumber(r->ctxt), why);
			r->why = why;
		}
		r->rc = rc;
		xmlStopParser(r->ctxt);
	}
}

/* Names the parser has seen so far: of elements, attributes, prefixes, instructions. */
static bool has_too_many_names(struct reader *r)
{
	if (xmlDictSize(r->ctxt->dict) <= NAMES_MAX) {
		return false;
	}
	stop(r, HARK_EPARSE, "more different names than any feed needs");
	return true;
}

static void on_instruction(void *user, const xmlChar *target, const xmlChar *data)
{
	struct reader *r = user;
	(void)target;
	(void)data;
	has_too_many_names(r);
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int namespaces_n, const xmlChar **namespaces, int attrs_n, int defaulted_n,
	const xmlChar **attrs)
{
	struct reader *r = user;
	(void)namespaces;
	(void)defaulted_n;
	if (r->rc != HARK_OK || has_too_many_names(r)) {
		return;
	}
	if (r->depth < DEPTH_MAX) {
		r->scope[r->depth] = (unsigned short)namespaces_n;
		r->namespaces += (unsigned)namespaces_n;
	}
	r->depth++;
	if (r->namespaces > NAMESPACES_MAX) {
		stop(r, HARK_EPARSE, "more namespaces at once than any feed needs");
		return;
	}
	struct xml_tag tag = {(const char *)name, (const char *)uri, (const char *)prefix, attrs,
		(size_t)attrs_n};
	int rc = r->handler->start(r->user, &tag);
	if (rc < 0) {
		stop(r, rc, TOO_DEEP);
	}
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *r = user;
	(void)name;
	(void)prefix;
	(void)uri;
	if (r->rc != HARK_OK) {
		return;
	}
	r->depth--;
	if (r->depth < DEPTH_MAX) {
		r->namespaces -= r->scope[r->depth];
	}
	int rc = r->handler->end(r->user);
	if (rc < 0) {
		stop(r, rc, TOO_DEEP);
	}
}

static void on_text(void *user, const xmlChar *text, int n)
{
	struct reader *r = user;
	if (r->rc == HARK_OK) {
		int rc = r->handler->text(r->user, str_n((const char *)text, (size_t)n));
		if (rc < 0) {
			stop(r, rc, TOO_DEEP);
		}
	}
}

/* HTML's entities, which half the feeds of the world use undeclared. Attributes take only one byte
 * of an entity from us, so there the repair must do it. */
static xmlEntityPtr on_entity(void *user, const xmlChar *name)
{
	struct reader *r = user;
	uint32_t cp = entity_named(str_c((const char *)name));
	if (cp == 0 || r->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE) {
		return NULL;
	}
	size_t n = utf8_put(cp, (char *)r->entity_text);
	r->entity_text[n] = '\0';
	r->entity = (xmlEntity){.type = XML_ENTITY_DECL,
		.name = name,
		.etype = XML_INTERNAL_PREDEFINED_ENTITY,
		.content = r->entity_text,
		.length = (int)n};
	note_damage(r->damage, xmlSAX2GetLineNumber(r->ctxt), xmlSAX2GetColumnNumber(r->ctxt),
		"HTML entities are used and not declared");
	return &r->entity;
}

static const xmlSAXHandler events = {
	.initialized = XML_SAX2_MAGIC,
	.getEntity = on_entity,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.processingInstruction = on_instruction,
	.serror = on_error,
};

/* Attributes come as localname, prefix, URI, value, end of value. */
struct str xml_attr_at(const struct xml_tag *tag, size_t i, const char **prefix, const char **name)
{
	const xmlChar *const *a = (const xmlChar *const *)tag->attrs + 5 * i;
	*name = (const char *)a[0];
	*prefix = (const char *)a[1];
	return str_n((const char *)a[3], (size_t)(a[4] - a[3]));
}

struct str xml_attr(const struct xml_tag *tag, const char *prefix, const char *name)
{
	for (size_t i = 0; i < tag->attrs_n; i++) {
		const char *p, *n;
		struct str value = xml_attr_at(tag, i, &p, &n);
		if ((p == NULL) == (prefix == NULL) && n[0] == name[0] && strcmp(n, name) == 0 &&
			(p == NULL || strcmp(p, prefix) == 0)) {
			return value;
		}
	}
	return STR_NONE;
}

/* ---- reading */

/* Whether a tag has more attributes than libxml2 can check in good time. */
static bool has_monster_tag(struct str s, size_t *at)
{
	if (s.n <= SMALL_BYTES) {
		return false;
	}
	const char *lt = memchr(s.p, '<', s.n), *end = s.p + s.n;
	while (lt != NULL) {
		const char *next = memchr(lt + 1, '<', (size_t)(end - lt) - 1);
		const char *stop = next != NULL ? next : end;
		if (stop - lt > TAG_BYTES && is_name_start(lt[1])) {
			const char *gt = memchr(lt, '>', (size_t)(stop - lt));
			size_t equals = 0;
			for (const char *p = lt; p < (gt != NULL ? gt : stop); p++) {
				equals += *p == '=';
			}
			if (equals > TAG_ATTRS) {
				*at = (size_t)(lt - s.p);
				return true;
			}
		}
		lt = next;
	}
	return false;
}

static int parse(struct reader *r, struct str text, const struct prolog *prolog)
{
	struct str body = str_n(text.p + prolog->root, text.n - prolog->root);
	long line, column;
	static pthread_once_t started = PTHREAD_ONCE_INIT;
	if (body.n > INT_MAX) {
		return HARK_ELIMIT;
	}
	pthread_once(&started, xmlInitParser); /* its first use is not safe from two threads */
	r->ctxt = xmlCreateMemoryParserCtxt(body.p, (int)body.n);
	if (r->ctxt == NULL) {
		return HARK_ENOMEM;
	}
	memcpy(r->ctxt->sax, &events, sizeof(events));
	r->ctxt->userData = r;
	/* NOENT only keeps "&amp;" in attributes whole: there are no entities to expand, the DOCTYPE
	 * is cut off. Never HUGE, DTDLOAD or anything that goes to the network. */
	xmlCtxtUseOptions(r->ctxt, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC);
	memcpy(r->ctxt->sax, &events, sizeof(events));
	xmlSwitchEncoding(r->ctxt, XML_CHAR_ENCODING_UTF8);
	utf8_place(text, prolog->root, &line, &column);
	r->ctxt->input->line = (int)line;
	r->ctxt->input->col = (int)column;
	xmlParseDocument(r->ctxt);
	bool no_memory = r->ctxt->errNo == XML_ERR_NO_MEMORY;
	bool well_formed = r->ctxt->wellFormed != 0;
	if (r->ctxt->myDoc != NULL) {
		xmlFreeDoc(r->ctxt->myDoc);
	}
	xmlFreeParserCtxt(r->ctxt);
	if (no_memory) {
		return HARK_ENOMEM;
	}
	return r->rc != HARK_OK ? r->rc : r->hard || !well_formed ? HARK_EPARSE : HARK_OK;
}

int xml_read(struct str text, const struct xml_handler *handler, void *user,
	struct xml_damage *damage, struct hark_err *err)
{
	struct reader r = {.handler = handler, .user = user, .damage = damage};
	struct prolog prolog = read_prolog(text);
	size_t at;
	int rc;
	if (damage != NULL) {
		*damage = (struct xml_damage){0};
	}
	note_prolog(damage, text, &prolog);
	if (prolog.root == text.n) {
		note_damage(damage, 1, 1, "there is no element");
		rc = HARK_EPARSE;
	} else if (has_monster_tag(text, &at)) {
		long line, column;
		utf8_place(text, at, &line, &column);
		note_damage(
			damage, line, column, "an element has more attributes than any feed needs");
		rc = HARK_EPARSE;
	} else {
		rc = parse(&r, text, &prolog);
	}
	if (rc == HARK_EPARSE) {
		hark_err_set(err, rc, "%s", r.why != NULL ? r.why : "not well-formed XML");
	} else if (rc != HARK_OK && rc != r.rc) {
		hark_err_set(err, rc, "no memory for the XML parser");
	}
	return rc;
}
