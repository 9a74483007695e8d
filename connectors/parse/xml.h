/* XML as a stream of events (libxml2's SAX2 home).
 *
 * Feeds are XML in name more often than in fact, so there are two ways through:
 *
 *	rc = xml_read(text, &handler, user, &damage, err);
 *	if (rc == HARK_EPARSE) {
 *		xml_repair(text, &room, err);              // well-formed now, whatever it takes
 *		rc = xml_read(buf_str(&room), &handler, user, NULL, err);
 *	}
 *
 * The handler sees the second pass from the start. Nothing is ever loaded; a DOCTYPE is passed over
 * and the entities it declares do not exist. HTML's entities do. Input is UTF-8 (charset.h). Pure;
 * time is linear in the input, depth at most 256. */
#ifndef HARK_PARSE_XML_H
#define HARK_PARSE_XML_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

struct xml_tag {
	const char *name;   /* local name; within a document equal names are the same pointer */
	const char *ns;     /* URI (pointers as above), NULL for none or an undeclared prefix */
	const char *prefix; /* NULL for none */
	const void *attrs;  /* for xml_attr() */
	size_t attrs_n;
};

/* Borrowed until the handler returns; absent if it is not there. `prefix`: NULL for attributes
 * without one. */
struct str xml_attr(const struct xml_tag *tag, const char *prefix, const char *name);
/* The i-th attribute, in order; *name and *prefix as in xml_tag. */
struct str xml_attr_at(const struct xml_tag *tag, size_t i, const char **prefix, const char **name);

struct xml_handler {
	/* Negative ends the reading with that result. */
	int (*start)(void *user, const struct xml_tag *tag);
	int (*end)(void *user);
	/* Text and CDATA, in pieces of any size. */
	int (*text)(void *user, struct str text);
};

/* The first thing that is wrong with a document. */
struct xml_damage {
	bool any;
	long line, column; /* from 1 */
	char why[160];     /* one sentence without a full stop */
};

/* HARK_EPARSE: not well-formed, *damage says where; the handler has seen what comes before. With
 * HARK_OK, *damage may name what was wrong and does not matter for reading: undeclared HTML entities
 * and prefixes, text before the root, entity declarations. */
int xml_read(struct str text, const struct xml_handler *handler, void *user,
	struct xml_damage *damage, struct hark_err *err);

/* Appends a well-formed form of `text`: stray '&' and '<' become text, HTML entities characters,
 * attributes get their quotes, elements their ends; control bytes, comments and what is beyond
 * mending go. HARK_ELIMIT: the ceiling of `out`. */
int xml_repair(struct str text, struct buf *out, struct hark_err *err);

/* The local name of the root element, absent if there is none. */
struct str xml_root(struct str text);

#endif
